/**
 * What comes over the player page's wire, read into clean values. The first field that is wrong is named; numbers are
 * read as they were written (vendor-json.ts), so no amount and no odds lose a digit on the way.
 */
import { BET_TYPES, type BetType } from '../core/book/types.ts';
import { type RainSessionId, trusted } from '../core/ids.ts';
import { type Currency, decimalsOf, parseAmount } from '../core/money.ts';
import { fail, type Reply } from './codes.ts';
import type { PasswordChange } from './player-visits.ts';
import { EXCLUSIONS, type Exclusion } from './player-wire.ts';
import { digitsOf, plainDecimal } from './vendor-json.ts';

export type Given = ReadonlyMap<string, unknown>;
export type Read<Value> = { readonly value: Value } | { readonly refusal: Reply };

const wrong = (field: string, rule: string): { refusal: Reply } => ({
  refusal: fail('1001', `${field}: ${rule}`, { field }),
});

const PASSWORD_LENGTH_MIN = 6;
const PASSWORD_LENGTH_MAX = 128;
const KEY = /^[\x21-\x7e]{1,64}$/;
const TOKEN = /^[\x21-\x7e]{1,256}$/;
/** Above any odds a book offers; keeps thousandths a 32-bit number. */
const ODDS_MAX = 1_000_000;
const CLOCK_MINUTES = { min: 5, max: 1440 };
/** What the page speaks, with or without a region. */
const LANGUAGE = /^(en|ko|zh)(-[A-Za-z0-9]{2,8})*$/;

export interface BetWish {
  readonly key: string;
  readonly sessionId: RainSessionId;
  readonly type: BetType;
  /** Thousandths. */
  readonly odds: number;
  readonly stake: bigint;
}

export function readBet(given: Given, currency: Currency): Read<BetWish> {
  const key = given.get('key');
  if (typeof key !== 'string' || !KEY.test(key))
    return wrong('key', 'must be 1 to 64 visible ASCII characters');
  const sessionId = wholeIn(given.get('sessionId'));
  if (sessionId === null) return wrong('sessionId', 'must be a whole number');
  const type = BET_TYPES.find((each) => each === given.get('type'));
  if (type === undefined) return wrong('type', `must be one of ${BET_TYPES.join(', ')}`);
  const odds = oddsIn(given.get('odds'));
  if (odds === null) return wrong('odds', 'must be a number above 1 with at most three decimals');
  const stake = amountIn('stake', given.get('stake'), currency);
  if ('refusal' in stake) return stake;
  return { value: { key, sessionId: trusted<RainSessionId>(sessionId), type, odds, stake: stake.value } };
}

function amountIn(field: string, raw: unknown, currency: Currency): Read<bigint> {
  const digits = digitsOf(raw);
  const parsed = parseAmount(digits === null ? null : plainDecimal(digits), currency);
  if (parsed.ok) return { value: parsed.amount };
  const decimals = decimalsOf(currency);
  return wrong(field, `must be an amount above 0 with at most ${decimals} decimals, as a number`);
}

function wholeIn(raw: unknown): number | null {
  const digits = digitsOf(raw) ?? '';
  return /^\d{1,15}$/.test(digits) ? Number(digits) : null;
}

function oddsIn(raw: unknown): number | null {
  const match = /^(\d{1,7})(?:\.(\d{1,30}))?$/.exec(plainDecimal(digitsOf(raw) ?? ''));
  const [, whole = '', fraction = ''] = match ?? [];
  const digits = fraction.replace(/0+$/, '');
  if (match === null || digits.length > 3) return null;
  const odds = Number(whole + digits.padEnd(3, '0'));
  return odds > 1000 && odds <= ODDS_MAX * 1000 ? odds : null;
}

export function readLogin(given: Given): Read<{ token: string; password: string | null }> {
  const token = given.get('token');
  if (typeof token !== 'string' || !TOKEN.test(token)) return wrong('token', 'is required');
  const password = given.get('password') ?? null;
  if (password !== null && !isPasswordText(password)) return wrong('password', 'must be a text');
  return { value: { token, password } };
}

export function readRefreshField(given: Given): Read<string> {
  const token = given.get('refresh');
  return typeof token === 'string' && TOKEN.test(token) ? { value: token } : wrong('refresh', 'is required');
}

const isPasswordText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= PASSWORD_LENGTH_MAX;

export function readPasswordChange(given: Given): Read<PasswordChange> {
  const [current, next] = [given.get('current') ?? null, given.get('next') ?? null];
  if (current !== null && !isPasswordText(current)) return wrong('current', 'must be a text or null');
  if (next === null) return { value: { current, next } };
  if (!isPasswordText(next) || next.length < PASSWORD_LENGTH_MIN)
    return wrong('next', `must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters, or be null`);
  return { value: { current, next } };
}

/** Absent: as it is. Null: none. */
export interface LimitsWish {
  readonly maxBet: bigint | null | undefined;
  readonly dayStake: bigint | null | undefined;
  readonly clockMinutes: number | null | undefined;
}

export function readLimits(given: Given, currency: Currency): Read<LimitsWish> {
  const amounts: Record<'maxBet' | 'dayStake', bigint | null | undefined> = {
    maxBet: undefined,
    dayStake: undefined,
  };
  for (const field of ['maxBet', 'dayStake'] as const) {
    const raw = given.get(field);
    const read = raw === undefined || raw === null ? { value: raw } : amountIn(field, raw, currency);
    if ('refusal' in read) return read;
    amounts[field] = read.value;
  }
  const raw = given.get('clockMinutes');
  const minutes = raw === undefined || raw === null ? raw : wholeIn(raw);
  const { min, max } = CLOCK_MINUTES;
  if (raw !== undefined && raw !== null && (typeof minutes !== 'number' || minutes < min || minutes > max))
    return wrong('clockMinutes', `must be ${min} to ${max} minutes, or null`);
  return { value: { ...amounts, clockMinutes: minutes } };
}

export function readExclusion(given: Given): Read<Exclusion> {
  const wish = EXCLUSIONS.find((each) => each === given.get('for'));
  return wish === undefined ? wrong('for', `must be one of ${EXCLUSIONS.join(', ')}`) : { value: wish };
}

export function readLanguage(given: Given): Read<string> {
  const language = given.get('language');
  return typeof language === 'string' && LANGUAGE.test(language)
    ? { value: language }
    : wrong('language', 'must be a language tag, as en or zh-Hant');
}

// ---- query strings --------------------------------------------------------------------------------------------

const LIMIT_MAX = 100;
const LIMIT = 50;

export function readLimit(query: URLSearchParams): Read<number> {
  const text = query.get('limit') ?? String(LIMIT);
  const limit = Number(text);
  return /^\d{1,4}$/.test(text) && limit >= 1 && limit <= LIMIT_MAX
    ? { value: limit }
    : wrong('limit', `must be 1 to ${LIMIT_MAX}`);
}

export function readBefore(query: URLSearchParams): Read<number | null> {
  const text = query.get('before') ?? '';
  if (text === '') return { value: null };
  return /^\d{1,15}$/.test(text) ? { value: Number(text) } : wrong('before', 'must be what `next` said');
}

/** `<microseconds>-<id>`, or milliseconds alone. */
export function readTransferCursor(query: URLSearchParams): Read<{ atUs: bigint; id: number } | null> {
  const text = query.get('before') ?? '';
  if (text === '') return { value: null };
  const match = /^(?:(\d{1,15})|(\d{1,18})-(\d{1,15}))$/.exec(text);
  if (match === null) return wrong('before', 'must be what `next` said');
  const [, ms, us = '', id] = match;
  return ms === undefined
    ? { value: { atUs: BigInt(us), id: Number(id) } }
    : { value: { atUs: BigInt(ms) * 1000n, id: 0 } };
}

export function readBetState(query: URLSearchParams): Read<'open' | 'settled'> {
  const state = query.get('state') ?? 'open';
  return state === 'open' || state === 'settled'
    ? { value: state }
    : wrong('state', 'must be open or settled');
}
