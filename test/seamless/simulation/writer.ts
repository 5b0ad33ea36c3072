/** The ledger writer of a simulated node: group commit to the shared store, with all that can become of a batch. */
import type { Callback } from '../../../src/core/callback-types.ts';
import type { Command, Outcome, OutcomeOf } from '../../../src/core/ledger-types.ts';
import { LedgerFault, type LedgerWriter, type WriterFault } from '../../../src/engine/ledger-writer.ts';
import type { Chance } from '../../simulation/random.ts';
import type { Clock, Owner } from './clock.ts';
import { never } from './network.ts';
import { type BatchFault, type Plan, strike } from './plan.ts';
import type { Committed, Shelf } from './shelf.ts';

export interface WriterParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly owner: Owner;
  readonly shelf: Pick<Shelf, 'commit'>;
  readonly plan: Pick<Plan, 'lanes' | 'batch'>;
  readonly isFaulty: () => boolean;
  readonly onBug: (error: unknown) => void;
  readonly crash: () => void;
  /** Null: a program that delivers nothing. */
  readonly onDue: ((callbacks: readonly Callback[]) => void) | null;
  readonly log: (line: () => string) => void;
}

/** Commands submitted together stay together. */
interface Group {
  readonly commands: readonly Command[];
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

const GROUPS_MAX = 8;
const SLOW_MS_MAX = 14_000;
const DOUBT_MS = [1, 200, SLOW_MS_MAX];

export class SimWriter implements Pick<LedgerWriter, 'submit' | 'submitAll'> {
  private readonly parts: WriterParts;
  private readonly queue: Group[] = [];
  private lanesFree: number;

  constructor(parts: WriterParts) {
    this.parts = parts;
    this.lanesFree = parts.plan.lanes;
  }

  async submit<C extends Command>(command: C): Promise<OutcomeOf<C>> {
    const [outcome] = await this.enqueue([command]);
    return outcome as OutcomeOf<C>;
  }

  async submitAll<C extends Command>(commands: readonly C[]): Promise<OutcomeOf<C>[]> {
    return (await this.enqueue(commands)) as OutcomeOf<C>[];
  }

  private enqueue(commands: readonly Command[]): Promise<Outcome[]> {
    if (!this.parts.owner.alive) return never();
    return new Promise((resolve, reject) => {
      this.queue.push({ commands, resolve, reject });
      this.pump();
    });
  }

  /** A free lane takes some of what waits. */
  private pump(): void {
    const { clock, chance, owner, plan, isFaulty } = this.parts;
    while (this.lanesFree > 0 && this.queue.length > 0) {
      this.lanesFree -= 1;
      const groups = this.queue.splice(0, 1 + chance.below(GROUPS_MAX));
      clock.after(1 + chance.below(6), owner, () =>
        this.commit(groups, isFaulty() ? strike(chance, plan.batch) : null),
      );
    }
  }

  private commit(groups: readonly Group[], fault: BatchFault | null): void {
    const { chance, owner, crash, log } = this.parts;
    const commands = groups.flatMap((group) => group.commands);
    if (fault !== null) log(() => `${owner.name} batch of ${commands.map(({ kind }) => kind)}: ${fault}`);
    if (fault === 'overloaded') this.fail(groups, 'overloaded', chance.below(300));
    else if (fault === 'lost') this.fail(groups, 'unknown', chance.pick(DOUBT_MS));
    else if (fault === 'crash_before') crash();
    else {
      const written = this.write(commands);
      if (written !== null) this.tell(groups, written, fault);
    }
  }

  /** What is written is told to this node, if it hears of it. */
  private tell(groups: readonly Group[], { outcomes, due }: Committed, fault: BatchFault | null): void {
    const { clock, chance, owner, crash, onDue } = this.parts;
    if (fault === 'crash_after') crash();
    else if (fault === 'doubtful') this.fail(groups, 'unknown', chance.pick(DOUBT_MS));
    else
      clock.after(chance.below(fault === 'slow' ? SLOW_MS_MAX : 4), owner, () => {
        onDue?.(due);
        if (fault === 'crash_told') crash();
        else this.end(() => groups.map((each) => each.resolve(outcomes.splice(0, each.commands.length))));
      });
  }

  /** Null: a bug, and the end of the schedule. */
  private write(commands: readonly Command[]): Committed | null {
    const { shelf, owner, onDue, onBug } = this.parts;
    try {
      return shelf.commit(commands, { name: owner.name, delivers: onDue !== null });
    } catch (error) {
      onBug(error);
      return null;
    }
  }

  private fail(groups: readonly Group[], fault: WriterFault, afterMs: number): void {
    const { clock, owner } = this.parts;
    clock.after(afterMs, owner, () =>
      this.end(() => groups.map(({ reject }) => reject(new LedgerFault(fault)))),
    );
  }

  private end(answer: () => unknown): void {
    answer();
    this.lanesFree += 1;
    this.pump();
  }
}
