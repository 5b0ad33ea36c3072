/**
 * The makers of one market: each offers a stake on both sides, at the odds of its own share on top of the likelihood.
 * What is taken they put back a little each tick, and they withdraw what is more than they want there now. Whoever
 * takes both sides may lose, whomever from: all go by one likelihood, and every share is above it.
 */
import { drawn, hashOf, likelihoodAt } from './drift.ts';
import type { Level } from './match.ts';

export type Side = 'RAIN' | 'NO_RAIN';
export const SIDES: readonly Side[] = ['RAIN', 'NO_RAIN'];

export interface MakersOptions {
  readonly seed: number;
  readonly market: string;
  readonly count: number;
  /** Minor units each offers a side, about. */
  readonly depth: bigint;
  readonly tickMs: number;
  /** 1 as a rule; 0: the likelihood stays where it is. */
  readonly volatility: number;
}

export interface Makers {
  /** What is on offer at an instant, best first. `likelihood`: where its walk begins; null: the seed decides. */
  levels(side: Side, at: number, likelihood: number | null): readonly Level[];
  /** Takes so much of each of the levels given last for that side. */
  take(side: Side, taken: readonly bigint[]): void;
}

interface Maker {
  readonly name: number;
  readonly margin: number;
  readonly size: bigint;
  readonly left: Record<Side, bigint>;
}

const MARGIN_MIN = 0.008;
const MARGIN_STEP = 0.014;
const ODDS_MIN = 1010;
/** Ticks after which everything is put back. */
const REFILL_TICKS = 20;

export function openMakers(options: MakersOptions): Makers {
  const { seed, market, tickMs, volatility } = options;
  const makers = makersOf(options);
  const shown: Record<Side, readonly Maker[]> = { RAIN: [], NO_RAIN: [] };
  let tick = Number.NEGATIVE_INFINITY;

  function catchUp(now: number): void {
    if (now <= tick) return;
    const ticks = Math.min(now - tick, REFILL_TICKS);
    tick = now;
    for (const maker of makers) for (const side of SIDES) refill(maker, side, { ticks, tick });
  }
  return {
    levels(side, at, likelihood) {
      catchUp(Math.floor(at / tickMs));
      const rain = likelihoodAt({ seed, market, likelihood, volatility }, tick);
      const chance = side === 'RAIN' ? rain : 1 - rain;
      const offers = makers
        .filter(({ left }) => left[side] > 0n)
        .map((maker) => ({ maker, odds: oddsOf(chance, maker), available: maker.left[side] }))
        .sort((a, b) => b.odds - a.odds);
      shown[side] = offers.map(({ maker }) => maker);
      return offers.map(({ odds, available }) => ({ odds, available }));
    },
    take(side, taken) {
      for (const [place, stake] of taken.entries()) {
        const maker = shown[side][place];
        if (maker !== undefined) maker.left[side] -= stake;
      }
    },
  };
}

const oddsOf = (chance: number, { margin }: Maker) =>
  Math.max(ODDS_MIN, Math.floor(1000 / (chance * (1 + margin))));

function refill({ name, size, left }: Maker, side: Side, by: { ticks: number; tick: number }): void {
  const wish = (size * BigInt(Math.round(700 + 600 * drawn(name ^ SIDES.indexOf(side), by.tick)))) / 1000n;
  const refilled = left[side] + (size * BigInt(by.ticks)) / BigInt(REFILL_TICKS);
  left[side] = refilled < wish ? refilled : wish;
}

function makersOf({ seed, market, count, depth }: MakersOptions): readonly Maker[] {
  return Array.from({ length: count }, (_, index) => {
    const name = hashOf(`${market}/${index}`) ^ seed;
    const size = (depth * BigInt(Math.round(500 + 1000 * drawn(name, -1)))) / 1000n;
    const margin = MARGIN_MIN + MARGIN_STEP * (index + drawn(name, -2) / 2);
    return { name, margin, size, left: { RAIN: size, NO_RAIN: size } };
  });
}
