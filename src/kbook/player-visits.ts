/**
 * Who is on the page: a login link becomes a visit, a visit has an access and a refresh token, and all of it belongs to
 * one address. An access token needs no look-up to be read; whether its visit goes on is looked up by everything that
 * reads (`admit`), and by the ledger under the player's lock for a bet (`identify`).
 *
 * A wrong password takes one of five tries; the last ends the player's login links, so that guessing needs the operator
 * to hand out another link every five times. Guessed inside a visit, it ends the visits too.
 */
import type { BookPlayerId, VisitId } from '../core/ids.ts';
import { findPassword, giveTriesBack, returnTry, setPassword, takeTry } from '../db/book-protection.ts';
import {
  claimLogin,
  endLogins,
  endVisits,
  findVisit,
  openVisit,
  type RefreshOutcome,
  renewVisit,
  type VisitHolder,
  type VisitRecord,
} from '../db/book-visit.ts';
import type { Sql } from '../db/connect.ts';
import { createCache } from '../engine/cache.ts';
import { hashPassword, isPassword, PasswordsBusy } from '../engine/password.ts';
import type { Vault } from '../engine/seal.ts';
import { type ErrorCode, fail, ok, type Reply } from './codes.ts';
import { ACCESS_MS, firstRefresh, makeAccess, readAccess, readRefresh } from './player-tokens.ts';
import type { PasswordHint, Tokens } from './player-wire.ts';

export interface VisitParts {
  readonly sql: Sql;
  readonly vault: Vault;
  readonly now: () => number;
}

export interface Visitor {
  readonly holder: VisitHolder;
  /** When the access token that was shown ends. */
  readonly expiresAt: number;
}
export type Admission = Visitor | { readonly refusal: Reply };

/** What a caller shows: its access token and the address it comes from. */
export interface Shown {
  readonly access: string | null;
  readonly ip: string;
}

export interface PasswordChange {
  readonly current: string | null;
  readonly next: string | null;
}

export interface Visits {
  login(given: {
    readonly token: string;
    readonly password: string | null;
    readonly ip: string;
  }): Promise<Reply>;
  refresh(given: { readonly refresh: string; readonly ip: string }): Promise<Reply>;
  /** Whose token it is, at the right address. The visit may be over: who asks this looks for itself. */
  identify(shown: Shown): Promise<Admission>;
  /** The same, of a visit that goes on. */
  admit(shown: Shown): Promise<Admission>;
  /** Ends the player's visits, this one and all others. */
  logout(holder: VisitHolder): Promise<void>;
  /** Null: done. */
  changePassword(holder: VisitHolder, change: PasswordChange): Promise<Reply | null>;
}

const HOLDERS_MAX = 50_000;

export function openVisits(parts: VisitParts): Visits {
  const { sql } = parts;
  const holders = createCache((id: VisitId) => findVisit(sql, id), {
    sizeMax: HOLDERS_MAX,
    ttlMs: () => Number.POSITIVE_INFINITY,
    keep: (record) => record !== null,
  });
  return {
    login: (given) => login(parts, given),
    refresh: (given) => refresh(parts, given),
    async identify(shown) {
      const found = await findVisitor(parts, shown, (id) => holders.get(id));
      return 'refusal' in found ? found : found.visitor;
    },
    async admit(shown) {
      const found = await findVisitor(parts, shown, (id) => findVisit(sql, id));
      if ('refusal' in found) return found;
      if (found.record.ended) return refuse('2001', 'the visit is over');
      return found.record.mayEnter ? found.visitor : refuse('2003', 'the player is shut out');
    },
    logout: async ({ playerId }) => void (await endVisits(sql, playerId)),
    changePassword: (holder, change) => changePassword(parts, holder, change),
  };
}

const refuse = (code: ErrorCode, detail: string): { refusal: Reply } => ({ refusal: fail(code, detail) });

async function findVisitor(
  { vault, now }: VisitParts,
  { access, ip }: Shown,
  find: (id: VisitId) => Promise<VisitRecord | null>,
): Promise<{ visitor: Visitor; record: VisitRecord } | { refusal: Reply }> {
  if (access === null) return refuse('2003', 'an access token is needed');
  const token = readAccess(vault, access);
  if (token === null) return refuse('2001', 'no such access token');
  if (token.expiresAt <= now()) return refuse('2001', 'the access token has expired');
  const record = await find(token.visitId);
  if (record === null) return refuse('2001', 'the visit is over');
  if (record.holder.ip !== ip) return refuse('2002', 'the token belongs to another address');
  return { visitor: { holder: record.holder, expiresAt: token.expiresAt }, record };
}

// ---- tokens ---------------------------------------------------------------------------------------------------

async function login(
  parts: VisitParts,
  { token, password, ip }: { readonly token: string; readonly password: string | null; readonly ip: string },
): Promise<Reply> {
  const { sql, vault } = parts;
  const link = await claimLogin(sql, token, ip);
  if (link === null) return fail('2001', 'no such login token');
  if (!link.usable) return fail('2001', 'the login token has expired');
  if (link.ip !== ip) return fail('2002', 'the login token was used from another address');
  if (!link.mayEnter) return fail('2003', 'the player is shut out');
  if (link.passwordHash !== null) {
    const wrong = await checkPassword(sql, link.playerId, { given: password, hash: link.passwordHash });
    if (wrong !== null) return fail('2004', undefined, { ...wrong });
  }
  const opened = await openVisit(sql, link, (id) => firstRefresh(vault, id));
  return opened === null
    ? fail('2001', 'the login token has expired')
    : ok(tokensOf(parts, opened.id, opened.refresh));
}

function tokensOf({ vault, now }: VisitParts, visitId: VisitId, refreshToken: string): Tokens {
  const serverTime = now();
  const expiresAt = serverTime + ACCESS_MS;
  const access = makeAccess(vault, { visitId, expiresAt });
  return { access, refresh: refreshToken, accessExpiresAt: expiresAt, serverTime };
}

const REFRESH_REFUSALS: Readonly<
  Record<Exclude<RefreshOutcome, 'renewed' | 'repeated'>, { code: ErrorCode; detail: string }>
> = {
  other_address: { code: '2002', detail: 'the token belongs to another address' },
  expired: { code: '2006', detail: 'the refresh token has expired' },
  ended: { code: '2007', detail: 'the visit is over' },
  reused: { code: '2007', detail: 'the refresh token was used before: the visit is over' },
};

async function refresh(
  parts: VisitParts,
  { refresh: used, ip }: { readonly refresh: string; readonly ip: string },
): Promise<Reply> {
  const token = readRefresh(parts.vault, used);
  if (token === null) return fail('2007', 'no such refresh token');
  const { visitId, next } = token;
  const outcome = await renewVisit(parts.sql, visitId, { used, next, ip });
  if (outcome === 'renewed' || outcome === 'repeated') return ok(tokensOf(parts, visitId, next));
  const { code, detail } = REFRESH_REFUSALS[outcome];
  return fail(code, detail);
}

// ---- password -------------------------------------------------------------------------------------------------

/** Null: it is right. */
async function checkPassword(
  sql: Sql,
  playerId: BookPlayerId,
  { given, hash }: { readonly given: string | null; readonly hash: string },
): Promise<PasswordHint | null> {
  if (given === null || given === '') return { detail: 'asked' };
  const triesLeft = await takeTry(sql, playerId);
  if (triesLeft === null) return { detail: 'locked' };
  const isRight = await isPassword(given, hash).catch(async (error) => {
    await returnTry(sql, playerId);
    throw error;
  });
  if (isRight) {
    await giveTriesBack(sql, playerId);
    return null;
  }
  if (triesLeft > 0) return { detail: 'wrong', triesLeft };
  // The tries come back with the next link.
  await endLogins(sql, playerId);
  return { detail: 'locked' };
}

async function changePassword(
  { sql }: VisitParts,
  holder: VisitHolder,
  { current, next }: PasswordChange,
): Promise<Reply | null> {
  const before = await findPassword(sql, holder.playerId);
  if (before !== null) {
    const wrong = await checkPassword(sql, holder.playerId, { given: current, hash: before });
    if (wrong?.detail === 'locked') await endVisits(sql, holder.playerId);
    if (wrong !== null) return fail('2004', undefined, { ...wrong });
  }
  const after = next === null ? null : await hashPassword(next);
  const done = await setPassword(sql, holder, { before, after });
  return done ? null : fail('2004', undefined, { detail: 'wrong' } satisfies PasswordHint);
}

/** What the password's queue threw, as an answer; null: it was something else. */
export function tooManyPasswords(error: unknown): Reply | null {
  return error instanceof PasswordsBusy ? fail('0', 'too many are logging in: try again') : null;
}
