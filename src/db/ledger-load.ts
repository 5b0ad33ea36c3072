/**
 * What a ledger batch loads: one statement for all its reads, in one snapshot taken after its accounts were locked, and
 * the picture made of it. Rows come as JSON: amounts as text, because a JSON number is exact only up to 2^53.
 */
import type { AccountKind } from '../core/chart.ts';
import { type AgentId, type Instant, type TransferId, trusted, trustedOrNull } from '../core/ids.ts';
import type {
  Account,
  Agent,
  KnownRound,
  Picture,
  Player,
  Reservation,
  Session,
  Stored,
} from '../core/ledger-types.ts';
import { RESERVATION_STATES, roundKeyText, storedKeyText } from '../core/ledger-types.ts';
import type { LimitRow } from '../core/limits.ts';
import type { Currency } from '../core/money.ts';
import type { Bundle, Round } from '../core/round.ts';
import { type BookRows, loadBook, toBookPicture } from './book-load.ts';
import { loadCallbacks, toCallback } from './callback.ts';
import { type Connection, instantOf, numbers, parseNumbers, texts } from './connect.ts';
import type { Names, StoredName } from './ledger-names.ts';
import { type Piece, piece, run } from './statement.ts';

/**
 * The rows a batch names, with the transaction's time and a block of ids. Its number is drawn first: that is what lets
 * a reader of the feed know that nothing older can appear any more (src/db/feed.ts).
 */
export function loadRows(db: Connection, names: Names) {
  const wanted: { as: keyof LoadedRows; sql: Piece | null }[] = [
    { as: 'players', sql: loadPlayers([...names.players], [...names.agents]) },
    { as: 'sessions', sql: names.sessions.size === 0 ? null : loadSessions([...names.sessions]) },
    { as: 'rounds', sql: names.rounds.size === 0 ? null : loadRounds(names) },
    {
      as: 'referenced',
      sql: names.referenced.size === 0 ? null : loadReferencedRounds([...names.referenced.values()]),
    },
    { as: 'stored', sql: names.stored.size === 0 ? null : loadStored(names) },
    {
      as: 'reservations',
      sql: names.reservations.size === 0 ? null : loadReservations([...names.reservations]),
    },
    { as: 'callbacks', sql: names.lines.size + names.callbacks.size === 0 ? null : loadCallbacks(names) },
    { as: 'limits', sql: names.limits ? loadLimits([...names.players]) : null },
    ...loadBook(names.book),
  ];
  const pieces = wanted.flatMap(({ as, sql }) => (sql === null ? [] : [{ as, sql }]));
  return run(db, pieces, (each) => {
    const lists = each.map(({ as, sql }) => `(select json_agg(r) from (${sql}) r) as ${as}`);
    return `select pg_current_xact_id()::text as number, ${lists.join(', ')}, ${CLOCK}`;
  });
}

const CLOCK = `to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, nextval('transfer_id_seq') as id`;

/** Lists that were not asked for, or are empty, are absent. */
export type LoadedRows = Partial<
  Record<
    'players' | 'sessions' | 'rounds' | 'referenced' | 'stored' | 'reservations' | 'callbacks' | 'limits',
    Row[] | null
  >
> &
  BookRows;

/** Players with their agents; agents named without a player come as rows with a null player. */
const loadPlayers = (players: number[], agents: number[]) => piece`
  select p.id, p.wallet_account_id, p.blocked_at is not null as blocked, p.excluded_until::text as excluded_until,
    p.cooling_until, a.id as agent_id, a.path::text as path, a.currency, a.wallet, a.pacing
  from agent a left join player p on p.agent_id = a.id and p.id = any(${numbers(players)}::bigint[])
  where a.id = any(${numbers(agents)}::bigint[])`;

const loadSessions = (ids: number[]) => piece`
  select id, player_id, ended_at is not null or opened_at is null as ended, expires_at from session
  where id = any(${numbers(ids)}::bigint[])`;

const loadRounds = (names: Names) => {
  const keys = [...names.rounds.values()];
  return piece`select r.* from unnest(${numbers(keys.map((k) => k.gameId))}::int[], ${texts(keys.map((k) => k.ref))}::text[],
      ${numbers(keys.map((k) => k.playerId))}::bigint[]) k (game_id, ref, player_id)
    join round r using (game_id, ref, player_id)`;
};

/** A bet may commit while its cancel is on the way: only here, under the player's lock, is its round known for sure. */
const loadReferencedRounds = (keys: readonly StoredName[]) =>
  piece`select r.* from unnest(${numbers(keys.map((k) => k.scope))}::bigint[], ${texts(keys.map((k) => k.key))}::text[]) k (scope, key)
    join idempotency i using (scope, key) cross join lateral (select i.outcome::jsonb -> 'bet' as bet) o
    join round r on r.game_id = (o.bet ->> 'gameId')::int and r.ref = o.bet ->> 'round' and r.player_id = (o.bet ->> 'playerId')::bigint`;

const loadStored = (names: Names) => {
  const keys = [...names.stored.values()];
  return piece`select i.scope, i.key, i.content, i.outcome, i.transfer_id from unnest(${numbers(keys.map((k) => k.scope))}::bigint[], ${texts(keys.map((k) => k.key))}::text[]) k (scope, key)
    join idempotency i using (scope, key)`;
};

const loadReservations = (ids: number[]) => piece`
  select id, agent_id, debit_account, credit_account, amount::text, code, owner, state, transfer_id from reservation where id = any(${numbers(ids)}::bigint[])`;

/** The limits of all uplines of the players' agents: a parent's limit binds its subtree. */
const loadLimits = (players: number[]) => piece`
  select l.agent_id, l.vendor_id, l.game_id, l.player_id, l.max_bet::text, l.max_win::text from bet_limit l where (l.player_id is null or l.player_id = any(${numbers(players)}::bigint[]))
    and l.agent_id in (select unnest(a.path) from player p join agent a on a.id = p.agent_id where p.id = any(${numbers(players)}::bigint[]))`;

// biome-ignore lint/suspicious/noExplicitAny: database rows, typed by the parsers below
export type Row = any;

export function toPicture(
  { accounts, rainSessions }: { accounts: readonly Row[]; rainSessions: readonly Row[] },
  rows: LoadedRows,
): Picture {
  const { players, sessions, rounds, referenced, stored, reservations, callbacks, limits } = rows;
  return {
    accounts: byId((accounts ?? []).map(toAccount)),
    agents: byId((players ?? []).map(toAgent)),
    players: byId((players ?? []).filter((row) => row.id !== null).map(toPlayer)),
    sessions: byId((sessions ?? []).map(toSession)),
    rounds: new Map(
      [...(referenced ?? []), ...(rounds ?? [])].map(toRound).map((each) => [roundKeyText(each), each]),
    ),
    stored: new Map((stored ?? []).map(toStored).map((each) => [storedKeyText(each.scope, each.key), each])),
    reservations: byId((reservations ?? []).map(toReservation)),
    callbacks: byId((callbacks ?? []).map(toCallback)),
    limits: (limits ?? []).map(toLimit),
    book: toBookPicture(rainSessions, rows),
  };
}

function byId<Id, T extends { readonly id: Id }>(list: readonly T[]): Map<Id, T> {
  return new Map(list.map((each) => [each.id, each]));
}

function toAccount(row: Row): Account {
  const { kind, currency, balance, reserved, overdraft, known } = row;
  return {
    id: trusted(row.id),
    kind: kind as AccountKind,
    currency: currency as Currency,
    balance,
    reserved,
    overdraft,
    known,
    pacedAt: instantOf(row.paced_at),
  };
}

function toAgent(row: Row): Agent {
  const path = parseNumbers(row.path).map((id) => trusted<AgentId>(id));
  return { id: trusted(row.agent_id), path, currency: row.currency, wallet: row.wallet, pacing: row.pacing };
}

function toPlayer(row: Row): Player {
  const { blocked } = row;
  const excludedUntil =
    row.excluded_until === 'infinity'
      ? trusted<Instant>(Number.MAX_SAFE_INTEGER)
      : instantOf(row.excluded_until);
  return {
    id: trusted(row.id),
    agentId: trusted(row.agent_id),
    walletId: trusted(row.wallet_account_id),
    blocked,
    excludedUntil,
    coolingUntil: instantOf(row.cooling_until),
  };
}

function toSession(row: Row): Session {
  return {
    id: trusted(row.id),
    playerId: trusted(row.player_id),
    ended: row.ended,
    expiresAt: trusted(Date.parse(row.expires_at)),
  };
}

/** How a bundle is stored. */
export type StoredBundle = readonly [firstId: number, sum: string, bets: number, state: Bundle['state']];

function toRound(row: Row): KnownRound {
  const bundles = (row.bundles as StoredBundle[]).map(([firstId, sum, bets, state]) => ({
    firstId: trusted<TransferId>(firstId),
    sum: BigInt(sum),
    bets,
    state,
  }));
  const round: Round = {
    closed: row.closed,
    openedAt: trusted(Date.parse(row.opened_at)),
    cancelledAt: instantOf(row.cancelled_at),
    bundles,
  };
  return {
    gameId: trusted(row.game_id),
    ref: row.ref,
    playerId: trusted(row.player_id),
    agentId: trusted(row.agent_id),
    studioId: trusted(row.studio_id),
    round,
  };
}

function toStored(row: Row): Stored {
  return {
    scope: trusted(row.scope),
    key: row.key,
    content: row.content,
    outcome: JSON.parse(row.outcome),
    transferId: trustedOrNull(row.transfer_id),
    persisted: true,
  };
}

function toReservation(row: Row): Reservation {
  const { code, owner } = row;
  const state = RESERVATION_STATES[row.state as 0 | 1 | 2];
  return {
    id: trusted(row.id),
    agentId: trusted(row.agent_id),
    debit: trusted(row.debit_account),
    credit: trusted(row.credit_account),
    amount: BigInt(row.amount),
    code,
    owner,
    state,
    transferId: trustedOrNull(row.transfer_id),
  };
}

function toLimit(row: Row): LimitRow {
  return {
    agentId: trusted(row.agent_id),
    vendorId: trustedOrNull(row.vendor_id),
    gameId: trustedOrNull(row.game_id),
    playerId: trustedOrNull(row.player_id),
    maxBet: row.max_bet === null ? null : BigInt(row.max_bet),
    maxWin: row.max_win === null ? null : BigInt(row.max_win),
  };
}
