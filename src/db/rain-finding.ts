/** Who said what the result of a session is. A round is the version of the result it is to become. */
import { type Finding, isPerson, WEATHER } from '../core/book/finding.ts';
import type { StatedResult } from '../core/book/session-machine.ts';
import { type Instant, type RainSessionId, trusted } from '../core/ids.ts';
import type { Query } from './connect.ts';

export interface FindingRecord extends Finding {
  readonly round: number;
  readonly reason: string | null;
  readonly at: Instant;
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toFinding(row: any): FindingRecord {
  return {
    round: row.round,
    by: row.by,
    result: row.result as StatedResult,
    rainMm: row.rain_mm === null ? null : Number(row.rain_mm),
    reason: row.reason,
    at: trusted(row.at.getTime()),
  };
}

/** All of a session's, or those of one round, the oldest first. */
export async function listFindings(
  db: Query,
  sessionId: RainSessionId,
  round: number | null = null,
): Promise<FindingRecord[]> {
  const rows =
    await db`select * from rain_finding where session_id = ${sessionId} and (${round}::int is null or round = ${round})
    order by round, at, id`;
  return rows.map(toFinding);
}

/** Keeps a finding in place of what the same one has said in that round. The session's row is locked by the caller. */
export async function putFinding(
  db: Query,
  sessionId: RainSessionId,
  { round, by, result, rainMm, reason }: Finding & { readonly round: number; readonly reason: string | null },
): Promise<void> {
  const name = isPerson(by) ? by.normalize('NFKC').trim() : WEATHER;
  await db`with former as (
      delete from rain_finding where session_id = ${sessionId} and round = ${round} and lower(by) = lower(${name}) and by <> ${name})
    insert into rain_finding (session_id, round, result, by, rain_mm, reason)
    values (${sessionId}, ${round}, ${result}, ${name}, ${rainMm}::numeric, ${reason})
    on conflict (session_id, round, by) do update
      set result = excluded.result, rain_mm = excluded.rain_mm, reason = excluded.reason, at = clock_timestamp()`;
}
