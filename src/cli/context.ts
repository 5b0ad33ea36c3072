/** What every command needs: settings, the database, an office, and the two ways to print. */
import { userInfo } from 'node:os';
import { SingleBar } from 'cli-progress';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { type AmountRefusal, type Currency, parseAmount } from '../core/money.ts';
import { borrowDatabase, masterKey } from '../database.ts';
import { connect, type Sql } from '../db/connect.ts';
import { migrate } from '../db/migrate.ts';
import { openDirectory } from '../engine/directory.ts';
import { openLedgerWriter } from '../engine/ledger-writer.ts';
import { openVault } from '../engine/seal.ts';
import { type Office, OfficeError, openOffice } from '../office.ts';

/** A failure whose text is for the person at the terminal. 1: refused; 2: wrong usage. */
export class CliError extends Error {
  readonly exitCode: 1 | 2;
  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export interface Json {
  readonly json?: boolean;
}

/** Prints the result: as JSON, or by its own writer. */
export function print<Result>(options: Json, result: Result, asText: (result: Result) => string): void {
  process.stdout.write(`${options.json ? JSON.stringify(result) : asText(result)}\n`);
}

/** A table of rows with equal keys, for people. */
export function table(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const [first] = rows;
  if (first === undefined) return '(none)';
  const keys = Object.keys(first);
  const cells = [
    keys,
    ...rows.map((row) =>
      keys.map((key) => (row[key] === null || row[key] === undefined ? '-' : String(row[key]))),
    ),
  ];
  const widths = keys.map((_key, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function actor(): string {
  return `cli:${userInfo().username}`;
}

/** The settings of this process, or a CliError that names what is wrong. */
export function settings(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, 2);
    throw error;
  }
}

/** Runs a command on the database of the running hub, or of one started for the time of the command. */
export async function withDatabase<Result>(
  run: (sql: Sql, config: Config, url: string) => Promise<Result>,
): Promise<Result> {
  const config = settings();
  const database = await borrowDatabase(config);
  const sql = connect(database.url, { max: 4, name: 'cli', statementTimeoutMs: 0 });
  try {
    return await run(sql, config, database.url);
  } finally {
    await sql.end();
    await database.stop();
  }
}

/** The same with an office on a database that is up to date. */
export async function withOffice<Result>(run: (office: Office) => Promise<Result>): Promise<Result> {
  return withDatabase(async (sql, config, url) => {
    await migrate(sql);
    const directory = await openDirectory(sql);
    const writer = openLedgerWriter({ url, lanes: 1 });
    try {
      return await run(
        openOffice({ sql, directory, writer, vault: openVault(await masterKey(config, sql)) }),
      );
    } catch (error) {
      if (error instanceof OfficeError) throw new CliError(error.message);
      throw error;
    } finally {
      await writer.close();
      await directory.close();
    }
  });
}

const AMOUNT_TEXT: Readonly<Record<AmountRefusal, string>> = {
  not_a_number: 'is not a number',
  too_many_decimals: 'has more decimals than the currency',
  not_positive: 'must be greater than zero',
  too_large: 'is too large',
};

/** An amount in the currency's unit. */
export function amountOf(name: string, text: string, currency: Currency): bigint {
  const parsed = parseAmount(text, currency);
  if (!parsed.ok) throw new CliError(`${name} ${AMOUNT_TEXT[parsed.refusal]}: ${text}`, 2);
  return parsed.amount;
}

const BAR_AFTER_MS = 2000;

/** A progress bar that appears only when something takes longer than two seconds, and only for a person. */
export async function withProgress<Result>(
  options: Json,
  run: (onProgress: (done: number, all: number) => void) => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const bar = new SingleBar({
    format: '{bar} {percentage}% {value}/{total} {duration_formatted}',
    stream: process.stderr,
    clearOnComplete: true,
  });
  let shown = false;
  try {
    return await run((done, all) => {
      if (options.json || !process.stderr.isTTY) return;
      if (!shown && performance.now() - startedAt > BAR_AFTER_MS) {
        shown = true;
        bar.start(all, done);
      }
      if (shown) bar.update(done);
    });
  } finally {
    if (shown) bar.stop();
  }
}

export function onOff(text: string | undefined, name: string): boolean | undefined {
  if (text === undefined) return undefined;
  if (text !== 'on' && text !== 'off') throw new CliError(`${name} must be on or off`, 2);
  return text === 'on';
}

export function requireText(text: string | undefined, name: string): string {
  if (text === undefined || text.trim() === '') throw new CliError(`${name} is needed`, 2);
  return text;
}
