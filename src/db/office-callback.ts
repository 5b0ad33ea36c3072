/** Callbacks as people look through them: those that are kept, of some agents or of all, by pages. */
import type { Fragment } from 'postgres';
import { CALLBACK_STATES, type CallbackState } from '../core/callback-types.ts';
import { FEED, type TransferCode } from '../core/chart.ts';
import { type AgentId, type PlayerId, type TransferId, trusted } from '../core/ids.ts';
import { type CallbackFilter, type CallbackSeen, seenCallbacks, toCallbackSeen } from './callback-view.ts';
import { numbers, type Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface OfficeCallbackFilter {
  readonly state: CallbackFilter;
  /** Null: all there are. */
  readonly agents: readonly AgentId[] | null;
  readonly player?: string | undefined;
  readonly olderThanMinutes?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Written out: an index is of the rows of some states, and is found only by what is known of them beforehand. */
const STANDS: Readonly<Record<CallbackFilter, (db: Query) => Fragment>> = {
  asking: (db) => db`state = 0`,
  due: (db) => db`state = 1 and state < 2`,
  listed: (db) => db`state = 2`,
  resolved: (db) => db`state = 3`,
  outstanding: (db) => db`(state < 2 or state = 2)`,
};

function matching(db: Query, filter: OfficeCallbackFilter): Fragment {
  const { state, agents, player, olderThanMinutes, from, to } = filter;
  return db`${STANDS[state](db)}
    ${agents === null ? db`` : db`and agent_id = any(${numbers(agents)}::bigint[])`}
    ${player === undefined ? db`` : db`and player_id = ${player}::bigint`}
    ${olderThanMinutes === undefined ? db`` : db`and at <= now() - make_interval(mins => ${olderThanMinutes})`}
    ${from === undefined ? db`` : db`and at >= ${from}::text::timestamptz`} ${to === undefined ? db`` : db`and at < ${to}::text::timestamptz`}`;
}

/** By id, which is the order in which they came to be. */
export async function pageOfCallbacks(
  db: Query,
  filter: OfficeCallbackFilter,
  page: KeysetPage,
): Promise<CallbackSeen[]> {
  const { where, order, limit } = keyset(db, page, [{ column: db`id`, type: 'bigint' }]);
  const of = db`select * from callback where ${matching(db, filter)} and ${where} ${order} ${limit}`;
  return (await db`${seenCallbacks(db, of)} ${order}`).map(toCallbackSeen);
}

const COUNTED_MAX = 100_000;

export type CallbackCounts = Readonly<Record<CallbackState, number>> & {
  /** They were not counted to the end. */
  readonly more: boolean;
};

export async function countCallbacks(db: Query, filter: OfficeCallbackFilter): Promise<CallbackCounts> {
  const rows = await db`select state, count(*)::integer as count from (
    select state from callback where ${matching(db, filter)} limit ${COUNTED_MAX + 1}) c group by state`;
  const countOf = (state: CallbackState) =>
    rows.find((row) => row.state === CALLBACK_STATES.indexOf(state))?.count ?? 0;
  const counts = {
    asking: countOf('asking'),
    due: countOf('due'),
    listed: countOf('listed'),
    resolved: countOf('resolved'),
  };
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { ...counts, more: all > COUNTED_MAX };
}

export interface InLine {
  readonly id: TransferId;
  readonly type: string;
  readonly state: CallbackState;
  readonly attempts: number;
  readonly at: string;
  /** Null: it waits behind others. */
  readonly nextAt: string | null;
}

const LINE_MAX = 50;

/** The player's callbacks that are not through, in the order they are told: the first alone is worked on. */
export async function lineOfPlayer(db: Query, playerId: PlayerId): Promise<InLine[]> {
  const rows =
    await db`select id, code, state, attempts, wire_time(at) as at_text, case when isfinite(next_at) then wire_time(next_at) end as next_text
    from callback where player_id = ${playerId} and state < 2 order by id limit ${LINE_MAX}`;
  return rows.map((row) => ({
    id: trusted(row.id),
    type: FEED[row.code as TransferCode].type ?? '',
    state: CALLBACK_STATES[row.state as 0 | 1],
    attempts: row.attempts,
    at: row.at_text,
    nextAt: row.next_text,
  }));
}
