/**
 * Players of the rain book: one for each operator, vendor type and userId, with a credit account of its own. Ids and
 * accounts never change once made; limits do. Amounts are minor units.
 */
import { ACCOUNT } from '../core/chart.ts';
import {
  type AccountId,
  type BookOperatorId,
  type BookPlayerId,
  type Instant,
  trusted,
} from '../core/ids.ts';
import type { Currency } from '../core/money.ts';
import type { Query } from './connect.ts';

/** Whose player it is, as its operator names it. */
export interface BookPlayerName {
  readonly operatorId: BookOperatorId;
  readonly vendorType: string;
  readonly userId: string;
}

/** What never changes about a player: safe to remember. */
export interface BookPlayerKey extends BookPlayerName {
  readonly id: BookPlayerId;
  readonly accountId: AccountId;
}

/** The operator's limits on a player's bets. */
export interface BetLimit {
  readonly minBet: bigint;
  readonly maxBet: bigint;
  /** The most a session may cost the player. */
  readonly maxExposure: bigint;
}

const keyColumns = (db: Query) => db`id, operator_id, vendor_type, user_id, account_id`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toKey(row: any): BookPlayerKey {
  return {
    id: trusted(row.id),
    operatorId: trusted(row.operator_id),
    vendorType: row.vendor_type,
    userId: row.user_id,
    accountId: trusted(row.account_id),
  };
}

export async function findBookPlayer(db: Query, name: BookPlayerName): Promise<BookPlayerKey | null> {
  const [row] = await db`select ${keyColumns(db)} from book_player
    where operator_id = ${name.operatorId} and vendor_type = ${name.vendorType} and user_id = ${name.userId}`;
  return row === undefined ? null : toKey(row);
}

export async function findBookPlayerById(db: Query, id: BookPlayerId): Promise<BookPlayerKey | null> {
  const [row] = await db`select ${keyColumns(db)} from book_player where id = ${id}`;
  return row === undefined ? null : toKey(row);
}

/**
 * Creates the player and its credit account in one statement; null when the name is taken. Who has excluded itself in
 * one vendor type is excluded in all: those rows are read under lock, so that none is made beside an exclusion.
 */
export async function createBookPlayer(
  db: Query,
  player: BookPlayerName & { readonly currency: Currency; readonly limit: BetLimit },
): Promise<BookPlayerKey | null> {
  const { operatorId, vendorType, userId, currency, limit } = player;
  const [row] = await db`
    with kin as (select excluded_until from book_player where operator_id = ${operatorId} and user_id = ${userId} for share),
    made as (
      insert into book_player (operator_id, vendor_type, user_id, account_id, min_bet, max_bet, max_exposure, excluded_until)
      select ${operatorId}, ${vendorType}, ${userId}, nextval('account_id_seq'), ${limit.minBet}, ${limit.maxBet}, ${limit.maxExposure}, max(excluded_until) from kin
      on conflict (operator_id, vendor_type, user_id) do nothing returning ${keyColumns(db)}),
    credit as (insert into account (id, agent_id, kind, owner_id, currency)
      select account_id, operator_id, ${ACCOUNT.credit}::smallint, id, ${currency} from made)
    select * from made`;
  return row === undefined ? null : toKey(row);
}

export async function setBetLimit(db: Query, id: BookPlayerId, limit: BetLimit): Promise<void> {
  await db`update book_player set min_bet = ${limit.minBet}, max_bet = ${limit.maxBet}, max_exposure = ${limit.maxExposure}
    where id = ${id} and (min_bet, max_bet, max_exposure) is distinct from (${limit.minBet}::bigint, ${limit.maxBet}::bigint, ${limit.maxExposure}::bigint)`;
}

export interface BookMoney {
  /** Credit and what was won and lost since; below zero only after a correction. */
  readonly balance: bigint;
  /** What open bets may cost of it. */
  readonly exposure: bigint;
  /** The database's clock at the reading. */
  readonly at: Instant;
}

/** A player's money in one reading. Throws when there is no such account. */
export async function readBookMoney(db: Query, accountId: AccountId): Promise<BookMoney> {
  const [row] =
    await db`select balance, reserved, floor(extract(epoch from clock_timestamp()) * 1000)::bigint as at from account where id = ${accountId}`;
  if (row === undefined) throw new Error(`no account ${accountId}`);
  return { balance: row.balance, exposure: row.reserved, at: trusted(row.at) };
}
