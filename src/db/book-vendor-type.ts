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

/** A vendor type's own settings, whatever its site's. */
export interface VendorTypeRecord extends VendorType {
  /** False: its site is switched off. */
  readonly siteEnabled: boolean;
}

/** All of them as they are set: `enabled` is their own. */
export async function listVendorTypeRecords(db: Query): Promise<VendorTypeRecord[]> {
  const rows =
    await db`select v.*, s.enabled as site_enabled from book_vendor_type v join rain_site s on s.name = v.site order by v.name`;
  return rows.map((row) => ({ ...toVendorType(row), siteEnabled: row.site_enabled }));
}

export interface VendorTypeChange {
  readonly minBet?: bigint;
  readonly maxBet?: bigint;
  readonly enabled?: boolean;
}

/** Locks its row until the transaction ends; null: there is none. */
export async function lockVendorType(db: Query, name: string): Promise<Required<VendorTypeChange> | null> {
  const [row] =
    await db`select min_bet, max_bet, enabled from book_vendor_type where name = ${name} for update`;
  return row === undefined ? null : { minBet: row.min_bet, maxBet: row.max_bet, enabled: row.enabled };
}

export async function setVendorType(db: Query, name: string, change: VendorTypeChange): Promise<void> {
  await db`update book_vendor_type set min_bet = coalesce(${change.minBet ?? null}::bigint, min_bet),
    max_bet = coalesce(${change.maxBet ?? null}::bigint, max_bet), enabled = coalesce(${change.enabled ?? null}::boolean, enabled) where name = ${name}`;
}
