/**
 * Changes of a vendor type: within which stakes it is sold, and whether at all. One that is switched on has sessions of
 * its currency from then on; one that is switched off takes no new players, deposits and bets, and pays out all the
 * same. Amounts are minor units.
 */
import { record } from '../db/audit.ts';
import { lockVendorType, setVendorType, type VendorTypeChange } from '../db/book-vendor-type.ts';
import type { Sql } from '../db/connect.ts';
import { OfficeError } from '../office.ts';

/** Throws an OfficeError that says what is wrong; then nothing has changed. */
export async function changeVendorType(
  sql: Sql,
  name: string,
  { change, by, ip }: { readonly change: VendorTypeChange; readonly by: string; readonly ip?: string },
): Promise<void> {
  await sql.begin(async (tx) => {
    const held = await lockVendorType(tx, name);
    if (held === null) throw new OfficeError(`no such vendor type: ${name}`);
    const after = { ...held, ...change };
    if (after.minBet <= 0n || after.maxBet < after.minBet)
      throw new OfficeError('the least bet is above zero, and the most is no less');
    await setVendorType(tx, name, change);
    const named = Object.keys(change) as (keyof VendorTypeChange)[];
    const told = (values: typeof held) =>
      Object.fromEntries(
        named.map((key) => [key, typeof values[key] === 'bigint' ? String(values[key]) : values[key]]),
      );
    const detail = { before: told(held), after: told(after), ...(ip === undefined ? {} : { ip }) };
    await record(tx, {
      actor: by,
      action: 'book.vendor_type.set',
      subject: `book vendor type ${name}`,
      detail,
    });
  });
}
