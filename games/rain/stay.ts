/**
 * A player's stay in the rain book, as a written state machine. Pure: the instant and the ids come in as arguments.
 *
 * Money is in one of three places: the wallet at the hub, the book, or on its way between them. What is on its way is
 * `step`, and there is one at a time. Invariants: a step is in the journal before anything is sent, with the id it is
 * sent under; it is repeated under that id until the answer is definite; only then comes the next one. So a stop at
 * any point loses nothing, and nothing is moved twice.
 *
 *   wallet ──bet──▶ (step) ──deposit──▶ book ──withdraw──▶ (step) ──win──▶ wallet
 *                     └──cancel──▶ wallet                         └──adjust_credit──▶ wallet (the round is over)
 *
 * A round at the hub lasts from the first bet until the book holds nothing of the player any more; a player who comes
 * back meanwhile joins it with a further bet. Amounts are minor units, instants epoch ms.
 */

/** What is under way. `at`: since when. */
export type Step =
  | { op: 'bet'; id: string; amount: bigint; session: string; visit: string; at: number }
  /** `doubtAt`: when an attempt may last have reached the book without our hearing of it; null = none has. */
  | { op: 'deposit'; code: string; amount: bigint; bet: string; at: number; doubtAt: number | null }
  /** `why`: what the player is told; null = nothing, it has left. */
  | { op: 'cancel'; id: string; bet: string; amount: bigint; why: string | null; at: number }
  | { op: 'withdraw'; code: string; at: number; doubtAt: number | null }
  | { op: 'pay'; id: string; type: 'win' | 'adjust_credit'; round: string; amount: bigint; at: number }
  | { op: 'close'; round: string; at: number };

export type Visit = {
  /** Digest of the key the page holds. */
  key: string;
  /** Digest of the page's own opening id: an opening whose answer was lost can be repeated. */
  opening: string;
  session: string;
  nickname: string;
  language: string;
  /** Most that one bet may be; null = no limit. */
  stakeMax: bigint | null;
  openedAt: number;
  /** When the player last did something. */
  touchedAt: number;
  state: 'entering' | 'in' | 'left' | 'refused';
  /** Since when the state is `entering`. */
  since: number;
  /** The book is on the page already, and stays there while more money is brought in. */
  shown: boolean;
  /** Why it was refused, or more money was. */
  code: string | null;
  /** The page has gone away and the player leaves at this instant, unless the page is back by then. */
  leaveAt: number | null;
  /** How often the stake was sized anew because the wallet had less by then. */
  sizings: number;
};

export type StayRound = { id: string; at: number; staked: bigint; paid: bigint };

export type Stay = {
  /** At the hub. */
  player: string;
  /** At the book. */
  userId: string;
  currency: string;
  round: StayRound | null;
  /** The latest round that is over: corrections that come after it are paid into it. */
  lastRound: string | null;
  step: Step | null;
  /** Something of the player's is, or may be, at the book. */
  holds: boolean;
  /** When to ask the book again while bets are open; 0 = at once. */
  lookAt: number;
  /** The hub will not take a step as it is: a person has to look. Nothing moves until the next start. */
  stuck: { code: string; at: number } | null;
  visit: Visit | null;
  /** Keys of pages that a later one has taken over from, newest last. */
  former: string[];
};

export type Rules = {
  idleMs: number;
  /** Between two looks at the book while nothing is said of open bets. */
  lookMs: number;
};

export type Act =
  | { kind: 'enter'; visit: Visit }
  | { kind: 'leave' }
  | { kind: 'step'; step: Step }
  | { kind: 'look' }
  | { kind: 'close'; round: string }
  /** Nothing before this instant; null = until something happens. */
  | { kind: 'rest'; until: number | null };

export const FORMER_KEPT = 8;

export function newStay(who: { player: string; userId: string; currency: string }): Stay {
  const nothing = { round: null, lastRound: null, step: null, stuck: null, visit: null };
  return { ...who, ...nothing, holds: false, lookAt: 0, former: [] };
}

/** What is to be done now. */
export function nextAct(stay: Stay, now: number, rules: Rules): Act {
  const { visit, step } = stay;
  if (stay.stuck !== null) return { kind: 'rest', until: null };
  if (step !== null) return { kind: 'step', step };
  if (visit !== null && isHere(visit)) {
    const until = Math.min(visit.touchedAt + rules.idleMs, visit.leaveAt ?? Number.POSITIVE_INFINITY);
    if (until <= now) return { kind: 'leave' };
    return visit.state === 'entering' ? { kind: 'enter', visit } : { kind: 'rest', until };
  }
  if (stay.holds) return stay.lookAt <= now ? { kind: 'look' } : { kind: 'rest', until: stay.lookAt };
  return stay.round === null ? { kind: 'rest', until: null } : { kind: 'close', round: stay.round.id };
}

export const isHere = (visit: Visit): boolean => visit.state === 'entering' || visit.state === 'in';

/** True when there is nothing of the player's anywhere between. */
export function isEven(stay: Stay): boolean {
  return stay.step === null && stay.round === null && !stay.holds;
}

// ---- coming and going -----------------------------------------------------------------------------------------

/** A page opens. The one that was open is taken over from. */
export function open(stay: Stay, visit: Visit): Stay {
  const former = stay.visit === null ? stay.former : [...stay.former, stay.visit.key].slice(-FORMER_KEPT);
  return { ...stay, visit, former };
}

/** The player wants to play, or to bring more in: what is in the wallet goes into the book. */
export function wantIn(stay: Stay, now: number): Stay {
  const { visit } = stay;
  if (visit === null || visit.state === 'entering') return touch(stay, now);
  const shown = visit.state === 'in';
  const fresh = { since: now, touchedAt: now, leaveAt: null, code: null, sizings: 0 };
  return { ...stay, visit: { ...visit, ...fresh, state: 'entering', shown } };
}

export function touch(stay: Stay, now: number): Stay {
  const { visit } = stay;
  return visit === null ? stay : { ...stay, visit: { ...visit, touchedAt: now, leaveAt: null } };
}

/** The page says the player goes: at once, or at `at` unless it is back. */
export function leaving(stay: Stay, at: number): Stay {
  const { visit } = stay;
  return visit === null || !isHere(visit) ? stay : { ...stay, visit: { ...visit, leaveAt: at } };
}

/** The player is out: what can be withdrawn comes back. */
export function left(stay: Stay): Stay {
  const { visit } = stay;
  if (visit === null || !isHere(visit)) return stay;
  return { ...stay, lookAt: 0, visit: { ...visit, state: 'left', shown: false, leaveAt: null } };
}

/** The visit this is about is not let in. One that was in already stays, and is told. */
export function refuse(stay: Stay, key: string, code: string): Stay {
  const { visit } = stay;
  if (visit === null || visit.key !== key || visit.state !== 'entering') return stay;
  const state = visit.shown ? 'in' : 'refused';
  return { ...stay, lookAt: 0, visit: { ...visit, state, code } };
}

function enter(stay: Stay, key: string): Stay {
  const { visit } = stay;
  if (visit === null || visit.key !== key || visit.state !== 'entering') return stay;
  return { ...stay, visit: { ...visit, state: 'in', shown: true, code: null } };
}

// ---- money ----------------------------------------------------------------------------------------------------

/** Begins with what the wallet has; nothing = the player enters with what is at the book, if anything. */
export function stake(
  stay: Stay,
  key: string,
  by: { amount: bigint; betId: string; roundId: string; now: number },
): Stay {
  const { visit } = stay;
  if (visit === null || visit.key !== key || visit.state !== 'entering' || stay.step !== null) return stay;
  if (by.amount === 0n) return enter(stay, key);
  const round = stay.round ?? { id: by.roundId, at: by.now, staked: 0n, paid: 0n };
  const { session } = visit;
  return {
    ...stay,
    round,
    step: { op: 'bet', id: by.betId, amount: by.amount, session, visit: key, at: by.now },
  };
}

/** The hub has taken the bet: on to the book with it, or back if the player has gone meanwhile. */
export function betTaken(stay: Stay, by: { code: string; cancelId: string; now: number }): Stay {
  const { id, amount } = stepOf(stay, 'bet');
  const { visit } = stay;
  if (visit === null || !isHere(visit)) return betVoid(stay, { ...by, why: null });
  return {
    ...stay,
    step: { op: 'deposit', code: by.code, amount, bet: id, at: by.now, doubtAt: null },
  };
}

/** The hub has refused the bet. With less in the wallet than it had, the stake is sized anew. */
export function betRefused(stay: Stay, by: { code: string; sizingsMax: number }): Stay {
  const { visit: key } = stepOf(stay, 'bet');
  const next: Stay = { ...stay, step: null, round: emptied(stay.round) };
  const { visit } = next;
  const again = by.code === 'insufficient_funds' && visit?.key === key && visit.sizings < by.sizingsMax;
  if (!again || visit === null) return refuse(next, key, by.code);
  return { ...next, visit: { ...visit, sizings: visit.sizings + 1 } };
}

/** It is not known whether the hub took the bet, and waiting is over; or the book did not take the money. */
export function betVoid(stay: Stay, by: { cancelId: string; why: string | null; now: number }): Stay {
  const { step } = stay;
  if (step?.op !== 'bet' && step?.op !== 'deposit') throw new Error(`${stay.userId} has no bet to cancel`);
  const bet = step.op === 'bet' ? step.id : step.bet;
  const { why, now: at } = by;
  return { ...stay, step: { op: 'cancel', id: by.cancelId, bet, amount: step.amount, why, at } };
}

export function cancelled(stay: Stay): Stay {
  const { why } = stepOf(stay, 'cancel');
  const next: Stay = { ...stay, step: null, round: emptied(stay.round) };
  return stay.visit === null || why === null ? next : refuse(next, stay.visit.key, why);
}

/** An attempt may have reached the book unheard: from now on a refusal alone proves nothing. */
export function doubted(stay: Stay, now: number): Stay {
  const { step } = stay;
  return step?.op === 'deposit' || step?.op === 'withdraw'
    ? { ...stay, step: { ...step, doubtAt: now } }
    : stay;
}

/** The book has the money. */
export function deposited(stay: Stay): Stay {
  const { amount } = stepOf(stay, 'deposit');
  const round = stay.round!;
  const next: Stay = {
    ...stay,
    step: null,
    holds: true,
    lookAt: 0,
    round: { ...round, staked: round.staked + amount },
  };
  return stay.visit === null ? next : enter(next, stay.visit.key);
}

/** What the book says it holds: it is withdrawn, waited for, or there is nothing left. */
export function looked(
  stay: Stay,
  at: { balance: bigint; exposure: bigint; withdrawable: bigint },
  by: { code: string; now: number; lookMs: number },
): Stay {
  // Somebody has come in meanwhile: it stays where it is.
  if (stay.step !== null || (stay.visit !== null && isHere(stay.visit))) return stay;
  if (at.withdrawable > 0n)
    return { ...stay, step: { op: 'withdraw', code: by.code, at: by.now, doubtAt: null } };
  if (at.balance <= 0n && at.exposure <= 0n) return { ...stay, holds: false };
  return { ...stay, lookAt: by.now + by.lookMs };
}

/** The book has given `amount`; 0 = it had nothing to give after all. */
export function withdrawn(
  stay: Stay,
  by: { amount: bigint; payId: string; now: number; lookMs: number },
): Stay {
  stepOf(stay, 'withdraw');
  if (by.amount === 0n) return { ...stay, step: null, lookAt: by.now + by.lookMs };
  const { round, lastRound } = stay;
  const id = round?.id ?? lastRound;
  if (id === null) throw new Error(`${stay.userId} has money at the book and never had a round`);
  const type = round === null ? 'adjust_credit' : 'win';
  return {
    ...stay,
    step: { op: 'pay', id: by.payId, type, round: id, amount: by.amount, at: by.now },
  };
}

/** The money is in the wallet; then the book is asked whether there is more. */
export function paid(stay: Stay): Stay {
  const { amount } = stepOf(stay, 'pay');
  const { round } = stay;
  return {
    ...stay,
    step: null,
    lookAt: 0,
    round: round === null ? null : { ...round, paid: round.paid + amount },
  };
}

/** The book holds nothing of the player: the round ends. */
export function closing(stay: Stay, now: number): Stay {
  const { round } = stay;
  const busy = stay.step !== null || stay.holds || (stay.visit !== null && isHere(stay.visit));
  return busy || round === null ? stay : { ...stay, step: { op: 'close', round: round.id, at: now } };
}

export function closed(stay: Stay): Stay {
  return { ...stay, step: null, round: null, lastRound: stepOf(stay, 'close').round };
}

/** The book says that bets of the player have changed: there may be something to withdraw. */
export function stirred(stay: Stay): Stay {
  if (stay.holds && stay.lookAt === 0) return stay;
  const known = stay.round !== null || stay.lastRound !== null;
  return known ? { ...stay, holds: true, lookAt: 0 } : stay;
}

/** As a new process takes it up: any attempt of the former one may have got through; what was stuck is tried once. */
export function takenUp(stay: Stay, now: number): Stay {
  const { step } = stay;
  return {
    ...stay,
    stuck: null,
    step: step?.op === 'deposit' || step?.op === 'withdraw' ? { ...step, doubtAt: now } : step,
  };
}

/** A round nothing was staked in is no round. */
function emptied(round: StayRound | null): StayRound | null {
  return round === null || round.staked === 0n ? null : round;
}

function stepOf<Op extends Step['op']>(stay: Stay, op: Op): Extract<Step, { op: Op }> {
  const { step } = stay;
  if (step?.op !== op) throw new Error(`${stay.userId} is at ${step?.op ?? 'nothing'}, not at ${op}`);
  return step as Extract<Step, { op: Op }>;
}
