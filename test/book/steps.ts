/** Streams of what can happen to a book: made by fast-check, performed on the store and heard by the naive model. */
import fc from 'fast-check';
import type { GameResult, MarketAnswer } from '../../src/core/book/types.ts';
import { type BetId, type Instant, trusted } from '../../src/core/ids.ts';
import type { Command, Outcome } from '../../src/core/ledger-types.ts';
import {
  type CastPlayer,
  type Ground,
  type GroundWish,
  HOUR_MS,
  KRAIN,
  openGround,
  POOL,
  quoteOf,
  RULES,
  setPlayer,
  setSession,
  T0,
} from './cast.ts';
import type { NaiveBook } from './naive.ts';

export const WISH: GroundWish = {
  players: [2, 1],
  sessions: RULES.map((rules) => ({ rules, closesMs: 6 * HOUR_MS })),
};

/** A step is a handful of numbers: what they mean depends on what there is when it is performed. */
export interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly player: number;
  readonly session: number;
  readonly choice: number;
  readonly amount: number;
  readonly key: number;
}

const KINDS = [
  ...(['place', 'place', 'place', 'place', 'place', 'place'] as const),
  ...(['deposit', 'deposit', 'deposit', 'withdraw', 'withdraw_all', 'repeat'] as const),
  ...(['answer', 'answer', 'answer', 'answer', 'settle', 'settle', 'settle', 'settle'] as const),
  ...(['odds', 'status', 'result', 'result', 'limits', 'time'] as const),
] as const;

/** Evenly: numbers near nought, which fast-check is fond of, make a player who has nothing. */
const evenly = (max: number) => fc.noBias(fc.nat(max));

export const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS),
  player: evenly(2),
  session: evenly(RULES.length - 1),
  choice: evenly(99),
  amount: evenly(20_000),
  key: evenly(200),
});

/** Something that happened, so that it can happen again to another store. */
export type Happening =
  | { readonly kind: 'command'; readonly now: Instant; readonly command: Command; readonly outcome: Outcome }
  | { readonly kind: 'act'; readonly act: (ground: Pick<Ground, 'store' | 'model'>) => void };

export interface Performance extends Ground {
  readonly happened: readonly Happening[];
  readonly now: Instant;
}

/** Performs steps one by one: after each the model has said whether the answer was right. */
export function perform(steps: readonly Step[], after: (stage: Stage) => void = () => {}): Performance {
  const stage = new Stage(openGround(WISH));
  for (const step of steps) {
    stage.step(step);
    after(stage);
  }
  return { ...stage.ground, happened: stage.happened, now: stage.now };
}

const RESULTS: readonly GameResult[] = ['RAIN', 'RAIN', 'NO_RAIN', 'NO_RAIN', 'VOID'];
const STAKES = [100n, 101n, 999n, 1000n, 1000n, 3333n, 5000n, 10_000n];

export class Stage {
  readonly ground: Ground;
  readonly happened: Happening[] = [];
  now: Instant = T0;

  constructor(ground: Ground) {
    this.ground = ground;
  }

  step(step: Step): void {
    const { choice } = step;
    const player = this.ground.cast.players[step.player % this.ground.cast.players.length]!;
    const sessionId = this.ground.cast.sessions[step.session]!;
    const quote = this.quote(step);
    const does: Readonly<Record<Step['kind'], () => void>> = {
      place: () => this.submit(this.placing(step, player)),
      deposit: () => this.submit(transferOf(player, { ...step, amount: 5 * step.amount }, 'deposit')),
      withdraw: () => this.submit(transferOf(player, step, 'withdraw')),
      withdraw_all: () => this.submit({ ...transferOf(player, step, 'withdraw'), amount: 'all' }),
      answer: () => this.answer(step),
      repeat: () => this.repeat(choice),
      settle: () => this.settle(step),
      odds: () => this.act((books) => setSession(books, sessionId, { quote })),
      status: () => this.status(step),
      result: () => this.result(step),
      limits: () => this.limits(step, player),
      time: () => {
        this.now = trusted(this.now + (choice % 20 === 0 ? HOUR_MS : choice * 1000));
      },
    };
    does[step.kind]();
  }

  submit(command: Command): void {
    const [outcome] = this.ground.store.run([command], this.now) as [Outcome];
    hear(this.ground.model, { kind: 'command', now: this.now, command, outcome });
    this.happened.push({ kind: 'command', now: this.now, command, outcome });
  }

  act(act: (ground: Pick<Ground, 'store' | 'model'>) => void): void {
    act(this.ground);
    this.happened.push({ kind: 'act', act });
  }

  private placing(step: Step, player: CastPlayer): Command & { kind: 'book_place' } {
    const { cast, model } = this.ground;
    const open = cast.sessions.filter((id) => model.sessions.get(id)!.version === 0);
    const sessionId =
      (step.choice < 90 ? open[step.session % (open.length || 1)] : null) ?? cast.sessions[step.session]!;
    const { quote } = this.ground.model.sessions.get(sessionId)!;
    const type = step.amount % 2 === 0 ? 'RAIN' : 'NO_RAIN';
    const shown = (type === 'RAIN' ? quote?.rain : quote?.dry) ?? 2500;
    return {
      kind: 'book_place',
      player,
      visitId: step.choice === 0 ? player.endedVisitId : player.visitId,
      sessionId,
      key: `bet${step.key}`,
      type,
      odds: step.choice === 1 ? shown + 10 : shown,
      stake: step.choice === 2 ? BigInt(step.amount) + 1n : STAKES[step.amount % STAKES.length]!,
      ip: null,
      krainMs: 5000,
    };
  }

  private answer({ choice, key }: Step): void {
    const { bets } = this.ground.model;
    const open = bets.filter(({ status }) => status === 'TEMP' || status === 'CHECK');
    const bet = choice < 80 ? open[key % (open.length || 1)] : bets[key % (bets.length || 1)];
    const asked = bet?.krainStake ?? 0n;
    const part = bet?.krainWhole ? asked : (asked * BigInt(choice % 7)) / 6n;
    const player = this.ground.cast.players.find((each) => each.id === bet?.player);
    if (player === undefined) return;
    const sessionId = trusted<Ground['cast']['sessions'][number]>(bet?.session ?? 0);
    const betId = trusted<BetId>(choice === 99 ? 5 : (bet?.id ?? 0));
    const answer = answerOf(choice, { stake: part, odds: bet?.krainOdds ?? 2000 });
    this.submit({ kind: 'book_answer', player, sessionId, betId, answer });
  }

  private repeat(choice: number): void {
    const commands = this.happened.flatMap((each) => (each.kind === 'command' ? [each.command] : []));
    const command = commands.at(-1 - (choice % (commands.length || 1)));
    if (command !== undefined) this.submit(command);
  }

  private quote({ choice, amount }: Step) {
    if (choice === 0) return null;
    const until = this.now + (choice % 10 === 0 ? -1 : 10 * HOUR_MS);
    return quoteOf(choice, { rain: 1100 + (amount % 60) * 100, dry: 1030 + (amount % 97) * 10 }, until);
  }

  /** Mostly of somebody who has bet in a session whose result is known. */
  private settle({ player, session, choice }: Step): void {
    const { cast, model } = this.ground;
    const due = model.bets.filter((bet) => model.sessions.get(bet.session)!.version > 0);
    const bet = due[choice % (due.length || 1)];
    const of = cast.players.find(({ id }) => id === bet?.player) ?? cast.players[player]!;
    const sessionId = cast.sessions.find((id) => id === bet?.session) ?? cast.sessions[session]!;
    this.submit(settlingOf(of, sessionId));
  }

  private status({ session, choice }: Step): void {
    const sessionId = this.ground.cast.sessions[session]!;
    if (this.ground.model.sessions.get(sessionId)!.version > 0) return;
    const status = choice < 80 ? 'OPEN' : (['CLOSE', 'SUSPEND', 'READY'] as const)[choice % 3]!;
    const market = choice % 10 > 2 ? 'OPEN' : 'SUSPEND';
    this.act((books) => setSession(books, sessionId, { status, market }));
  }

  /** The first result, or a correction; mostly only where something was bet. */
  private result({ session, choice }: Step): void {
    const sessionId = this.ground.cast.sessions[session]!;
    if (this.ground.model.inSession(sessionId).length < choice % 6) return;
    const version = this.ground.model.sessions.get(sessionId)!.version + 1;
    const result = RESULTS[choice % RESULTS.length]!;
    this.act((books) =>
      setSession(books, sessionId, { status: 'UNSETTLED', market: 'CLOSE', result, version }),
    );
  }

  private limits({ choice, amount }: Step, { id, visitId }: CastPlayer): void {
    const { own } = this.ground.model.players.get(id)!;
    const { now } = this;
    const change = [
      { maxExposure: BigInt(amount) },
      { maxExposure: 15_000n },
      { own: { ...own, maxBet: choice % 2 === 0 ? BigInt(amount) : null } },
      { nextOwn: { ...own, maxBet: null }, nextOwnAt: trusted<Instant>(now + choice * 60_000) },
      { mayBet: choice % 5 > 0 },
      { excludedUntil: trusted<Instant>(now + choice * 1000) },
      { mayBet: true, excludedUntil: null, maxBet: 10_000n },
      { maxBet: BigInt(100 + amount) },
    ][choice % 8]!;
    this.act((books) => setPlayer(books, id, change));
    if (choice > 96)
      this.act(({ store, model }) => {
        store.visits.delete(visitId);
        model.visits.delete(visitId);
      });
  }
}

export function settlingOf(player: CastPlayer, sessionId: Ground['cast']['sessions'][number]): Command {
  return { kind: 'book_settle', sessionId, player, accounts: { poolId: POOL, krainId: KRAIN } };
}

function transferOf(player: CastPlayer, { amount, key }: Step, direction: 'deposit' | 'withdraw') {
  const { outsideId } = player;
  const wished = BigInt(1 + amount);
  return { kind: 'book_transfer', direction, player, outsideId, tsCode: `ts${key}`, amount: wished } as const;
}

function answerOf(choice: number, { stake, odds }: { stake: bigint; odds: number }): MarketAnswer {
  if (choice % 10 < 2) return { kind: 'unknown' };
  if (choice % 10 < 4) return { kind: 'refused', reason: 'krain_refused' };
  const better = odds + (choice % 4) * 10;
  return { kind: 'matched', stake, odds: better, win: (stake * BigInt(better)) / 1000n - stake };
}

/** Tells the model what was commanded and what was answered. */
export function hear(model: NaiveBook, { command, outcome, now }: Happening & { kind: 'command' }): void {
  switch (command.kind) {
    case 'book_transfer':
      model.transfer(command, outcome as never);
      return;
    case 'book_place':
      model.place(command, outcome as never, now);
      return;
    case 'book_answer':
      model.answer(command, outcome as never);
      return;
    case 'book_settle':
      model.settle(command, outcome as never);
      return;
    default:
      throw new Error(`no command of the book: ${command.kind}`);
  }
}
