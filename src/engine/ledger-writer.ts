/**
 * The ledger writer: group commit. Commands wait in one bounded queue; each lane, a connection of its own, takes all
 * that wait as one batch: prefetch → decide → persist, and only then answers. There is no timer: the next batch
 * starts when a lane is free.
 *
 * States of a lane: idle → busy → idle; closed ends it. What can happen to a batch:
 *   committed         every command gets its outcome
 *   refused by SQL    nothing was written; its members are retried one by one, so that a poison command harms only itself
 *   connection lost   it may have been written: every command is answered 'unknown', to be repeated with its id
 */

import { decide, TRANSFERS_PER_COMMAND_MAX } from '../core/ledger.ts';
import type { Changes, Command, Outcome, OutcomeOf } from '../core/ledger-types.ts';
import { type Connection, connect, reserveConnection, type Sql, sqlState } from '../db/connect.ts';
import { abandon, persist, prefetch } from '../db/ledger.ts';
import { namesOf } from '../db/ledger-names.ts';

/** Why a command got no outcome. overloaded: nothing happened. unknown: repeat it with the same id. */
export type WriterFault = 'overloaded' | 'unknown' | 'closing';

export class LedgerFault extends Error {
  readonly fault: WriterFault;
  constructor(fault: WriterFault) {
    super(`ledger: ${fault}`);
    this.fault = fault;
  }
}

export interface LedgerWriterOptions {
  readonly url: string;
  readonly lanes: number;
  /** Most commands that may wait: beyond it new ones are refused as overloaded. */
  readonly queueMax?: number;
  readonly batchMax?: number;
  /** A batch that takes longer is given up as unknown, and its connection dropped. */
  readonly batchTimeoutMs?: number;
  readonly onBatch?: (size: number, elapsedMs: number) => void;
  readonly onFault?: (error: unknown, fate: 'retried' | 'unknown') => void;
  /** Test seam: called between the steps of a batch; may throw or delay. */
  readonly atStep?: (step: 'begun' | 'decided' | 'committed') => void | Promise<void>;
}

export interface LedgerWriter {
  /** Applies one command durably. Rejects with a LedgerFault. */
  submit<C extends Command>(command: C): Promise<OutcomeOf<C>>;
  /** Applies many in this order in one batch where they fit; outcomes in the same order. */
  submitAll<C extends Command>(commands: readonly C[]): Promise<OutcomeOf<C>[]>;
  waiting(): number;
  /** Answers what waits, then closes the connections. */
  close(): Promise<void>;
}

/** Commands submitted together stay together: a batch takes a group whole, so their order holds. */
interface Group {
  readonly commands: readonly Command[];
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  sql: Sql;
  connection: Connection | null;
  busy: boolean;
}

/** One try at a batch. */
interface Attempt {
  /** True from the moment the first row may have been written. */
  writing: boolean;
  /** Set when the deadline has passed: it must not go on to write. */
  givenUp: boolean;
}

/** A batch's transfers must fit the block of ids it draws (sql/002-ledger.sql). */
const BATCH_MAX = 512 / TRANSFERS_PER_COMMAND_MAX;
const RETRIES_MAX = 4;
const RECONNECT_MS = 50;

export function openLedgerWriter(options: LedgerWriterOptions): LedgerWriter {
  const queueMax = options.queueMax ?? 20_000;
  const batchMax = Math.min(options.batchMax ?? BATCH_MAX, BATCH_MAX);
  const timeoutMs = options.batchTimeoutMs ?? 15_000;
  const open = () => connect(options.url, { max: 1, name: 'ledger' });
  const lanes: Lane[] = Array.from({ length: options.lanes }, () => ({
    sql: open(),
    connection: null,
    busy: false,
    writing: false,
  }));
  const queue: Group[] = [];
  let waiting = 0;
  let closing: (() => void) | null = null;

  function pump(): void {
    for (const lane of lanes) {
      if (queue.length === 0) break;
      if (!lane.busy) void runLane(lane, takeBatch());
    }
    if (queue.length === 0 && lanes.every((lane) => !lane.busy)) closing?.();
  }

  function takeBatch(): Group[] {
    let size = 0;
    let count = 0;
    for (const group of queue) {
      if (count > 0 && size + group.commands.length > batchMax) break;
      size += group.commands.length;
      count++;
    }
    waiting -= size;
    return queue.splice(0, count);
  }

  async function runLane(lane: Lane, batch: Group[]): Promise<void> {
    lane.busy = true;
    const startedAt = performance.now();
    await runBatch(lane, batch, 0);
    options.onBatch?.(batch.length, performance.now() - startedAt);
    lane.busy = false;
    pump();
  }

  /** Never rejects: every group is answered, by outcomes or a fault. */
  async function runBatch(lane: Lane, batch: Group[], tries: number): Promise<void> {
    const attempt: Attempt = { writing: false, givenUp: false };
    try {
      const commands = batch.flatMap((group) => group.commands);
      const outcomes = await withDeadline(commitBatch(lane, commands, attempt));
      let from = 0;
      for (const group of batch) group.resolve(outcomes.slice(from, (from += group.commands.length)));
    } catch (error) {
      attempt.givenUp = true;
      const lost = sqlState(error) === null || lostConnection(error);
      const again = !(lost && attempt.writing) && tries < RETRIES_MAX;
      options.onFault?.(error, again ? 'retried' : 'unknown');
      await (lost ? dropConnection(lane, tries) : rollBack(lane));
      if (!again) return batch.forEach((group) => group.reject(new LedgerFault('unknown')));
      if (lost || batch.length === 1) return runBatch(lane, batch, tries + 1);
      for (const group of batch) await runBatch(lane, [group], tries + 1);
    }
  }

  async function commitBatch(lane: Lane, commands: Command[], attempt: Attempt): Promise<Outcome[]> {
    lane.connection ??= await reserveConnection(lane.sql);
    const db = lane.connection;
    const { picture, now, at, firstId } = await prefetch(db, namesOf(commands));
    await options.atStep?.('begun');
    const { outcomes, changes } = decide({ picture, commands, now, firstId });
    await options.atStep?.('decided');
    if (attempt.givenUp) throw new Error('ledger batch was given up before it wrote');
    if (isEmpty(changes)) {
      await abandon(db);
    } else {
      attempt.writing = true;
      await persist(db, changes, at);
    }
    await options.atStep?.('committed');
    return outcomes;
  }

  function withDeadline<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`ledger batch took longer than ${timeoutMs} ms`)),
        timeoutMs,
      );
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  async function rollBack(lane: Lane): Promise<void> {
    try {
      if (lane.connection !== null) await withDeadline(abandon(lane.connection));
    } catch {
      await dropConnection(lane, 0);
    }
  }

  async function dropConnection(lane: Lane, tries: number): Promise<void> {
    const dead = lane.sql;
    lane.connection = null;
    lane.sql = open();
    dead.end({ timeout: 0 }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS * 4 ** tries));
  }

  async function enqueue<C extends Command>(commands: readonly C[]): Promise<OutcomeOf<C>[]> {
    if (closing !== null) throw new LedgerFault('closing');
    if (waiting + commands.length > queueMax) throw new LedgerFault('overloaded');
    waiting += commands.length;
    const outcomes = new Promise<Outcome[]>((resolve, reject) => queue.push({ commands, resolve, reject }));
    pump();
    return (await outcomes) as OutcomeOf<C>[];
  }

  return {
    async submit<C extends Command>(command: C) {
      const [outcome] = await enqueue([command]);
      return outcome as OutcomeOf<C>;
    },
    async submitAll<C extends Command>(commands: readonly C[]) {
      const outcomes: OutcomeOf<C>[] = [];
      for (let from = 0; from < commands.length; from += batchMax) {
        outcomes.push(...(await enqueue(commands.slice(from, from + batchMax))));
      }
      return outcomes;
    },
    waiting: () => waiting,
    async close() {
      await new Promise<void>((resolve) => {
        closing = resolve;
        pump();
      });
      for (const lane of lanes) {
        lane.connection?.release();
        await lane.sql.end({ timeout: 5 });
      }
    },
  };
}

function isEmpty(changes: Changes): boolean {
  const { transfers, accounts, stored, rounds, reservations } = changes;
  return transfers.length + accounts.length + stored.length + rounds.length + reservations.length === 0;
}

/** Classes 08 and 57P0x: the server went away; whether a commit under way happened is not known. */
function lostConnection(error: unknown): boolean {
  const state = sqlState(error) ?? '';
  return state.startsWith('08') || state.startsWith('57P');
}
