/**
 * Matches an operator's export against the hub's rows: the file into a temporary table, one join by id, the findings
 * by cursor. Memory stays the same however long the file is.
 *
 * Invariants. The hub's rows are read in one snapshot, taken after every writer that was under way when the file had
 * been read has ended (settle.ts); rows younger than that moment are not asked for. The running hub is not held up:
 * its feed waits for transactions that may have written, so none here lasts longer than a batch; that is why the file
 * is loaded in many small inserts, not by one COPY, and why what is found is not written down anywhere.
 */
import { CODE } from '../core/chart.ts';
import { DEMANDED, type ExportedRow, FEED_CODES, type Finding } from '../core/reconcile.ts';
import type { AgentRecord } from './agent.ts';
import { connect, numbers, type Sql } from './connect.ts';
import { FeedNotSettled } from './feed.ts';
import { explain } from './reconcile-notes.ts';
import { writersEnded } from './settle.ts';

export interface Comparison {
  readonly agent: Pick<AgentRecord, 'id' | 'wallet' | 'username'>;
  readonly rows: AsyncIterable<readonly ExportedRow[]>;
  /** Half-open, as texts PostgreSQL reads. Null: where the export itself begins or ends. */
  readonly from: string | null;
  readonly to: string | null;
  /** Given every finding, in the order of kind and id, a page at a time. */
  readonly onFindings: (page: readonly Finding[]) => Promise<void>;
  /** Told when the file has been read, and when it has been matched. */
  readonly onStage?: (stage: 'read' | 'matched') => void;
}

export interface Compared {
  /** Null: no exported id is the agent's, and no window was given, so no row was asked for. */
  readonly window: { readonly from: string; readonly to: string; readonly toInclusive: boolean } | null;
  readonly exported: number;
  readonly matched: number;
  /** Exported rows that the hub has, but outside of the window: not compared. */
  readonly outside: number;
}

export type Tx = Parameters<Parameters<Sql['begin']>[1]>[0];

const SETTLE_MS_MAX = 30_000;
const PAGE = 1000;
/** A million rows are hashed and sorted without a detour over the disk. */
const SETTINGS = { work_mem: '64MB', temp_buffers: '32MB' };

/** Throws FeedNotSettled when a transaction under way does not end. */
export async function compareExport(url: string, comparison: Comparison): Promise<Compared> {
  // One connection: the temporary table is its own, and gone with it.
  const sql = connect(url, { max: 1, name: 'reconcile', statementTimeoutMs: 0, settings: SETTINGS });
  try {
    await sql`create temporary table exported (line integer not null, id bigint not null, amount bigint not null)`;
    const exported = await load(sql, comparison.rows);
    await sql`analyze exported`;
    comparison.onStage?.('read');
    const [clock] = await sql`select wire_time(clock_timestamp()) as before`;
    if (!(await writersEnded(sql, SETTLE_MS_MAX)))
      throw new FeedNotSettled('a transaction under way did not end in time');
    return await sql.begin('isolation level repeatable read read only', (tx) =>
      compare(tx, { ...comparison, exported, before: clock?.before }),
    );
  } finally {
    await sql.end();
  }
}

async function load(sql: Sql, batches: Comparison['rows']): Promise<number> {
  let count = 0;
  for await (const rows of batches) {
    await sql`insert into exported select * from unnest(${numbers(rows.map((row) => row.line))}::int[],
      ${numbers(rows.map((row) => row.id))}::bigint[], ${numbers(rows.map((row) => row.amount))}::bigint[])`;
    count += rows.length;
  }
  return count;
}

interface Snapshot extends Comparison {
  readonly exported: number;
  /** Rows before this moment are complete. */
  readonly before: string;
}

async function compare(tx: Tx, snapshot: Snapshot): Promise<Compared> {
  const { exported, onFindings, onStage } = snapshot;
  const reach = await reachOf(tx, snapshot);
  const window = windowOf(reach, snapshot);
  await openFindings(tx, snapshot, { reach, window });
  let unmatched = 0;
  for (let first = true; ; first = false) {
    const rows = await tx.unsafe(`fetch ${PAGE} from finding`);
    if (first) onStage?.('matched');
    if (rows.length === 0) break;
    const page = await explain(tx, snapshot.agent, rows);
    for (const { line, cancelLine } of page) unmatched += Number(line !== null) + Number(cancelLine !== null);
    await onFindings(page);
  }
  const { outside } = reach;
  const shown = window && { from: window.from, to: window.to, toInclusive: window.toStep >= 0 };
  return { window: shown, exported, matched: exported - outside - unmatched, outside };
}

// ---- which rows are asked for -------------------------------------------------------------------------------------

/** How far the exported rows reach that the hub has: an instant, and the place in its batch. */
interface Reach {
  readonly outside: number;
  readonly first: Edge | null;
  readonly last: Edge | null;
}
interface Edge {
  readonly at: string;
  readonly step: number;
}

/** Both ends included, in the order of (time, step). A step of −1 is before all rows of that time. */
interface Window {
  readonly from: string;
  readonly fromStep: number;
  readonly to: string;
  readonly toStep: number;
}

const list = (codes: readonly number[]) => `{${codes.join(',')}}`;

/** The agent's rows as its feed shows them, the causer's too; to be narrowed by further conditions on `t`. */
const feedRows = (tx: Tx, { agent }: Snapshot) => tx`
  select t.id + twin as id, t.at, t.step, t.code, twin, t.player_id, t.referer_id, t.round,
    case when (t.code = any(${list(FEED_CODES.credited)}::smallint[])) = (twin = 0) then t.amount else -t.amount end as amount
  from transfer t cross join lateral (values (0), (1)) v (twin)
  where t.agent_id = ${agent.id} and t.code = any(${list(FEED_CODES.shown)}::smallint[])
    and (twin = 0 or t.code = any(${list(FEED_CODES.twinned)}::smallint[]))`;

/** Looked for by id over all time: the ids' index makes the days that hold none of them cheap. */
async function reachOf(tx: Tx, snapshot: Snapshot): Promise<Reach> {
  const { from, to } = snapshot;
  const [ids] = await tx`select min(id) as low, max(id) as high from exported`;
  if (ids?.low == null) return { outside: 0, first: null, last: null };
  const [row] = await tx`
    select count(*) filter (where not (h.at >= coalesce(${from}::timestamptz, '-infinity') and h.at < coalesce(${to}::timestamptz, 'infinity'))) as outside,
      wire_time(min(h.at)) as first_at, wire_time(max(h.at)) as last_at, (min(${placeOf(tx)}))[2] as first_step, (max(${placeOf(tx)}))[2] as last_step
    from exported e join (${feedRows(tx, snapshot)} and t.id >= ${ids.low}::bigint - 1 and t.id <= ${ids.high}::bigint) h on h.id = e.id`;
  const edge = (at: string | null, step: bigint): Edge | null =>
    at === null ? null : { at, step: Number(step) };
  return {
    outside: Number(row?.outside),
    first: edge(row?.first_at, row?.first_step),
    last: edge(row?.last_at, row?.last_step),
  };
}

/** Rows cannot be compared by min(), arrays can. */
const placeOf = (tx: Tx) => tx`array[(extract(epoch from h.at) * 1000000)::bigint, h.step]`;

function windowOf({ first, last }: Reach, { from, to }: Snapshot): Window | null {
  const start = from === null ? first : { at: from, step: -1 };
  const end = to === null ? last : { at: to, step: -1 };
  if (start === null || end === null) return null;
  return { from: start.at, fromStep: start.step, to: end.at, toStep: end.step };
}

// ---- what differs -------------------------------------------------------------------------------------------------

/**
 * Opens the cursor over everything that is not simply equal.
 *
 * Of several exported rows of one id the one that equals the hub's counts, else the first; the others are duplicates.
 * Void pairs: a bet whose answer was lost is booked here and taken back at once; an operator that never received it
 * has neither row, or has noted the cancel with 0. Matched cancels go along to find the bets they belong to.
 */
async function openFindings(
  tx: Tx,
  snapshot: Snapshot,
  { reach, window }: { reach: Reach; window: Window | null },
): Promise<void> {
  const { agent, before } = snapshot;
  // Nothing is between infinity and minus infinity.
  const { from, fromStep, to, toStep } = window ?? {
    from: 'infinity',
    fromStep: 0,
    to: '-infinity',
    toStep: 0,
  };
  const seamless = agent.wallet === 'seamless';
  // All rows that can be named by the export or asked for are read; else all of them would be looked up one by one.
  await tx`set local cursor_tuple_fraction = 1`;
  await tx`declare finding no scroll cursor for
    with joined as (
      select coalesce(h.id, e.id) as id, e.line, h.id is not null as known, h.inside, h.near, h.at, h.code, h.twin, h.player_id, h.referer_id, h.round,
        h.amount as here, e.amount as there, row_number() over (partition by e.id order by (e.amount is distinct from h.amount), e.line) as turn
      from (
        select f.*, (f.at, f.step) >= (${from}::timestamptz, ${fromStep}::smallint) and (f.at, f.step) <= (${to}::timestamptz, ${toStep}::smallint) as inside,
          f.at >= ${from}::timestamptz and f.at <= ${to}::timestamptz and f.at < ${before}::timestamptz and twin = 0 and f.code = any(${list(DEMANDED[agent.wallet])}::smallint[]) as near
        from (${feedRows(tx, snapshot)} and t.at >= least(${from}::timestamptz, ${reach.first?.at ?? null}::timestamptz)
          and t.at <= greatest(${to}::timestamptz, ${reach.last?.at ?? null}::timestamptz)) f) h
      full join exported e on e.id = h.id),
    unequal as materialized (
      select *, case when line is null then 'missing_there' when turn > 1 then 'duplicate' when not known then 'missing_here'
        when here <> there then 'different_amount' else 'matched' end as kind
      from joined where case when line is null then near
        else not known or inside and (turn > 1 or here <> there or ${seamless} and code = ${CODE.cancel}) end),
    pair as (
      select distinct on (bet.id) bet.id as bet_id, cancel.id as cancel_id, cancel.line as cancel_line, cancel.line is null or cancel.there = 0 as void, cancel.inside as cancel_inside
      from unequal bet join unequal cancel on cancel.referer_id = bet.id and cancel.here = -bet.here
      where ${seamless} and bet.line is null and bet.code in (${CODE.bet}, ${CODE.charge})
        and cancel.code = ${CODE.cancel} and cancel.kind <> 'duplicate'
      order by bet.id, void desc, cancel.id)
    select case when bet.void then 'void_pair' else u.kind end as kind, u.id, u.line, u.here, u.there, u.code, u.twin, wire_time(u.at) as time,
      u.player_id, u.round, case when bet.void then bet.cancel_id end as cancel_id, case when bet.void then bet.cancel_line end as cancel_line,
      bet.void is false as cancel_there
    from unequal u left join pair bet on bet.bet_id = u.id and u.line is null
      left join pair taken on taken.cancel_id = u.id and taken.void and u.kind <> 'duplicate'
    where taken.bet_id is null and u.kind <> 'matched' and (u.line is not null or u.inside or bet.void and bet.cancel_inside)
    order by kind, u.id, u.line`;
}
