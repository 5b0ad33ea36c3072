/** One attempt at a movement, with what has to be asked of the hub around it: does the user exist, is the door open. */
import { judgeMove, repeatAfterMs, type Verdict } from './settle-move.ts';
import type { Movement } from './site-ledger.ts';
import type { XtClient } from './xt-client.ts';

export interface MoveAttempts {
  /** `before` attempts were made already. The verdict is final or says when to repeat. */
  attempt(movement: Movement, parts: { username: string; before: number }): Promise<FinalVerdict>;
}

export type FinalVerdict = Exclude<Verdict, { kind: 'refused-if-door-open' }>;

/** How long a refusal is left open when the hub turns this agent away altogether. */
const doorShutMs = 5000;

export function moveAttempts(xt: XtClient): MoveAttempts {
  const knownAtHub = new Set<string>();

  /** A user has to exist at the hub before money can be added. Null when it does. */
  async function ensureUser(username: string): Promise<Verdict | null> {
    if (knownAtHub.has(username)) return null;
    const created = await xt.createUser(username);
    const answer = created.kind === 'refused' && created.status === 422 ? await xt.user(username) : created;
    switch (answer.kind) {
      case 'ok':
        knownAtHub.add(username);
        return null;
      case 'refused':
        return { kind: 'refused-if-door-open', reason: answer.message || 'no such user' };
      case 'busy':
        return { kind: 'repeat', afterMs: answer.retryAfterMs };
      case 'unknown':
        return { kind: 'repeat', afterMs: repeatAfterMs(0) };
    }
  }

  return {
    async attempt(movement, { username, before }) {
      const { direction, amount, uuid } = movement;
      const missing = direction === 'in' ? await ensureUser(username) : null;
      const verdict =
        missing ??
        judgeMove({ direction, amount, before }, await xt.move({ direction, username, amount, uuid }));
      if (verdict.kind !== 'refused-if-door-open') return verdict;
      const door = await xt.myInfo();
      return door.kind === 'ok'
        ? { kind: 'refused', reason: verdict.reason }
        : { kind: 'repeat', afterMs: doorShutMs };
    },
  };
}
