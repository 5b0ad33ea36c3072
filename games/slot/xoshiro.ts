/** xoshiro128** (Blackman and Vigna): a fast seeded generator for simulation. Never used for real play. */
import type { Rng } from '../rng.ts';

const RANGE = 2 ** 32;

function splitmix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** A seeded generator with the same rejection rule as the secure one. */
export function xoshiro(seed: number): Rng {
  const fill = splitmix32(seed);
  let a = fill() | 0;
  let b = fill() | 0;
  let c = fill() | 0;
  let d = fill() | 0;
  const word = (): number => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return {
    below(bound) {
      const limit = RANGE - (RANGE % bound);
      let value = word();
      while (value >= limit) value = word();
      return value % bound;
    },
  };
}
