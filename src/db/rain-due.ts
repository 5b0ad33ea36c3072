/**
 * What time does to sessions: each step is one statement over all that are due, rows locked in the order of their ids
 * as the ledger locks them. Who comes second, on whatever node, finds nothing to do.
 */
import { type Instant, trusted } from '../core/ids.ts';
import { instantOf, type Query } from './connect.ts';

/** Opens what is due: the market with it, if there are odds. Returns how many. */
export async function openDue(db: Query, now: Instant): Promise<number> {
  const at = new Date(now);
  const rows =
    await db`update rain_session s set status = 'OPEN', market = case when s.quote_until > ${at} then 'OPEN' else 'SUSPEND' end
    from (select id from rain_session where status = 'READY' and opens_at <= ${at} and closes_at > ${at} order by id for update) d
    where s.id = d.id returning 1`;
  return rows.length;
}

/** Closes what is due, open, suspended or never opened. Returns how many. */
export async function closeDue(db: Query, now: Instant): Promise<number> {
  const rows = await db`update rain_session s set status = 'CLOSE', market = 'CLOSE'
    from (select id from rain_session where status in ('READY', 'OPEN', 'SUSPEND') and closes_at <= ${new Date(now)} order by id for update) d
    where s.id = d.id returning 1`;
  return rows.length;
}

/** Makes what has ended wait for its result. Returns how many. */
export async function endDue(db: Query, now: Instant): Promise<number> {
  const rows = await db`update rain_session s set status = 'UNSETTLED', market = 'CLOSE'
    from (select id from rain_session where status = 'CLOSE' and ends_at <= ${new Date(now)} order by id for update) d
    where s.id = d.id returning 1`;
  return rows.length;
}

/** What is due and when the next will be: one look at the sessions that are not over. */
export interface Due {
  readonly opens: boolean;
  readonly closes: boolean;
  readonly ends: boolean;
  /** After `now`; null: nothing is to come. */
  readonly nextAt: Instant | null;
}

export async function lookForDue(db: Query, now: Instant): Promise<Due> {
  const at = new Date(now);
  const [row] =
    await db`select coalesce(bool_or(status = 'READY' and opens_at <= ${at} and closes_at > ${at}), false) as opens,
      coalesce(bool_or(status in ('READY', 'OPEN', 'SUSPEND') and closes_at <= ${at}), false) as closes,
      coalesce(bool_or(status = 'CLOSE' and ends_at <= ${at}), false) as ends,
      least(min(opens_at) filter (where status = 'READY' and opens_at > ${at}),
        min(closes_at) filter (where status in ('READY', 'OPEN', 'SUSPEND') and closes_at > ${at}),
        min(ends_at) filter (where status in ('READY', 'OPEN', 'SUSPEND', 'CLOSE') and ends_at > ${at})) as next_at
    from rain_session where status not in ('SETTLED', 'VOID')`;
  return {
    opens: row?.opens ?? false,
    closes: row?.closes ?? false,
    ends: row?.ends ?? false,
    nextAt: instantOf(row?.next_at ?? null),
  };
}

/** The clock everything of the book goes by. */
export async function databaseNow(db: Query): Promise<Instant> {
  const [row] = await db`select clock_timestamp() as now`;
  return trusted(row?.now.getTime());
}
