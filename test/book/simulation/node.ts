/**
 * A node of the hub, as far as the rain book goes: the real placing and the real reconciler over a ledger writer that
 * commits to the shared store, and a settlement in chunks. All that a node remembers dies with it.
 */
import { decideAct } from '../../../src/core/book/session-machine.ts';
import type {
  BookPlace,
  BookSession,
  BookTransfer,
  BookTransferOutcome,
} from '../../../src/core/book/types.ts';
import type { Command } from '../../../src/core/ledger-types.ts';
import { LedgerFault } from '../../../src/engine/ledger-writer.ts';
import { openPlacing, type Placed, type Placing } from '../../../src/rain/place.ts';
import { type BetReconciler, openBetReconciler } from '../../../src/rain/reconcile-bets.ts';
import { type Clock, type Owner, WORLD } from '../../seamless/simulation/clock.ts';
import { never } from '../../seamless/simulation/network.ts';
import { strike } from '../../seamless/simulation/plan.ts';
import { SimWriter } from '../../seamless/simulation/writer.ts';
import type { Chance } from '../../simulation/random.ts';
import { type Ground, setSession } from '../cast.ts';
import { settlingOf } from '../steps.ts';
import type { KRain } from './krain.ts';
import type { Plan } from './plan.ts';
import type { BookShelf } from './shelf.ts';

export interface NodeParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly plan: Plan;
  readonly ground: Ground;
  readonly shelf: BookShelf;
  readonly krain: KRain;
  readonly isFaulty: () => boolean;
  readonly onBug: (error: unknown) => void;
  readonly log: (line: () => string) => void;
}

const DOWN_MS = [0, 100, 2000, 15_000];
const STALL_MS_MAX = 12_000;
const RECONCILE_MS = 1000;
const SETTLE_MS = 700;

/** From a start to the next end. */
interface Life {
  readonly owner: Owner;
  readonly writer: SimWriter;
  readonly placing: Placing;
  readonly reconciler: BetReconciler;
}

export class BookNode {
  readonly counts = { crash: 0, chunks: 0 };
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
    return this.life !== null;
  }

  place(command: BookPlace): Promise<Placed> {
    return this.serve(({ placing }) => placing.place(command));
  }

  transfer(command: BookTransfer): Promise<BookTransferOutcome> {
    return this.serve(({ writer }) => writer.submit(command));
  }

  /** Loses all it remembers, and begins anew after so long. */
  crash(downMs: number): void {
    if (this.life === null) return;
    this.counts.crash += 1;
    this.life.owner.alive = false;
    this.life = null;
    this.parts.log(() => `${this.name}.${this.lives} ends, down for ${downMs} ms`);
    this.parts.clock.after(downMs, WORLD, () => this.begin());
  }

  private begin(): void {
    this.lives += 1;
    const owner: Owner = { name: `${this.name}.${this.lives}`, alive: true };
    this.life = this.makeLife(owner);
    this.loop(owner, RECONCILE_MS, async ({ reconciler }) => void (await reconciler.run()));
    this.loop(owner, SETTLE_MS, (life) => this.settle(life));
  }

  /** Rejects where the ledger does; never ends when the node dies. */
  private async serve<T>(work: (life: Life) => Promise<T>): Promise<T> {
    if (this.life === null) throw new LedgerFault('closing');
    try {
      return await work(this.life);
    } catch (error) {
      if (!(error instanceof LedgerFault)) this.parts.onBug(error);
      throw error;
    }
  }

  private loop(owner: Owner, everyMs: number, work: (life: Life) => Promise<void>): void {
    const { clock, chance, onBug } = this.parts;
    clock.after(everyMs + chance.below(everyMs), owner, () => {
      if (this.life === null) return;
      work(this.life)
        .catch((error) => {
          if (!(error instanceof LedgerFault)) onBug(error);
        })
        .then(() => this.loop(owner, everyMs, work));
    });
  }

  private atStep(owner: Owner, step: string): Promise<void> | undefined {
    const { clock, chance, plan, isFaulty, log } = this.parts;
    const fault = isFaulty() ? strike(chance, plan.step) : null;
    if (fault === null) return;
    log(() => `${owner.name} ${fault} at ${step}`);
    if (fault === 'stall') return clock.pause(chance.below(STALL_MS_MAX), owner);
    if (owner.alive) this.crash(chance.pick(DOWN_MS));
    return never();
  }

  private makeLife(owner: Owner): Life {
    const { chance, shelf, krain } = this.parts;
    const writer = new SimWriter({
      ...this.parts,
      owner,
      crash: () => this.crash(chance.pick(DOWN_MS)),
      onDue: null,
    });
    const [sql, market] = [shelf.sqlOf(owner), krain.clientOf(owner)];
    const placing = openPlacing({ sql, writer, market, atStep: (step) => this.atStep(owner, step) });
    const { isAsking } = placing;
    // Its pauses are of the real clock, which stands still here.
    const reconciler = openBetReconciler({ sql, writer, market, isAsking, pauseMs: 0, pauseMsMax: 0 });
    return { owner, writer, placing, reconciler };
  }

  // ---- settlement -----------------------------------------------------------------------------------------------

  /** As src/rain/settle.ts does by SQL: chunk by chunk, whatever is not posted under the session's result. */
  private async settle({ writer }: Life): Promise<void> {
    const { ground } = this.parts;
    for (const id of ground.cast.sessions) {
      const { status, version } = ground.store.sessions.get(id)!;
      if (status !== 'UNSETTLED' || version === 0) continue;
      for (const chunk of this.chunks(id, version)) {
        this.counts.chunks += 1;
        await writer.submitAll(chunk);
      }
      this.markSettled(id, version);
    }
  }

  private due(id: BookSession['id'], version: number): Command[] {
    const { store, cast } = this.parts.ground;
    const positions = [...store.positions.values()].filter(
      (each) => each.sessionId === id && each.version !== version,
    );
    return positions.map(({ playerId }) =>
      settlingOf(cast.players.find((each) => each.id === playerId)!, id),
    );
  }

  private chunks(id: BookSession['id'], version: number): Command[][] {
    const due = this.due(id, version);
    const { chunk } = this.parts.plan;
    return due.flatMap((_, index) => (index % chunk === 0 ? [due.slice(index, index + chunk)] : []));
  }

  private markSettled(id: BookSession['id'], version: number): void {
    const { ground, shelf, log } = this.parts;
    const session = ground.store.sessions.get(id)!;
    const left = this.due(id, version).length;
    const state = { ...session, endsAt: session.closesAt, quoteUntil: null };
    const after = decideAct(state, { kind: 'settled', version, left }, shelf.now());
    if (!after.ok) return;
    log(() => `session ${id} is ${after.status} by version ${version}`);
    setSession(ground, id, { status: after.status, market: after.market });
  }
}
