/** Seeded chance for tests: the seed is printed first, and SEED in the environment replays it. */
import { randomInt } from 'node:crypto';

export interface Chance {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** True `percent` times in a hundred. */
  happens(percent: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** A stream of its own for a part, so that parts do not disturb each other's replay. */
  part(name: string): Chance;
}

export function seedOfRun(name: string): number {
  const seed = process.env.SEED === undefined ? randomInt(2 ** 31) : Number(process.env.SEED);
  process.stdout.write(`${name}: SEED=${seed}\n`);
  return seed;
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (limit: number) => next() % limit;
  return {
    below,
    happens: (percent) => below(100) < percent,
    pick<T>(list: readonly T[]): T {
      const chosen = list[below(list.length)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
    part: (name) =>
      chanceOf([...name].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), seed)),
  };
}
