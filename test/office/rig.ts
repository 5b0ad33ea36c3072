/**
 * The ground for tests of the back office: a hub, a tree of agents with players, and people signed in as any role.
 *
 *     root ── a ── a1
 *          └─ b          and `other`, a root of its own
 *
 * Their names (branch-a, trunk-other …) appear in nothing else: what is not for somebody is found by them.
 */

import { type AgentRole, isHouseRole, type OfficeRole } from '../../src/core/office/roles.ts';
import { findAgentByName } from '../../src/db/agent.ts';
import type { Sql } from '../../src/db/connect.ts';
import { hashKey, newSecret } from '../../src/engine/seal.ts';
import type { HubOptions } from '../../src/hub.ts';
import { type Answer, openWorld, type TestAgent, type World } from '../world.ts';

export const TREE = ['root', 'a', 'a1', 'b', 'other'] as const;
export type Branch = (typeof TREE)[number];

/** A player of an agent of the tree; its name is `player-<agent>`. */
export interface RigPlayer {
  readonly id: number;
  readonly username: string;
}

export interface OfficeRig {
  readonly world: World;
  readonly sql: Sql;
  readonly url: string;
  readonly agents: Readonly<Record<Branch, TestAgent>>;
  readonly players: Readonly<Record<Branch, RigPlayer>>;
  /** Somebody of the house who is signed in, second factor and all. Each name is one person. */
  house(role: OfficeRole, name?: string): Promise<OfficeClient>;
  /** Somebody of an agent. */
  of(branch: Branch, role?: AgentRole, name?: string): Promise<OfficeClient>;
  /** A browser nobody is signed in with. */
  stranger(): OfficeClient;
  close(): Promise<void>;
}

type Query = Readonly<Record<string, string | number>>;
type Headers = Readonly<Record<string, string>>;

export interface OfficeClient {
  /** Whose it is, as the audit trail keeps it; empty: nobody's. */
  readonly person: string;
  /** 0: nobody's. */
  readonly userId: number;
  /** As the browser has it now; null: none. Answers change it. */
  cookie(): string | null;
  /** Below /office/v1. */
  call(method: string, path: string, given?: CallGiven): Promise<Answer>;
  get(path: string, query?: Query): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  del(path: string, body?: unknown): Promise<Answer>;
}

export interface CallGiven {
  readonly query?: Query;
  /** Sent as JSON; a Buffer or FormData as it is. */
  readonly body?: unknown;
  /** In place of what the page sends. */
  readonly headers?: Headers;
}

const PAGE = { 'x-croupier-office': '1' };
const TIMEOUT_MS = 30_000;

export async function openRig(options: Partial<HubOptions> = {}): Promise<OfficeRig> {
  const world = await openWorld(options);
  const { sql } = world.hub;
  const agents = await growTree(world);
  const players: Record<string, RigPlayer> = {};
  for (const branch of TREE) players[branch] = await playerOf(sql, agents[branch], `player-${branch}`);
  return {
    world,
    sql,
    url: world.url,
    agents,
    players: players as Record<Branch, RigPlayer>,
    async house(role, name = `${role.replace('_', '-')} of the house`) {
      if (!isHouseRole(role)) throw new Error(`${role} is no role of the house`);
      return signedIn(world, { name, role, agentId: null });
    },
    async of(branch, role = 'agent_owner', name = `${role.replace('_', '-')} of ${branch}`) {
      return signedIn(world, { name, role, agentId: agents[branch].id });
    },
    stranger: () => officeClient(world.url),
    close: () => world.close(),
  };
}

async function growTree(world: World): Promise<Readonly<Record<Branch, TestAgent>>> {
  const root = await world.agent({ username: 'trunk-root', pot: 100_000_000n });
  const a = await world.agent({ username: 'branch-a', parent: 'trunk-root', pot: 10_000_000n });
  const a1 = await world.agent({ username: 'branch-a1', parent: 'branch-a' });
  const b = await world.agent({ username: 'branch-b', parent: 'trunk-root' });
  const other = await world.agent({ username: 'trunk-other' });
  return { root, a, a1, b, other };
}

async function playerOf(sql: Sql, agent: TestAgent, username: string): Promise<RigPlayer> {
  const made = await agent.post('/user/create', { username });
  if (made.status !== 200) throw new Error(`creating a player failed: ${made.text}`);
  const found = await findAgentByName(sql, agent.username);
  const [row] =
    await sql`select id from player where agent_id = ${found?.id ?? 0} and username = ${username}`;
  return { id: Number(row?.id), username };
}

/** A person, made if there is none of that name yet, and a session of theirs put straight into the store. */
async function signedIn(
  { hub: { sql }, url }: World,
  { name, role, agentId }: { name: string; role: OfficeRole; agentId: number | null },
): Promise<OfficeClient> {
  await sql`insert into office_user (name, shown_name, agent_id, role, password_at, totp_at, created_by)
    values (${name}, ${name}, ${agentId}, ${role}, now(), now(), 'test') on conflict do nothing`;
  const [user] = await sql`select id from office_user where name = ${name} and role = ${role}`;
  if (user === undefined) throw new Error(`${name} is somebody else already`);
  const cookie = newSecret();
  await sql`insert into office_session (hash, user_id, person, proven, expires_at, ip)
    values (${hashKey(cookie)}, ${user.id}, ${name}, true, now() + interval '12 hours', '127.0.0.1')`;
  return officeClient(url, { person: name, userId: Number(user.id), cookie });
}

/** A browser: keeps the cookie it is given. */
export function officeClient(
  url: string,
  who: { readonly person: string; readonly userId: number; readonly cookie: string } | null = null,
): OfficeClient {
  let cookie = who?.cookie ?? null;
  const call: OfficeClient['call'] = async (method, path, { query = {}, body, headers = PAGE } = {}) => {
    const entries = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
    const response = await fetch(
      `${url}/office/v1${path}${entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`}`,
      {
        method,
        headers: {
          ...(body === undefined || isRaw(body) ? {} : { 'content-type': 'application/json' }),
          ...(cookie === null ? {} : { cookie: `croupier_office=${cookie}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isRaw(body) ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
    );
    for (const set of response.headers.getSetCookie()) {
      const [, value = ''] = /^croupier_office=([^;]*)/.exec(set) ?? [];
      cookie = value === '' ? null : value;
    }
    return answerOf(response);
  };
  return {
    person: who?.person ?? '',
    userId: who?.userId ?? 0,
    cookie: () => cookie,
    call,
    get: (path, query = {}) => call('GET', path, { query }),
    post: (path, body = {}) => call('POST', path, { body }),
    patch: (path, body = {}) => call('PATCH', path, { body }),
    put: (path, body = {}) => call('PUT', path, { body }),
    del: (path, body) => call('DELETE', path, body === undefined ? {} : { body }),
  };
}

function isRaw(body: unknown): body is Buffer<ArrayBuffer> | FormData {
  return Buffer.isBuffer(body) || body instanceof FormData;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { status, headers } = response;
  const isJson = headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status, headers, text, body: isJson ? JSON.parse(text) : text };
}
