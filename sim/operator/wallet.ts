/**
 * What a member has in the games wallet, asked at most every `keepMs` per member (the hub allows one a second).
 * Invariant: a balance is never guessed: it is the hub's last answer, or null.
 */

import type { Minor } from './money.ts';
import { foldName } from './seamless.ts';
import type { XtClient } from './xt-client.ts';

export interface Wallet {
  /** Null: the hub has not told. A member the hub does not know yet has 0. */
  read(username: string): Promise<Minor | null>;
  /** After a movement: the next reading asks the hub. */
  forget(username: string): void;
}

interface Held {
  balance: Minor | null;
  atMs: number;
  asking: Promise<void> | null;
}

export function walletReader(xt: XtClient, keepMs: number): Wallet {
  const held = new Map<string, Held>();

  async function ask(username: string, entry: Held): Promise<void> {
    const answer = await xt.user(username);
    if (answer.kind === 'ok') entry.balance = answer.value.balance;
    if (answer.kind === 'refused' && answer.status === 422) entry.balance = 0n;
    entry.atMs = performance.now();
  }

  return {
    async read(username) {
      const key = foldName(username);
      const entry = held.get(key) ?? { balance: null, atMs: Number.NEGATIVE_INFINITY, asking: null };
      held.set(key, entry);
      if (performance.now() - entry.atMs >= keepMs) {
        entry.asking ??= ask(username, entry).finally(() => {
          entry.asking = null;
        });
        await entry.asking;
      }
      return entry.balance;
    },
    forget(username) {
      const entry = held.get(foldName(username));
      if (entry !== undefined) entry.atMs = Number.NEGATIVE_INFINITY;
    },
  };
}
