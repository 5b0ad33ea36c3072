/**
 * K-Rain as a server (docs/krain.md), with the switches of its staff beside it, for this machine only:
 *   GET|PUT /admin/faults             what goes wrong (faults.ts)
 *   POST    /admin/markets/{market}   {"status":"suspended","closesAt":1763700000000,"likelihood":0.4}; null: as before
 *   GET     /admin/markets/{market}   what is on offer, level by level
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { handleStaff } from './admin.ts';
import { insteadOf, letSurplusLeave, send } from './answering.ts';
import { memoryBooks, sqliteBooks } from './books.ts';
import { type Desk, openDesk } from './desk.ts';
import {
  type Call,
  type Fault,
  type FaultSettings,
  type FaultSwitches,
  faultSwitches,
  NO_FAULTS,
} from './faults.ts';
import { closingOf, marketNameOf } from './market-name.ts';
import { type Books, openPool, type Pool, type PoolOptions, type Told } from './pool.ts';
import { type Reply, said } from './wire.ts';

export interface KrainOptions extends Omit<Partial<PoolOptions>, 'books' | 'closesAt'> {
  /** The books' file; null: in memory. */
  readonly path?: string | null;
  readonly host?: string;
  /** 0 = any. */
  readonly port?: number;
  /** What callers must show; null: nothing. */
  readonly key?: string | null;
  /** Epoch ms. */
  readonly now?: () => number;
  /** Minutes ahead of UTC at all stations: markets close by their names. Null: when they are told to. */
  readonly offsetMinutes?: number | null;
  readonly faults?: FaultSettings;
}

/** A call that was taken, and the faults that struck it. */
export interface SeenCall {
  readonly call: Call;
  /** The order's id, or the market. */
  readonly about: string;
  readonly faults: readonly Fault[];
}

export interface Krain {
  readonly url: string;
  readonly seed: number;
  readonly books: Books;
  readonly pool: Pool;
  readonly switches: FaultSwitches;
  /** The newest last, so many at most. */
  readonly seen: readonly SeenCall[];
  /** Switches faults on at these rates, and all others off. */
  fault(rates: Partial<Record<Fault, number>>, rest?: Partial<Omit<FaultSettings, 'rates'>>): void;
  tell(market: string, told: Partial<Told>): boolean;
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 16_384;
const SEEN_MAX = 1000;

export async function startKrain(options: KrainOptions = {}): Promise<Krain> {
  const { host = '127.0.0.1', port = 0, key = null, now = Date.now, path = null } = options;
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const db = path === null ? null : new DatabaseSync(path);
  const books = db === null ? memoryBooks() : sqliteBooks(db);
  const pool = openPool({ ...options, seed, books, closesAt: (market) => closingBy(options, market) });
  const switches = faultSwitches(options.faults ?? NO_FAULTS);
  const seen: SeenCall[] = [];
  const note = (call: SeenCall) => {
    if (seen.push(call) > SEEN_MAX) seen.shift();
  };
  const parts: Parts = { desk: openDesk({ pool, books, db, now }), switches, key, note };
  const staff = { pool, switches, now };
  const server = createServer((request, response) => {
    const isStaff = request.url?.startsWith('/admin/') ?? false;
    const handled = isStaff
      ? handleStaff(staff, { request, response })
      : handle(parts, { request, response });
    handled.catch(() => response.destroy());
  });
  // Longer than any client keeps an idle connection: or a call would meet one that is being closed.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    seed,
    books,
    pool,
    switches,
    seen,
    fault: (rates, rest = {}) =>
      switches.set({ ...NO_FAULTS, ...rest, rates: { ...NO_FAULTS.rates, ...rates } }),
    tell: pool.tell,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      if (db?.isOpen) db.close();
    },
  };
}

function closingBy({ offsetMinutes = null }: KrainOptions, market: string): number | null {
  const name = marketNameOf(market);
  return offsetMinutes === null || name === null ? null : closingOf(name, offsetMinutes);
}

interface Parts {
  readonly desk: Desk;
  readonly switches: FaultSwitches;
  readonly key: string | null;
  note(call: SeenCall): void;
}
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}
interface Asked {
  readonly call: Call;
  readonly about: string;
  work(faults: ReadonlySet<Fault>): Reply | Promise<Reply>;
}

async function handle({ desk, switches, key, note }: Parts, { request, response }: Exchange): Promise<void> {
  letSurplusLeave(request.socket);
  const plainly = { faults: new Set<Fault>(), delayMs: 0 };
  if (request.url === '/healthz') return send(response, { status: 200, body: { ok: true } }, plainly);
  if (key !== null && !isKey(request, key)) return send(response, said(401, 'who is asking?'), plainly);
  const asked = await callOf(desk, request);
  if ('status' in asked) return send(response, asked, plainly);
  const faults = switches.draw(asked.call);
  const { delayMs } = switches.settings();
  note({ call: asked.call, about: asked.about, faults: [...faults] });
  if (faults.has('delay')) await sleep(delayMs, undefined, { ref: false });
  const instead = insteadOf(faults);
  if (instead === 'break') return void response.destroy();
  return send(response, instead ?? (await asked.work(faults)), { faults, delayMs });
}

/** What is asked, or what is wrong with it. */
async function callOf(desk: Desk, request: IncomingMessage): Promise<Asked | Reply> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://krain');
  const [, , kind = '', name = '', rest] = pathname.split('/').map(decoded);
  const isGet = request.method === 'GET';
  if (isGet && kind === 'markets' && rest === 'odds')
    return { call: 'odds', about: name, work: () => desk.odds(name) };
  if (kind !== 'orders' || rest !== undefined || !pathname.startsWith('/v1/'))
    return said(404, 'no such call');
  if (isGet && name !== '') return { call: 'status', about: name, work: () => desk.status(name) };
  if (isGet) {
    const [market, after] = [searchParams.get('market') ?? '', searchParams.get('after') ?? ''];
    return { call: 'orders', about: market, work: () => desk.orders(market, after) };
  }
  if (request.method !== 'POST' || name !== '') return said(405, 'not so');
  if (Number(request.headers['content-length'] ?? Infinity) > BODY_BYTES_MAX) return said(413, 'too long');
  const body = parsed(await text(request));
  const about = String((body as { id?: unknown } | null)?.id);
  return {
    call: 'place',
    about,
    work: (faults) => desk.place(body, faults.has('refuse') ? 'no_liquidity' : null),
  };
}

function isKey({ headers }: IncomingMessage, key: string): boolean {
  const [given, wanted] = [Buffer.from(String(headers.authorization)), Buffer.from(`Bearer ${key}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
