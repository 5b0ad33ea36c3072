/** The seller in the test's own process, between the doubles of hub and book, with a line to each that can be bad. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openSeller, type Seller, type SellerOptions } from '../../games/rain/seller.ts';
import type { RainOpened, RainView } from '../../games/rain/wire.ts';
import { type HubDouble, type Player, startHubDouble } from '../games/hub-double.ts';
import { type BadLine, openBadLine } from './bad-line.ts';
import { type BookDouble, startBookDouble } from './book-double.ts';

export const WAIT_MS_MAX = 30_000;

export type Page = {
  key: string;
  /** The view of the call's answer, or its refusal's code. */
  post(path: string): Promise<RainView | string>;
  view(): Promise<RainView>;
  /** Looks until it is so. */
  until(state: RainView['state']): Promise<RainView>;
};

export type Shop = {
  hub: HubDouble;
  book: BookDouble;
  toHub: BadLine;
  toBook: BadLine;
  settings: SellerOptions;
  seller: Seller;
  /** Moves the seller's clock on. */
  later(ms: number): void;
  /** Stops the seller and starts it again on what it left. */
  restart(): Promise<void>;
  launch(options?: {
    player?: Player;
    balance?: bigint;
    currency?: string;
    limits?: Record<string, string>;
  }): {
    token: string;
    player: Player;
  };
  open(token: string, opening?: string): Promise<Page>;
  openRaw(token: string, opening?: string): Promise<{ status: number; body: RainOpened & { code?: string } }>;
  /** The page of a key, wherever the seller is by then. */
  pageAt(key: string): Page;
  userId(player: Player): string;
};

/** Waits until it is so; says what it was when it never is. */
export async function eventually<Value>(
  look: () => Promise<Value> | Value,
  is: (value: Value) => boolean,
): Promise<Value> {
  const until = Date.now() + WAIT_MS_MAX;
  for (;;) {
    const value = await look();
    if (is(value)) return value;
    if (Date.now() > until)
      throw new Error(
        `it never came to that: ${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v))}`,
      );
    await sleep(5);
  }
}

export function pageOf(url: () => string, key: string): Page {
  const headers = { 'x-studio-session': key };
  const view = async () =>
    (await (
      await fetch(`${url()}/api/view`, { headers, signal: AbortSignal.timeout(WAIT_MS_MAX) })
    ).json()) as RainView;
  return {
    key,
    view,
    async post(path) {
      const response = await fetch(`${url()}/api/${path}`, {
        method: 'POST',
        headers,
        signal: AbortSignal.timeout(WAIT_MS_MAX),
      });
      const body = (await response.json()) as RainView & { code: string };
      return response.ok ? body : body.code;
    },
    until: (state) => eventually(view, (seen) => seen.state === state),
  };
}

export async function openAt(url: string, order: { token: string; opening: string }) {
  const response = await fetch(`${url}/api/open`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...order, language: 'en' }),
    signal: AbortSignal.timeout(WAIT_MS_MAX),
  });
  return { status: response.status, body: (await response.json()) as RainOpened & { code?: string } };
}

/** Opens the shop; the test's end takes it away. */
export async function openShop(
  t: { after(end: () => Promise<void>): void },
  options: Partial<SellerOptions> = {},
): Promise<Shop> {
  const [hub, book] = await Promise.all([startHubDouble(), startBookDouble()]);
  const [toHub, toBook] = await Promise.all([openBadLine(hub.url), openBadLine(book.url)]);
  const folder = mkdtempSync(join(tmpdir(), 'rain-seller-'));
  let skew = 0;
  const settings: SellerOptions = {
    hubUrl: toHub.url,
    key: hub.key,
    secret: hub.secret,
    bookUrl: toBook.url,
    certCode: book.certCode,
    vendorType: 'CPS_USD',
    betLimit: { minBet: 100, maxBet: 5000, maxExposure: 50_000 },
    stakeMax: null,
    host: '127.0.0.1',
    port: 0,
    dataDir: folder,
    log: pino({ level: 'silent' }),
    now: () => Date.now() + skew,
    onFatal(error) {
      throw error;
    },
    rules: { lookMs: 50 },
    waits: { patienceMs: 400, doubtMs: 60 },
    pace: { retryMs: { first: 3, most: 15 }, sweepMs: 5, feedMs: 10 },
    timeoutMs: 2_000,
    ...options,
  };
  let seller = await openSeller(settings);
  t.after(async () => {
    await seller.stop();
    await Promise.all([toHub.close(), toBook.close(), hub.close(), book.close()]);
    rmSync(folder, { recursive: true });
  });
  const url = () => seller.url;
  return {
    hub,
    book,
    toHub,
    toBook,
    settings,
    get seller() {
      return seller;
    },
    later(ms) {
      skew += ms;
    },
    async restart() {
      await seller.stop();
      seller = await openSeller(settings);
    },
    launch: (order = {}) => hub.launch('rain', { currency: 'USD', ...order }),
    async open(token, opening = 'opening-of-test') {
      const { body } = await openAt(url(), { token, opening });
      return pageOf(url, body.key);
    },
    openRaw: (token, opening = 'opening-of-test') => openAt(url(), { token, opening }),
    pageAt: (key) => pageOf(url, key),
    userId: (player) => seller.store.stay(player.id)?.userId ?? '',
  };
}
