/**
 * The life of a round, as pure transitions from one record to the next.
 *
 *   betting ──accepted──► (money owed) ──► offer ──respin──► betting …
 *      │                        └────────► free spins ──last──► closed
 *      ├──refused──► refused     └────────► closed
 *      └──unknown──► its bet is cancelled ──► void
 *
 * Invariants: the outcome of a step is in the record before its bet moves; what the player is owed is in `owed`
 * from the moment the bet is known to be accepted until the hub has answered for it; ids of money items are
 * made from the round's id and the step, so repeating an item repeats its id. One round has at most two bets.
 */
import { lineRows, REELS, ROWS } from './slot/model.ts';
import type { Spin } from './slot/play.ts';

export type StepKind = 'spin' | 'respin' | 'free';
export type Step = { spinId: string; kind: StepKind; cost: bigint; reel: number | null; spin: Spin };

export type Owed =
  | { op: 'win'; id: string; amount: bigint; closes: boolean; at: number }
  | { op: 'cancel'; id: string; reference: string; amount: bigint; at: number }
  | { op: 'close' }
  | { op: 'detail'; bet: string };

export type Bet = { id: string; amount: bigint; at: number; state: 'sent' | 'cancelling' };
export type Offer = { prices: (bigint | null)[]; until: number };
/** An owed item the hub could not read: kept, and sent again only by a new start of the studio. */
export type Stuck = { item: string; type: 'win' | 'cancel'; code: string; at: number };
export type Free = { left: number; awarded: number; won: bigint };

export type Round = {
  id: string;
  sessionKey: string;
  game: string;
  stake: bigint;
  steps: Step[];
  bet: Bet | null;
  owed: Owed[];
  /** Set while the first of `owed` waits for somebody to look at it; nothing of the round is sent then. */
  stuck: Stuck | null;
  offer: Offer | null;
  free: Free | null;
  staked: bigint;
  won: bigint;
  ended: null | 'settled' | 'refused' | 'void';
  /** The hub's word when a bet was refused. */
  code: string | null;
  touchedAt: number;
};

/** What a spin of the game's model leads to; worked out beside the transition so that this file stays pure. */
export type Consequence = {
  /** Free spins the latest spin awards. */
  freeSpins: number;
  /** Respins to offer, null for none. */
  offer: Offer | null;
  /** Whether the vendor tells a lost round by a win of 0. */
  zeroWins: boolean;
  now: number;
};

/** A new round whose first bet is about to be sent. */
export function beginRound(
  start: Pick<Round, 'id' | 'sessionKey' | 'game' | 'stake' | 'touchedAt'>,
  step: Step,
): Round {
  return {
    ...start,
    steps: [step],
    bet: { id: `${start.id}-b0`, amount: step.cost, at: start.touchedAt, state: 'sent' },
    owed: [],
    stuck: null,
    offer: null,
    free: null,
    staked: 0n,
    won: 0n,
    ended: null,
    code: null,
  };
}

/** The second bet of a round, one reel again. The offer is used up by it. */
export function beginRespin(round: Round, step: Step, now: number): Round {
  const at = round.steps.length;
  return {
    ...round,
    steps: [...round.steps, step],
    bet: { id: `${round.id}-b${at}`, amount: step.cost, at: now, state: 'sent' },
    code: null,
    touchedAt: now,
  };
}

/** The latest step's win as a money item. */
function winItem(round: Round, after: Consequence, closes: { closes: boolean }): Owed {
  const { win } = round.steps.at(-1)!.spin;
  return { op: 'win', id: `${round.id}-w${round.steps.length - 1}`, amount: win, at: after.now, ...closes };
}

/** A win after which the round goes on. `atZero`: whether a win of 0 is told, too. */
function keepingOpen(round: Round, after: Consequence, atZero: 'told' | 'silent'): Owed[] {
  const told = round.steps.at(-1)!.spin.win > 0n || (atZero === 'told' && after.zeroWins);
  return told ? [winItem(round, after, { closes: false })] : [];
}

/** The end of a round: a win that closes it, or, from vendors without wins of 0, the closing alone. */
function closing(round: Round, after: Consequence): Owed[] {
  const told = round.steps.at(-1)!.spin.win > 0n || after.zeroWins;
  return told ? [winItem(round, after, { closes: true })] : [{ op: 'close' }];
}

function detailOf(round: Round): Owed {
  return { op: 'detail', bet: `${round.id}-b0` };
}

/** The bet of the latest step was accepted: what it won is owed, and the round goes on or closes. */
export function betAccepted(round: Round, after: Consequence): Round {
  const bet = round.bet!;
  const { win } = round.steps.at(-1)!.spin;
  const goesOn = after.freeSpins > 0 || after.offer !== null;
  const paid = goesOn ? keepingOpen(round, after, 'told') : closing(round, after);
  return {
    ...round,
    bet: null,
    staked: round.staked + bet.amount,
    won: round.won + win,
    owed: [...round.owed, ...paid, detailOf(round)],
    offer: after.offer,
    free: after.freeSpins > 0 ? { left: after.freeSpins, awarded: after.freeSpins, won: 0n } : null,
    ended: goesOn ? null : 'settled',
  };
}

/** The bet did not happen: refused by the hub, or cancelled because its outcome stayed unknown. */
export function betFailed(round: Round, failure: { code: string; ended: 'refused' | 'void' }): Round {
  const first = round.steps.length === 1;
  return {
    ...round,
    bet: null,
    steps: first ? round.steps : round.steps.slice(0, -1),
    ended: first ? failure.ended : null,
    code: failure.code,
  };
}

/** Nobody knows whether the bet arrived: from now on it is to be cancelled. */
export function betUnknown(round: Round): Round {
  return { ...round, bet: { ...round.bet!, state: 'cancelling' } };
}

/** The cancel of the bet under way. */
export function cancelOf(round: Round): Extract<Owed, { op: 'cancel' }> {
  const { id, amount, at } = round.bet!;
  return { op: 'cancel', id: `${id}-cancel`, reference: id, amount, at };
}

/** The hub answered for the cancel of the bet under way: it did not happen. */
export function betVoid(round: Round): Round {
  return betFailed(round, { code: 'operator_unavailable', ended: 'void' });
}

/** The hub can't read the cancel of the bet under way: the player goes on, the cancel stays owed and stuck. */
export function cancelStuck(round: Round, why: { code: string; at: number }): Round {
  const cancel = cancelOf(round);
  const failed = betVoid(round);
  return {
    ...failed,
    offer: null,
    ended: failed.ended ?? 'settled',
    owed: [cancel, ...round.owed, ...(failed.ended === null ? [{ op: 'close' } as const] : [])],
    stuck: { item: cancel.id, type: 'cancel', ...why },
  };
}

/** The hub can't read the first owed item: it is kept where it is and not sent any more. */
export function parked(round: Round, why: { code: string; at: number }): Round {
  const [owed] = round.owed;
  if (owed?.op !== 'win' && owed?.op !== 'cancel') return round;
  return { ...round, stuck: { item: owed.id, type: owed.op, ...why } };
}

/** One free spin has been drawn: its win is owed; the last one closes the round. */
export function playFree(round: Round, step: Step, after: Consequence): Round {
  const free = round.free!;
  const next: Round = { ...round, steps: [...round.steps, step], touchedAt: after.now };
  const { win } = step.spin;
  const left = free.left - 1 + after.freeSpins;
  const paid = left === 0 ? closing(next, after) : keepingOpen(next, after, 'silent');
  return {
    ...next,
    won: round.won + win,
    free: { left, awarded: free.awarded + after.freeSpins, won: free.won + win },
    owed: [...round.owed, ...paid, ...(left === 0 ? [detailOf(round)] : [])],
    ended: left === 0 ? 'settled' : null,
  };
}

/** The respin was declined, or its time is over: the round closes. */
export function declineOffer(round: Round): Round {
  return { ...round, offer: null, owed: [...round.owed, { op: 'close' }], ended: 'settled' };
}

/** Games with fewer lines have the first of them. */
const LINES_MAX = 20;

/** A window, kept reel by reel, as rows of names. */
function rowsOf(window: readonly number[], names: readonly string[]): string[][] {
  return Array.from({ length: ROWS }, (_, row) =>
    Array.from({ length: REELS }, (_, reel) => names[window[reel * ROWS + row]!]!),
  );
}

/** True when nothing of the round waits for the hub or the player. */
export function isDone(round: Round): boolean {
  return round.ended !== null && round.owed.length === 0 && round.bet === null;
}

/**
 * The course of the round as the operator sees it; a few kilobytes at most. `names` are the game's symbols;
 * a window is told in rows from the top, as the player saw it.
 */
export function detailOfRound(round: Round, names: readonly string[]): unknown {
  const money = (amount: bigint): string => amount.toString();
  return {
    game: round.game,
    stake: money(round.stake),
    staked: money(round.staked),
    won: money(round.won),
    steps: round.steps.map((step) => ({
      kind: step.kind,
      ...(step.kind === 'free' ? {} : { cost: money(step.cost) }),
      ...(step.reel === null ? {} : { reel: step.reel + 1 }),
      stops: step.spin.stops,
      window: rowsOf(step.spin.window, names),
      multiplier: step.spin.multiplier,
      lines: step.spin.lineWins.map((hit) => ({
        line: hit.line + 1,
        length: hit.length,
        // Rows of its symbols, reel by reel, 0 = the top one.
        rows: lineRows(LINES_MAX)[hit.line]!.slice(0, hit.length),
        win: money(hit.win),
      })),
      scatters: step.spin.scatters,
      scatterWin: money(step.spin.scatterWin),
      win: money(step.spin.win),
    })),
  };
}
