/** What the seller is told by its environment beside what every studio is told. Wrong values stop it with one line. */
import { readConfig as readStudioConfig, type Config as StudioConfig } from '../config.ts';
import type { BetLimit } from './book-client.ts';

export type Config = StudioConfig & {
  /** Base address of the book's vendor API. */
  bookUrl: string;
  certCode: string;
  vendorType: string;
  betLimit: BetLimit;
  stakeMax: bigint | null;
  idleMs: number;
  /** How often the book is asked which bets have changed. */
  feedMs: number;
  /** The vendor of the hub's catalogue it sells under. */
  vendor: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** What the book takes as a bet limit at most. */
const BET_LIMIT: BetLimit = { minBet: 100, maxBet: 5_000, maxExposure: 50_000 };
const IDLE_MS = '600000';
const FEED_MS = '5000';
const FEED_MS_MIN = 50;

function whole(env: Environment, name: string, standard: string): number {
  const text = env[name] || standard;
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${name} must be a whole number: ${text}`);
  return Number(text);
}

function betLimitOf(text: string | undefined): BetLimit {
  if (!text) return BET_LIMIT;
  const parts = text.split('-').map(Number);
  const [minBet = 0, maxBet = 0, maxExposure = 0] = parts;
  const isOne = parts.length === 3 && minBet > 0 && minBet <= maxBet && maxBet <= maxExposure;
  if (!isOne) throw new Error(`BOOK_BET_LIMIT must be least-most-exposure, as in 100-5000-50000: ${text}`);
  return { minBet, maxBet, maxExposure };
}

/** Reads the environment. Throws an Error with a message for whoever runs it. */
export function readConfig(env: Environment): Config {
  const studio = readStudioConfig(env);
  const bookUrl = (env.BOOK_URL || studio.hubUrl).replace(/\/+$/, '');
  if (!URL.canParse(bookUrl)) throw new Error(`BOOK_URL must be an http address: ${bookUrl}`);
  const certCode = env.BOOK_CERT_CODE ?? '';
  if (certCode === '') throw new Error('the rain seller needs BOOK_CERT_CODE');
  const stakeMax = whole(env, 'STAKE_MAX', '0');
  return {
    ...studio,
    bookUrl,
    certCode,
    vendorType: env.BOOK_VENDOR_TYPE || 'CPS_USD',
    betLimit: betLimitOf(env.BOOK_BET_LIMIT),
    stakeMax: stakeMax === 0 ? null : BigInt(stakeMax),
    idleMs: whole(env, 'IDLE_MS', IDLE_MS),
    feedMs: Math.max(FEED_MS_MIN, whole(env, 'FEED_MS', FEED_MS)),
    vendor: env.VENDOR || 'kbook',
  };
}
