/** Commands whose repeat is harmless, tried again while the ledger can't say what became of them. */
import { LedgerFault } from '../engine/ledger-writer.ts';

const TRIES_MAX = 4;
const PAUSE_MS = 100;

/** Runs `submit` until it has an outcome. Throws the LedgerFault of the last try, and any other error at once. */
export async function insistently<T>(
  submit: () => Promise<T>,
  pause: (ms: number) => Promise<void>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await submit();
    } catch (error) {
      if (!(error instanceof LedgerFault) || error.fault === 'closing' || tries >= TRIES_MAX) throw error;
      await pause(PAUSE_MS * 4 ** tries);
    }
  }
}
