/**
 * What a node remembers of the database: agents by key, players by name, sessions, studios, the catalogue.
 * Ids and owners never change and are kept for long. Everything an operator can change is cleared when the database
 * tells of the change; while that line is down, such answers are good for a second only.
 * Money and protection are never taken from here: the ledger reads them under lock.
 */
import { ACCOUNT } from '../core/chart.ts';
import type { AccountId, AgentId, GameId, PlayerId, SessionId, StudioId, VendorId } from '../core/ids.ts';
import type { Currency } from '../core/money.ts';
import {
  type AgentRecord,
  allBrowserOrigins,
  ensureAccount,
  findAgentByKey,
  findOperator,
  type OperatorRecord,
  touchApiKeys,
} from '../db/agent.ts';
import type { Sql } from '../db/connect.ts';
import { type GameRecord, listGames, listVendors, type Vendor } from '../db/game.ts';
import { type SwitchedOff, switchedOffFor } from '../db/office-catalogue.ts';
import { findPlayerKey, type PlayerKey } from '../db/player.ts';
import { findSessionOfPlayer, findSessionOwner, type SessionOwner } from '../db/session.ts';
import { findStudioByKey, type StudioRecord } from '../db/studio.ts';
import { type Cache, createCache } from './cache.ts';
import { hashKey } from './seal.ts';

export interface Catalogue {
  readonly vendors: readonly Vendor[];
  readonly games: readonly GameRecord[];
  readonly byId: ReadonlyMap<GameId, GameRecord>;
  readonly byStudioId: ReadonlyMap<string, GameRecord>;
  readonly byVendor: ReadonlyMap<string, readonly GameRecord[]>;
}

export interface Directory {
  agentByKey(key: string): Promise<AgentRecord | null>;
  /** An agent and how its callbacks are made. */
  operatorOf(id: AgentId): Promise<OperatorRecord | null>;
  browserOrigins(): Promise<readonly string[]>;
  playerByName(agentId: AgentId, username: string): Promise<PlayerKey | null>;
  sessionOwner(id: SessionId): Promise<SessionOwner | null>;
  sessionOfPlayer(playerId: PlayerId, studioId: StudioId): Promise<SessionOwner | null>;
  studioByKey(key: string): Promise<StudioRecord | null>;
  catalogue(): Promise<Catalogue>;
  /** What the agent, or one above it, has switched off. */
  switchedOff(id: AgentId): Promise<SwitchedOff>;
  vendorAccount(account: { agentId: AgentId; vendorId: VendorId; currency: Currency }): Promise<AccountId>;
  houseAccount(
    kind: typeof ACCOUNT.outside | typeof ACCOUNT.promotion,
    currency: Currency,
  ): Promise<AccountId>;
  /** After a change made here: this node's next call sees it, whether or not the database has told of it yet. */
  forget(): void;
  /** Writes down when keys were last used. */
  flushKeyUse(): Promise<void>;
  close(): Promise<void>;
}

const TOLD_TTL_MS = 60_000;
const UNTOLD_TTL_MS = 1000;
const forEver = () => Number.POSITIVE_INFINITY;
const found = (value: unknown) => value !== null;

export async function openDirectory(sql: Sql): Promise<Directory> {
  let told = false;
  const ttlMs = () => (told ? TOLD_TTL_MS : UNTOLD_TTL_MS);
  const usedKeys = new Set<number>();
  const keys = createCache((hash: string) => findAgentByKey(sql, Buffer.from(hash, 'hex')), {
    sizeMax: 10_000,
    ttlMs,
    keep: found,
  });
  const operators = createCache((id: AgentId) => findOperator(sql, id), {
    sizeMax: 10_000,
    ttlMs,
    keep: found,
  });
  const origins = createCache((_all: true) => allBrowserOrigins(sql), { sizeMax: 1, ttlMs });
  const studios = createCache((key: string) => findStudioByKey(sql, key), {
    sizeMax: 1000,
    ttlMs,
    keep: found,
  });
  const catalogue = createCache((_all: true) => loadCatalogue(sql), { sizeMax: 1, ttlMs });
  const switches = createCache((id: AgentId) => switchedOffFor(sql, id), { sizeMax: 10_000, ttlMs });
  const immutable = { sizeMax: 200_000, ttlMs: forEver, keep: found };
  const players = createCache((key: string) => findPlayerKey(sql, ...splitPlayerKey(key)), immutable);
  const owners = createCache((id: SessionId) => findSessionOwner(sql, id), immutable);
  const accounts = createCache((key: string) => ensureAccount(sql, JSON.parse(key)), immutable);
  const changeable: readonly Pick<Cache<never, unknown>, 'clear'>[] = [
    keys,
    operators,
    origins,
    studios,
    catalogue,
    switches,
  ];
  const clearAll = () => {
    for (const cache of changeable) cache.clear();
  };
  const line = await sql.listen('croupier_changed', clearAll, () => {
    told = true;
    clearAll();
  });
  return {
    async agentByKey(key) {
      const known = await keys.get(hashKey(key).toString('hex'));
      if (known !== null) usedKeys.add(known.keyId);
      return known?.agent ?? null;
    },
    operatorOf: (id) => operators.get(id),
    browserOrigins: () => origins.get(true),
    playerByName: (agentId, username) => players.get(`${agentId}/${username}`),
    sessionOwner: (id) => owners.get(id),
    sessionOfPlayer: (playerId, studioId) => findSessionOfPlayer(sql, playerId, studioId),
    studioByKey: (key) => studios.get(key),
    catalogue: () => catalogue.get(true),
    switchedOff: (id) => switches.get(id),
    vendorAccount: ({ agentId, vendorId, currency }) =>
      accounts.get(JSON.stringify({ agentId, kind: ACCOUNT.vendor, ownerId: vendorId, currency })),
    houseAccount: (kind, currency) =>
      accounts.get(JSON.stringify({ agentId: null, kind, ownerId: 0, currency })),
    forget: clearAll,
    async flushKeyUse() {
      if (usedKeys.size === 0) return;
      const ids = [...usedKeys];
      usedKeys.clear();
      await touchApiKeys(sql, ids);
    },
    close: () => line.unlisten(),
  };
}

function splitPlayerKey(key: string): [AgentId, string] {
  const cut = key.indexOf('/');
  return [Number(key.slice(0, cut)) as AgentId, key.slice(cut + 1)];
}

async function loadCatalogue(sql: Sql): Promise<Catalogue> {
  const [vendors, games] = [await listVendors(sql), await listGames(sql)];
  const byVendor = new Map<string, GameRecord[]>(vendors.map((vendor) => [vendor.name, []]));
  for (const game of games) byVendor.get(game.vendor)?.push(game);
  return {
    vendors,
    games,
    byId: new Map(games.map((game) => [game.id, game])),
    byStudioId: new Map(games.map((game) => [studioGameKey(game.studioId, game.publicId), game])),
    byVendor,
  };
}

export function studioGameKey(studioId: StudioId, publicId: string): string {
  return `${studioId}/${publicId}`;
}

/** Whether an agent has the game, with what is switched off for it. */
export function isSold(game: GameRecord, off: SwitchedOff): boolean {
  return game.enabled && !off.vendors.has(game.vendorId) && !off.games.has(game.id);
}
