/** What commands about the rain book need beside an office: its directory, K-Rain, the settlement, a person's name. */
import { userInfo } from 'node:os';
import { findDemoKrain } from '../demo-outside.ts';
import { type BookDirectory, openBookDirectory } from '../engine/book-directory.ts';
import type { Office } from '../office.ts';
import { type HttpMarket, openMarket } from '../rain/market.ts';
import { openSettlement, type Settlement } from '../rain/settle.ts';
import { sessionIdOf } from '../staff/handlers.ts';
import { personOf } from '../staff/person.ts';
import { CliError, settings, withOffice } from './context.ts';

export interface BookDesk extends Office {
  readonly book: BookDirectory;
  readonly settlement: Settlement;
}

export function withBook<Result>(run: (desk: BookDesk) => Promise<Result>): Promise<Result> {
  return withOffice(async (office) => {
    const book = await openBookDirectory(office.sql);
    try {
      const settlement = openSettlement({ sql: office.sql, writer: office.writer, directory: book });
      return await run({ ...office, book, settlement });
    } finally {
      await book.close();
    }
  });
}

/** K-Rain for the time of the work: the configured one, or the demo's. */
export async function withMarket<Result>(run: (market: HttpMarket) => Promise<Result>): Promise<Result> {
  const { krain: set, databaseUrl, dataDir } = settings();
  const krain = set ?? (databaseUrl === null ? await findDemoKrain(dataDir) : null);
  if (krain === null) throw new CliError('no K-Rain is configured: set KRAIN_URL and KRAIN_KEY', 2);
  const market = openMarket(krain);
  try {
    return await run(market);
  } finally {
    await market.close();
  }
}

/** Whose act it is: `--as`, or the user of this system. */
export function personHere(as: string | undefined): string {
  const text = as ?? userInfo().username;
  const name = personOf(text);
  if (name === null) throw new CliError(`--as: not the name of a person: ${text}`, 2);
  return name;
}

export function sessionOf(text: string) {
  const id = sessionIdOf(text);
  if (id === null) throw new CliError(`--session is the number of a session, not "${text}"`, 2);
  return id;
}

/** A number from an option, within what can be one. */
export function numberOf(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new CliError(`${name} is a number, not "${text}"`, 2);
  return value;
}
