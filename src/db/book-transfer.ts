/** Money in and out of players' credit, as it was recorded under the operator's code. The ledger writes it. */
import type { TransferRecord } from '../core/book/types.ts';
import type { BookOperatorId } from '../core/ids.ts';
import { toTransferRecord } from './book-load.ts';
import type { Query } from './connect.ts';

export interface StoredTransfer {
  readonly userId: string;
  readonly record: TransferRecord;
}

/** Null: no transfer of that code, or one of another vendor type. */
export async function findBookTransfer(
  db: Query,
  key: { readonly operatorId: BookOperatorId; readonly vendorType: string; readonly tsCode: string },
): Promise<StoredTransfer | null> {
  const [row] = await db`select t.*, p.user_id from book_transfer t join book_player p on p.id = t.player_id
    where t.operator_id = ${key.operatorId} and t.ts_code = ${key.tsCode} and p.vendor_type = ${key.vendorType}`;
  return row === undefined ? null : { userId: row.user_id, record: toTransferRecord(row) };
}
