/**
 * Randomness for games. Cores take an `Rng` as an argument and never make one themselves, so a
 * simulation can run the very same decision function over a seeded generator.
 * Invariant: every integer below the bound is exactly equally likely (rejection sampling, no modulo bias).
 */
import { randomFillSync } from 'node:crypto';

export type Rng = {
  /** A uniform integer in [0, bound). `bound` is an integer in 1…2^32. */
  below(bound: number): number;
};

const RANGE = 2 ** 32;

/** Uniform integers out of a source of uniform 32-bit words. */
export function rngOfWords(nextWord: () => number): Rng {
  return {
    below(bound) {
      const limit = RANGE - (RANGE % bound);
      let word = nextWord();
      while (word >= limit) word = nextWord();
      return word % bound;
    },
  };
}

/** The generator real money is played with: the operating system's, read in blocks. */
export function secureRng(): Rng {
  const pool = new Uint32Array(256);
  let used = pool.length;
  return rngOfWords(() => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const word = pool[used]!;
    pool[used] = 0; // a used word stays nowhere in memory
    used += 1;
    return word;
  });
}
