/** The names of markets: site, day, type of session and currency, as in CPS-2026-11-21-NOON-USD. */
export interface MarketName {
  readonly site: string;
  /** yyyy-MM-dd. */
  readonly day: string;
  readonly type: string;
  readonly currency: string;
}

/** Local hours at which the sessions of a type begin. */
const BEGINS: Readonly<Record<string, number>> = { MORNING: 6, AFTERNOON: 6, NOON: 6, NIGHT: 18 };

const NAME = /^([A-Z0-9]{1,16})-(\d{4}-\d{2}-\d{2})-(MORNING|AFTERNOON|NOON|NIGHT)-([A-Z]{3})$/;

/** Null: no market is called so. */
export function marketNameOf(id: string): MarketName | null {
  const [, site, day, type, currency] = NAME.exec(id) ?? [];
  if (site === undefined || day === undefined || type === undefined || currency === undefined) return null;
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ?? false;
  return isDay ? { site, day, type, currency } : null;
}

/** When a market closes by its name alone: at the first hour of its session where the station is. Epoch ms. */
export function closingOf({ day, type }: MarketName, offsetMinutes: number): number {
  return Date.parse(`${day}T00:00:00Z`) + (BEGINS[type] ?? 0) * 3_600_000 - offsetMinutes * 60_000;
}
