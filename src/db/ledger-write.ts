/**
 * What a ledger batch writes: its changes as one statement, its parts side by side. Two parts never write the same row,
 * so their order, which is the server's, does not matter; the one pair that could meet goes apart.
 */
import type { Instant } from '../core/ids.ts';
import type { Account, Changes, KnownRound, Reservation, Stored } from '../core/ledger-types.ts';
import { RESERVATION_STATES } from '../core/ledger-types.ts';
import { roundState } from '../core/round.ts';
import { settleBets, writeBook } from './book-write.ts';
import { removeCallbacks, writeCallbacks } from './callback.ts';
import { booleans, type Connection, numbers, texts } from './connect.ts';
import type { StoredBundle } from './ledger-load.ts';
import { type Piece, piece, run } from './statement.ts';

/** The statements of a batch's changes, to be sent in one trip: one, and seldom another before it. */
export function writeChanges(db: Connection, changes: Changes, at: string) {
  const { callbacks, stored } = changes;
  const fresh = stored.filter((row) => !row.persisted);
  const replaced = stored.filter((row) => row.persisted);
  // A bet that ends and the next of its player meet in an index of bets in flight: the one must leave first.
  const isApart = callbacks.removed.length > 0 && callbacks.added.some(({ state }) => state === 'asking');
  const parts: { as: string; sql: Piece | null }[] = [
    { as: 'transfers', sql: changes.transfers.length === 0 ? null : insertTransfers(changes, at) },
    { as: 'accounts', sql: changes.accounts.length === 0 ? null : updateAccounts(changes.accounts) },
    { as: 'answers', sql: fresh.length === 0 ? null : insertStored(fresh, at) },
    { as: 'replaced', sql: replaced.length === 0 ? null : replaceTombstones(replaced, at) },
    { as: 'rounds', sql: changes.rounds.length === 0 ? null : upsertRounds(changes.rounds) },
    {
      as: 'reservations',
      sql: changes.reservations.length === 0 ? null : upsertReservations(changes.reservations, at),
    },
    { as: 'details', sql: changes.details.length === 0 ? null : insertDetails(changes, at) },
    {
      as: 'removed',
      sql: isApart || callbacks.removed.length === 0 ? null : removeCallbacks(callbacks.removed),
    },
    ...writeCallbacks(callbacks, at),
    ...writeBook(changes.book, at),
  ];
  const pieces = parts.flatMap(({ as, sql }) => (sql === null ? [] : [{ as, sql }]));
  return [
    isApart ? run(db, [{ as: 'removed', sql: removeCallbacks(callbacks.removed) }], alone) : null,
    pieces.length === 0 ? null : run(db, pieces, pieces.length === 1 ? alone : together),
    // Behind the others: a bet may have been matched in this batch.
    changes.book.settled.length === 0
      ? null
      : run(db, [{ as: 'settled', sql: settleBets(changes.book, at) }], alone),
  ];
}

const alone = ([only]: readonly { readonly sql: string }[]) => only?.sql ?? '';
const together = (each: readonly { readonly as: string; readonly sql: string }[]) =>
  `with ${each.map(({ as, sql }) => `${as}_written as (${sql})`).join(', ')} select 1`;

function insertTransfers({ transfers }: Changes, at: string) {
  const ints = (pick: (row: Changes['transfers'][number]) => number | bigint | null) =>
    numbers(transfers.map(pick));
  const words = (pick: (row: Changes['transfers'][number]) => string | null) => texts(transfers.map(pick));
  return piece`insert into transfer (id, at, agent_id, player_id, code, debit_account, credit_account, amount, debit_before, credit_before,
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

const updateAccounts = (accounts: readonly Account[]) => piece`
  update account a set balance = n.balance, reserved = n.reserved, overdraft = n.overdraft, known = n.known, paced_at = n.paced_at
  from unnest(${numbers(accounts.map((a) => a.id))}::bigint[], ${numbers(accounts.map((a) => a.balance))}::bigint[],
    ${numbers(accounts.map((a) => a.reserved))}::bigint[], ${numbers(accounts.map((a) => a.overdraft))}::bigint[], ${numbers(accounts.map((a) => a.known))}::bigint[],
    ${texts(accounts.map((a) => isoOrNull(a.pacedAt)))}::timestamptz[])
    n (id, balance, reserved, overdraft, known, paced_at)
  where a.id = n.id`;

const insertStored = (rows: readonly Stored[], at: string) => piece`
  insert into idempotency (scope, key, content, outcome, transfer_id, at)
  select scope, key, content, outcome, transfer_id, ${at}::timestamptz
  from unnest(${numbers(rows.map((r) => r.scope))}::bigint[], ${texts(rows.map((r) => r.key))}::text[], ${texts(rows.map((r) => r.content))}::text[],
    ${texts(rows.map((r) => JSON.stringify(r.outcome)))}::text[], ${numbers(rows.map((r) => r.transferId))}::bigint[])
    n (scope, key, content, outcome, transfer_id)`;

/**
 * Only a tombstone and a question's mark may be replaced: an answer that was given stays. Where another transaction was
 * first, by a player this one has no lock on, the null is refused by the column, and the batch with it.
 */
const replaceTombstones = (rows: readonly Stored[], at: string) => piece`
  update idempotency i set content = case when i.content = '' or i.outcome like '{"status":"pending"%' then n.content end, outcome = n.outcome, transfer_id = n.transfer_id, at = ${at}::timestamptz
  from unnest(${numbers(rows.map((r) => r.scope))}::bigint[], ${texts(rows.map((r) => r.key))}::text[], ${texts(rows.map((r) => r.content))}::text[],
    ${texts(rows.map((r) => JSON.stringify(r.outcome)))}::text[], ${numbers(rows.map((r) => r.transferId))}::bigint[])
    n (scope, key, content, outcome, transfer_id)
  where i.scope = n.scope and i.key = n.key`;

const ROUND_STATES = { open: 0, settled: 1, cancelled: 2 } as const;

function upsertRounds(rounds: readonly KnownRound[]) {
  const bundles = rounds.map(({ round }) =>
    JSON.stringify(round.bundles.map((b): StoredBundle => [b.firstId, b.sum.toString(), b.bets, b.state])),
  );
  return piece`
    insert into round (game_id, ref, player_id, agent_id, studio_id, state, closed, opened_at, cancelled_at, bundles)
    select * from unnest(${numbers(rounds.map((r) => r.gameId))}::int[], ${texts(rounds.map((r) => r.ref))}::text[],
      ${numbers(rounds.map((r) => r.playerId))}::bigint[], ${numbers(rounds.map((r) => r.agentId))}::bigint[],
      ${numbers(rounds.map((r) => r.studioId))}::bigint[], ${numbers(rounds.map((r) => ROUND_STATES[roundState(r.round)]))}::smallint[],
      ${booleans(rounds.map((r) => r.round.closed))}::boolean[], ${texts(rounds.map((r) => isoOrNull(r.round.openedAt)))}::timestamptz[],
      ${texts(rounds.map((r) => isoOrNull(r.round.cancelledAt)))}::timestamptz[], ${texts(bundles)}::jsonb[])
    on conflict (game_id, ref, player_id) do update set state = excluded.state, closed = excluded.closed,
      cancelled_at = excluded.cancelled_at, bundles = excluded.bundles`;
}

function upsertReservations(rows: readonly Reservation[], at: string) {
  const states = rows.map((r) => RESERVATION_STATES.indexOf(r.state));
  return piece`
    insert into reservation (id, agent_id, debit_account, credit_account, amount, code, owner, state, created_at, ended_at, transfer_id)
    select id, agent_id, debit_account, credit_account, amount, code, owner, state, ${at}::timestamptz,
      case when state > 0 then ${at}::timestamptz end, transfer_id
    from unnest(${numbers(rows.map((r) => r.id))}::bigint[], ${numbers(rows.map((r) => r.agentId))}::bigint[], ${numbers(rows.map((r) => r.debit))}::bigint[],
      ${numbers(rows.map((r) => r.credit))}::bigint[], ${numbers(rows.map((r) => r.amount))}::bigint[], ${numbers(rows.map((r) => r.code))}::smallint[],
      ${texts(rows.map((r) => r.owner))}::text[], ${numbers(states)}::smallint[], ${numbers(rows.map((r) => r.transferId))}::bigint[])
      n (id, agent_id, debit_account, credit_account, amount, code, owner, state, transfer_id)
    on conflict (id) do update set state = excluded.state, ended_at = excluded.ended_at, transfer_id = excluded.transfer_id`;
}

const insertDetails = ({ details }: Changes, at: string) => piece`
  insert into transfer_detail (transfer_id, at, detail)
  select id, ${at}::timestamptz, detail
  from unnest(${numbers(details.map((d) => d.transferId))}::bigint[], ${texts(details.map((d) => d.detail))}::text[]) n (id, detail)`;
