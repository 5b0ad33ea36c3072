/** Users: the list, the choice for filters, one user with what is known of it, and a new one. */
import { type Static, Type } from 'typebox';
import { type AgentId, trusted } from '../core/ids.ts';
import { findAgentById } from '../db/agent.ts';
import { type PlayerFilter, type PlayerLine, pageOfPlayers, sumPlayers } from '../db/office-player.ts';
import { createPlayer } from '../db/player.ts';
import { cleanName, OfficeError } from '../office.ts';
import { recordAct } from './act.ts';
import { listRoutes, type OfficeList } from './list.ts';
import { PLAYER_ACTS } from './players-acts.ts';
import { PLAYER_LISTS } from './players-lists.ts';
import { agentsAsked, playerOf } from './players-scope.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { seesAgent } from './scope.ts';
import { At, AtGiven, Id, Line, Minor, Nullable } from './shapes.ts';

const Flag = Type.Enum(['true', 'false']);
const Filter = Type.Object({
  begins: Type.Optional(Line(0, 64)),
  agent: Type.Optional(Id),
  blocked: Type.Optional(Flag),
  excluded: Type.Optional(Flag),
  createdFrom: Type.Optional(AtGiven),
  createdTo: Type.Optional(AtGiven),
  seenFrom: Type.Optional(AtGiven),
  seenTo: Type.Optional(AtGiven),
});
type Given = Static<typeof Filter>;

const line = {
  id: Type.Integer(),
  username: Type.String(),
  usernameKey: Type.String({ description: 'as names are compared' }),
  nickname: Type.String(),
  agent: Type.Integer(),
  agentName: Type.String(),
  currency: Type.String(),
  wallet: Type.Enum(['transfer', 'seamless']),
  balance: Minor,
  points: Minor,
  state: Type.Enum(['active', 'blocked', 'excluded', 'cooling']),
  createdAt: At,
  seenAt: Nullable(At),
};

const flag = (text: 'true' | 'false' | undefined) => (text === undefined ? undefined : text === 'true');

async function filterOf(call: OfficeCall, given: Given): Promise<PlayerFilter | null> {
  const asked = await agentsAsked(call, given.agent);
  if (asked === null) return null;
  const { begins, createdFrom, createdTo, seenFrom, seenTo } = given;
  return {
    ...asked,
    ...{ begins, createdFrom, createdTo, seenFrom, seenTo },
    blocked: flag(given.blocked),
    excluded: flag(given.excluded),
  };
}

const PLAYERS: OfficeList<typeof Filter, PlayerLine> = {
  path: '/players',
  name: 'Players',
  summary: 'Users of the agents in scope',
  group: 'users',
  permission: 'look',
  filter: Filter,
  orders: {
    newest: { key: ['bigint'], descending: true },
    oldest: { key: ['bigint'], descending: false },
    username: { key: ['text', 'bigint'], descending: false },
  },
  row: Type.Object(line),
  columns: [
    { key: 'id', title: 'Id', type: 'number' },
    { key: 'username', title: 'User', type: 'text' },
    { key: 'nickname', title: 'Nickname', type: 'text' },
    { key: 'agentName', title: 'Agent', type: 'text' },
    { key: 'wallet', title: 'Wallet', type: 'text' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'balance', title: 'Balance', type: 'money' },
    { key: 'points', title: 'Points', type: 'money' },
    { key: 'state', title: 'State', type: 'text' },
    { key: 'createdAt', title: 'Created', type: 'instant' },
    { key: 'seenAt', title: 'Last seen', type: 'instant' },
  ],
  async read(call, { filter }, page) {
    const found = await filterOf(call, filter);
    if (found === null) return null;
    return pageOfPlayers(call.sql, found, { ...page, by: page.order === 'username' ? 'name' : 'id' });
  },
  keyOf: (row, order) => (order === 'username' ? [row.usernameKey, String(row.id)] : [String(row.id)]),
  totals: {
    shape: Type.Object({
      count: Type.Integer(),
      more: Type.Boolean(),
      sums: Type.Array(
        Type.Object({ currency: Type.String(), count: Type.Integer(), balance: Minor, points: Minor }),
      ),
    }),
    async read(call, { filter }) {
      const found = await filterOf(call, filter);
      return found === null ? null : { ...(await sumPlayers(call.sql, found)) };
    },
  },
};

const CHOICES_MAX = 50;

const names = route({
  method: 'GET',
  path: '/player-names',
  operationId: 'searchPlayerNames',
  summary: 'Users in scope whose name begins so, for choosing one',
  group: 'users',
  permission: 'look',
  query: Type.Object(
    { begins: Type.Optional(Line(0, 64)), agent: Type.Optional(Id), id: Type.Optional(Id) },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    players: Type.Array(
      Type.Object({
        id: Type.Integer(),
        username: Type.String(),
        nickname: Type.String(),
        agent: Type.Integer(),
        agentName: Type.String(),
      }),
    ),
  }),
  async handle(call, { query }) {
    const asked = await agentsAsked(call, query.agent);
    if (asked === null) return refuse('not_found');
    const rows = await pageOfPlayers(
      call.sql,
      { ...asked, begins: query.begins, player: query.id },
      { after: null, descending: false, limit: CHOICES_MAX, by: 'name' },
    );
    const players = rows.map(({ id, username, nickname, agent, agentName }) => ({
      ...{ id, username, nickname, agent, agentName },
    }));
    return ok({ players });
  },
});

const page = route({
  method: 'GET',
  path: '/players/:playerId',
  operationId: 'getPlayer',
  summary: 'A user: what it holds, whether it may play, since when and why not',
  group: 'users',
  permission: 'look',
  answer: Type.Object({
    ...line,
    mayPlay: Type.Boolean(),
    blockedAt: Nullable(At),
    blockReason: Nullable(Type.String()),
    excludedUntil: Nullable(Type.String({ description: "'for good', or an instant" })),
    coolingUntil: Nullable(At),
    updatedAt: At,
    openSessions: Type.Integer(),
  }),
  async handle(call, { params }) {
    const player = await playerOf(call, params);
    if (player === null) return refuse('not_found');
    const [facts] = await pageOfPlayers(
      call.sql,
      { agents: null, player: params.playerId },
      { after: null, descending: false, limit: 1, by: 'id' },
    );
    const [open] = await call.sql`select count(*)::int as count from session
      where player_id = ${player.id} and ended_at is null and expires_at > now()`;
    const { mayPlay, blockedAt, blockReason, excludedUntil, coolingUntil, updatedAt } = player;
    return ok({
      ...facts,
      ...{ mayPlay, blockedAt, blockReason, excludedUntil, coolingUntil, updatedAt },
      openSessions: open?.count,
    });
  },
});

const create = route({
  method: 'POST',
  path: '/players',
  operationId: 'createPlayer',
  summary: 'A new user of an agent',
  group: 'users',
  permission: 'players',
  body: Type.Object(
    { agent: Id, username: Line(1, 64), nickname: Type.Optional(Line(0, 64)) },
    { additionalProperties: false },
  ),
  answer: Type.Object({ id: Type.Integer() }),
  async handle(call, { body }) {
    if (!(await seesAgent(call, body.agent))) return refuse('not_found');
    const agent = await findAgentById(call.sql, trusted<AgentId>(body.agent));
    if (agent === null) return refuse('not_found');
    const wish = namesOf(body);
    if ('fields' in wish) return refuse('invalid_request', { fields: wish.fields });
    const { username, nickname } = wish;
    const id = await call.sql.begin(async (tx) => {
      const made = await createPlayer(tx, {
        agentId: agent.id,
        username,
        nickname,
        currency: agent.currency,
      });
      if (made === null) return null;
      await recordAct(call, tx, {
        action: 'player.create',
        subject: `${agent.id}/${username}`,
        agentId: agent.id,
        after: { id: made, username, nickname },
      });
      return made;
    });
    return id === null ? refuse('taken', { fields: { username: 'taken' } }) : ok({ id });
  },
});

/** By the rules of the operator's API: 3 to 64 visible characters; without a nickname the name is shown. */
function namesOf(body: { readonly username: string; readonly nickname?: string }) {
  const read = (text: string) => {
    try {
      return cleanName(text);
    } catch (error) {
      if (error instanceof OfficeError) return null;
      throw error;
    }
  };
  const username = read(body.username);
  const nickname = (body.nickname ?? '').trim() === '' ? '' : read(body.nickname ?? '');
  const why = 'has 3 to 64 visible characters';
  if (username === null) return { fields: { username: why } };
  if (nickname === null) return { fields: { nickname: why } };
  return { username, nickname: nickname === '' ? null : nickname };
}

export const PLAYER_ROUTES: readonly OfficeRoute[] = [
  ...listRoutes(PLAYERS),
  names,
  ...PLAYER_LISTS,
  page,
  create,
  ...PLAYER_ACTS,
];
