/** The feed of rows (contract xt §3 and §4). */
import {
  FEED_DAYS,
  FeedNotSettled,
  type FeedRow,
  feedAfter,
  feedWindow,
  findDetail,
  markOf,
} from '../db/feed.ts';
import { takeTurn } from '../db/pace.ts';
import { type Call, type CallResult, invalid } from './context.ts';
import { writeRow } from './wire.ts';

interface WindowValues {
  readonly start: string;
  readonly end: string;
  readonly page: number;
  readonly perPage: number;
  readonly withDetails: boolean;
  readonly order: 'asc' | 'desc';
}

export async function transactions(call: Call, values: WindowValues): Promise<CallResult> {
  if (values.end < values.start) return invalid('end', 'window');
  return paced(call, 'feed', () => readWindow(call, values));
}

/** A page, from the end of one before it when that is known. */
async function readWindow(call: Call, values: WindowValues): Promise<FeedRow[]> {
  const { start, page, perPage: limit, withDetails, order } = values;
  const { feedMarks, sql, agent } = call;
  const end = exclusiveEnd(values);
  const stays = pagesStay({ start, end, order, now: Date.now() });
  const window = `${agent.id} ${start} ${end} ${limit} ${order}`;
  const known = stays ? feedMarks.before(window, page) : null;
  const rows = await feedWindow(sql, {
    agentId: agent.id,
    start,
    end,
    behind: known?.mark,
    offset: (page - 1 - (known?.page ?? 0)) * limit,
    limit,
    withDetails,
    descending: order === 'desc',
  });
  const last = rows.at(-1);
  if (stays && last !== undefined && rows.length === limit) feedMarks.keep(window, page, markOf(last));
  return rows;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks of the hub and of its database may differ so much. */
const CLOCKS_MS_MAX = 60_000;

/** Whether the rows of a page of the window can't change any more: none are added before it, none fall out of reach. */
function pagesStay(window: { start: string; end: string; order: 'asc' | 'desc'; now: number }): boolean {
  const { start, end, order, now } = window;
  const inReach = Date.parse(start) > now - FEED_DAYS * DAY_MS + CLOCKS_MS_MAX;
  return inReach && (order === 'asc' || Date.parse(end) < now - CLOCKS_MS_MAX);
}

/**
 * Windows are half-open, so windows that share a boundary show every row once. A window of whole minutes written
 * with inclusive seconds (00:00:00–23:59:59) means its last second too.
 */
export function exclusiveEnd({ start, end }: { start: string; end: string }): string {
  const wholeMinutes = start.endsWith(':00.000Z') && end.endsWith(':59.000Z');
  // The last second of the year 9999 has no next one that a database could read.
  return wholeMinutes && !end.startsWith('9999-12-31T23:59')
    ? new Date(Date.parse(end) + 1000).toISOString()
    : end;
}

export async function after(
  call: Call,
  values: { start_transaction_id: number; start: string | null; perPage: number },
): Promise<CallResult> {
  const { start_transaction_id: afterId, start, perPage: limit } = values;
  return paced(call, 'list', () => feedAfter(call.sql, { agentId: call.agent.id, afterId, start, limit }));
}

/** Each of the two reads has its own interval: a client may use both. */
async function paced(call: Call, name: 'feed' | 'list', read: () => Promise<FeedRow[]>): Promise<CallResult> {
  const { id, feedIntervalMs, pacing, currency } = call.agent;
  const waitMs = pacing && feedIntervalMs > 0 ? await takeTurn(call.sql, `${name} ${id}`, feedIntervalMs) : 0;
  if (waitMs > 0) return { refusal: 'feed_too_soon', retryAfterMs: waitMs };
  try {
    return { body: { data: (await read()).map((row) => writeRow(row, currency)) } };
  } catch (error) {
    if (error instanceof FeedNotSettled) return { refusal: 'overloaded' };
    throw error;
  }
}

export async function detail(call: Call, values: { transaction_id: number }): Promise<CallResult> {
  const json = await findDetail(call.sql, call.agent.id, values.transaction_id);
  if (json === undefined) return invalid('transaction_id', 'selected');
  if (json === null) return { empty: true };
  const stored: unknown = JSON.parse(json);
  const wrapped = typeof stored === 'object' && stored !== null && 'data' in stored;
  return { body: { data: wrapped ? stored.data : stored } };
}
