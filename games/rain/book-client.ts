/**
 * The line to the rain book: its vendor API over one pool, each call with a time-out.
 * Invariant: an answer is either definite (the book said something about this very request) or `unknown`; nothing
 * here guesses. A code that tells of a fault inside the book says nothing about what has happened: it is unknown too.
 */
import { Pool } from 'undici';
import { minorOf, unitsOf, updateTimeOf } from './units.ts';

export type BookAnswer<Value> =
  | { kind: 'ok'; value: Value }
  /** `code` is the book's. */
  | { kind: 'refused'; code: string }
  | { kind: 'unknown'; code: string };

export type Transfer = { code: string; amount: bigint };
export type Credit = { balance: bigint; exposure: bigint; withdrawable: bigint };
/** A bet that has changed: whose, and when (epoch ms). */
export type Changed = { userId: string; at: number };

export type BetLimit = { minBet: number; maxBet: number; maxExposure: number };

export type BookClientOptions = {
  bookUrl: string;
  certCode: string;
  vendorType: string;
  betLimit: BetLimit;
  timeoutMs?: number;
};

export type BookClient = ReturnType<typeof bookClient>;

export const BOOK = { ok: '1', illegalArgument: '1001', notFound: '1002', insufficient: '1003' } as const;

/** What the book says no with, having looked at the request. The others tell of a fault or are not known here. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...[BOOK.illegalArgument, BOOK.notFound, BOOK.insufficient, '1004'],
  ...['2003', '2005', '4001', '4002', '4004', '4005', '4006', '5001', '5003'],
]);

type Call = (name: string, request: Record<string, unknown>) => Promise<BookAnswer<unknown>>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function judge(status: number, text: string): BookAnswer<unknown> {
  const body: unknown = JSON.parse(text);
  if (status !== 200 || !isRecord(body) || typeof body.code !== 'string')
    return { kind: 'unknown', code: `http ${status}` };
  if (body.code === BOOK.ok) return { kind: 'ok', value: body.data };
  return { kind: REFUSALS.has(body.code) ? 'refused' : 'unknown', code: body.code };
}

function callerOf(pool: Pool, path: string, who: { certCode: string; vendorType: string }): Call {
  return async (name, request) => {
    try {
      const answer = await pool.request({
        method: 'POST',
        path: `${path}/vendor/api/${name}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...who, ...request }),
      });
      return judge(answer.statusCode, await answer.body.text());
    } catch {
      return { kind: 'unknown', code: 'no_answer' }; // refused connection, time-out, cut answer
    }
  };
}

/** What a good answer says; one that can't be read is no answer. */
function read<Value>(answer: BookAnswer<unknown>, by: (data: unknown) => Value | null): BookAnswer<Value> {
  if (answer.kind !== 'ok') return answer;
  const value = by(answer.value);
  return value === null ? { kind: 'unknown', code: 'unreadable' } : { kind: 'ok', value };
}

function readTransfer(data: unknown): Transfer | null {
  if (!isRecord(data) || typeof data.tsCode !== 'string') return null;
  const amount = minorOf(data.transferAmount);
  return amount === null ? null : { code: data.tsCode, amount };
}

function readCredit(data: unknown): Credit | null {
  if (!isRecord(data)) return null;
  const [balance, exposure, withdrawable] = [
    minorOf(data.currentBalance),
    minorOf(data.exposureAmount),
    minorOf(data.withdrawableAmount),
  ];
  return balance === null || exposure === null || withdrawable === null
    ? null
    : { balance, exposure, withdrawable };
}

function readChanged(data: unknown): Changed[] | null {
  if (!Array.isArray(data)) return null;
  return data.flatMap((row: unknown) =>
    isRecord(row) && typeof row.userId === 'string' && typeof row.updateTime === 'number'
      ? [{ userId: row.userId, at: row.updateTime }]
      : [],
  );
}

/** Opens the pool to the book. Call `close` at the end. */
export function bookClient(options: BookClientOptions) {
  const base = new URL(options.bookUrl);
  const timeoutMs = options.timeoutMs ?? 8_000;
  const pool = new Pool(base.origin, {
    connections: 32,
    connectTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 10_000,
  });
  const { certCode, vendorType } = options;
  const call = callerOf(pool, base.pathname.replace(/\/+$/, ''), { certCode, vendorType });

  return {
    /** A fresh address of the player's page; makes the player at the book when it is not there yet. */
    async loginUrl(userId: string): Promise<BookAnswer<string>> {
      const answer = await call('getLoginUrl', { userId, betLimit: JSON.stringify(options.betLimit) });
      return read(answer, (data) => (typeof data === 'string' && URL.canParse(data) ? data : null));
    },

    /** Ends every page of the player. */
    async logout(userId: string): Promise<void> {
      await call('logout', { userId });
    },

    /** The same code with the same amount moves once, however often it is sent. */
    async deposit(order: { userId: string; code: string; amount: bigint }): Promise<BookAnswer<Transfer>> {
      const { userId, code: tsCode, amount } = order;
      return read(await call('deposit', { userId, tsCode, depositAmount: unitsOf(amount) }), readTransfer);
    },

    /** Everything that can be withdrawn; the amount is below zero. */
    async withdrawAll(order: { userId: string; code: string }): Promise<BookAnswer<Transfer>> {
      const { userId, code: tsCode } = order;
      return read(await call('withdraw', { userId, tsCode }), readTransfer);
    },

    async transfer(code: string): Promise<BookAnswer<Transfer>> {
      return read(await call('getWalletTransferLog', { tsCode: code }), readTransfer);
    },

    async credit(userId: string): Promise<BookAnswer<Credit>> {
      return read(await call('getCreditBalance', { userId }), readCredit);
    },

    /** Bets that have changed after an instant, oldest first, of two days from it at most. */
    async changes(after: number): Promise<BookAnswer<Changed[]>> {
      return read(
        await call('getVendorTransactionByUpdateTime', { updateTime: updateTimeOf(after) }),
        readChanged,
      );
    },

    async close(): Promise<void> {
      await pool.close();
    },
  };
}
