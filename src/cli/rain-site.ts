/** Commands about the rain book's sites: their hours, odds, limits and settlement. */
import { listSites, type RainSite, type SiteChange } from '../db/rain-site.ts';
import { calendarOf, changeSite, PLAN_WORDS } from '../staff/sites.ts';
import { numberOf, personHere } from './book-context.ts';
import { amountOf, CliError, type Json, onOff, print, table, withOffice } from './context.ts';

/** A site deals in one unit whatever its currencies: a limit is told in hundredths of each. */
const UNIT = 'USD';

export async function list(options: Json): Promise<void> {
  const sites = await withOffice(async (office) => (await listSites(office.sql)).map(viewOf));
  print(options, sites, (rows) =>
    table(
      rows.map(({ calendar, currencies, ...row }) => ({
        ...row,
        currencies: currencies.join(','),
        calendar: calendar.map(({ type, from, to }) => `${type} ${from}-${to}`).join(', '),
      })),
    ),
  );
}

function viewOf(site: RainSite) {
  const { plan, poolMax, ...rest } = site;
  const hours = plan.ok ? plan.plan : null;
  return {
    ...rest,
    poolMax: (Number(poolMax) / 100).toFixed(2),
    opensBeforeMin: hours === null ? null : hours.opensBeforeMs / 60_000,
    closesBeforeMin: hours === null ? null : hours.closesBeforeMs / 60_000,
    fault: plan.ok ? null : `${PLAN_WORDS[plan.code]}: ${plan.where}`,
    calendar: hours === null ? [] : calendarOf(hours.calendar),
  };
}

interface SetOptions extends Json {
  readonly site: string;
  readonly as?: string;
  readonly station?: string;
  readonly latitude?: string;
  readonly longitude?: string;
  readonly timeZone?: string;
  readonly thresholdMm?: string;
  readonly calendar?: string;
  readonly opensBeforeMin?: string;
  readonly closesBeforeMin?: string;
  readonly marginBps?: string;
  readonly oddsValidS?: string;
  readonly ownBps?: string;
  readonly ownMinBps?: string;
  readonly poolMax?: string;
  readonly automatic?: string;
  readonly enabled?: string;
}

export async function set(options: SetOptions): Promise<void> {
  const change = changeOf(options);
  if (Object.keys(change).length === 0) throw new CliError('nothing to change: name a setting', 2);
  const by = personHere(options.as);
  const changed = await withOffice((office) => changeSite(office.sql, options.site, { change, by }));
  const { sessions } = changed;
  print(options, { ...viewOf(changed.site), sessions }, () => {
    const hours =
      sessions === null
        ? ''
        : `; its hours changed: ${sessions.removed} sessions taken away, ${sessions.added} made`;
    return `site ${options.site} is changed${hours}`;
  });
}

function changeOf(options: SetOptions): SiteChange {
  const { station, timeZone, calendar, poolMax } = options;
  const number = (text: string | undefined, name: string, unit = 1) =>
    text === undefined ? undefined : numberOf(text, name) * unit;
  const wished = {
    station,
    timeZone,
    latitude: number(options.latitude, '--latitude'),
    longitude: number(options.longitude, '--longitude'),
    thresholdMm: number(options.thresholdMm, '--threshold-mm'),
    calendar: calendar === undefined ? undefined : parseJson(calendar),
    opensBeforeMs: number(options.opensBeforeMin, '--opens-before-min', 60_000),
    closesBeforeMs: number(options.closesBeforeMin, '--closes-before-min', 60_000),
    marginBps: number(options.marginBps, '--margin-bps'),
    oddsValidMs: number(options.oddsValidS, '--odds-valid-s', 1000),
    ownBps: number(options.ownBps, '--own-bps'),
    ownMinBps: number(options.ownMinBps, '--own-min-bps'),
    poolMax: poolMax === undefined ? undefined : poolMax === '0' ? 0n : amountOf('--pool-max', poolMax, UNIT),
    automatic: onOff(options.automatic, '--automatic'),
    enabled: onOff(options.enabled, '--enabled'),
  };
  return Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== undefined));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError('--calendar is JSON: [{"type":"NOON","from":"06:00","to":"18:00"}]', 2);
  }
}
