/**
 * Keeps the calendar: sessions of the coming days are there, and each opens, closes and ends at its time. Any number
 * of nodes may do it at once: everything is stated as what must be, and a second doer finds it so. Late is not wrong:
 * the ledger compares the instants of a session itself, whatever its status says.
 */
import {
  addDays,
  type LocalDate,
  localDateOf,
  type PlannedSession,
  type PlanRefusal,
  type SitePlan,
  sessionsOfDay,
} from '../core/book/calendar.ts';
import type { Instant } from '../core/ids.ts';
import { record } from '../db/audit.ts';
import type { Query, Sql } from '../db/connect.ts';
import { closeDue, databaseNow, endDue, lookForDue, openDue } from '../db/rain-due.ts';
import { insertSessions, removeUntouched } from '../db/rain-session.ts';
import { findSite, listSites, type RainSite } from '../db/rain-site.ts';

/** Sessions are there for today and so many days after it, or longer where betting opens earlier. */
const DAYS_AHEAD_MIN = 2;
const DAY_MS = 86_400_000;
/** New days and changed sites are looked for so often, however quiet the sessions are. */
const REST_MS_MAX = 30_000;
/** The database's clock and the timer's are not the same: the next step must not come a hair too early for ever. */
const REST_MS_MIN = 5;

export interface Kept {
  readonly added: number;
  readonly opened: number;
  readonly closed: number;
  readonly ended: number;
  /** Sites that have no sessions, and why. */
  readonly broken: readonly { readonly site: string; readonly code: PlanRefusal; readonly where: string }[];
  /** The same for a log. */
  readonly troubles: readonly string[];
  /** Until the next is due. */
  readonly restMs: number;
}

/** One step of the loop. `now` is the database's clock (`databaseNow`). */
export async function keepSessions(sql: Sql, now: Instant): Promise<Kept> {
  const { added, broken } = await addSessions(sql, now);
  const due = await lookForDue(sql, now);
  // In this order: what was missed altogether opens never, and closes and ends in one step.
  const opened = due.opens ? await openDue(sql, now) : 0;
  const closed = due.closes ? await closeDue(sql, now) : 0;
  const ended = due.ends || closed > 0 ? await endDue(sql, now) : 0;
  // Sessions that opened just now close later than they were looked at, never sooner than the next of any.
  const restMs = due.nextAt === null ? REST_MS_MAX : Math.min(REST_MS_MAX, due.nextAt - now + REST_MS_MIN);
  const troubles = broken.map(({ site, code, where }) => `site ${site} has no sessions: ${code} (${where})`);
  return { added, opened, closed, ended, broken, troubles, restMs };
}

async function addSessions(sql: Sql, now: Instant): Promise<Pick<Kept, 'added' | 'broken'>> {
  let added = 0;
  const broken: Kept['broken'][number][] = [];
  for (const site of await listSites(sql)) {
    if (!site.enabled || site.currencies.length === 0) continue;
    if (site.plan.ok) added += await addForSite(sql, { site, plan: site.plan.plan, now });
    else broken.push({ site: site.name, code: site.plan.code, where: site.plan.where });
  }
  return { added, broken };
}

interface SitePlanned {
  readonly site: RainSite;
  readonly plan: SitePlan;
  readonly now: Instant;
}

async function addForSite(db: Query, { site, plan, now }: SitePlanned): Promise<number> {
  const planned = plannedFrom(plan, now);
  return insertSessions(db, site.name, { currencies: site.currencies, planned });
}

/** Sessions of today and the coming days that can still be bet in: one that nobody can have bet in needs no result. */
export function plannedFrom(plan: SitePlan, now: Instant): PlannedSession[] {
  const today = localDateOf(plan.timeZone, now);
  const ahead = Math.max(DAYS_AHEAD_MIN, Math.ceil(plan.opensBeforeMs / DAY_MS) + 1);
  const days: LocalDate[] = [];
  for (let day = 0; day <= ahead; day++) days.push(addDays(today, day));
  return days.flatMap((day) => sessionsOfDay(plan, day)).filter(({ closesAt }) => closesAt > now);
}

export type Regenerated =
  | { readonly ok: true; readonly removed: number; readonly added: number }
  | { readonly ok: false; readonly code: 'unknown_site' | PlanRefusal; readonly where: string };

/**
 * After a change of a site's calendar: its sessions that have not opened and that nobody has bet in are made again. All
 * others keep their hours: players have bet on those.
 */
export async function regenerateSessions(
  sql: Sql,
  name: string,
  { by }: { readonly by: string },
): Promise<Regenerated> {
  const site = await findSite(sql, name);
  if (site === null) return { ok: false, code: 'unknown_site', where: name };
  const { plan } = site;
  if (!plan.ok) return plan;
  return sql.begin(async (tx) => {
    const now = await databaseNow(tx);
    const removed = await removeUntouched(tx, name, localDateOf(plan.plan.timeZone, now));
    const added = site.enabled ? await addForSite(tx, { site, plan: plan.plan, now }) : 0;
    await record(tx, {
      actor: by,
      action: 'rain.regenerate',
      subject: `rain site ${name}`,
      detail: { removed, added },
    });
    return { ok: true, removed, added };
  });
}
