/**
 * The rain book in the demo: an operator of it, `demo-book`, whose certCode is kept in DATA_DIR since the database has
 * only its hash; a player of that operator with money, for a look at the page; and the program that sells the book
 * over the studio API.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBookOperatorByName } from './db/book-operator.ts';
import type { Program } from './demo-program.ts';
import { startProgram } from './demo-program.ts';
import type { BookDirectory } from './engine/book-directory.ts';
import type { Office } from './office.ts';
import { createBookOperatorWithCert, renewCertCode } from './office-book.ts';

const NAME = 'demo-book';
const VENDOR_TYPE = 'CPS_USD';
const BET_LIMIT = { minBet: 100, maxBet: 5000, maxExposure: 50_000 };
const LOOPBACK = ['127.0.0.0/8', '::1'];
const CALL_MS_MAX = 10_000;
const PLAYER = { userId: 'demo', tsCode: 'demo-first-deposit', depositAmount: 10_000 };

export type DemoDesk = Pick<Office, 'sql'> & { readonly book: BookDirectory };

/** The certCode of the demo's operator. A lost one is replaced. */
export async function demoCertCode(desk: DemoDesk, dataDir: string): Promise<string> {
  const file = join(dataDir, `${NAME}-cert`);
  const kept = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
  if (kept !== null && (await desk.book.operatorByCert(kept))?.name === NAME) return kept;
  const wish = { name: NAME, actor: 'demo' };
  const { certCode } =
    (await findBookOperatorByName(desk.sql, NAME)) === null
      ? await createBookOperatorWithCert(desk, { ...wish, allowedIps: LOOPBACK })
      : await renewCertCode(desk, wish);
  await writeFile(file, `${certCode}\n`, { mode: 0o600 });
  return certCode;
}

/** A fresh link to the player page, for a player that has been given something to bet with. */
export async function demoPlayerLink(hubUrl: string, certCode: string): Promise<string> {
  const { userId, ...deposit } = PLAYER;
  const call = async (name: string, fields: object): Promise<unknown> => {
    const response = await fetch(`${hubUrl}/vendor/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ certCode, vendorType: VENDOR_TYPE, userId, ...fields }),
      signal: AbortSignal.timeout(CALL_MS_MAX),
    });
    const answer = (await response.json()) as { code?: unknown; message?: unknown; data?: unknown };
    if (answer.code !== '1') throw new Error(`the demo's rain book says ${answer.code} ${answer.message}`);
    return answer.data;
  };
  const link = String(await call('getLoginUrl', { betLimit: BET_LIMIT }));
  await call('deposit', deposit);
  return link;
}

export function startRainSeller(options: {
  readonly shared: Readonly<Record<string, string>>;
  readonly studio: { readonly key: string; readonly secret: string };
  readonly certCode: string;
  readonly dataDir: string;
}): Promise<Program> {
  return startProgram('games/rain/main.ts', {
    ...options.shared,
    STUDIO_KEY: options.studio.key,
    STUDIO_SECRET: options.studio.secret,
    STUDIO_DATA_DIR: join(options.dataDir, 'rain-seller'),
    BOOK_CERT_CODE: options.certCode,
    BOOK_VENDOR_TYPE: VENDOR_TYPE,
  });
}
