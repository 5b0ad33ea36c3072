/**
 * A node of the hub: the real play, delivery and exchange over a ledger writer made here, which commits to the shared
 * store. All that a node remembers dies with it.
 */
import { type Delivery, openDelivery } from '../../../src/callbacks/deliver.ts';
import { openExchange } from '../../../src/callbacks/exchange.ts';
import type { Operator } from '../../../src/callbacks/operators.ts';
import { openPlay, type Play } from '../../../src/callbacks/play.ts';
import type { AgentId } from '../../../src/core/ids.ts';
import type { Answered, RoundEnd, RoundEndOutcome, StudioItem } from '../../../src/core/ledger-types.ts';
import { LedgerFault } from '../../../src/engine/ledger-writer.ts';
import type { Chance } from '../../simulation/random.ts';
import { SEAMLESS_USD, type SimCast } from './cast.ts';
import { type Clock, type Owner, WORLD } from './clock.ts';
import { type Network, never } from './network.ts';
import { type Plan, strike } from './plan.ts';
import type { Shelf } from './shelf.ts';
import { SimWriter } from './writer.ts';

export interface NodeParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly plan: Plan;
  readonly cast: SimCast;
  readonly shelf: Shelf;
  readonly network: Network;
  /** True while things fail. */
  readonly isFaulty: () => boolean;
  /** A bug: the schedule fails. */
  readonly onBug: (error: unknown) => void;
  readonly log: (line: () => string) => void;
}

/** What a step throws when it is to: an error of the surroundings, such as a database that can't be read. */
class Injected extends Error {}

const SWEEP_MS = 250;
const STALL_MS_MAX = 14_000;
const DOWN_MS = [0, 100, 2000, 15_000];

/** From a start to the next end. */
interface Life {
  readonly owner: Owner;
  readonly play: Play;
  readonly delivery: Delivery;
  readonly writer: SimWriter;
  isClosing: boolean;
  requests: number;
}

export class SimNode {
  readonly counts = { crash: 0, close: 0 };
  private readonly name: string;
  private readonly parts: NodeParts;
  private life: Life | null = null;
  private lives = 0;

  constructor(name: string, parts: NodeParts) {
    this.name = name;
    this.parts = parts;
    this.begin();
  }

  isUp(): boolean {
    return this.life !== null && !this.life.isClosing;
  }

  /** Plays items as the studio API does; rejects when the studio is to repeat. Never ends when the node dies. */
  items(make: () => readonly StudioItem[]): Promise<Answered[]> {
    return this.serve(({ play }) => play.items(make()));
  }

  rounds(ends: readonly RoundEnd[]): Promise<RoundEndOutcome[]> {
    return this.serve(({ play }) => play.rounds(ends));
  }

  writer(): SimWriter {
    if (this.life === null) throw new LedgerFault('closing');
    return this.life.writer;
  }

  /** Loses all it remembers, and begins anew after so long. */
  crash(downMs: number): void {
    if (this.life === null) return;
    this.counts.crash += 1;
    this.end(this.life, downMs);
  }

  /** Ends as a deployment does: answers what it has taken, closes, begins anew. */
  stop(downMs: number): void {
    if (this.life !== null && !this.life.isClosing) void this.close(this.life, downMs);
  }

  private begin(): void {
    this.lives += 1;
    const owner: Owner = { name: `${this.name}.${this.lives}`, alive: true };
    this.life = this.makeLife(owner);
    this.parts.log(() => `${owner.name} begins`);
    this.sweepOn(this.life);
  }

  private end(life: Life, downMs: number): void {
    const { clock, log } = this.parts;
    log(() => `${life.owner.name} ends, down for ${downMs} ms`);
    life.owner.alive = false;
    if (this.life === life) this.life = null;
    clock.after(downMs, WORLD, () => {
      if (this.life === null) this.begin();
    });
  }

  private async close(life: Life, downMs: number): Promise<void> {
    life.isClosing = true;
    while (life.requests > 0) await this.parts.clock.pause(20, life.owner);
    await life.delivery.close();
    this.counts.close += 1;
    this.end(life, downMs);
  }

  private async serve<T>(work: (life: Life) => Promise<T>): Promise<T> {
    const { life } = this;
    if (life === null || life.isClosing) throw new LedgerFault('closing');
    life.requests += 1;
    try {
      return await work(life);
    } catch (error) {
      this.reportBug(error);
      throw error;
    } finally {
      life.requests -= 1;
    }
  }

  private reportBug(error: unknown): void {
    if (!(error instanceof LedgerFault) && !(error instanceof Injected)) this.parts.onBug(error);
  }

  /** As often as the real loop while something is due; more seldom else, which nobody can tell. */
  private sweepOn(life: Life): void {
    const { clock, shelf, isFaulty } = this.parts;
    const idleMsMax = isFaulty() ? 4 * SWEEP_MS : 20 * SWEEP_MS;
    const waitMs = Math.min(Math.max(shelf.nextDueMs() ?? idleMsMax, SWEEP_MS), idleMsMax);
    clock.after(waitMs, life.owner, () => {
      if (life.isClosing) return;
      life.delivery
        .sweep()
        .catch((error) => this.reportBug(error))
        .then(() => this.sweepOn(life));
    });
  }

  /** Between two steps the node may die, or be held up, as by a slow database. */
  private atStep(owner: Owner, step: string): Promise<void> | undefined {
    const { clock, chance, plan, isFaulty, log } = this.parts;
    const fault = isFaulty() ? strike(chance, plan.step) : null;
    if (fault === null) return;
    log(() => `${owner.name} ${fault} at ${step}`);
    if (fault === 'throw') throw new Injected(step);
    if (fault === 'stall') return clock.pause(chance.below(STALL_MS_MAX), owner);
    if (owner.alive) this.crash(chance.pick(DOWN_MS));
    return never();
  }

  private makeLife(owner: Owner): Life {
    const { clock, chance, plan, cast, shelf, network, log } = this.parts;
    const writer: SimWriter = new SimWriter({
      ...this.parts,
      owner,
      crash: () => this.crash(chance.pick(DOWN_MS)),
      onDue: (callbacks) => delivery.take(callbacks),
    });
    const exchange = openExchange({
      client: network.clientOf(owner),
      operatorOf: async (agentId) => operatorOf(agentId, plan),
      names: {
        username: async (id) => cast.players.find((each) => each.id === id)!.username,
        game: async (id) => ({ id: `game${id}`, type: 'slot', title: '바카라', vendor: 'evolution' }),
      },
    });
    const common = {
      writer,
      exchange,
      pause: (ms: number) => clock.pause(ms, owner),
      atStep: (step: string) => this.atStep(owner, step),
    };
    const delivery = openDelivery({
      ...common,
      store: shelf.dueStore(owner),
      random: () => chance.below(1000) / 1000,
      onError: (error) => this.reportBug(error),
      onListed: ({ id }) => log(() => `${owner.name} gives ${id} up`),
    });
    const play = openPlay({ ...common, delivery, now: clock.now });
    return { owner, play, delivery, writer, isClosing: false, requests: 0 };
  }
}

/** The dollars' agent has slot booster on. */
function operatorOf(agentId: AgentId, { cutoffMs }: Plan): Operator {
  const isBoosted = agentId === SEAMLESS_USD;
  const key = String(agentId);
  return {
    agentId,
    username: `agent${agentId}`,
    currency: isBoosted ? 'USD' : 'KRW',
    wallet: 'seamless',
    slotBooster: isBoosted,
    cutoffMs,
    target: { key, callbackUrl: 'https://operator', userAgent: 'x', secrets: [], tls: null },
  };
}
