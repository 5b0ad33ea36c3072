/**
 * The transaction ids of a run. The hub counts its own up from three thousand million; these lie in the upper quarter
 * below 2^53, in a block drawn by the run's seed, so that none is ever one of the hub's, nor of another run.
 */
import { createHash } from 'node:crypto';

const FIRST = 2 ** 52 + 2 ** 51;
const BLOCK = 2 ** 20;
const BLOCKS = 2 ** 31;

/** The next id, each time: neighbours, rising. The same seed gives the same ids. */
export function idsOf(seed: string): () => number {
  const block = createHash('sha256').update(seed).digest().readUInt32BE() % BLOCKS;
  let taken = 0;
  return () => {
    if (taken === BLOCK) throw new Error('a run has used up its ids');
    taken += 1;
    return FIRST + block * BLOCK + taken;
  };
}
