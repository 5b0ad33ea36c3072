/**
 * What staff do about the rain book's operators; every act is written to the audit trail. A refusal is an OfficeError
 * whose text can be shown.
 */
import { parseTimeZone } from './core/book/calendar.ts';
import type { BookOperatorId } from './core/ids.ts';
import { record } from './db/audit.ts';
import {
  type BookCert,
  type BookOperator,
  type BookOperatorSettings,
  createBookOperator,
  findBookOperatorByName,
  listBookOperators,
  setBookOperator,
} from './db/book-operator.ts';
import { type Sql, sqlState } from './db/connect.ts';
import type { BookDirectory } from './engine/book-directory.ts';
import { hashKey, newSecret } from './engine/seal.ts';
import { isAddressEntry } from './http/addresses.ts';
import { cleanName, OfficeError } from './office.ts';

export interface BookOffice {
  readonly sql: Sql;
  readonly book: Pick<BookDirectory, 'forget'>;
}

/** A fresh certCode and what is kept of it. */
function newCert(): { certCode: string; cert: BookCert } {
  const certCode = newSecret();
  return { certCode, cert: { hash: hashKey(certCode), hint: certCode.slice(0, 6) } };
}

export interface BookOperatorWish extends Omit<BookOperatorSettings, 'cert'> {
  readonly name: string;
  readonly actor: string;
  /** Where who does it sits, for the audit trail; absent: at the terminal. */
  readonly ip?: string;
}

/** The certCode is shown here and never again. */
export async function createBookOperatorWithCert(
  office: BookOffice,
  { actor, ip, ...wish }: BookOperatorWish,
): Promise<{ id: BookOperatorId; name: string; certCode: string }> {
  const name = cleanName(wish.name);
  const settings = checked(wish);
  const { certCode, cert } = newCert();
  try {
    const id = await office.sql.begin(async (tx) => {
      const made = await createBookOperator(tx, { name, ...cert });
      await setBookOperator(tx, made, settings);
      await record(tx, {
        actor,
        action: 'book.operator.create',
        subject: name,
        detail: { id: made, hint: cert.hint, after: settings, ...placeOf(ip) },
      });
      return made;
    });
    office.book.forget();
    return { id, name, certCode };
  } catch (error) {
    if (sqlState(error) === '23505') throw new OfficeError(`the name is taken: ${name}`);
    throw error;
  }
}

/** Changes what is named, and nothing else. */
export async function changeBookOperator(
  office: BookOffice,
  { actor, ip, ...wish }: BookOperatorWish,
): Promise<BookOperator> {
  const { id, name, ...held } = await bookOperatorNamed(office, wish.name);
  const settings = checked(wish);
  const named = Object.keys(settings) as (keyof typeof settings)[];
  const before = Object.fromEntries(named.map((key) => [key, held[key]]));
  await office.sql.begin(async (tx) => {
    await setBookOperator(tx, id, settings);
    const detail = { before, after: settings, ...placeOf(ip) };
    await record(tx, { actor, action: 'book.operator.set', subject: name, detail });
  });
  office.book.forget();
  return bookOperatorNamed(office, name);
}

/** Gives an operator a fresh certCode; the one before is dead at once. */
export async function renewCertCode(
  office: BookOffice,
  wish: Pick<BookOperatorWish, 'name' | 'actor' | 'ip'>,
): Promise<{ name: string; certCode: string; certHint: string }> {
  const { id, name, certHint } = await bookOperatorNamed(office, wish.name);
  const { certCode, cert } = newCert();
  await office.sql.begin(async (tx) => {
    await setBookOperator(tx, id, { cert });
    const detail = { before: { hint: certHint }, after: { hint: cert.hint }, ...placeOf(wish.ip) };
    await record(tx, { actor: wish.actor, action: 'book.operator.cert', subject: name, detail });
  });
  office.book.forget();
  return { name, certCode, certHint: cert.hint };
}

export function bookOperators(office: Pick<BookOffice, 'sql'>): Promise<BookOperator[]> {
  return listBookOperators(office.sql);
}

export async function bookOperatorNamed(
  office: Pick<BookOffice, 'sql'>,
  name: string,
): Promise<BookOperator> {
  const operator = await findBookOperatorByName(office.sql, name);
  if (operator === null) throw new OfficeError(`no such book operator: ${name}`);
  return operator;
}

const placeOf = (ip: string | undefined) => (ip === undefined ? {} : { ip });

type Changeable = Omit<BookOperatorSettings, 'cert'>;

function checked({ allowedIps, timeZone, enabled }: Changeable): Changeable {
  const bad = allowedIps?.find((entry) => !isAddressEntry(entry));
  if (bad !== undefined) throw new OfficeError(`not an address or a network: ${bad}`);
  if (timeZone !== undefined && parseTimeZone(timeZone) === null)
    throw new OfficeError(`no such time zone: ${timeZone}`);
  return {
    ...(allowedIps === undefined ? {} : { allowedIps }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}
