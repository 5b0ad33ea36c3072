/** The seed of a property run: `SEED=…` repeats one; it is printed either way. `RUNS=20` looks twenty times longer. */
import type { TestContext } from 'node:test';

export const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

const TIMES = Number(process.env.RUNS ?? 1);

/** Parameters for fc.assert; says how to repeat the run. */
export function seeded(t: TestContext, runs: number): { seed: number; numRuns: number } {
  t.diagnostic(`SEED=${SEED}`);
  return { seed: SEED, numRuns: runs * TIMES };
}
