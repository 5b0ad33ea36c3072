/** Fills the databases the load runs against: by the hub's own functions for the hub, by SQL for the rival. */
import type { AccountId, AgentId } from '../src/core/ids.ts';
import { findAgentById, setAgent } from '../src/db/agent.ts';
import { connect, type Sql, texts } from '../src/db/connect.ts';
import { publishGames } from '../src/db/game.ts';
import { migrate } from '../src/db/migrate.ts';
import { createPlayer, findPlayerKey, type PlayerKey } from '../src/db/player.ts';
import { issueToken, openSession } from '../src/db/session.ts';
import { type Hub, openHub } from '../src/hub.ts';
import { createAgentWithKey, createStudioWithSecret, movePot, openOffice } from '../src/office.ts';
import type { LoadWorld } from './load/world.ts';

export const SECRET_KEY = 'a key for the benchmark, of enough characters';

export interface WorldSize {
  readonly agents: number;
  readonly playersPerAgent: number;
  /** Players with an open session and money to play with, of all agents in turn. */
  readonly sessions: number;
  /** Agents whose players' money is at an operator: so many at the one that answers, one at the one that never does. */
  readonly seamless: { readonly agents: number; readonly playersPerAgent: number };
}

export interface OperatorUrls {
  readonly answering: string;
  readonly blackHole: string;
}

export interface SetAgentUp {
  readonly id: AgentId;
  readonly potId: AccountId;
  readonly apiKey: string;
  readonly players: readonly PlayerKey[];
}

const POT = 1_000_000_000_000n;
const BALANCE = 1_000_000n;
const VENDOR = 'evolution';
const GAME = 'bench-game';
const AT_ONCE = 200;

/** A migrated database on the server, with a hub on it for the time of `work`. */
export async function withHub<T>(databaseUrl: string, work: (hub: Hub) => Promise<T>): Promise<T> {
  const sql = connect(databaseUrl, { max: 1, name: 'bench', statementTimeoutMs: 0 });
  await migrate(sql);
  await sql.end();
  const hub = await openHub({
    databaseUrl,
    secretKey: SECRET_KEY,
    lanes: 2,
    retentionDays: 1826,
    trustProxy: false,
    logLevel: 'error',
  });
  try {
    return await work(hub);
  } finally {
    await hub.close();
  }
}

/** Creates a database on the server and returns its URL. */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const sql = connect(serverUrl, { max: 1, name: 'bench', statementTimeoutMs: 0 });
  await sql.unsafe(`create database ${name}`);
  await sql.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Agents with POT and without pacing, each with its players. */
export async function setUpAgents(
  hub: Hub,
  size: Pick<WorldSize, 'agents' | 'playersPerAgent'>,
): Promise<SetAgentUp[]> {
  const office = openOffice(hub);
  const names = (what: string, count: number) =>
    Array.from({ length: count }, (_, number) => `${what}${String(number).padStart(6, '0')}`);
  return inChunks(names('agent', size.agents), async (username) => {
    const { id, apiKey } = await createAgentWithKey(office, { username, actor: 'bench' });
    await setAgent(hub.sql, id, { pacing: false });
    await movePot(office, { username, direction: 'give', amount: POT, actor: 'bench' });
    const potId = (await findAgentById(hub.sql, id))?.potId;
    if (potId === undefined) throw new Error(`agent ${username} was not made`);
    const players = await inChunks(names('player', size.playersPerAgent), (name) =>
      setUpPlayer(hub.sql, id, name),
    );
    return { id, potId, apiKey, players };
  });
}

async function setUpPlayer(sql: Sql, agentId: AgentId, username: string): Promise<PlayerKey> {
  await createPlayer(sql, { agentId, username, nickname: null, currency: 'KRW' });
  const key = await findPlayerKey(sql, agentId, username);
  if (key === null) throw new Error(`player ${username} was not made`);
  return key;
}

export interface SetStudioUp {
  readonly id: Awaited<ReturnType<typeof createStudioWithSecret>>['id'];
  readonly key: string;
  readonly secret: string;
  readonly game: string;
  readonly gameId: number;
}

export async function setUpStudio(hub: Hub): Promise<SetStudioUp> {
  const made = await createStudioWithSecret(openOffice(hub), {
    name: 'bench',
    vendors: [VENDOR],
    actor: 'bench',
  });
  const vendor = (await hub.directory.catalogue()).vendors.find((each) => each.name === VENDOR);
  if (vendor === undefined) throw new Error(`vendor ${VENDOR} is not there`);
  const common = { lobby: false, thumbnail: null, thumbnails: {}, rank: null, langs: null, enabled: true };
  const launchUrl = 'http://127.0.0.1:1/play';
  await publishGames(hub.sql, made.id, [
    { ...common, id: GAME, vendorId: vendor.id, title: 'Bench', type: 'slot', launchUrl },
  ]);
  const [game] = await hub.sql`select id from game where public_id = ${GAME}`;
  return { id: made.id, key: made.key, secret: made.secret, game: GAME, gameId: Number(game?.id) };
}

/** The world of the load, in a fresh database. */
export async function setUpLoad(
  databaseUrl: string,
  size: WorldSize,
  operators: OperatorUrls,
): Promise<LoadWorld> {
  return withHub(databaseUrl, async (hub) => {
    const agents = await setUpAgents(hub, size);
    const studio = await setUpStudio(hub);
    const chosen = Array.from({ length: size.sessions }, (_, i) => {
      const agent = agents[i % agents.length];
      const player = agent?.players[Math.floor(i / agents.length) % size.playersPerAgent];
      if (agent === undefined || player === undefined) throw new Error('more sessions than players');
      return { player, potId: agent.potId };
    });
    const sessions = await inChunks(chosen, ({ player }) => setUpSession(hub, studio, player));
    await inChunks(chosen, ({ player, potId }) => pay(hub, potId, player));
    const seamless = await setUpSeamless(hub, { studio, size: size.seamless, operators });
    return {
      agents: agents.map(({ apiKey, players }) => ({
        apiKey,
        players: players.map((each) => each.username),
      })),
      studio: { key: studio.key, secret: studio.secret, game: studio.game },
      sessions,
      seamless,
    };
  });
}

/** Agents with a seamless wallet, their players with a session each and a balance known. */
async function setUpSeamless(
  hub: Hub,
  { studio, size, operators }: { studio: SetStudioUp; size: WorldSize['seamless']; operators: OperatorUrls },
): Promise<LoadWorld['seamless']> {
  const office = openOffice(hub);
  const agents: LoadWorld['seamless'][number][] = [];
  for (let index = 0; index <= size.agents; index++) {
    const username = `seamless${index}`;
    const callbackUrl = index < size.agents ? operators.answering : operators.blackHole;
    const { id } = await createAgentWithKey(office, {
      username,
      wallet: 'seamless',
      callbackUrl,
      actor: 'bench',
    });
    await movePot(office, { username, direction: 'give', amount: POT, actor: 'bench' });
    const names = Array.from({ length: size.playersPerAgent }, (_, player) => `s${index}-${player}`);
    const sessions = await inChunks(names, async (name) => {
      const player = await setUpPlayer(hub.sql, id, name);
      await hub.writer.submit({ kind: 'learn_balance', player, balance: BALANCE });
      return { session: await setUpSession(hub, studio, player), username: name };
    });
    agents.push(sessions);
  }
  return agents;
}

async function setUpSession(hub: Hub, studio: SetStudioUp, player: PlayerKey): Promise<string> {
  const catalogue = await hub.directory.catalogue();
  const gameId = catalogue.games.find((game) => game.publicId === studio.game)?.id ?? null;
  const launch = { playerId: player.id, agentId: player.agentId, gameId, studioId: studio.id, skin: null };
  const token = await issueToken(hub.sql, launch);
  const opened = await openSession(hub.sql, token, studio.id);
  if (opened === null) throw new Error('a session did not open');
  return hub.vault.sign('s', opened.id);
}

/** Pays a player from the POT, as the operator API does. */
async function pay(hub: Hub, potId: AccountId, player: PlayerKey): Promise<void> {
  const outcome = await hub.writer.submit({
    kind: 'wallet_transfer',
    direction: 'add',
    agentId: player.agentId,
    playerId: player.id,
    walletId: player.walletId,
    potId,
    amount: BALANCE,
    key: null,
    ip: null,
  });
  if (!outcome.ok) throw new Error(`paying a player failed: ${outcome.code}`);
}

async function inChunks<From, To>(list: readonly From[], work: (each: From) => Promise<To>): Promise<To[]> {
  const done: To[] = [];
  for (let from = 0; from < list.length; from += AT_ONCE)
    done.push(...(await Promise.all(list.slice(from, from + AT_ONCE).map(work))));
  return done;
}

/** The same agents and players for the rival, in tables of its own. */
export async function setUpNaive(databaseUrl: string, world: LoadWorld): Promise<void> {
  const sql = connect(databaseUrl, { max: 1, name: 'bench', statementTimeoutMs: 0 });
  const names = world.agents[0]?.players ?? [];
  await sql`create table naive_agent (id serial primary key, api_key text not null unique, balance bigint not null)`;
  await sql`create table naive_wallet (id serial primary key, agent_id integer not null references naive_agent,
    username text not null, balance bigint not null check (balance >= 0), unique (agent_id, username))`;
  await sql`create table naive_transfer (id bigserial primary key, agent_id integer not null, wallet_id integer not null,
    amount bigint not null, agent_before bigint not null, wallet_before bigint not null, at timestamptz not null default now())`;
  await sql`create index on naive_transfer (agent_id, at)`;
  const keys = texts(world.agents.map(({ apiKey }) => apiKey));
  await sql`insert into naive_agent (api_key, balance) select key, ${POT} from unnest(${keys}::text[]) key`;
  await sql`insert into naive_wallet (agent_id, username, balance)
    select id, name, 0 from naive_agent, unnest(${texts(names)}::text[]) name`;
  await sql`vacuum analyze`;
  await sql.end();
}
