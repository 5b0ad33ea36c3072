/** A line of the site's ledger journal, parsed. Throws on anything that is not one of ours. */
import type { Direction, LedgerEvent } from './site-ledger.ts';
import { type Fields, fieldsOf } from './xt-wire.ts';

export function ledgerEventOf(record: unknown): LedgerEvent {
  const fields = fieldsOf(record, 'ledger record');
  const at = text(fields, 'at');
  switch (fields.t) {
    case 'joined':
      return { t: 'joined', name: text(fields, 'name'), gift: digits(fields, 'gift'), at };
    case 'intended': {
      const [memberId, amount] = [text(fields, 'memberId'), digits(fields, 'amount')];
      return {
        t: 'intended',
        uuid: text(fields, 'uuid'),
        memberId,
        direction: directionOf(fields),
        amount,
        at,
      };
    }
    case 'settled':
      return { t: 'settled', uuid: text(fields, 'uuid'), moved: digits(fields, 'moved'), at };
    case 'refused':
      return { t: 'refused', uuid: text(fields, 'uuid'), reason: text(fields, 'reason'), at };
    default:
      throw new Error('the ledger journal holds a record of an unknown kind');
  }
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new Error(`the ledger journal holds a record without ${name}`);
  return value;
}

function digits(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (!/^\d{1,19}$/.test(value)) throw new Error(`the ledger journal holds a bad ${name}`);
  return value;
}

function directionOf(fields: Fields): Direction {
  const value = fields.direction;
  if (value === 'in' || value === 'out' || value === 'out-all') return value;
  throw new Error('the ledger journal holds a bad direction');
}
