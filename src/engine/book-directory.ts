/**
 * What a node remembers of the rain book: operators by certCode, vendor types, sites, players by name, accounts.
 * Ids and accounts never change and are kept for long. Everything staff can change is cleared when the database tells
 * of the change, and when that line stands again after it was lost; until it stands first, such answers are good for a
 * second only.
 * Money, limits and sessions are never taken from here: the ledger reads them under lock.
 */
import type { BookAccounts } from '../core/book/types.ts';
import { ACCOUNT } from '../core/chart.ts';
import {
  type AccountId,
  type AgentId,
  type BookOperatorId,
  type BookPlayerId,
  trusted,
} from '../core/ids.ts';
import type { Currency } from '../core/money.ts';
import { ensureAccount } from '../db/agent.ts';
import { type BookOperator, findBookOperatorByCert, findBookOperatorById } from '../db/book-operator.ts';
import {
  type BookPlayerKey,
  type BookPlayerName,
  findBookPlayer,
  findBookPlayerById,
} from '../db/book-player.ts';
import { findVendorType, type VendorType } from '../db/book-vendor-type.ts';
import type { Sql } from '../db/connect.ts';
import { findSite, type RainSite } from '../db/rain-site.ts';
import { type Cache, createCache } from './cache.ts';
import { hashKey } from './seal.ts';

export interface BookDirectory {
  operatorByCert(certCode: string): Promise<BookOperator | null>;
  operator(id: BookOperatorId): Promise<BookOperator | null>;
  vendorType(name: string): Promise<VendorType | null>;
  site(name: string): Promise<RainSite | null>;
  player(name: BookPlayerName): Promise<BookPlayerKey | null>;
  playerById(id: BookPlayerId): Promise<BookPlayerKey | null>;
  /** The book's own accounts in a currency. */
  bookAccounts(currency: Currency): Promise<BookAccounts>;
  /** What an operator brought in, below zero. */
  outsideAccount(operatorId: BookOperatorId, currency: Currency): Promise<AccountId>;
  /** After a change made here: this node's next call sees it, whether or not the database has told of it yet. */
  forget(): void;
  close(): Promise<void>;
}

const TOLD_TTL_MS = 60_000;
const UNTOLD_TTL_MS = 1000;
const NAMES_MAX = 1000;
const found = (value: unknown) => value !== null;
const IMMUTABLE = { sizeMax: 200_000, ttlMs: () => Number.POSITIVE_INFINITY, keep: found };

export async function openBookDirectory(sql: Sql): Promise<BookDirectory> {
  let told = false;
  const changing = { sizeMax: NAMES_MAX, ttlMs: () => (told ? TOLD_TTL_MS : UNTOLD_TTL_MS), keep: found };
  const certs = createCache(
    (hash: string) => findBookOperatorByCert(sql, Buffer.from(hash, 'hex')),
    changing,
  );
  const operators = createCache((id: BookOperatorId) => findBookOperatorById(sql, id), changing);
  const vendorTypes = createCache((name: string) => findVendorType(sql, name), changing);
  const sites = createCache((name: string) => findSite(sql, name), changing);
  const players = createCache((key: string) => findBookPlayer(sql, parsePlayerText(key)), IMMUTABLE);
  const playersById = createCache((id: BookPlayerId) => findBookPlayerById(sql, id), IMMUTABLE);
  const accounts = createCache((key: string) => ensureAccount(sql, JSON.parse(key)), IMMUTABLE);
  const changeable: readonly Pick<Cache<never, unknown>, 'clear'>[] = [certs, operators, vendorTypes, sites];
  const forget = () => {
    for (const cache of changeable) cache.clear();
  };
  const ofTheHouse = (kind: number, currency: Currency) =>
    accounts.get(JSON.stringify({ agentId: null, kind, ownerId: 0, currency }));
  const line = await sql.listen('croupier_changed', forget, () => {
    told = true;
    forget();
  });
  return {
    operatorByCert: (certCode) => certs.get(hashKey(certCode).toString('hex')),
    operator: (id) => operators.get(id),
    vendorType: (name) => vendorTypes.get(name),
    site: (name) => sites.get(name),
    player: (name) => players.get(playerText(name)),
    playerById: (id) => playersById.get(id),
    async bookAccounts(currency) {
      const poolId = await ofTheHouse(ACCOUNT.rainPool, currency);
      return { poolId, krainId: await ofTheHouse(ACCOUNT.krainClearing, currency) };
    },
    outsideAccount: (operatorId, currency) =>
      accounts.get(
        JSON.stringify({
          agentId: trusted<AgentId>(operatorId),
          kind: ACCOUNT.outside,
          ownerId: operatorId,
          currency,
        }),
      ),
    forget,
    close: () => line.unlisten(),
  };
}

/** A vendor type has no blank in it; a userId comes last, so whatever it holds belongs to it. */
function playerText({ operatorId, vendorType, userId }: BookPlayerName): string {
  return `${operatorId} ${vendorType} ${userId}`;
}

function parsePlayerText(text: string): BookPlayerName {
  const [operatorId = '', vendorType = ''] = text.split(' ', 2);
  return {
    operatorId: trusted<BookOperatorId>(operatorId),
    vendorType,
    userId: text.slice(operatorId.length + vendorType.length + 2),
  };
}
