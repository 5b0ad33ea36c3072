/** Vendor types: under which name, in which currency and within which stakes a site's sessions are sold. */
import { type Currency, isCurrency } from '../core/money.ts';
import type { Query } from './connect.ts';

export interface VendorType {
  readonly name: string;
  readonly site: string;
  readonly currency: Currency;
  /** Minor units. */
  readonly minBet: bigint;
  readonly maxBet: bigint;
  /** False when it, or its site, is switched off: no new players, no deposits, no bets. */
  readonly enabled: boolean;
}

const select = (db: Query) =>
  db`select v.name, v.site, v.currency, v.min_bet, v.max_bet, v.enabled and s.enabled as enabled
    from book_vendor_type v join rain_site s on s.name = v.site`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toVendorType(row: any): VendorType {
  if (!isCurrency(row.currency)) throw new Error(`vendor type ${row.name}: unknown currency ${row.currency}`);
  return {
    name: row.name,
    site: row.site,
    currency: row.currency,
    minBet: row.min_bet,
    maxBet: row.max_bet,
    enabled: row.enabled,
  };
}

export async function findVendorType(db: Query, name: string): Promise<VendorType | null> {
  const [row] = await db`${select(db)} where v.name = ${name}`;
  return row === undefined ? null : toVendorType(row);
}

export async function listVendorTypes(db: Query): Promise<VendorType[]> {
  return (await db`${select(db)} order by v.name`).map(toVendorType);
}
