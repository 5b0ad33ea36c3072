/** Agents as a tree: lists, one with all that is set for it, and making one below another. */
import { Type } from 'typebox';
import { type CallbackUrlRefusal, parseCallbackUrl } from '../callbacks/url.ts';
import { type AgentId, trusted } from '../core/ids.ts';
import { type AgentRecord, type AgentSettings, findAgentById, setAgent } from '../db/agent.ts';
import {
  type AgentRow,
  type AgentScope,
  countOfficeAgents,
  findOfficeAgent,
  listOfficeAgents,
  TOP,
  uplinesOf,
} from '../db/office-agent.ts';
import { createAgentWithKey, openOffice } from '../office.ts';
import { invitePerson } from '../office-people.ts';
import { personOf } from '../staff/person.ts';
import { recordAct } from './act.ts';
import { listRoutes } from './list.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentInScope, isUplineOf, seesAgent } from './scope.ts';
import { At, Id, Line, Minor, Nullable, Reason } from './shapes.ts';

const group = 'agents';

const Row = {
  id: Type.Integer(),
  username: Type.String(),
  nickname: Type.String(),
  parentId: Nullable(Type.Integer()),
  parent: Nullable(Type.String()),
  level: Type.Integer({ description: '1: a root' }),
  currency: Type.String(),
  wallet: Type.Enum(['transfer', 'seamless']),
  suspended: Type.Boolean(),
  pot: Minor,
  agentsBelow: Type.Integer(),
  players: Type.Integer({ description: 'of the agent and of those below it' }),
  playersMore: Type.Boolean({ description: 'there are more: not counted to the end' }),
  bps: Nullable(Type.Integer({ description: 'standard rate in force, basis points of GGR' })),
  createdAt: At,
};

const Filter = Type.Object({
  parent: Type.Optional(
    Type.Union([Id, Type.Literal(TOP)], { description: `direct children of it; ${TOP}: the first in scope` }),
  ),
  agent: Type.Optional(Id),
  begins: Type.Optional(Line(0, 64)),
  wallet: Type.Optional(Type.Enum(['transfer', 'seamless'])),
  suspended: Type.Optional(Type.Enum(['true', 'false'])),
});

function scopeOf({ sql, principal: { scope } }: Pick<OfficeCall, 'sql' | 'principal'>): AgentScope {
  return {
    inScope: agentInScope(sql, scope),
    isTop: scope.kind === 'house' ? sql`a.parent_id is null` : sql`a.id = ${scope.agentId}`,
  };
}

/** Whether all agents a filter names are there for the caller. */
async function seesAll(call: OfficeCall, { parent, agent }: { parent?: string; agent?: string }) {
  for (const id of [parent, agent])
    if (id !== undefined && id !== TOP && !(await seesAgent(call, id))) return false;
  return true;
}

/** Who is above an agent's first in scope is nobody's business there. */
function seen(call: OfficeCall, row: AgentRow): AgentRow {
  const { scope } = call.principal;
  const isFirst = scope.kind === 'agent' && row.id === Number(scope.agentId);
  return isFirst ? { ...row, parentId: null, parent: null } : row;
}

const LIST = listRoutes<typeof Filter, AgentRow>({
  path: '/agents',
  name: 'Agents',
  summary: 'Agents, by name or as a tree',
  group,
  permission: 'look',
  filter: Filter,
  orders: {
    name: { key: ['text'], descending: false },
    newest: { key: ['bigint'], descending: true },
  },
  row: Type.Object(Row),
  columns: [
    { key: 'id', title: 'Number', type: 'number' },
    { key: 'username', title: 'Agent', type: 'text' },
    { key: 'nickname', title: 'Nickname', type: 'text' },
    { key: 'parent', title: 'Upline', type: 'text' },
    { key: 'level', title: 'Level', type: 'number' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'wallet', title: 'Wallet', type: 'text' },
    { key: 'pot', title: 'POT', type: 'money' },
    { key: 'bps', title: 'Rate (bps of GGR)', type: 'number' },
    { key: 'agentsBelow', title: 'Agents below', type: 'number' },
    { key: 'players', title: 'Users', type: 'number' },
    { key: 'suspended', title: 'Suspended', type: 'flag' },
    { key: 'createdAt', title: 'Made at', type: 'instant' },
  ],
  async read(call, { filter }, page) {
    if (!(await seesAll(call, filter))) return null;
    const rows = await listOfficeAgents(call.sql, scopeOf(call), { filter, page });
    return rows.map((row) => seen(call, row));
  },
  keyOf: ({ username, id }, order) => [
    order === 'name' ? username.normalize('NFKC').toLowerCase() : String(id),
  ],
  totals: {
    shape: Type.Object({
      count: Type.Integer(),
      pots: Type.Array(Type.Object({ currency: Type.String(), sum: Minor })),
    }),
    async read(call, { filter }) {
      return (await seesAll(call, filter)) ? countOfficeAgents(call.sql, scopeOf(call), filter) : null;
    },
  },
});

const Settings = {
  pacing: Type.Boolean({ description: 'one balance call a second for a user' }),
  feedIntervalMs: Type.Integer({ minimum: 0, maximum: 3_600_000 }),
  slotBooster: Type.Boolean({ description: 'answers must carry the balance, which is then believed' }),
  callbackCutoffHours: Type.Integer({ minimum: 1, maximum: 8760 }),
  userAgent: Type.String({ pattern: '^[!-~](?:[ -~]{0,198}[!-~])?$' }),
};
const One = Type.Object({
  ...Row,
  ...Settings,
  callbackUrl: Nullable(Type.String()),
  /** The first in scope comes first. */
  uplines: Type.Array(Type.Object({ id: Type.Integer(), username: Type.String() })),
  upline: Type.Boolean({ description: 'the caller is above it: may change what only an upline may' }),
  direct: Type.Boolean({ description: 'the caller may give it POT and take it' }),
});

async function show(call: OfficeCall, id: AgentId): Promise<OfficeReply> {
  const { inScope } = scopeOf(call);
  const row = await findOfficeAgent(call.sql, inScope, id);
  const agent = row === null ? null : await findAgentById(call.sql, id);
  if (row === null || agent === null) return refuse('not_found');
  const { scope } = call.principal;
  return ok({
    ...seen(call, row),
    ...settingsOf(agent),
    callbackUrl: agent.callbackUrl,
    uplines: await uplinesOf(call.sql, inScope, id),
    upline: await isUplineOf(call, id),
    direct: scope.kind === 'house' || agent.parentId === scope.agentId,
  });
}

function settingsOf({ pacing, feedIntervalMs, slotBooster, callbackCutoffMs, userAgent }: AgentRecord) {
  return {
    ...{ pacing, feedIntervalMs, slotBooster, userAgent },
    callbackCutoffHours: Math.round(callbackCutoffMs / HOUR_MS),
  };
}

const HOUR_MS = 3_600_000;

interface Change {
  readonly nickname?: string;
  readonly pacing?: boolean;
  readonly feedIntervalMs?: number;
  readonly slotBooster?: boolean;
  readonly callbackCutoffHours?: number;
  readonly userAgent?: string;
  readonly suspended?: boolean;
  readonly reason?: string;
}

/** What protects the hub and what punishes is the upline's to set. */
const UPLINES_OWN = ['pacing', 'feedIntervalMs', 'suspended'] as const;

/**
 * Suspending stops the agent's own API and its people. Those below it go on, and so do its players' open games: wins
 * are owed, and who is to stop as well is suspended as well.
 */
async function change(call: OfficeCall, id: AgentId, { reason, ...wish }: Change): Promise<OfficeReply> {
  if (!(await seesAgent(call, id))) return refuse('not_found');
  if (UPLINES_OWN.some((name) => wish[name] !== undefined) && !(await isUplineOf(call, id)))
    return refuse('refused', { detail: 'only its upline sets this' });
  if (wish.suspended !== undefined && reason === undefined) return refuse('reason_needed');
  const agent = await findAgentById(call.sql, id);
  if (agent === null) return refuse('not_found');
  const { suspended, callbackCutoffHours, nickname, ...same } = wish;
  const settings: AgentSettings = {
    ...same,
    ...(nickname === undefined ? {} : { nickname: nickname.trim().normalize('NFC') }),
    ...(suspended === undefined ? {} : { blocked: suspended }),
    ...(callbackCutoffHours === undefined ? {} : { callbackCutoffMs: callbackCutoffHours * HOUR_MS }),
  };
  const now: Record<string, unknown> = {
    ...settingsOf(agent),
    nickname: agent.nickname,
    suspended: agent.blocked,
  };
  const before = Object.fromEntries(Object.keys(wish).map((name) => [name, now[name]]));
  await call.sql.begin(async (tx) => {
    await setAgent(tx, id, settings);
    await recordAct(call, tx, {
      ...{ action: 'agent.set', subject: agent.username, agentId: id, before },
      ...{ after: { ...wish }, reason: reason ?? null },
    });
  });
  call.directory.forget();
  return show(call, id);
}

interface Wish {
  readonly agent?: string;
  readonly username: string;
  readonly nickname?: string;
  readonly currency?: string;
  readonly wallet: 'transfer' | 'seamless';
  readonly callbackUrl?: string;
  readonly person?: { readonly name: string; readonly shownName: string };
}

const URL_TEXT: Readonly<Record<CallbackUrlRefusal, string>> = {
  not_http: 'must be an http or https address',
  has_credentials: 'must not carry a name or password',
  has_query: 'must not carry a query',
  has_fragment: 'must not carry a fragment',
};

/** What is wrong with a wish, by field; null: nothing. */
function problemOf({ wallet, callbackUrl, person }: Wish): Readonly<Record<string, string>> | null {
  if (wallet === 'seamless' && callbackUrl === undefined)
    return { callbackUrl: 'a seamless wallet needs one' };
  const url = callbackUrl === undefined ? null : parseCallbackUrl(callbackUrl);
  if (url !== null && !url.ok) return { callbackUrl: URL_TEXT[url.refusal] };
  return person !== undefined && personOf(person.name) === null
    ? { 'person/name': 'is not the name of a person' }
    : null;
}

/** Makes an agent below one in scope; the house also makes roots. Keys and links are shown here and never again. */
async function create(call: OfficeCall, wish: Wish): Promise<OfficeReply> {
  const { sql, writer, directory, vault, ip, principal } = call;
  const own = principal.scope.kind === 'agent' ? String(principal.scope.agentId) : undefined;
  const above = wish.agent ?? own;
  if (above !== undefined && !(await seesAgent(call, above))) return refuse('not_found');
  const fields = problemOf(wish);
  if (fields !== null) return refuse('invalid_request', { fields, detail: Object.values(fields)[0] ?? '' });
  if (wish.person !== undefined && !principal.permissions.includes('people')) return refuse('forbidden');
  const parent = above === undefined ? null : await findAgentById(sql, trusted<AgentId>(above));
  const { username, nickname, currency, wallet, callbackUrl = null, person } = wish;
  const made = await createAgentWithKey(openOffice({ sql, writer, directory, vault }), {
    ...{ username, wallet, callbackUrl, actor: principal.person, detail: { ip } },
    ...(nickname === undefined ? {} : { nickname }),
    ...(currency === undefined ? {} : { currency }),
    ...(parent === null ? {} : { parent: parent.username }),
  });
  const { id, apiKey, callbackSecret = null } = made;
  const invited =
    person === undefined
      ? null
      : await invitePerson(call, { ...person, role: 'agent_owner', agentId: id }, call);
  return ok({
    ...{ id, username: made.username, apiKey, callbackSecret },
    person: invited?.ok ? { name: invited.name, link: invited.link, expiresAt: invited.expiresAt } : null,
    personRefused: invited !== null && !invited.ok ? invited.code : null,
  });
}

export const AGENTS: readonly OfficeRoute[] = [
  ...LIST,
  route({
    method: 'POST',
    path: '/agents',
    operationId: 'createAgent',
    summary:
      'A new agent below `agent` (the own one when absent; the house: a root); its keys are shown once',
    group,
    permission: 'agents',
    body: Type.Object(
      {
        agent: Type.Optional(Id),
        username: Line(3, 64),
        nickname: Type.Optional(Line(1, 64)),
        currency: Type.Optional(
          Type.String({ pattern: '^[A-Z]{3}$', description: 'its upline’s when absent' }),
        ),
        wallet: Type.Enum(['transfer', 'seamless']),
        callbackUrl: Type.Optional(Line(1, 2000)),
        person: Type.Optional(
          Type.Object({ name: Line(1, 128), shownName: Line(1, 80) }, { additionalProperties: false }),
        ),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      id: Type.Integer(),
      username: Type.String(),
      apiKey: Type.String(),
      callbackSecret: Nullable(Type.String({ description: 'seamless wallets only' })),
      person: Nullable(Type.Object({ name: Type.String(), link: Type.String(), expiresAt: At })),
      personRefused: Nullable(
        Type.String({ description: 'why its first person could not be invited; the agent was made' }),
      ),
    }),
    handle: (call, { body }) => create(call, body as Wish),
  }),
  route({
    method: 'GET',
    path: '/agents/:agentId',
    operationId: 'getAgent',
    summary: 'An agent with its settings',
    group,
    permission: 'look',
    answer: One,
    handle: (call, { params }) => show(call, trusted<AgentId>(params.agentId)),
  }),
  route({
    method: 'PATCH',
    path: '/agents/:agentId',
    operationId: 'changeAgent',
    summary: 'Changes settings; pacing, feed interval and suspension only from above',
    group,
    permission: 'agents',
    body: Type.Object(
      {
        nickname: Type.Optional(Line(1, 64)),
        pacing: Type.Optional(Settings.pacing),
        feedIntervalMs: Type.Optional(Settings.feedIntervalMs),
        slotBooster: Type.Optional(Settings.slotBooster),
        callbackCutoffHours: Type.Optional(Settings.callbackCutoffHours),
        userAgent: Type.Optional(Settings.userAgent),
        suspended: Type.Optional(Type.Boolean()),
        reason: Type.Optional(Reason),
      },
      { additionalProperties: false, minProperties: 1 },
    ),
    answer: One,
    handle: (call, { params, body }) => change(call, trusted<AgentId>(params.agentId), body as Change),
  }),
];
