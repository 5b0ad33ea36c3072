/**
 * The callbacks a batch works on: each seamless player's line, and what the batch changes in it.
 *
 * Invariants: at most one bet of a player is in flight; what is told later stands behind what was told before; a line
 * that is not empty has a head somebody will look after (`nextAt`), and only the head.
 */
import type { Callback, CallbackAttempt, CallbackChanges } from './callback-types.ts';
import { LEASE_MS } from './delivery.ts';
import type { Instant, PlayerId, TransferId } from './ids.ts';

export type NewCallback = Omit<Callback, 'state' | 'attempts' | 'nextAt' | 'resolution' | 'at' | 'atMs'>;

export class CallbackBook {
  private readonly known: Map<TransferId, Callback>;
  private readonly lines = new Map<PlayerId, Callback[]>();
  private readonly now: Instant;
  private readonly at: string;
  private readonly delivers: boolean;
  private readonly added = new Set<Callback>();
  private readonly changed = new Set<Callback>();
  private readonly removed = new Set<TransferId>();
  private readonly attempts: CallbackChanges['attempts'][number][] = [];
  private readonly due = new Set<Callback>();

  constructor(
    known: Map<TransferId, Callback>,
    { now, at, delivers = true }: { now: Instant; at: string; delivers?: boolean },
  ) {
    this.known = known;
    this.now = now;
    this.at = at;
    this.delivers = delivers;
    for (const callback of [...known.values()].sort((a, b) => a.id - b.id)) {
      if (callback.state === 'asking' || callback.state === 'due')
        this.lineOf(callback.playerId).push(callback);
    }
  }

  find(id: TransferId): Callback | undefined {
    return this.known.get(id);
  }

  /** True while a bet of the player is with its operator. */
  isAsking(playerId: PlayerId): boolean {
    return this.lineOf(playerId).some((each) => each.state === 'asking');
  }

  /** What has to reach the operator before anything else of the player. */
  headOf(playerId: PlayerId): Callback | undefined {
    return this.lineOf(playerId)[0];
  }

  /** A question: the caller puts it to the operator at once. */
  ask(wanted: NewCallback): Callback {
    return this.add(wanted, 'asking');
  }

  /** A message: behind what the player's operator has not been told yet. */
  tell(wanted: NewCallback): void {
    this.add(wanted, 'due');
  }

  private add(wanted: NewCallback, state: 'asking' | 'due'): Callback {
    const line = this.lineOf(wanted.playerId);
    const callback: Callback = {
      ...wanted,
      at: this.at,
      atMs: this.now,
      state,
      attempts: 0,
      nextAt: null,
      resolution: null,
    };
    line.push(callback);
    this.known.set(callback.id, callback);
    this.added.add(callback);
    if (line[0] === callback) this.takeOn(callback);
    return callback;
  }

  /**
   * The node that commits this looks after it now; should it die, others do after the lease. One that delivers nothing
   * leaves a message to whoever looks next. A question is always put by whoever asks.
   */
  takeOn(callback: Callback): void {
    const isTaken = this.delivers || callback.state === 'asking';
    callback.nextAt = (this.now + (isTaken ? LEASE_MS : 0)) as Instant;
    this.touch(callback);
    if (callback.state === 'due' && isTaken) this.due.add(callback);
  }

  touch(callback: Callback): void {
    if (!this.added.has(callback)) this.changed.add(callback);
  }

  /** Puts a callback that was given up back into its player's line. */
  putBack(callback: Callback): void {
    callback.state = 'due';
    callback.attempts = 0;
    const line = this.lineOf(callback.playerId);
    const place = line.findIndex((each) => each.id > callback.id);
    line.splice(place < 0 ? line.length : place, 0, callback);
    callback.nextAt = null;
    this.touch(callback);
    if (line[0] === callback) this.takeOn(callback);
  }

  /** Takes it out of its line: done with, unless it is kept on the list. The next in line is taken on. */
  leave(callback: Callback, fate: 'done' | 'kept'): void {
    const line = this.lineOf(callback.playerId);
    const place = line.indexOf(callback);
    if (place >= 0) line.splice(place, 1);
    callback.nextAt = null;
    this.due.delete(callback);
    if (fate === 'kept') this.touch(callback);
    else this.remove(callback);
    const [next] = line;
    if (next?.state === 'due' && next.nextAt === null) this.takeOn(next);
  }

  private remove(callback: Callback): void {
    this.known.delete(callback.id);
    this.changed.delete(callback);
    if (!this.added.delete(callback)) this.removed.add(callback.id);
  }

  record(callback: Callback, attempt: CallbackAttempt): void {
    this.attempts.push({ ...attempt, callback, n: callback.attempts + 1 });
  }

  changes(): CallbackChanges {
    const { added, changed, removed, attempts, due } = this;
    return {
      added: [...added],
      changed: [...changed],
      removed: [...removed],
      attempts,
      due: [...due],
    };
  }

  private lineOf(playerId: PlayerId): Callback[] {
    const line = this.lines.get(playerId);
    if (line !== undefined) return line;
    const empty: Callback[] = [];
    this.lines.set(playerId, empty);
    return empty;
  }
}
