/**
 * The limits a player sets for itself, and its self-exclusion: what a wish makes of them. What protects more holds at
 * once; what protects less holds a day later, or never. The ledger reads the result under the player's lock (place.ts).
 */
import { type Instant, trusted } from '../ids.ts';
import { ownLimitsAt } from './place.ts';
import type { BookPlayer, OwnLimits } from './types.ts';

export const LOOSER_AFTER_MS = 86_400_000;

export type OwnState = Pick<BookPlayer, 'own' | 'nextOwn' | 'nextOwnAt'>;

/** Absent: as it is, or as it is to become. Null: none. */
export interface LimitWish {
  readonly maxBet?: bigint | null | undefined;
  readonly dayStake?: bigint | null | undefined;
}

/**
 * Each limit for itself: a tighter one holds now and takes the place of a looser one that was to come. Looser ones
 * hold after a day from the wish that asked for the most; one who then asks for less does not wait anew.
 */
export function changeOwnLimits(state: OwnState, wish: LimitWish, now: Instant): OwnState {
  const own = ownLimitsAt(state, now);
  const comesAt = state.nextOwnAt !== null && state.nextOwnAt > now ? state.nextOwnAt : null;
  const coming = comesAt === null ? own : (state.nextOwn ?? own);
  const wanted: OwnLimits = {
    maxBet: wish.maxBet === undefined ? coming.maxBet : wish.maxBet,
    dayStake: wish.dayStake === undefined ? coming.dayStake : wish.dayStake,
  };
  const held: OwnLimits = {
    maxBet: tighter(own.maxBet, wanted.maxBet),
    dayStake: tighter(own.dayStake, wanted.dayStake),
  };
  if (!isLooser(wanted, held)) return { own: held, nextOwn: null, nextOwnAt: null };
  const waits = comesAt !== null && !isLooser(wanted, coming);
  return { own: held, nextOwn: wanted, nextOwnAt: waits ? comesAt : trusted<Instant>(now + LOOSER_AFTER_MS) };
}

function tighter(a: bigint | null, b: bigint | null): bigint | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** True when `a` leaves more than `b` in any of the two. */
function isLooser(a: OwnLimits, b: OwnLimits): boolean {
  const looser = (one: bigint | null, than: bigint | null) => than !== null && (one === null || one > than);
  return looser(a.maxBet, b.maxBet) || looser(a.dayStake, b.dayStake);
}

const DAY_MS = 86_400_000;
const EXCLUSION_MS = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '180d': 180 * DAY_MS,
} as const;
export type ExclusionTime = keyof typeof EXCLUSION_MS | 'forever';
export const EXCLUSION_TIMES = [
  '24h',
  '7d',
  '30d',
  '180d',
  'forever',
] as const satisfies readonly ExclusionTime[];

/** Until when: never sooner than what already holds. */
export function excludeUntil(
  held: Instant | 'forever' | null,
  wish: ExclusionTime,
  now: Instant,
): Instant | 'forever' {
  if (held === 'forever' || wish === 'forever') return 'forever';
  const until = trusted<Instant>(now + EXCLUSION_MS[wish]);
  return held !== null && held > until ? held : until;
}
