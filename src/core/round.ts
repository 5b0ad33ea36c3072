/**
 * Rounds and their bundles (contracts studio, rules 2–8, and xt §3). A bundle is the unit a win or a cancel answers:
 * all open bets of the round for vendors with multi-bet bundles, a single bet for the others.
 * Pure: a transition takes a round and returns the next one or a refusal.
 *
 * Invariants: a bundle leaves `open` once and never returns; a closed round has no open bundle; `firstId` is the
 * transfer of the bundle's first bet.
 */
import type { Instant, TransferId } from './ids.ts';

export type BundleState = 'open' | 'won' | 'lost' | 'cancelled';
export interface Bundle {
  readonly firstId: TransferId;
  /** Sum of its bets in minor units: what a cancel gives back. */
  readonly sum: bigint;
  readonly bets: number;
  readonly state: BundleState;
}

export type RoundState = 'open' | 'settled' | 'cancelled';
export interface Round {
  readonly closed: boolean;
  readonly openedAt: Instant;
  readonly cancelledAt: Instant | null;
  readonly bundles: readonly Bundle[];
}

export interface VendorRules {
  /** A lost round is told by a win of 0; otherwise such a win ends the bundle without a row. */
  readonly zeroWins: boolean;
  readonly multiBet: boolean;
  readonly cancelPauseMs: number;
  /** How long after a round's first bet more bets are taken; 0 = as long as it is open. */
  readonly bettingMs: number;
}

/** Most bundles a round may hold: keeps a row small. A game that bets more often starts a new round. */
export const BUNDLES_PER_ROUND_MAX = 1000;

export function newRound(now: Instant): Round {
  return { closed: false, openedAt: now, cancelledAt: null, bundles: [] };
}

export function roundState(round: Round): RoundState {
  if (round.bundles.some((bundle) => bundle.state === 'open')) return 'open';
  if (round.closed)
    return round.bundles.some(isSettled) || round.bundles.length === 0 ? 'settled' : 'cancelled';
  return round.bundles.some(isSettled) ? 'settled' : 'cancelled';
}

function isSettled(bundle: Bundle): boolean {
  return bundle.state === 'won' || bundle.state === 'lost';
}

/** Why a bet may not join the round now; null = it may. */
export function mayNotBet(round: Round, rules: VendorRules, now: Instant): 'round_ended' | null {
  if (round.closed || round.bundles.length >= BUNDLES_PER_ROUND_MAX) return 'round_ended';
  if (rules.bettingMs > 0 && round.bundles.length > 0 && now - round.openedAt > rules.bettingMs)
    return 'round_ended';
  return null;
}

/** True within the vendor's pause after a cancel in this round. */
export function tooSoonAfterCancel(round: Round, rules: VendorRules, now: Instant): boolean {
  return round.cancelledAt !== null && now - round.cancelledAt < rules.cancelPauseMs;
}

/** Adds an allowed bet: to the open bundle of a multi-bet vendor, else as a bundle of its own. */
export function addBet(
  round: Round,
  rules: VendorRules,
  bet: { id: TransferId; amount: bigint },
): { round: Round; bundle: number } {
  const open = rules.multiBet ? round.bundles.findIndex((bundle) => bundle.state === 'open') : -1;
  const joined = round.bundles[open];
  if (joined === undefined) {
    const fresh: Bundle = { firstId: bet.id, sum: bet.amount, bets: 1, state: 'open' };
    return { round: { ...round, bundles: [...round.bundles, fresh] }, bundle: round.bundles.length };
  }
  const grown: Bundle = { ...joined, sum: joined.sum + bet.amount, bets: joined.bets + 1 };
  return { round: { ...round, bundles: round.bundles.with(open, grown) }, bundle: open };
}

/** A win's bundle: the referenced one, else the open ones, else (free spins) the last that was won. */
export type Settled = { readonly round: Round; readonly refererId: TransferId } | 'unknown_round';

/**
 * Settles by a win. `bundle` is the referenced bet's, or null when the win names only its round. Without an open
 * bundle it is accepted as a further win of a round that is not closed and has been won before.
 */
export function addWin(round: Round, bundle: number | null): Settled {
  if (round.closed) return 'unknown_round';
  const target = bundle === null ? round.bundles.findIndex((each) => each.state === 'open') : bundle;
  const named = round.bundles[target];
  if (named === undefined || (named.state !== 'open' && bundle === null)) return furtherWin(round);
  if (named.state === 'cancelled') return 'unknown_round';
  const settles = (each: Bundle, index: number) =>
    each.state === 'open' && (bundle === null || index === bundle);
  return { round: mapBundles(round, settles, 'won'), refererId: named.firstId };
}

function furtherWin(round: Round): Settled {
  const won = round.bundles.findLast((each) => each.state === 'won');
  return won === undefined ? 'unknown_round' : { round, refererId: won.firstId };
}

export type Cancelled =
  | { readonly kind: 'refund'; readonly round: Round; readonly refererId: TransferId; readonly sum: bigint }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly code: 'already_settled' | 'amount_mismatch' };

/**
 * Cancels the referenced bet's bundle, or with `bundle` null all that is open in the round. A bundle cancelled
 * before moves nothing; one that is won or lost can't be cancelled; a given amount must be the sum exactly.
 */
export function cancelBets(
  round: Round,
  request: { bundle: number | null; amount: bigint | null; now: Instant },
): Cancelled {
  const hit = (each: Bundle, index: number) =>
    each.state === 'open' && (request.bundle === null || index === request.bundle);
  const targets = round.bundles.filter(hit);
  const [first] = targets;
  if (first === undefined) return nothingToCancel(round, request.bundle);
  const sum = targets.reduce((total, each) => total + each.sum, 0n);
  if (request.amount !== null && request.amount !== sum) return { kind: 'refused', code: 'amount_mismatch' };
  const next = { ...mapBundles(round, hit, 'cancelled'), cancelledAt: request.now };
  return { kind: 'refund', round: next, refererId: first.firstId, sum };
}

function nothingToCancel(round: Round, bundle: number | null): Cancelled {
  const asked = bundle === null ? round.bundles.at(-1) : round.bundles[bundle];
  if (asked === undefined || asked.state === 'cancelled') return { kind: 'nothing' };
  return { kind: 'refused', code: 'already_settled' };
}

/** Ends the round: what is still open is lost. `lost` lists the first bets of those bundles. */
export function closeRound(round: Round): { round: Round; lost: readonly TransferId[] } {
  const lost = round.bundles.filter((each) => each.state === 'open').map((each) => each.firstId);
  return { round: { ...mapBundles(round, (each) => each.state === 'open', 'lost'), closed: true }, lost };
}

function mapBundles(
  round: Round,
  hit: (bundle: Bundle, index: number) => boolean,
  state: BundleState,
): Round {
  return {
    ...round,
    bundles: round.bundles.map((each, index) => (hit(each, index) ? { ...each, state } : each)),
  };
}
