/** What stands in a cell of an exported list, whatever the file: instants in UTC, money in its currency's unit. */
import { isCurrency, toDecimal } from '../core/money.ts';
import type { Column, ListRow } from './list.ts';

/** '' where there is nothing. */
export function textOf<Row extends ListRow>(row: Row, { key, type }: Column<Row>): string {
  const value = row[key];
  if (value === null || value === undefined) return '';
  if (type !== 'money') return String(value);
  const currency = String(row.currency);
  return isCurrency(currency) ? toDecimal(BigInt(String(value)), currency) : String(value);
}
