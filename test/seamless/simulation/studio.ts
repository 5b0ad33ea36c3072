/**
 * A game studio in the simulation: every item is sent with its id, to any node, again and again, until it has a
 * definite answer. All answers that were ever given to an id must be the same. What is sent is in acts.ts.
 */
import assert from 'node:assert/strict';
import type { ItemAnswer, RoundEnd, StudioItem } from '../../../src/core/ledger-types.ts';
import type { Chance } from '../../simulation/random.ts';
import { ACTS, type Ending, type Operation, type Studio, type Wish } from './acts.ts';
import { commandOf, type SimPlayer, STUDIO } from './cast.ts';
import { type Clock, WORLD } from './clock.ts';
import type { SimNode } from './node.ts';
import { type Plan, type RequestFault, strike } from './plan.ts';
import type { Shelf } from './shelf.ts';

export interface StudioParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly plan: Plan;
  readonly players: readonly SimPlayer[];
  readonly shelf: Shelf;
  readonly nodes: readonly SimNode[];
  readonly isFaulty: () => boolean;
  readonly onBug: (error: unknown) => void;
  readonly log: (line: () => string) => void;
}

const TIMEOUTS_MS = [900, 4000, 9000];
const REPEAT_MS_MAX = 1500;

export class SimStudio implements Studio {
  /** By id: everything that was ever sent. */
  readonly operations = new Map<string, Operation>();
  readonly endings: Ending[] = [];
  readonly chance: Chance;
  private readonly parts: StudioParts;
  /** Answers that were given, heard or not. */
  private readonly given = new Map<string, ItemAnswer>();
  private tabsOpen = 0;
  private rounds = 0;

  constructor(parts: StudioParts) {
    this.parts = parts;
    this.chance = parts.chance;
  }

  /** Opens every tab. */
  begin(): void {
    const { players, plan, onBug } = this.parts;
    for (const player of players)
      for (let tab = 0; tab < plan.tabsPerPlayer; tab++) {
        this.tabsOpen += 1;
        this.play(player).then(() => {
          this.tabsOpen -= 1;
        }, onBug);
      }
  }

  /** True once every tab is through. */
  isThrough(): boolean {
    return this.tabsOpen === 0;
  }

  /** Asks every id once more. */
  async askAgain(): Promise<void> {
    await Promise.all([...this.operations.values()].map((each) => this.once([each])));
  }

  private async play(player: SimPlayer): Promise<void> {
    const { plan, players } = this.parts;
    for (let act = 0; act < plan.actsPerTab; act++) {
      await this.pause(plan.pauseMsMax);
      this.rounds += 1;
      const tab = { player, other: this.chance.pick(players), round: `r${this.rounds}` };
      await this.chance.pick(ACTS)(this, tab);
    }
  }

  note(wish: Wish): Operation {
    const id = `${wish.player.username}-${wish.type}${this.operations.size}`;
    const rest = { round: null, amount: null, reference: null, closesRound: false };
    const operation: Operation = { ...rest, ...wish, id, answer: null };
    this.operations.set(id, operation);
    return operation;
  }

  pause(msMax: number): Promise<void> {
    return this.parts.clock.pause(this.chance.below(msMax + 1), WORLD);
  }

  async insist(...list: readonly Operation[]): Promise<void> {
    for (let tries = 0; list.some(({ answer }) => answer === null); tries++) {
      if (tries > 0) await this.pause(REPEAT_MS_MAX);
      const isDoubled = this.drawFault() === 'doubled';
      await Promise.all(isDoubled ? [this.once(list), this.once(list)] : [this.once(list)]);
    }
    if (this.chance.happens(5)) await this.once(list);
  }

  async endRound(ending: Ending): Promise<void> {
    this.endings.push(ending);
    const { mode, player, game, round: ref, amount } = ending;
    const { id: playerId, agentId, walletId, fundsId } = player;
    const end: RoundEnd = {
      kind: 'round_end',
      mode,
      key: { gameId: game.id, ref, playerId },
      studioId: STUDIO,
      agentId,
      walletId,
      fundsId,
      vendorAccount: player.vendorAccounts.get(game.vendorId)!,
      game,
      amount,
    };
    const once = () => this.request((node) => node.rounds([end]));
    while ((await once()) === null) await this.pause(REPEAT_MS_MAX);
  }

  /** One request; keeps what is heard of it, if anything is. */
  private async once(list: readonly Operation[]): Promise<void> {
    const heard = await this.request(async (node) => {
      const answered = await node.items(() => list.map((each) => this.toCommand(each)));
      for (const [index, { answer }] of answered.entries()) this.check(list[index]!, answer);
      return answered;
    });
    for (const [index, { answer }] of heard?.entries() ?? []) list[index]!.answer = answer;
  }

  private check({ id }: Operation, answer: ItemAnswer): void {
    const before = this.given.get(id);
    if (answer.status === 'pending') this.parts.onBug(new Error(`${id} is answered pending`));
    this.given.set(id, answer);
    try {
      if (before !== undefined) assert.deepEqual(answer, before, `${id} had another answer`);
    } catch (error) {
      this.parts.onBug(error);
    }
  }

  /** To some node and back; null when the studio can't know. */
  private request<T>(work: (node: SimNode) => Promise<T>): Promise<T | null> {
    const { clock, nodes } = this.parts;
    const fault = this.drawFault();
    const node = this.chance.pick(nodes);
    return new Promise((resolve) => {
      const hear = (answer: T | null, afterMs = 1 + this.chance.below(20)) =>
        clock.after(afterMs, WORLD, () => resolve(answer));
      hear(null, this.chance.pick(TIMEOUTS_MS));
      if (fault === 'lost_request') return;
      clock.after(1 + this.chance.below(20), WORLD, () => {
        if (!node.isUp()) hear(null);
        else
          work(node).then(
            (answer) => fault === 'lost_answer' || hear(answer),
            () => hear(null),
          );
      });
    });
  }

  /** As the edge resolves it: a cancel that names only its bet gets the bet's round, if it has an answer by then. */
  private toCommand({
    id,
    type,
    player,
    game,
    amount,
    reference,
    closesRound,
    round,
  }: Operation): StudioItem {
    const kept = this.parts.shelf.store.stored.get(`${STUDIO}/${reference}`);
    const bet = (kept?.outcome as ItemAnswer | null | undefined)?.bet;
    const command = commandOf({ id, type, player, game, amount, reference, closesRound, round });
    return { ...command, round: round ?? bet?.round ?? null };
  }

  private drawFault(): RequestFault | null {
    const { plan, isFaulty } = this.parts;
    return isFaulty() ? strike(this.chance, plan.request) : null;
  }
}
