/**
 * The counter: members join, and money moves between the site and the games wallet.
 * Invariants: an intent with its uuid is on the disk before the hub is called; the same uuid is repeated until the
 * answer is definite, over restarts too; only then is the movement settled or refused in the books.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Journal } from './journal.ts';
import type { Members } from './members.ts';
import type { Minor } from './money.ts';
import { moveAttempts } from './move-attempt.ts';
import { foldName } from './seamless.ts';
import {
  applyEvent,
  type LedgerEvent,
  type Member,
  type Movement,
  type MoveRefusal,
  movementOf,
  type Order,
  refuseMove,
  type SiteLedger,
} from './site-ledger.ts';
import type { XtClient } from './xt-client.ts';

export interface Cashier extends Members {
  member(id: string): Member | null;
  members(): readonly Member[];
  /** Begins a movement. `decided` resolves when the books have it settled or refused, or when the site closes. */
  move(order: Order): Promise<MoveRefusal | { readonly uuid: string; readonly decided: Promise<void> }>;
  movement(uuid: string): Movement | null;
  /** Stops repeating; open movements stay in the journal and are resumed at the next start. */
  close(): Promise<void>;
}

export interface CashierParts {
  readonly ledger: SiteLedger;
  readonly journal: Journal;
  readonly xt: XtClient;
  readonly log: Logger;
  readonly gift: Minor;
  readonly membersMax: number;
}

/** Opens the counter and resumes what a former process left pending. */
export function openCashier(parts: CashierParts): Cashier {
  const { ledger, journal, xt, log } = parts;
  const closing = new AbortController();
  const attempts = moveAttempts(xt);
  const running = new Set<Promise<void>>();

  /** In memory first, so that what follows sees it held; then durable. A failing disk ends the process (see journal.ts). */
  async function book(event: LedgerEvent): Promise<void> {
    applyEvent(ledger, event);
    await journal.append([event]);
  }

  async function pursue(movement: Movement, attemptsBefore: number): Promise<void> {
    const { uuid, memberId } = movement;
    const username = ledger.members.get(memberId)?.name ?? memberId;
    for (let before = attemptsBefore; !closing.signal.aborted; before++) {
      const verdict = await attempts.attempt(movement, { username, before });
      const at = new Date().toISOString();
      if (verdict.kind === 'settled') return book({ t: 'settled', uuid, moved: String(verdict.moved), at });
      if (verdict.kind === 'refused') return book({ t: 'refused', uuid, reason: verdict.reason, at });
      log.warn({ uuid, attempts: before + 1 }, 'movement not decided yet, repeating');
      await sleep(verdict.afterMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }

  function start(movement: Movement, attemptsBefore: number): Promise<void> {
    const task = pursue(movement, attemptsBefore).finally(() => running.delete(task));
    running.add(task);
    return task;
  }

  // The former process may have called: a resumed movement counts as attempted once.
  for (const movement of pendingIn(ledger)) void start(movement, 1);

  async function join(name: string): Promise<Member | null> {
    const id = foldName(name);
    const known = ledger.members.get(id);
    if (known !== undefined) return known;
    if (ledger.members.size >= parts.membersMax) return null;
    await book({ t: 'joined', name, gift: String(parts.gift), at: new Date().toISOString() });
    return ledger.members.get(id) ?? null;
  }

  async function move(order: Order): ReturnType<Cashier['move']> {
    const refusal = refuseMove(ledger, order);
    if (refusal !== null) return refusal;
    const { memberId, direction } = order;
    const amount = String(direction === 'out-all' ? 0n : order.amount);
    const uuid = randomUUID();
    await book({ t: 'intended', uuid, memberId, direction, amount, at: new Date().toISOString() });
    const movement = movementOf(ledger, uuid);
    if (movement === null) throw new Error(`movement ${uuid} was booked and is gone`);
    return { uuid, decided: start(movement, 0) };
  }

  return {
    member: (id) => ledger.members.get(id) ?? null,
    members: () => [...ledger.members.values()],
    movement: (uuid) => movementOf(ledger, uuid),
    join,
    move,
    async close() {
      closing.abort();
      await Promise.allSettled(running);
    },
  };
}

function pendingIn(ledger: SiteLedger): readonly Movement[] {
  const all = [...ledger.members.values()].flatMap((member) => member.movements);
  return all.filter((movement) => movement.state === 'pending');
}
