/**
 * The database of a simulation: the store in memory, what the sweep asks of it, and the invariants that must hold
 * after every commit.
 */
import type { DueStore } from '../../../src/callbacks/deliver.ts';
import type { Callback, CallbackActOutcome, CallbackDoneOutcome } from '../../../src/core/callback-types.ts';
import { LEASE_MS } from '../../../src/core/delivery.ts';
import { type Instant, type PlayerId, type TransferId, trusted } from '../../../src/core/ids.ts';
import type { Answered, Command, Outcome, RoundEndOutcome } from '../../../src/core/ledger-types.ts';
import { T0 } from '../../model/cast.ts';
import { MemoryStore } from '../../model/store.ts';
import type { Chance } from '../../simulation/random.ts';
import type { SimCast } from './cast.ts';
import type { Clock, Owner } from './clock.ts';

export interface ShelfParts {
  readonly cast: SimCast;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: (line: () => string) => void;
}

export interface Committed {
  readonly outcomes: Outcome[];
  /** Callbacks the committing node has taken on. */
  readonly due: readonly Callback[];
}

export class Shelf {
  readonly store: MemoryStore;
  readonly counts: Record<string, number> = {};
  /** Callbacks that were given up, or settled by hand, at any time. */
  readonly wereListed = new Set<TransferId>();
  readonly wereResolved = new Set<TransferId>();
  private readonly parts: ShelfParts;

  constructor(parts: ShelfParts) {
    this.parts = parts;
    this.store = new MemoryStore(parts.cast);
  }

  /**
   * Applies a batch at this instant. Throws for whatever the database or the invariants refuse. `delivers` is false of
   * a program that delivers nothing.
   */
  commit(commands: readonly Command[], { name, delivers }: { name: string; delivers: boolean }): Committed {
    const asking = new Set(this.open().flatMap((each) => (each.state === 'asking' ? [each.playerId] : [])));
    const outcomes = this.store.run(commands, this.instant(), { delivers });
    this.parts.log(
      () => `${name} commits ${commands.map((each, index) => shown(each, outcomes[index])).join('; ')}`,
    );
    for (const [index, command] of commands.entries()) this.note(command, outcomes[index]);
    assertSilence(commands, outcomes, asking);
    this.assertLines();
    this.assertPromises();
    return { outcomes, due: this.store.due };
  }

  /** True when nothing is to be asked or told. */
  isEmpty(): boolean {
    return this.open().length === 0;
  }

  /** How long until something is due, in ms; null = nothing is. */
  nextDueMs(): number | null {
    const times = this.open().flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt - this.instant()]));
    return times.length === 0 ? null : Math.min(...times);
  }

  /** As the SQL of src/db/callback.ts does. */
  dueStore(owner: Owner): DueStore {
    const { clock, chance, cast } = this.parts;
    const trip = () => clock.pause(1 + chance.below(5), owner);
    const due = (state: Callback['state']) =>
      this.open().filter(
        (each) => each.state === state && each.nextAt !== null && each.nextAt <= this.instant(),
      );
    const isHead = ({ id, playerId }: Callback) =>
      !this.open().some((each) => each.playerId === playerId && each.id < id);
    return {
      orphans: async (limit) => {
        await trip();
        return this.takeOn(due('asking').slice(0, limit)).map((callback) => ({
          callback,
          fundsId: cast.agents.find(({ id }) => id === callback.agentId)!.potId,
        }));
      },
      agents: async () => {
        await trip();
        return [...new Set(due('due').map(({ agentId }) => agentId))];
      },
      due: async (agentId, limit) => {
        await trip();
        const found = due('due').filter((each) => each.agentId === agentId && isHead(each));
        return this.takeOn(found.slice(0, limit));
      },
      letGo: async (ids) => {
        await trip();
        for (const each of ids.map((id) => this.store.callbacks.get(id)))
          if (each?.state === 'due' && each.nextAt !== null) each.nextAt = this.instant();
      },
    };
  }

  private instant(): Instant {
    return trusted(T0 + this.parts.clock.now());
  }

  private open(): Callback[] {
    return [...this.store.callbacks.values()].filter(({ state }) => state === 'asking' || state === 'due');
  }

  private takeOn(callbacks: readonly Callback[]): Callback[] {
    return callbacks.map((callback) => {
      const taken = { ...callback, nextAt: trusted<Instant>(this.instant() + LEASE_MS) };
      this.store.callbacks.set(callback.id, { ...taken });
      return taken;
    });
  }

  /** A line that is not empty has a head somebody will look after. */
  private assertLines(): void {
    for (const { id, nextAt } of this.heads())
      if (nextAt === null) throw new Error(`nobody looks after ${id}, the head of its line`);
  }

  private heads(): Iterable<Callback> {
    const heads = new Map<PlayerId, Callback>();
    for (const callback of this.open()) {
      const head = heads.get(callback.playerId);
      if (head === undefined || callback.id < head.id) heads.set(callback.playerId, callback);
    }
    return heads.values();
  }

  /** A POT promises what is asked for, and nothing else. */
  private assertPromises(): void {
    const { accounts, reservations, callbacks } = this.store;
    const held = [...reservations.values()].filter(({ state }) => state === 'held');
    for (const { potId } of this.parts.cast.agents) {
      const own = held.filter(({ debit }) => debit === potId);
      const sum = own.reduce((total, { amount }) => total + amount, 0n);
      const { reserved } = accounts.get(potId)!;
      if (reserved !== sum) throw new Error(`POT ${potId} promises ${reserved}, held are ${sum}`);
    }
    for (const { id } of held)
      if (callbacks.get(id)?.state !== 'asking') throw new Error(`${id} is promised, and not asked for`);
    for (const { id, state } of this.open())
      if (state === 'asking' && reservations.get(id)?.state !== 'held')
        throw new Error(`${id} is asked for, and not promised`);
  }

  private note(command: Command, outcome: Outcome | undefined): void {
    if (command.kind === 'settle_asked' && !(outcome as Answered).replayed) {
      this.count(command.item === null ? 'orphan' : command.verdict);
    } else if (command.kind === 'callback_done') {
      const { fate } = outcome as CallbackDoneOutcome;
      if (fate !== 'delivered') this.count(fate);
      if (fate === 'listed') this.wereListed.add(command.id);
    } else if (command.kind === 'callback_act' && (outcome as CallbackActOutcome).ok) {
      this.count(command.act);
      if (command.act === 'resolve') this.wereResolved.add(command.id);
    }
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

/** While a question is open, nothing else of its player is decided. */
function assertSilence(
  commands: readonly Command[],
  outcomes: readonly Outcome[],
  asking: ReadonlySet<PlayerId>,
): void {
  const settled = new Set(commands.flatMap((each) => (each.kind === 'settle_asked' ? [each.player.id] : [])));
  for (const [index, command] of commands.entries()) {
    const playerId = playerOf(command);
    if (playerId === null || !asking.has(playerId) || settled.has(playerId)) continue;
    const outcome = outcomes[index] as Answered | { readonly kind: 'wait' | 'ask' } | RoundEndOutcome;
    const isSilent =
      'ok' in outcome
        ? !outcome.ok && outcome.code === 'bet_in_flight'
        : outcome.kind === 'wait' || (outcome.kind === 'answered' && outcome.replayed);
    if (!isSilent) throw new Error(`${playerId} has a question open, and ${shown(command, outcomes[index])}`);
  }
}

function playerOf(command: Command): PlayerId | null {
  if (command.kind === 'studio_item') return command.player?.id ?? null;
  return command.kind === 'round_end' ? command.key.playerId : null;
}

/** A command and its outcome in few words. */
function shown(command: Command, outcome: Outcome | undefined): string {
  const said = JSON.stringify(outcome, (key, value) =>
    typeof value === 'bigint' ? String(value) : key === 'bet' || key === 'callback' ? undefined : value,
  );
  switch (command.kind) {
    case 'studio_item':
      return `${command.type} ${command.id} of ${command.player?.id} ${command.amount ?? ''} ${said}`;
    case 'settle_asked':
      return `settle ${command.id} ${command.verdict}${command.item === null ? ' (orphan)' : ''} ${said}`;
    case 'callback_done':
      return `done ${command.id} ${command.delivered} ${said}`;
    case 'callback_act':
      return `${command.act} ${command.id} ${said}`;
    default:
      return `${command.kind} ${said}`;
  }
}
