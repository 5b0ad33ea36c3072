/** Wrong tries in a row shut a person's door, each time for longer; many from one address shut it for that address. */

export const TRIES_FREE = 4;
const FIRST_LOCK_MS = 60_000;
const LOCK_MS_MAX = 3_600_000;

/** How long the door is shut after so many wrong tries in a row; 0 = it is not. */
export function lockMs(tries: number): number {
  const beyond = tries - TRIES_FREE;
  return beyond <= 0 ? 0 : Math.min(FIRST_LOCK_MS * 2 ** (beyond - 1), LOCK_MS_MAX);
}

/** By number of tries, from the first: as far as it grows. Whoever has tried more often waits for the last. */
export const LOCKS_MS: readonly number[] = lengths();

function lengths(): number[] {
  const all: number[] = [];
  while (all.at(-1) !== LOCK_MS_MAX) all.push(lockMs(all.length + 1));
  return all;
}

/** Wrong tries from one address, by whatever names, in a window that begins with the first. */
export const ADDRESS_TRIES_MAX = 30;
export const ADDRESS_WINDOW_MS = 15 * 60_000;
