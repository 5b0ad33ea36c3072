/** How an agent's servers and the hub reach each other: who may call, and where and how callbacks go. */
import { X509Certificate } from 'node:crypto';
import { Type } from 'typebox';
import { type CallbackUrlWarning, checkCallbackUrl } from '../callbacks/reachable.ts';
import { readTls } from '../callbacks/tls.ts';
import { type AgentRecord, type AgentSettings, setAgent } from '../db/agent.ts';
import type { Vault } from '../engine/seal.ts';
import { isAddressEntry } from '../http/addresses.ts';
import { recordAct } from './act.ts';
import { withOwnAgent } from './developer-own.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, route } from './route.ts';
import { Line, Nullable } from './shapes.ts';

const group = 'developer';
const permission = 'developer';
const HOUR_MS = 3_600_000;
const HOURS_MAX = 8760;
const ENTRIES_MAX = 100;

const Certificate = Nullable(Type.Object({ fingerprint: Type.String(), validTo: Type.String() }));
const SettingsShape = Type.Object({
  agent: Type.Object({
    id: Type.Integer(),
    username: Type.String(),
    nickname: Type.String(),
    currency: Type.String(),
    wallet: Type.Enum(['transfer', 'seamless']),
    blocked: Type.Boolean(),
  }),
  apiBase: Type.String({ description: 'base address of the operator API' }),
  yourAddress: Type.String({ description: 'the address this call came from' }),
  allowedIps: Type.Array(Type.String(), { description: 'who may call the API; empty: everybody with a key' }),
  browserOrigins: Type.Array(Type.String(), { description: 'pages that may call it from a browser' }),
  callbackUrl: Nullable(Type.String()),
  userAgent: Type.String(),
  cutoffHours: Type.Number({ description: 'how long a callback is tried' }),
  slotBooster: Type.Boolean(),
  tls: Type.Object({ certificate: Certificate, ca: Certificate }),
  pacing: Type.Boolean(),
  feedIntervalMs: Type.Integer(),
});

export const DEVELOPER_SETTINGS = [
  route({
    method: 'GET',
    path: '/developer/:agentId',
    operationId: 'developerSettings',
    summary: 'How the servers of an agent and the hub reach each other',
    group,
    permission,
    answer: SettingsShape,
    handle: (call, { params }) => withOwnAgent(call, params, (agent) => ok(shown(call, agent))),
  }),
  route({
    method: 'PATCH',
    path: '/developer/:agentId',
    operationId: 'changeDeveloperSettings',
    summary: 'Changes what is given; the rest stays',
    group,
    permission,
    body: Type.Object(
      {
        allowedIps: Type.Optional(Type.Array(Line(1, 64), { maxItems: ENTRIES_MAX })),
        browserOrigins: Type.Optional(Type.Array(Line(1, 200), { maxItems: ENTRIES_MAX })),
        callbackUrl: Type.Optional(Nullable(Line(1, 2000))),
        userAgent: Type.Optional(Type.String({ pattern: '^[!-~](?:[ -~]{0,198}[!-~])?$' })),
        cutoffHours: Type.Optional(Type.Integer({ minimum: 1, maximum: HOURS_MAX })),
        slotBooster: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      settings: SettingsShape,
      warnings: Type.Array(Type.Enum(['not_https', 'unresolved'])),
    }),
    handle: (call, { params, body }) => withOwnAgent(call, params, (agent) => change(call, agent, body)),
  }),
];

interface Given {
  readonly allowedIps?: readonly string[];
  readonly browserOrigins?: readonly string[];
  readonly callbackUrl?: string | null;
  readonly userAgent?: string;
  readonly cutoffHours?: number;
  readonly slotBooster?: boolean;
}

async function change(call: OfficeCall, agent: AgentRecord, given: Given) {
  const isAboutCallbacks = [given.callbackUrl, given.userAgent, given.cutoffHours, given.slotBooster].some(
    (each) => each !== undefined,
  );
  if (isAboutCallbacks && agent.wallet !== 'seamless')
    return refuse('refused', { detail: `${agent.username} has a transfer wallet: it is never called back` });
  const checked = await check(call, given);
  if ('fields' in checked) return refuse('invalid_request', { fields: checked.fields });
  const { id: agentId, username } = agent;
  const { allowedIps, browserOrigins, callbackUrl, userAgent, slotBooster, callbackCutoffMs } = agent;
  const now = { allowedIps, browserOrigins, callbackUrl, userAgent, slotBooster, callbackCutoffMs };
  const before = Object.fromEntries(Object.entries(now).filter(([name]) => name in checked.settings));
  await call.sql.begin(async (tx) => {
    await setAgent(tx, agentId, checked.settings);
    const after = { ...checked.settings };
    await recordAct(call, tx, { action: 'agent.set', subject: username, agentId, before, after });
  });
  call.directory.forget();
  const settings = shown(call, { ...agent, ...checked.settings });
  return ok({ settings, warnings: checked.warnings });
}

type UrlRefusal = Extract<Awaited<ReturnType<typeof checkCallbackUrl>>, { ok: false }>['refusal'];

const URL_WORDS: Readonly<Record<UrlRefusal, string>> = {
  not_http: 'must be an http or https address',
  has_credentials: 'must not carry a name or password: it is stored and shown',
  has_query: 'must not carry a query: the paths of the calls are appended to it',
  has_fragment: 'must not carry a fragment',
  internal_address: 'leads to an internal network, which callbacks may not reach',
};

type Checked =
  | { readonly settings: AgentSettings; readonly warnings: readonly CallbackUrlWarning[] }
  /** What is wrong, by field. */
  | { readonly fields: Readonly<Record<string, string>> };

async function check({ outreach }: OfficeCall, given: Given): Promise<Checked> {
  const { cutoffHours, callbackUrl, ...plain } = given;
  const fields: Record<string, string> = {};
  const badIp = given.allowedIps?.find((entry) => !isAddressEntry(entry));
  if (badIp !== undefined) fields.allowedIps = `not an address or network: ${badIp}`;
  const origins = given.browserOrigins?.map(originOf);
  const badOrigin = given.browserOrigins?.find((entry) => originOf(entry) === null);
  if (badOrigin !== undefined) fields.browserOrigins = `not an origin, address or network: ${badOrigin}`;
  const url = typeof callbackUrl === 'string' ? await checkCallbackUrl(callbackUrl, outreach.reach) : null;
  if (url?.ok === false) fields.callbackUrl = URL_WORDS[url.refusal];
  if (Object.keys(fields).length > 0) return { fields };
  return {
    settings: {
      ...plain,
      ...(origins === undefined ? {} : { browserOrigins: origins.filter((each) => each !== null) }),
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
      ...(cutoffHours === undefined ? {} : { callbackCutoffMs: cutoffHours * HOUR_MS }),
    },
    warnings: url?.ok ? url.warnings : [],
  };
}

/** An origin as browsers write it, or an address or network. Null: neither. */
function originOf(entry: string): string | null {
  if (isAddressEntry(entry)) return entry;
  const plain = entry.replace(/\/$/, '').toLowerCase();
  return /^https?:\/\//.test(plain) && URL.canParse(plain) && new URL(plain).origin === plain ? plain : null;
}

function shown({ base, ip, vault }: OfficeCall, agent: AgentRecord) {
  const { id, username, nickname, currency, wallet, blocked } = agent;
  const { allowedIps, browserOrigins, callbackUrl, userAgent, slotBooster, pacing, feedIntervalMs } = agent;
  return {
    agent: { id, username, nickname, currency, wallet, blocked },
    apiBase: `${base}/api`,
    yourAddress: ip.replace(/^::ffff:/, ''),
    ...{ allowedIps, browserOrigins, callbackUrl, userAgent, slotBooster, pacing, feedIntervalMs },
    cutoffHours: agent.callbackCutoffMs / HOUR_MS,
    tls: shownTls(vault, agent),
  };
}

function shownTls(vault: Vault, { callbackTls }: AgentRecord) {
  const { cert = null, ca = null } = callbackTls === null ? {} : readTls(vault.unseal(callbackTls));
  return { certificate: shownCertificate(cert), ca: shownCertificate(ca) };
}

function shownCertificate(pem: string | null) {
  if (pem === null) return null;
  const { fingerprint256: fingerprint, validToDate } = new X509Certificate(pem);
  return { fingerprint, validTo: validToDate.toISOString() };
}
