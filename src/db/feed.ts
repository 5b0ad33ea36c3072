/**
 * The feed: XT's rows, a view of transfers. Rows never become visible behind a reader.
 *
 * Why: a transaction draws its number, then its ids, then its time, then commits. A reader first waits until every
 * transaction under way has ended (settle.ts), and only then reads with a new snapshot. Every row whose time or id had
 * been drawn when the reader came is then visible or will never exist. Ids are read up to the highest drawn at the
 * start; times up to that moment.
 */
import type { Fragment } from 'postgres';
import { FEED, type FeedShape, type TransferCode } from '../core/chart.ts';
import type { AgentId } from '../core/ids.ts';
import type { Query, Sql } from './connect.ts';
import { writersEnded } from './settle.ts';

/** Rows are searchable for this long. */
export const FEED_DAYS = 14;
const SETTLE_MS_MAX = 5000;
/** A batch draws its ids as one block (sql/002-ledger.sql). */
const ID_BLOCK = 1024;

export interface FeedRow {
  readonly id: number;
  readonly type: string;
  readonly amount: bigint;
  readonly before: bigint;
  readonly at: string;
  readonly refererId: number | null;
  readonly userId: number;
  readonly username: string;
  readonly ip: string | null;
  readonly game: {
    readonly id: string;
    readonly type: string;
    readonly round: string;
    readonly title: string;
    readonly vendor: string;
  } | null;
  readonly external: { readonly id: string; readonly detail: string | null } | null;
}

/** Thrown when a transaction under way did not end in time: the caller should be told to come again. */
export class FeedNotSettled extends Error {}

/**
 * Waits until nothing that could still appear is under way. Returns the highest id drawn before, and the moment:
 * rows up to either are complete.
 */
async function settle(sql: Sql): Promise<{ idMax: bigint; before: string }> {
  const [start] =
    await sql`select last_value + ${ID_BLOCK - 1}::bigint as id_max, wire_time(clock_timestamp()) as before from transfer_id_seq`;
  if (!(await writersEnded(sql, SETTLE_MS_MAX)))
    throw new FeedNotSettled('a transaction under way did not end in time');
  return { idMax: start?.id_max, before: start?.before };
}

export interface FeedWindow {
  readonly agentId: AgentId;
  /** Half-open: start ≤ time < end; ISO texts in UTC. */
  readonly start: string;
  readonly end: string;
  /** Rows to pass over, from the start or from behind `behind`. */
  readonly offset: number;
  readonly limit: number;
  readonly descending: boolean;
  readonly withDetails: boolean;
  /** The row the page begins behind, in the order asked for; absent: from the start. */
  readonly behind?: FeedMark | undefined;
}

/** A row's place in the order of (time, id). */
export interface FeedMark {
  readonly at: string;
  readonly transferId: number;
  readonly twin: 0 | 1;
}

/** A transfer has an odd id; the even one after it is its causer's row. */
export function markOf(row: Pick<FeedRow, 'id' | 'at'>): FeedMark {
  const twin = row.id % 2 === 0 ? 1 : 0;
  return { at: row.at, transferId: row.id - twin, twin };
}

function behindMark(sql: Sql, { behind, descending }: FeedWindow): Fragment {
  if (behind === undefined) return sql`true`;
  const { at, transferId, twin } = behind;
  const mark = sql`(${at}::text::timestamptz, ${transferId}::bigint)`;
  // The first condition is for the index, which knows no twins.
  return descending
    ? sql`(t.at, t.id) <= ${mark} and (t.id <> ${transferId}::bigint or twin < ${twin})`
    : sql`(t.at, t.id) >= ${mark} and (t.id <> ${transferId}::bigint or twin > ${twin})`;
}

/** A page of the rows of a window, ordered by (time, id). */
export async function feedWindow(sql: Sql, window: FeedWindow): Promise<FeedRow[]> {
  const { before } = await settle(sql);
  const order = window.descending
    ? sql`order by t.at desc, t.id desc, twin desc`
    : sql`order by t.at, t.id, twin`;
  const page = sql`
    select t.*, twin from transfer t cross join lateral (values (0), (1)) v (twin)
    where t.agent_id = ${window.agentId} and t.at >= greatest(${window.start}::timestamptz, now() - make_interval(days => ${FEED_DAYS}))
      and t.at < least(${window.end}::timestamptz, ${before}::timestamptz) and ${behindMark(sql, window)} and ${shown(sql)}
    ${order} limit ${window.limit} offset ${window.offset}`;
  const rows = await sql`${rowsOf(sql, { page, withDetails: window.withDetails })} ${order}`;
  return rows.map(toRow);
}

/**
 * Rows after an id in the order of ids; nothing can appear below the last one returned. A bet an operator is being
 * asked about will appear under the id it was asked by, or never: until then the feed by ids ends before it.
 */
export async function feedAfter(
  sql: Sql,
  query: { agentId: AgentId; afterId: number; start: string | null; limit: number },
): Promise<FeedRow[]> {
  const { idMax } = await settle(sql);
  const page = sql`
    select t.*, twin from transfer t cross join lateral (values (0), (1)) v (twin)
    where t.agent_id = ${query.agentId} and t.id >= ${query.afterId}::bigint - 1 and t.id + twin > ${query.afterId}::bigint and t.id <= ${idMax}
      and t.at >= greatest(${query.start}::timestamptz, now() - make_interval(days => ${FEED_DAYS})) and ${shown(sql)}
      and t.id < coalesce((select min(id) from callback where agent_id = ${query.agentId} and state = 0), ${Number.MAX_SAFE_INTEGER}::bigint)
    order by t.id, twin limit ${query.limit}`;
  const rows = await sql`${rowsOf(sql, { page, withDetails: false })} order by t.id, twin`;
  return rows.map(toRow);
}

/** The detail of one of the agent's transfers as it was sent, or null; undefined when there is no such transfer. */
export async function findDetail(
  db: Query,
  agentId: AgentId,
  transferId: number,
): Promise<string | null | undefined> {
  const [row] =
    await db`select d.detail from transfer t left join transfer_detail d on d.transfer_id = t.id and d.at = t.at
    where t.agent_id = ${agentId} and t.code = any(${SHOWN}::smallint[])
      and (t.id = ${transferId}::bigint or (t.id = ${transferId}::bigint - 1 and t.code = any(${TWINS}::smallint[])))`;
  return row === undefined ? undefined : row.detail;
}

const codes = Object.entries(FEED).map(([code, shape]) => ({ code: Number(code) as TransferCode, shape }));
const list = (pick: (shape: FeedShape) => boolean) =>
  `{${codes
    .filter((each) => pick(each.shape))
    .map((each) => each.code)
    .join(',')}}`;
const SHOWN = list((shape) => shape.type !== null);
const TWINS = list((shape) => shape.twin !== null);

const shown = (sql: Sql) =>
  sql`t.code = any(${SHOWN}::smallint[]) and (twin = 0 or t.code = any(${TWINS}::smallint[]))`;

function rowsOf(sql: Sql, { page, withDetails }: { page: Fragment; withDetails: boolean }) {
  const detail = withDetails
    ? sql`left join transfer_detail d on d.transfer_id = t.id and d.at = t.at and t.code = 20`
    : sql``;
  return sql`select t.id, t.code, t.twin, t.amount, t.debit_before, t.credit_before, t.player_before, t.referer_id, t.round, t.external_id, t.ip, wire_time(t.at) as time,
      a.id as agent_id, a.username as agent_name, p.id as player_id, p.username as player_name,
      g.public_id, g.type as game_type, g.title, v.name as vendor, ${withDetails ? sql`d.detail` : sql`null`} as detail
    from (${page}) t join agent a on a.id = t.agent_id left join player p on p.id = t.player_id
    left join game g on g.id = t.game_id left join vendor v on v.id = g.vendor_id ${detail}`;
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toRow(row: any): FeedRow {
  const shape = FEED[row.code as TransferCode];
  const isTwin = row.twin === 1;
  // The twin shows the other side of the same transfer: the agent's POT.
  const credited = (shape.side === 'credit') !== isTwin;
  const ofAgent = isTwin || row.player_id === null;
  const before = row.player_before ?? (credited ? row.credit_before : row.debit_before);
  const game =
    row.public_id === null
      ? null
      : {
          id: row.public_id,
          type: row.game_type,
          round: row.round ?? '',
          title: row.title,
          vendor: row.vendor,
        };
  return {
    id: Number(row.id) + row.twin,
    type: (isTwin ? shape.twin : shape.type) ?? '',
    amount: credited ? row.amount : -row.amount,
    before: before ?? 0n,
    at: row.time,
    refererId: isTwin ? Number(row.id) : row.referer_id === null ? null : Number(row.referer_id),
    userId: Number(ofAgent ? row.agent_id : row.player_id),
    username: ofAgent ? row.agent_name : row.player_name,
    ip: row.ip,
    game,
    external: row.external_id === null ? null : { id: row.external_id, detail: row.detail },
  };
}
