/**
 * Who uses the book: players at their pages and the operators that move their money. Their requests get lost, their
 * answers too, and some arrive twice; each asks again under the same id until it has an answer it can rely on.
 */
import type { BookPlace, BookTransfer, BookTransferOutcome } from '../../../src/core/book/types.ts';
import { LedgerFault } from '../../../src/engine/ledger-writer.ts';
import type { Placed } from '../../../src/rain/place.ts';
import { type Clock, WORLD } from '../../seamless/simulation/clock.ts';
import { strike } from '../../seamless/simulation/plan.ts';
import type { Chance } from '../../simulation/random.ts';
import type { CastPlayer, Ground } from '../cast.ts';
import type { BookNode } from './node.ts';
import type { Plan, RequestFault } from './plan.ts';

/** Something asked for under an id, and what was heard of it. */
export interface Wish<Command, Answer> {
  readonly command: Command;
  /** How often it may have arrived. */
  sent: number;
  /** Null: nothing yet that can be relied on. */
  answer: Answer | null;
}
export type BetWish = Wish<BookPlace, Placed>;
export type MoneyWish = Wish<BookTransfer, BookTransferOutcome>;

export interface PeopleParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly plan: Plan;
  readonly ground: Ground;
  readonly nodes: readonly BookNode[];
  readonly isFaulty: () => boolean;
  readonly onBug: (error: unknown) => void;
  readonly log: (line: () => string) => void;
}

const TIMEOUT_MS = 6000;
const AGAIN_MS_MAX = 800;
const LOOK_MS_MAX = 700;
const STAKES = [100n, 101n, 777n, 1000n, 2500n, 5000n, 10_000n, 10_001n];

export class People {
  readonly bets: BetWish[] = [];
  readonly moneys: MoneyWish[] = [];
  private readonly parts: PeopleParts;
  private busy = 0;

  constructor(parts: PeopleParts) {
    this.parts = parts;
  }

  begin(): void {
    const { ground, plan } = this.parts;
    for (const player of ground.cast.players) {
      for (let tab = 0; tab < plan.tabsPerPlayer; tab++) this.start(this.play(player, tab));
      this.start(this.moveMoney(player));
    }
  }

  isThrough(): boolean {
    return this.busy === 0;
  }

  private start(course: Promise<void>): void {
    this.busy += 1;
    course.catch(this.parts.onBug).finally(() => {
      this.busy -= 1;
    });
  }

  // ---- players --------------------------------------------------------------------------------------------------

  private async play(player: CastPlayer, tab: number): Promise<void> {
    const { clock, chance, plan } = this.parts;
    for (let nth = 0; nth < plan.betsPerTab; nth++) {
      await clock.pause(1 + chance.below(plan.pauseMsMax), WORLD);
      const command = this.look(player, `${tab}-${nth}`);
      // Odds may move between the look and the bet.
      await clock.pause(1 + chance.below(LOOK_MS_MAX), WORLD);
      const wish: BetWish = { command, sent: 0, answer: null };
      this.bets.push(wish);
      await this.insist(wish, (node, command) => node.place(command));
    }
  }

  private look(player: CastPlayer, key: string): BookPlace {
    const { chance, ground, plan } = this.parts;
    const open = ground.cast.sessions.filter((id) => ground.store.sessions.get(id)!.status === 'OPEN');
    const sessionId = chance.pick(open.length > 0 && chance.happens(90) ? open : ground.cast.sessions);
    const { quote } = ground.store.sessions.get(sessionId)!;
    const type = chance.pick(['RAIN', 'NO_RAIN'] as const);
    const odds = (type === 'RAIN' ? quote?.rain : quote?.dry) ?? 2000;
    const { visitId } = player;
    const stake = chance.pick(STAKES);
    return {
      kind: 'book_place',
      player,
      visitId,
      sessionId,
      key,
      type,
      odds,
      stake,
      ip: null,
      krainMs: plan.krainMs,
    };
  }

  // ---- operators ------------------------------------------------------------------------------------------------

  private async moveMoney(player: CastPlayer): Promise<void> {
    const { clock, chance, plan } = this.parts;
    for (let nth = 0; nth < plan.transfersPerPlayer; nth++) {
      await clock.pause(1 + chance.below(2 * plan.pauseMsMax), WORLD);
      const wish: MoneyWish = { command: this.transfer(player, nth), sent: 0, answer: null };
      this.moneys.push(wish);
      await this.insist(wish, (node, command) => node.transfer(command));
      if (chance.happens(10)) await this.reuse(wish);
    }
  }

  private transfer(player: CastPlayer, nth: number): BookTransfer {
    const { chance } = this.parts;
    const direction = nth === 0 ? 'deposit' : chance.pick(['deposit', 'withdraw', 'withdraw'] as const);
    const isAll = direction === 'withdraw' && chance.happens(40);
    const amount = isAll ? 'all' : BigInt(nth === 0 ? 20_000 : 1 + chance.below(12_000));
    const { outsideId } = player;
    return { kind: 'book_transfer', direction, player, outsideId, tsCode: `${player.id}-${nth}`, amount };
  }

  /** Another amount under the same code: never taken, whatever the first came to be. */
  private async reuse({ command, answer }: MoneyWish): Promise<void> {
    if (answer?.ok !== true) return;
    const wish: MoneyWish = { command: { ...command, amount: 12_001n }, sent: 0, answer: null };
    await this.insist(wish, (node, other) => node.transfer(other));
    if (wish.answer?.ok !== false || wish.answer.code !== 'key_reused')
      throw new Error(`${command.tsCode} stands for two transfers`);
  }

  // ---- requests -------------------------------------------------------------------------------------------------

  /** Asks until there is an answer. */
  private async insist<Command, Answer>(
    wish: Wish<Command, Answer>,
    send: (node: BookNode, command: Command) => Promise<Answer>,
  ): Promise<void> {
    const { clock, chance } = this.parts;
    for (;;) {
      const answer = await this.ask(wish, send);
      if (answer !== null) {
        wish.answer = answer;
        return;
      }
      await clock.pause(chance.below(AGAIN_MS_MAX), WORLD);
    }
  }

  private ask<Command, Answer>(
    wish: Wish<Command, Answer>,
    send: (node: BookNode, command: Command) => Promise<Answer>,
  ): Promise<Answer | null> {
    const { clock, chance, plan, isFaulty, onBug } = this.parts;
    const fault = isFaulty() ? strike<RequestFault>(chance, plan.request) : null;
    return new Promise((resolve) => {
      const arrive = (hear: (answer: Answer | null) => void) => {
        wish.sent += 1;
        send(chance.pick(this.parts.nodes), wish.command).then(hear, (error) => {
          if (!(error instanceof LedgerFault)) onBug(error);
          hear(null);
        });
      };
      const hear = (answer: Answer | null) => {
        if (fault !== 'lost_answer') clock.after(1 + chance.below(30), WORLD, () => resolve(answer));
      };
      clock.after(TIMEOUT_MS, WORLD, () => resolve(null));
      if (fault === 'lost_request') return;
      clock.after(1 + chance.below(30), WORLD, () => arrive(hear));
      if (fault === 'doubled') clock.after(1 + chance.below(2000), WORLD, () => arrive(() => {}));
    });
  }
}
