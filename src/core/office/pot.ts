/**
 * Requests for POT: who may do what to one in which state. A recharge or a payment is asked by an agent and approved by
 * its upline; giving and taking are the upline's own acts, and whoever makes one has approved it.
 *
 *     asked ──approve──▶ approved ──the ledger──▶ carried out
 *       └───────────────────┴── refuse, withdraw, 7 days ──▶ refused, withdrawn, expired
 *
 * Where two are needed an agent's tools count for nobody: who holds their key may be one of the two.
 * `approved` lasts while a second person is needed, or while the ledger refuses. Money moves only when as many persons
 * have approved as are needed, none of whom has asked. While a try at the ledger is under way nothing else may happen.
 * Pure.
 */

import { isTool } from './tool.ts';

export const POT_KINDS = ['recharge', 'payment', 'give', 'take'] as const;
export type PotKind = (typeof POT_KINDS)[number];
export const POT_STATES = ['asked', 'approved', 'carried_out', 'refused', 'withdrawn', 'expired'] as const;
export type PotState = (typeof POT_STATES)[number];

export const POT_REQUEST_DAYS = 7;

export interface PotRequest {
  readonly kind: PotKind;
  readonly state: PotState;
  /** Approvals it takes. */
  readonly needed: 1 | 2;
  readonly askedBy: string;
  readonly approvedBy: readonly string[];
  /** Given to the ledger, and its answer not yet known here. */
  readonly trying: boolean;
  /** Its time is over. */
  readonly overdue: boolean;
}

/** Acts of people. `needed`: approvals as the rules stand now. */
export type PotAct =
  | { readonly act: 'approve'; readonly person: string; readonly needed: 1 | 2 }
  | { readonly act: 'refuse'; readonly person: string }
  | { readonly act: 'withdraw'; readonly person: string }
  | { readonly act: 'retry'; readonly person: string }
  | { readonly act: 'expire' };

/** In the order of precedence. */
export type PotRefusal = 'over' | 'under_way' | 'same_person' | 'not_the_asker' | 'not_approved';

export type PotDecision =
  | { readonly ok: true; readonly request: PotRequest }
  | { readonly ok: false; readonly refusal: PotRefusal };

/** POT goes from the upline to the agent, or back. */
export function directionOf(kind: PotKind): 'give' | 'take' {
  return kind === 'recharge' || kind === 'give' ? 'give' : 'take';
}

/** Made by the upline: to make it is to approve it. */
export function isOwnAct(kind: PotKind): boolean {
  return kind === 'give' || kind === 'take';
}

/** A new one. `trying`: it goes to the ledger at once. */
export function newPotRequest(kind: PotKind, askedBy: string, needed: 1 | 2): PotRequest {
  const own = isOwnAct(kind);
  const approvedBy = own ? [askedBy] : [];
  const request = { kind, needed, askedBy, approvedBy, trying: false, overdue: false } as const;
  return own
    ? { ...request, state: 'approved', trying: needed === 1 }
    : { ...request, state: 'asked', trying: false };
}

export function isOpen(state: PotState): boolean {
  return state === 'asked' || state === 'approved';
}

/** Approved by as many as are needed. */
export function isDue({ state, approvedBy, needed }: PotRequest): boolean {
  return state === 'approved' && approvedBy.length >= needed;
}

/** What becomes of the request by an act, or why nothing does. */
export function actOnPot(request: PotRequest, given: PotAct): PotDecision {
  if (!isOpen(request.state)) return refuse('over');
  if (request.trying) return refuse('under_way');
  if (request.overdue)
    return given.act === 'expire' ? become({ ...request, state: 'expired' }) : refuse('over');
  switch (given.act) {
    case 'approve':
      return approve(request, given);
    case 'refuse':
      return given.person === request.askedBy
        ? refuse('same_person')
        : become({ ...request, state: 'refused' });
    case 'withdraw':
      return given.person === request.askedBy
        ? become({ ...request, state: 'withdrawn' })
        : refuse('not_the_asker');
    case 'retry':
      return isDue(request) ? become({ ...request, trying: true }) : refuse('not_approved');
    case 'expire':
      return refuse('not_approved');
  }
}

function approve(request: PotRequest, { person, needed }: { person: string; needed: 1 | 2 }): PotDecision {
  if (person === request.askedBy || request.approvedBy.includes(person)) return refuse('same_person');
  // Rules made stricter meanwhile hold; made laxer, they do not.
  const stricter = needed > request.needed ? needed : request.needed;
  if (stricter === 2 && isTool(person)) return refuse('same_person');
  const approved: PotRequest = {
    ...request,
    state: 'approved',
    needed: stricter,
    approvedBy: [...request.approvedBy, person],
  };
  return become({ ...approved, trying: isDue(approved) });
}

/** What the ledger said to a try: moved, or refused for good reason and nothing happened. */
export function afterTry(request: PotRequest, answer: 'moved' | 'refused'): PotRequest {
  if (answer === 'moved') return { ...request, state: 'carried_out', trying: false };
  // An act of the upline that is not possible is not kept waiting: whoever made it is told.
  const gaveUp = isOwnAct(request.kind) && request.needed === 1;
  return { ...request, state: gaveUp ? 'withdrawn' : 'approved', trying: false };
}

const refuse = (refusal: PotRefusal): PotDecision => ({ ok: false, refusal });
const become = (request: PotRequest): PotDecision => ({ ok: true, request });
