/**
 * What may be done to a session, and what it is then. Two machines: the game's status, moved by time, staff and
 * results, and the market's, which follows it: a function of the status and of whether there are odds (`marketOf`). So
 * what staff have suspended (status SUSPEND) is not reopened by odds that come back, and missing odds (market SUSPEND,
 * status OPEN) are not mistaken for staff.
 *
 * Time is only ever a guard: a session whose loop was late is closed by its instants all the same, here and in the
 * ledger.
 */
import type { Instant } from '../ids.ts';
import type { GameResult, GameStatus, MarketStatus } from './types.ts';

/** A result somebody can state. */
export const STATED_RESULTS = ['RAIN', 'NO_RAIN', 'VOID'] as const satisfies readonly GameResult[];
export type StatedResult = (typeof STATED_RESULTS)[number];

/** What the machine looks at. */
export interface SessionState {
  readonly status: GameStatus;
  readonly result: GameResult;
  /** Of the result: 0 = none yet. */
  readonly version: number;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly endsAt: Instant;
  /** Odds are good so long. */
  readonly quoteUntil: Instant | null;
}

export type SessionAct =
  /** By time. */
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  | { readonly kind: 'end' }
  /** By staff: no bets for now; bets again; no more bets. */
  | { readonly kind: 'suspend' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'close_early' }
  /** A result that counts (finding.ts): the first one, another one after it, or none. */
  | { readonly kind: 'result'; readonly result: 'RAIN' | 'NO_RAIN' }
  | { readonly kind: 'correct'; readonly result: 'RAIN' | 'NO_RAIN' }
  | { readonly kind: 'void' }
  /** By the settlement: `left` positions are not posted under this version. */
  | { readonly kind: 'settled'; readonly version: number; readonly left: number };
export type SessionActKind = SessionAct['kind'];

/** What an act changes. */
export interface SessionAfter {
  readonly ok: true;
  readonly status: GameStatus;
  readonly market: MarketStatus;
  readonly result: GameResult;
  readonly version: number;
}
/** In the order in which they are checked. */
export const SESSION_REFUSALS = [
  'already', // it is so
  'wrong_status',
  'no_result', // nothing to correct or to settle
  'has_result', // another one is a correction
  'same_result',
  'other_version', // it was corrected meanwhile
  'too_early',
  'too_late',
  'positions_left',
] as const;
export type SessionRefusal = (typeof SESSION_REFUSALS)[number];
export interface SessionRefused {
  readonly ok: false;
  readonly code: SessionRefusal;
}

/** From which statuses an act leads to which: what is missing here is refused. */
const STEPS: Readonly<Record<SessionActKind, Partial<Record<GameStatus, GameStatus>>>> = {
  open: { READY: 'OPEN' },
  suspend: { OPEN: 'SUSPEND' },
  resume: { SUSPEND: 'OPEN' },
  // A session whose opening was missed altogether closes without having been open.
  close: { READY: 'CLOSE', OPEN: 'CLOSE', SUSPEND: 'CLOSE' },
  close_early: { READY: 'CLOSE', OPEN: 'CLOSE', SUSPEND: 'CLOSE' },
  end: { CLOSE: 'UNSETTLED' },
  // A result ends a session whose loop was late.
  result: everyStatus('UNSETTLED', ['SETTLED', 'VOID']),
  correct: everyStatus('UNSETTLED', []),
  void: everyStatus('UNSETTLED', []),
  settled: { UNSETTLED: 'SETTLED' },
};

function everyStatus(after: GameStatus, but: readonly GameStatus[]): Partial<Record<GameStatus, GameStatus>> {
  const all: readonly GameStatus[] = ['READY', 'OPEN', 'CLOSE', 'SUSPEND', 'UNSETTLED', 'SETTLED', 'VOID'];
  return Object.fromEntries(all.filter((status) => !but.includes(status)).map((status) => [status, after]));
}

/** Where an act has already led to, so that doing it again is told as that. */
const REACHED: Partial<Record<SessionActKind, GameStatus>> = {
  open: 'OPEN',
  suspend: 'SUSPEND',
  close: 'CLOSE',
  close_early: 'CLOSE',
  end: 'UNSETTLED',
};

/** The session after an act at that instant, or why it is refused. */
export function decideAct(
  session: SessionState,
  act: SessionAct,
  now: Instant,
): SessionAfter | SessionRefused {
  const next = STEPS[act.kind][session.status];
  if (REACHED[act.kind] === session.status) return refuse('already');
  if (next === undefined) return refuse(act.kind === 'result' ? 'has_result' : 'wrong_status');
  const code = resultGuard(session, act) ?? timeGuard(session, act, now);
  if (code !== null) return refuse(code);
  const result = resultAfter(session, act);
  const status = act.kind === 'settled' && result === 'VOID' ? 'VOID' : next;
  const hasOdds = session.quoteUntil !== null && now < session.quoteUntil;
  return {
    ok: true,
    status,
    market: marketOf(status, hasOdds ? 'fresh' : 'missing'),
    result,
    version: result === session.result ? session.version : session.version + 1,
  };
}

/** The market under a status: open only while the game is, and while there are odds. */
export function marketOf(status: GameStatus, odds: 'fresh' | 'missing'): MarketStatus {
  if (status === 'OPEN') return odds === 'fresh' ? 'OPEN' : 'SUSPEND';
  return status === 'SUSPEND' ? 'SUSPEND' : 'CLOSE';
}

function resultGuard({ version, result }: SessionState, act: SessionAct): SessionRefusal | null {
  switch (act.kind) {
    case 'result':
      return version > 0 ? 'has_result' : null;
    case 'correct':
      if (version === 0) return 'no_result';
      return result === act.result ? 'same_result' : null;
    case 'void':
      return result === 'VOID' ? 'same_result' : null;
    case 'settled':
      if (version === 0) return 'no_result';
      if (version !== act.version) return 'other_version';
      return act.left > 0 ? 'positions_left' : null;
    default:
      return null;
  }
}

function timeGuard(
  { opensAt, closesAt, endsAt }: SessionState,
  act: SessionAct,
  now: Instant,
): SessionRefusal | null {
  switch (act.kind) {
    case 'open':
      if (now < opensAt) return 'too_early';
      return now >= closesAt ? 'too_late' : null;
    case 'suspend':
    case 'resume':
      return now >= closesAt ? 'too_late' : null;
    case 'close':
      return now < closesAt ? 'too_early' : null;
    case 'end':
    case 'result':
    case 'correct':
      return now < endsAt ? 'too_early' : null;
    default:
      return null;
  }
}

function resultAfter(session: SessionState, act: SessionAct): GameResult {
  if (act.kind === 'result' || act.kind === 'correct') return act.result;
  return act.kind === 'void' ? 'VOID' : session.result;
}

function refuse(code: SessionRefusal): SessionRefused {
  return { ok: false, code };
}
