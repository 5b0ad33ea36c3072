/**
 * The site's own books: what each member has here, and what moved between here and the games wallet.
 * Pure: a state is what its events make of it; the journal keeps the events.
 * Invariants, per member:
 *  - balance = gift − Σ(in: pending or done) + Σ(out: done), never below zero;
 *  - money on its way to the games is held from the intent on, money on its way back counts once it has arrived;
 *  - a movement is settled or refused once, and at most one is pending.
 */
import type { Person } from './members.ts';
import type { Minor } from './money.ts';
import { foldName } from './seamless.ts';

export type Direction = 'in' | 'out' | 'out-all';

export interface Member extends Person {
  readonly gift: Minor;
  readonly movements: readonly Movement[];
}

export interface Movement {
  readonly uuid: string;
  readonly memberId: string;
  readonly direction: Direction;
  /** What was asked for; 0 for `out-all`. Always ≥ 0. */
  readonly amount: Minor;
  readonly at: string;
  readonly state: 'pending' | 'done' | 'refused';
  /** What really moved, ≥ 0; 0 until done. */
  readonly moved: Minor;
  /** The site balance right after this movement took effect on it. */
  readonly balanceAfter: Minor;
  readonly reason: string | null;
}

export type LedgerEvent =
  | { readonly t: 'joined'; readonly name: string; readonly gift: string; readonly at: string }
  | {
      readonly t: 'intended';
      readonly uuid: string;
      readonly memberId: string;
      readonly direction: Direction;
      readonly amount: string;
      readonly at: string;
    }
  | { readonly t: 'settled'; readonly uuid: string; readonly moved: string; readonly at: string }
  | { readonly t: 'refused'; readonly uuid: string; readonly reason: string; readonly at: string };

export type MoveRefusal = 'unknown_member' | 'amount_invalid' | 'move_pending' | 'site_balance_short';

export interface Order {
  readonly memberId: string;
  readonly direction: Direction;
  readonly amount: Minor;
}

export interface SiteLedger {
  readonly members: Map<string, Member>;
  /** uuid → id of its member. */
  readonly owners: Map<string, string>;
}

export function emptyLedger(): SiteLedger {
  return { members: new Map(), owners: new Map() };
}

/** May this movement begin? Null when it may. */
export function refuseMove(ledger: SiteLedger, order: Order): MoveRefusal | null {
  const member = ledger.members.get(order.memberId);
  if (member === undefined) return 'unknown_member';
  if (order.direction !== 'out-all' && order.amount < 1n) return 'amount_invalid';
  if (member.movements.some((movement) => movement.state === 'pending')) return 'move_pending';
  if (order.direction === 'in' && order.amount > member.balance) return 'site_balance_short';
  return null;
}

/** Applies an event. Throws when the event cannot follow from this state: then the journal is not ours. */
export function applyEvent(ledger: SiteLedger, event: LedgerEvent): void {
  switch (event.t) {
    case 'joined':
      join(ledger, event);
      break;
    case 'intended':
      intend(ledger, event);
      break;
    case 'settled':
      settle(ledger, pendingOf(ledger, event.uuid), BigInt(event.moved));
      break;
    case 'refused':
      giveBack(ledger, pendingOf(ledger, event.uuid), event.reason);
      break;
  }
}

function pendingOf(ledger: SiteLedger, uuid: string): Movement {
  const movement = movementOf(ledger, uuid);
  if (movement === null || movement.state !== 'pending') throw new Error(`no pending movement ${uuid}`);
  return movement;
}

function giveBack(ledger: SiteLedger, movement: Movement, reason: string): void {
  replace(
    ledger,
    { ...movement, state: 'refused', reason },
    movement.direction === 'in' ? movement.amount : 0n,
  );
}

function join(ledger: SiteLedger, event: LedgerEvent & { t: 'joined' }): void {
  const id = foldName(event.name);
  if (ledger.members.has(id)) throw new Error(`member ${id} joined twice`);
  const gift = BigInt(event.gift);
  ledger.members.set(id, { id, name: event.name, joinedAt: event.at, gift, balance: gift, movements: [] });
}

function intend(ledger: SiteLedger, event: LedgerEvent & { t: 'intended' }): void {
  const { uuid, memberId, direction, at } = event;
  const amount = BigInt(event.amount);
  const refusal = refuseMove(ledger, { memberId, direction, amount });
  const member = ledger.members.get(memberId);
  if (refusal !== null || member === undefined)
    throw new Error(`movement ${uuid} is against the books: ${refusal}`);
  if (ledger.owners.has(uuid)) throw new Error(`movement ${uuid} appears twice`);
  const balance = direction === 'in' ? member.balance - amount : member.balance;
  const fresh = { uuid, memberId, direction, amount, at, state: 'pending', moved: 0n } as const;
  const movement: Movement = { ...fresh, balanceAfter: balance, reason: null };
  ledger.owners.set(uuid, memberId);
  ledger.members.set(memberId, { ...member, balance, movements: [...member.movements, movement] });
}

function settle(ledger: SiteLedger, movement: Movement, moved: Minor): void {
  const exact = movement.direction === 'out-all' || moved === movement.amount;
  if (!exact || moved < 0n)
    throw new Error(`movement ${movement.uuid} moved ${moved}, not ${movement.amount}`);
  replace(ledger, { ...movement, state: 'done', moved }, movement.direction === 'in' ? 0n : moved);
}

function replace(ledger: SiteLedger, movement: Movement, credit: Minor): void {
  const member = ledger.members.get(movement.memberId);
  if (member === undefined) throw new Error(`movement ${movement.uuid} has no member`);
  const balance = member.balance + credit;
  const changed = { ...movement, balanceAfter: balance };
  const movements = member.movements.map((one) => (one.uuid === movement.uuid ? changed : one));
  ledger.members.set(member.id, { ...member, balance, movements });
}

export function movementOf(ledger: SiteLedger, uuid: string): Movement | null {
  const member = ledger.members.get(ledger.owners.get(uuid) ?? '');
  return member?.movements.find((movement) => movement.uuid === uuid) ?? null;
}

/** The balance as the movements tell it; the site's own audit compares it with the kept one. */
export function balanceOfMovements(member: Member): Minor {
  return member.movements.reduce((balance, movement) => {
    if (movement.state === 'refused') return balance;
    return movement.direction === 'in' ? balance - movement.amount : balance + movement.moved;
  }, member.gift);
}
