/**
 * The ledger writer: group commit. Commands wait in one bounded queue; each lane, a connection of its own, takes all
 * that wait as one batch: prefetch → decide → persist, and only then answers. There is no timer: the next batch
 * starts when a lane is free.
 *
 * States of a lane: idle → busy → idle; closed ends it. What can happen to a batch:
 *   committed         every command gets its outcome
 *   refused           by SQL, or by a bug in the decision: nothing was written; its members are tried one by one, so
 *                     that a poison command harms only itself
 *   lost              the connection ended, or the deadline passed. Before the first write: tried again as a whole.
 *                     After it: it may be committed, so it is never tried again; every command is answered 'unknown',
 *                     to be repeated with its id
 * All tries of a batch share one budget of time, so that a lock somebody holds cannot keep a lane for long.
 */

import type { Callback } from '../core/callback-types.ts';
import { type BatchInput, decide, TRANSFERS_PER_COMMAND_MAX } from '../core/ledger.ts';
import type { Changes, Command, Outcome, OutcomeOf } from '../core/ledger-types.ts';
import { type Connection, connect, isLost, reserveConnection, type Sql, sqlState } from '../db/connect.ts';
import { abandon, persist, prefetch } from '../db/ledger.ts';
import { namesOf } from '../db/ledger-names.ts';
import { type Nonce, nonceText } from '../db/studio.ts';

/**
 * Why a command got no outcome. overloaded, closing: nothing happened. unknown: repeat it with the same id. spent: its
 * nonce had been used before, and nothing happened.
 */
export type WriterFault = 'overloaded' | 'unknown' | 'closing' | 'spent';

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
  /** A batch that takes longer, with all its tries, is given up. */
  readonly batchTimeoutMs?: number;
  readonly onBatch?: (size: number, elapsedMs: number) => void;
  /** Told of callbacks this node has taken on by a commit, to be delivered now. Absent: other nodes deliver them. */
  readonly onDue?: (callbacks: readonly Callback[]) => void;
  readonly onFault?: (error: unknown, fate: 'retried' | WriterFault) => void;
  /** Test seam: called between the steps of a batch; may throw or delay. */
  readonly atStep?: (step: 'begun' | 'decided' | 'committed') => void | Promise<void>;
}

export interface LedgerWriter {
  /** Applies one command durably. Rejects with a LedgerFault. */
  submit<C extends Command>(command: C, nonce?: Nonce): Promise<OutcomeOf<C>>;
  /**
   * Applies many in this order in one batch where they fit; outcomes in the same order. A nonce is spent with the first
   * of them, in one commit, so that what it admits happens once; it may be spent for nothing else.
   */
  submitAll<C extends Command>(commands: readonly C[], nonce?: Nonce): Promise<OutcomeOf<C>[]>;
  waiting(): number;
  /** Answers what waits, then closes the connections. */
  close(): Promise<void>;
}

/** Commands submitted together stay together: a batch takes a group whole, so their order holds. */
interface Group {
  readonly commands: readonly Command[];
  readonly nonce: Nonce | null;
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly groups: readonly Group[];
  readonly tries: number;
  /** performance.now() after which it is not tried again. */
  readonly until: number;
}

interface Lane {
  sql: Sql;
  /** Null until it is made, and again as soon as it has ended. */
  connection: Connection | null;
  busy: boolean;
  /** The try under way. */
  attempt: Attempt | null;
}

/** One try at a batch. */
interface Attempt {
  /** True from the moment the first row may have been written. */
  writing: boolean;
  /** Set once it has failed: whatever of it still runs must not go on to write. */
  over: boolean;
  fail(error: Error): void;
}

/** A bug met while deciding: nothing was written, and trying the same again gives the same. */
class Undecided extends Error {}

/** A batch's transfers must fit the block of ids it draws (sql/002-ledger.sql). */
const BATCH_MAX = Math.floor(512 / TRANSFERS_PER_COMMAND_MAX);
const RETRIES_MAX = 4;
const RECONNECT_MS = 50;
const RECONNECT_MS_MAX = 1000;

/**
 * A batch looks up single rows, always by index. Left to itself the planner may keep a plan from when a table was
 * empty, a scan of all of it, and every batch grows slower with the table.
 */
const BY_INDEX = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_generic_plan',
};

export function openLedgerWriter(options: LedgerWriterOptions): LedgerWriter {
  const queueMax = options.queueMax ?? 20_000;
  const batchMax = Math.min(options.batchMax ?? BATCH_MAX, BATCH_MAX);
  const timeoutMs = options.batchTimeoutMs ?? 15_000;
  const lanes = Array.from({ length: options.lanes }, openLane);
  const queue: Group[] = [];
  let waiting = 0;
  let closing: (() => void) | null = null;

  function openLane(): Lane {
    const lane: Partial<Lane> = { connection: null, busy: false, attempt: null };
    return Object.assign(lane, { sql: openConnection(lane as Lane) }) as Lane;
  }

  function openConnection(lane: Lane): Sql {
    const ended = () => {
      if (lane.sql !== sql) return;
      lane.connection = null;
      lane.attempt?.fail(new Error('the connection to the database ended'));
    };
    // At a commit the one warning there is says that it is done here, but not on the standby that must have it.
    const onWarning = (text: string) => {
      if (lane.sql === sql && lane.attempt?.writing)
        lane.attempt.fail(new Error(`the server warned: ${text}`));
    };
    const sql = connect(options.url, {
      max: 1,
      name: 'ledger',
      settings: BY_INDEX,
      onClose: ended,
      onWarning,
    });
    return sql;
  }

  function pump(): void {
    for (const lane of lanes) {
      if (queue.length === 0) break;
      if (!lane.busy) void runLane(lane, takeGroups());
    }
    if (queue.length === 0 && lanes.every((lane) => !lane.busy)) closing?.();
  }

  function takeGroups(): Group[] {
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

  async function runLane(lane: Lane, groups: Group[]): Promise<void> {
    lane.busy = true;
    const startedAt = performance.now();
    await runBatch(lane, { groups, tries: 0, until: startedAt + timeoutMs });
    options.onBatch?.(groups.length, performance.now() - startedAt);
    lane.busy = false;
    pump();
  }

  /** Never rejects: every group is answered, by outcomes or a fault. */
  async function runBatch(lane: Lane, batch: Batch): Promise<void> {
    const { groups, tries, until } = batch;
    const attempt: Attempt = { writing: false, over: false, fail: () => {} };
    try {
      const work = () => commitBatch(lane, groups, attempt);
      const answers = await withDeadline(lane, attempt, { work, until });
      for (const [index, group] of groups.entries()) {
        const outcomes = answers[index];
        if (outcomes === undefined || outcomes === 'spent') group.reject(new LedgerFault('spent'));
        else group.resolve(outcomes);
      }
    } catch (error) {
      const lost = mayBeLost(error);
      const fault = lost && attempt.writing ? 'unknown' : 'overloaded';
      const hopeless = fault === 'unknown' || (error instanceof Undecided && groups.length === 1);
      const again = !hopeless && tries < RETRIES_MAX && performance.now() < until;
      options.onFault?.(error, again ? 'retried' : fault);
      if (!again) for (const group of groups) group.reject(new LedgerFault(fault));
      await (lost ? replaceConnection(lane, tries) : rollBack(lane));
      if (again) await runAgain(lane, { ...batch, whole: lost });
    }
  }

  /** As a whole when the connection was at fault; else each group by itself, since one of them was. */
  async function runAgain(
    lane: Lane,
    { groups, tries, until, whole }: Batch & { whole: boolean },
  ): Promise<void> {
    if (whole) return runBatch(lane, { groups, tries: tries + 1, until });
    for (const group of groups) {
      if (performance.now() < until) await runBatch(lane, { groups: [group], tries: tries + 1, until });
      else group.reject(new LedgerFault('overloaded'));
    }
  }

  /** By group: its outcomes, or that its nonce was spent before. */
  async function commitBatch(
    lane: Lane,
    groups: readonly Group[],
    attempt: Attempt,
  ): Promise<(Outcome[] | 'spent')[]> {
    const db = lane.connection ?? (await reserveConnection(lane.sql));
    if (attempt.over) throw new Error('the batch was given up before it began');
    lane.connection = db;
    const all = groups.flatMap((group) => group.commands);
    const nonces = groups.flatMap((group) => group.nonce ?? []);
    const { picture, now, at, firstId, fresh } = await prefetch(db, namesOf(all), nonces);
    const admitted = groups.map(({ nonce }) => nonce === null || fresh.delete(nonceText(nonce)));
    const commands = groups.flatMap((group, index) => (admitted[index] ? group.commands : []));
    await options.atStep?.('begun');
    const delivers = options.onDue !== undefined;
    const { outcomes, changes } = decideOrSay({ picture, commands, now, at, firstId, delivers });
    await options.atStep?.('decided');
    if (attempt.over || lane.connection !== db) throw new Error('the batch was given up before it wrote');
    if (isEmpty(changes) && nonces.length === 0) {
      await abandon(db);
    } else {
      attempt.writing = true;
      await persist(db, changes, at);
    }
    await options.atStep?.('committed');
    if (changes.callbacks.due.length > 0) options.onDue?.(changes.callbacks.due);
    return groups.map((group, index) =>
      admitted[index] ? outcomes.splice(0, group.commands.length) : 'spent',
    );
  }

  /** Ends, whatever the driver does, with the work, its deadline, or the end of the lane's connection. */
  function withDeadline<T>(
    lane: Lane,
    attempt: Attempt,
    { work, until }: { work: () => Promise<T>; until: number },
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      attempt.fail = (error) => {
        attempt.over = true;
        reject(error);
      };
      lane.attempt = attempt;
      const leftMs = Math.max(0, until - performance.now());
      const timer = setTimeout(attempt.fail, leftMs, new Error(`a ledger batch took over ${timeoutMs} ms`));
      work()
        .then(resolve, attempt.fail)
        .finally(() => clearTimeout(timer));
    }).finally(() => {
      lane.attempt = null;
    });
  }

  async function rollBack(lane: Lane): Promise<void> {
    const db = lane.connection;
    if (db === null) return;
    const attempt: Attempt = { writing: false, over: false, fail: () => {} };
    const until = performance.now() + RECONNECT_MS_MAX;
    await withDeadline(lane, attempt, { work: () => abandon(db), until }).catch(() =>
      replaceConnection(lane, 0),
    );
  }

  /** Drops the lane's connection and waits a little, longer from try to try. */
  async function replaceConnection(lane: Lane, tries: number): Promise<void> {
    const dead = lane.sql;
    lane.connection = null;
    lane.sql = openConnection(lane);
    dead.end({ timeout: 0 }).catch(() => {});
    const pauseMs = Math.min(RECONNECT_MS * 4 ** tries, RECONNECT_MS_MAX);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }

  async function enqueue<C extends Command>(
    commands: readonly C[],
    nonce: Nonce | null,
  ): Promise<OutcomeOf<C>[]> {
    if (closing !== null) throw new LedgerFault('closing');
    if (waiting + commands.length > queueMax) throw new LedgerFault('overloaded');
    waiting += commands.length;
    const outcomes = new Promise<Outcome[]>((resolve, reject) =>
      queue.push({ commands, nonce, resolve, reject }),
    );
    pump();
    return (await outcomes) as OutcomeOf<C>[];
  }

  return {
    async submit<C extends Command>(command: C, nonce?: Nonce) {
      const [outcome] = await enqueue([command], nonce ?? null);
      return outcome as OutcomeOf<C>;
    },
    async submitAll<C extends Command>(commands: readonly C[], nonce?: Nonce) {
      const outcomes = await enqueue(commands.slice(0, batchMax), nonce ?? null);
      for (let from = batchMax; from < commands.length; from += batchMax) {
        outcomes.push(...(await enqueue(commands.slice(from, from + batchMax), null)));
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
        await lane.sql.end();
      }
    },
  };
}

function isEmpty(changes: Changes): boolean {
  const { transfers, accounts, stored, rounds, reservations, callbacks, book } = changes;
  const { added, changed, removed, attempts } = callbacks;
  const all = [transfers, accounts, stored, rounds, reservations, added, changed, removed, attempts];
  const ofBook = [book.players, book.sessions, book.positions, book.bets, book.transfers, book.settled];
  return [...all, ...ofBook].every((rows) => rows.length === 0);
}

function decideOrSay(input: BatchInput): ReturnType<typeof decide> {
  try {
    return decide(input);
  } catch (error) {
    throw new Undecided(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** All but a clean refusal: the server went away, the deadline passed, or nobody knows what happened. */
function mayBeLost(error: unknown): boolean {
  return !(error instanceof Undecided) && (isLost(error) || sqlState(error) === null);
}
