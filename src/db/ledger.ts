/**
 * The two round trips of a ledger batch: load and lock what the commands name, then write what was decided.
 * All statements of a trip are sent without waiting for each other. Rows are locked in the order of their ids, so
 * batches never deadlock; reads after the lock see what the former holder committed (READ COMMITTED).
 *
 * The transaction's number is assigned before its ids and its time are drawn: that is what lets a reader of the
 * feed know that nothing older can appear any more (src/db/feed.ts).
 */
import type { AccountKind } from '../core/chart.ts';
import {
  type AccountId,
  type AgentId,
  type Instant,
  type TransferId,
  trusted,
  trustedOrNull,
} from '../core/ids.ts';
import type {
  Account,
  Agent,
  Changes,
  KnownRound,
  Picture,
  Player,
  Reservation,
  Session,
  Stored,
} from '../core/ledger-types.ts';
import { roundKeyText, storedKeyText } from '../core/ledger-types.ts';
import type { LimitRow } from '../core/limits.ts';
import type { Currency } from '../core/money.ts';
import { type BundleState, type Round, roundState } from '../core/round.ts';
import { loadCallbacks, toCallback, writeCallbacks } from './callback.ts';
import { booleans, type Connection, inOneWrite, numbers, parseNumbers, texts } from './connect.ts';
import type { Names, StoredName } from './ledger-names.ts';
import { type Nonce, nonceText, spendNonces } from './studio.ts';

export interface Prefetched {
  readonly picture: Picture;
  /** The transaction's time on the database's clock: epoch ms, and exactly as text. */
  readonly now: Instant;
  readonly at: string;
  readonly firstId: TransferId;
  /** Nonces that were new, as `nonceText`. */
  readonly fresh: Set<string>;
}

/** Begins the transaction and loads the picture. Must be followed by `persist` or `abandon` on the same connection. */
export async function prefetch(
  db: Connection,
  names: Names,
  nonces: readonly Nonce[] = [],
): Promise<Prefetched> {
  const [
    ,
    ,
    spent,
    accounts,
    players,
    sessions,
    rounds,
    referenced,
    stored,
    reservations,
    callbacks,
    limits,
    [clock],
  ] = await all(db, [
    db.unsafe('begin').simple(),
    db`select pg_current_xact_id()`,
    nonces.length === 0 ? [] : spendNonces(db, nonces),
    lockAccounts(db, [...names.accounts]),
    loadPlayers(db, [...names.players], [...names.agents]),
    names.sessions.size === 0 ? [] : loadSessions(db, [...names.sessions]),
    names.rounds.size === 0 ? [] : loadRounds(db, names),
    names.referenced.size === 0 ? [] : loadReferencedRounds(db, [...names.referenced.values()]),
    names.stored.size === 0 ? [] : loadStored(db, names),
    names.reservations.size === 0 ? [] : loadReservations(db, [...names.reservations]),
    names.lines.size + names.callbacks.size === 0 ? [] : loadCallbacks(db, names),
    names.limits ? loadLimits(db, [...names.players]) : [],
    db`select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, nextval('transfer_id_seq') as id`,
  ]);
  const { at, id } = clock as { at: string; id: bigint };
  return {
    picture: toPicture({
      accounts,
      players,
      sessions,
      rounds: [...referenced, ...rounds],
      stored,
      reservations,
      callbacks,
      limits,
    }),
    now: trusted(Date.parse(at)),
    at,
    firstId: trusted(id),
    fresh: new Set((spent as Nonce[]).map(nonceText)),
  };
}

/** Ends a transaction that changed nothing. */
export async function abandon(db: Connection): Promise<void> {
  await db.unsafe('rollback').simple();
}

/**
 * Writes the changes and commits. Rejects with the first statement's error when the database refused one: then
 * nothing was written. A lost connection means the commit may or may not have happened.
 */
export async function persist(db: Connection, changes: Changes, at: string): Promise<void> {
  const fresh = changes.stored.filter((row) => !row.persisted);
  const replaced = changes.stored.filter((row) => row.persisted);
  await all(db, [
    changes.transfers.length === 0 ? null : insertTransfers(db, changes, at),
    changes.accounts.length === 0 ? null : updateAccounts(db, changes.accounts),
    fresh.length === 0 ? null : insertStored(db, fresh, at),
    replaced.length === 0 ? null : replaceTombstones(db, replaced, at),
    changes.rounds.length === 0 ? null : upsertRounds(db, changes.rounds),
    changes.reservations.length === 0 ? null : upsertReservations(db, changes.reservations, at),
    changes.details.length === 0 ? null : insertDetails(db, changes, at),
    ...writeCallbacks(db, changes.callbacks, at),
    db.unsafe('commit').simple(),
  ]);
}

/** Waits for all, also when one fails, so that no later statement of the trip is left in the air; then throws the first. */
async function all(db: Connection, parts: Parts): Promise<Row[]> {
  const settled = await inOneWrite(db, () => Promise.allSettled(parts));
  const values = [];
  for (const part of settled) {
    if (part.status === 'rejected') throw part.reason;
    values.push(part.value);
  }
  return values;
}

// ---- loading --------------------------------------------------------------------------------------------------

const lockAccounts = (db: Connection, ids: AccountId[]) => db`
  select id, kind, currency, balance, reserved, known, paced_at from account
  where id = any(${numbers(ids)}::bigint[]) order by id for update`;

/** Players with their agents; agents named without a player come as rows with a null player. */
const loadPlayers = (db: Connection, players: number[], agents: number[]) => db`
  select p.id, p.wallet_account_id, p.blocked_at is not null as blocked, p.excluded_until::text as excluded_until,
    p.cooling_until, a.id as agent_id, a.path::text as path, a.currency, a.wallet, a.pacing
  from agent a left join player p on p.agent_id = a.id and p.id = any(${numbers(players)}::bigint[])
  where a.id = any(${numbers(agents)}::bigint[])`;

const loadSessions = (db: Connection, ids: number[]) => db`
  select id, player_id, ended_at is not null or opened_at is null as ended, expires_at from session
  where id = any(${numbers(ids)}::bigint[])`;

const loadRounds = (db: Connection, names: Names) => {
  const keys = [...names.rounds.values()];
  return db`select r.* from unnest(${numbers(keys.map((k) => k.gameId))}::int[], ${texts(keys.map((k) => k.ref))}::text[],
      ${numbers(keys.map((k) => k.playerId))}::bigint[]) k (game_id, ref, player_id)
    join round r using (game_id, ref, player_id)`;
};

/** A bet may commit while its cancel is on the way: only here, under the player's lock, is its round known for sure. */
const loadReferencedRounds = (db: Connection, keys: readonly StoredName[]) =>
  db`select r.* from unnest(${numbers(keys.map((k) => k.scope))}::bigint[], ${texts(keys.map((k) => k.key))}::text[]) k (scope, key)
    join idempotency i using (scope, key) cross join lateral (select i.outcome::jsonb -> 'bet' as bet) o
    join round r on r.game_id = (o.bet ->> 'gameId')::int and r.ref = o.bet ->> 'round' and r.player_id = (o.bet ->> 'playerId')::bigint`;

const loadStored = (db: Connection, names: Names) => {
  const keys = [...names.stored.values()];
  return db`select i.* from unnest(${numbers(keys.map((k) => k.scope))}::bigint[], ${texts(keys.map((k) => k.key))}::text[]) k (scope, key)
    join idempotency i using (scope, key)`;
};

const loadReservations = (db: Connection, ids: number[]) => db`
  select * from reservation where id = any(${numbers(ids)}::bigint[])`;

/** The limits of all uplines of the players' agents: a parent's limit binds its subtree. */
const loadLimits = (db: Connection, players: number[]) => db`
  select l.* from bet_limit l where (l.player_id is null or l.player_id = any(${numbers(players)}::bigint[]))
    and l.agent_id in (select unnest(a.path) from player p join agent a on a.id = p.agent_id where p.id = any(${numbers(players)}::bigint[]))`;

// biome-ignore lint/suspicious/noExplicitAny: database rows, typed by the parsers below
type Row = any;
type Parts = readonly (PromiseLike<Row> | readonly Row[] | null)[];

function toPicture(
  rows: Readonly<
    Record<
      'accounts' | 'players' | 'sessions' | 'rounds' | 'stored' | 'reservations' | 'callbacks' | 'limits',
      Row[]
    >
  >,
): Picture {
  return {
    accounts: new Map(rows.accounts.map(toAccount).map((each) => [each.id, each])),
    agents: new Map(rows.players.map(toAgent).map((each) => [each.id, each])),
    players: new Map(
      rows.players
        .filter((row) => row.id !== null)
        .map(toPlayer)
        .map((each) => [each.id, each]),
    ),
    sessions: new Map(rows.sessions.map(toSession).map((each) => [each.id, each])),
    rounds: new Map(rows.rounds.map(toRound).map((each) => [roundKeyText(each), each])),
    stored: new Map(rows.stored.map(toStored).map((each) => [storedKeyText(each.scope, each.key), each])),
    reservations: new Map(rows.reservations.map(toReservation).map((each) => [each.id, each])),
    callbacks: new Map(rows.callbacks.map(toCallback).map((each) => [each.id, each])),
    limits: rows.limits.map(toLimit),
  };
}

const toInstant = (date: Date | null): Instant | null =>
  date === null ? null : trusted<Instant>(date.getTime());

function toAccount(row: Row): Account {
  const { kind, currency, balance, reserved, known } = row;
  return {
    id: trusted(row.id),
    kind: kind as AccountKind,
    currency: currency as Currency,
    balance,
    reserved,
    known,
    pacedAt: toInstant(row.paced_at),
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
      : toInstant(row.excluded_until && new Date(row.excluded_until));
  return {
    id: trusted(row.id),
    agentId: trusted(row.agent_id),
    walletId: trusted(row.wallet_account_id),
    blocked,
    excludedUntil,
    coolingUntil: toInstant(row.cooling_until),
  };
}

function toSession(row: Row): Session {
  return {
    id: trusted(row.id),
    playerId: trusted(row.player_id),
    ended: row.ended,
    expiresAt: trusted(row.expires_at.getTime()),
  };
}

type StoredBundle = readonly [firstId: number, sum: string, bets: number, state: BundleState];

function toRound(row: Row): KnownRound {
  const bundles = (row.bundles as StoredBundle[]).map(([firstId, sum, bets, state]) => ({
    firstId: trusted<TransferId>(firstId),
    sum: BigInt(sum),
    bets,
    state,
  }));
  const round: Round = {
    closed: row.closed,
    openedAt: trusted(row.opened_at.getTime()),
    cancelledAt: toInstant(row.cancelled_at),
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

const RESERVATION_STATES = ['held', 'posted', 'void'] as const;

function toReservation(row: Row): Reservation {
  const { amount, code, owner } = row;
  const state = RESERVATION_STATES[row.state as 0 | 1 | 2];
  return {
    id: trusted(row.id),
    agentId: trusted(row.agent_id),
    debit: trusted(row.debit_account),
    credit: trusted(row.credit_account),
    amount,
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
    maxBet: row.max_bet,
    maxWin: row.max_win,
  };
}

// ---- writing --------------------------------------------------------------------------------------------------

function insertTransfers(db: Connection, { transfers }: Changes, at: string) {
  const ints = (pick: (row: Changes['transfers'][number]) => number | bigint | null) =>
    numbers(transfers.map(pick));
  const words = (pick: (row: Changes['transfers'][number]) => string | null) => texts(transfers.map(pick));
  return db`insert into transfer (id, at, agent_id, player_id, code, debit_account, credit_account, amount, debit_before, credit_before,
      referer_id, game_id, round, opens_round, studio_id, external_id, ip, player_before, step)
    select id, ${at}::timestamptz, agent_id, player_id, code, debit_account, credit_account, amount, debit_before, credit_before,
      referer_id, game_id, round, opens_round, studio_id, external_id, ip, player_before, step
    from unnest(${ints((t) => t.id)}::bigint[], ${ints((t) => t.agentId)}::bigint[], ${ints((t) => t.playerId)}::bigint[],
      ${ints((t) => t.code)}::smallint[], ${ints((t) => t.debit)}::bigint[], ${ints((t) => t.credit)}::bigint[], ${ints((t) => t.amount)}::bigint[],
      ${ints((t) => t.debitBefore)}::bigint[], ${ints((t) => t.creditBefore)}::bigint[], ${ints((t) => t.refererId)}::bigint[],
      ${ints((t) => t.gameId)}::int[], ${words((t) => t.round)}::text[], ${booleans(transfers.map((t) => t.opensRound))}::boolean[],
      ${ints((t) => t.studioId)}::bigint[], ${words((t) => t.externalId)}::text[], ${words((t) => t.ip)}::text[],
      ${ints((t) => t.playerBefore)}::bigint[], ${ints((t) => t.step)}::smallint[])
      t (id, agent_id, player_id, code, debit_account, credit_account, amount, debit_before, credit_before, referer_id, game_id, round,
        opens_round, studio_id, external_id, ip, player_before, step)`;
}

const isoOrNull = (instant: Instant | null) => (instant === null ? null : new Date(instant).toISOString());

const updateAccounts = (db: Connection, accounts: readonly Account[]) => db`
  update account a set balance = n.balance, reserved = n.reserved, known = n.known, paced_at = n.paced_at
  from unnest(${numbers(accounts.map((a) => a.id))}::bigint[], ${numbers(accounts.map((a) => a.balance))}::bigint[],
    ${numbers(accounts.map((a) => a.reserved))}::bigint[], ${numbers(accounts.map((a) => a.known))}::bigint[],
    ${texts(accounts.map((a) => isoOrNull(a.pacedAt)))}::timestamptz[])
    n (id, balance, reserved, known, paced_at)
  where a.id = n.id`;

const insertStored = (db: Connection, rows: readonly Stored[], at: string) => db`
  insert into idempotency (scope, key, content, outcome, transfer_id, at)
  select scope, key, content, outcome, transfer_id, ${at}::timestamptz
  from unnest(${numbers(rows.map((r) => r.scope))}::bigint[], ${texts(rows.map((r) => r.key))}::text[], ${texts(rows.map((r) => r.content))}::text[],
    ${texts(rows.map((r) => JSON.stringify(r.outcome)))}::text[], ${numbers(rows.map((r) => r.transferId))}::bigint[])
    n (scope, key, content, outcome, transfer_id)`;

/**
 * Only a tombstone and a question's mark may be replaced: an answer that was given stays. Where another transaction was
 * first, by a player this one has no lock on, the null is refused by the column, and the batch with it.
 */
const replaceTombstones = (db: Connection, rows: readonly Stored[], at: string) => db`
  update idempotency i set content = case when i.content = '' or i.outcome like '{"status":"pending"%' then n.content end, outcome = n.outcome, transfer_id = n.transfer_id, at = ${at}::timestamptz
  from unnest(${numbers(rows.map((r) => r.scope))}::bigint[], ${texts(rows.map((r) => r.key))}::text[], ${texts(rows.map((r) => r.content))}::text[],
    ${texts(rows.map((r) => JSON.stringify(r.outcome)))}::text[], ${numbers(rows.map((r) => r.transferId))}::bigint[])
    n (scope, key, content, outcome, transfer_id)
  where i.scope = n.scope and i.key = n.key`;

const ROUND_STATES = { open: 0, settled: 1, cancelled: 2 } as const;

function upsertRounds(db: Connection, rounds: readonly KnownRound[]) {
  const bundles = rounds.map(({ round }) =>
    JSON.stringify(round.bundles.map((b): StoredBundle => [b.firstId, b.sum.toString(), b.bets, b.state])),
  );
  return db`
    insert into round (game_id, ref, player_id, agent_id, studio_id, state, closed, opened_at, cancelled_at, bundles)
    select * from unnest(${numbers(rounds.map((r) => r.gameId))}::int[], ${texts(rounds.map((r) => r.ref))}::text[],
      ${numbers(rounds.map((r) => r.playerId))}::bigint[], ${numbers(rounds.map((r) => r.agentId))}::bigint[],
      ${numbers(rounds.map((r) => r.studioId))}::bigint[], ${numbers(rounds.map((r) => ROUND_STATES[roundState(r.round)]))}::smallint[],
      ${booleans(rounds.map((r) => r.round.closed))}::boolean[], ${texts(rounds.map((r) => isoOrNull(r.round.openedAt)))}::timestamptz[],
      ${texts(rounds.map((r) => isoOrNull(r.round.cancelledAt)))}::timestamptz[], ${texts(bundles)}::jsonb[])
    on conflict (game_id, ref, player_id) do update set state = excluded.state, closed = excluded.closed,
      cancelled_at = excluded.cancelled_at, bundles = excluded.bundles`;
}

function upsertReservations(db: Connection, rows: readonly Reservation[], at: string) {
  const states = rows.map((r) => RESERVATION_STATES.indexOf(r.state));
  return db`
    insert into reservation (id, agent_id, debit_account, credit_account, amount, code, owner, state, created_at, ended_at, transfer_id)
    select id, agent_id, debit_account, credit_account, amount, code, owner, state, ${at}::timestamptz,
      case when state > 0 then ${at}::timestamptz end, transfer_id
    from unnest(${numbers(rows.map((r) => r.id))}::bigint[], ${numbers(rows.map((r) => r.agentId))}::bigint[], ${numbers(rows.map((r) => r.debit))}::bigint[],
      ${numbers(rows.map((r) => r.credit))}::bigint[], ${numbers(rows.map((r) => r.amount))}::bigint[], ${numbers(rows.map((r) => r.code))}::smallint[],
      ${texts(rows.map((r) => r.owner))}::text[], ${numbers(states)}::smallint[], ${numbers(rows.map((r) => r.transferId))}::bigint[])
      n (id, agent_id, debit_account, credit_account, amount, code, owner, state, transfer_id)
    on conflict (id) do update set state = excluded.state, ended_at = excluded.ended_at, transfer_id = excluded.transfer_id`;
}

const insertDetails = (db: Connection, { details }: Changes, at: string) => db`
  insert into transfer_detail (transfer_id, at, detail)
  select id, ${at}::timestamptz, detail
  from unnest(${numbers(details.map((d) => d.transferId))}::bigint[], ${texts(details.map((d) => d.detail))}::text[]) n (id, detail)`;
