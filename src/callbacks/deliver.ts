/**
 * Delivery: everything that has happened reaches its operator, each player's callbacks in order, until the operator
 * says 200 or the cut-off has passed. A callback is taken on by the commit that books it, or found by the sweep when
 * its time has come; whoever has taken it on is alone with it for the lease. Losing a node loses nothing: after the
 * lease another finds it.
 *
 * The sweep also ends questions nobody has settled: the node that asked is gone, so the answer is unknown.
 */
import type { Callback, CallbackDone, SettleAsked } from '../core/callback-types.ts';
import { MEANING, retryAfterMs } from '../core/delivery.ts';
import type { AgentId, PlayerId, TransferId } from '../core/ids.ts';
import type { Orphan } from '../db/callback.ts';
import type { LedgerWriter } from '../engine/ledger-writer.ts';
import type { Exchange, Exchanged } from './exchange.ts';
import { insistently } from './insist.ts';

export type DeliveryStep = 'due' | 'told' | 'done';

/** What the sweep reads and takes on (src/db/callback.ts). */
export interface DueStore {
  orphans(limit: number): Promise<Orphan[]>;
  agents(): Promise<AgentId[]>;
  due(agentId: AgentId, limit: number): Promise<Callback[]>;
  /** Lets go of callbacks that could not be tried: due again at once. */
  letGo(ids: readonly TransferId[]): Promise<void>;
}

export interface DeliveryOptions {
  readonly writer: Pick<LedgerWriter, 'submit'>;
  readonly exchange: Exchange;
  readonly store: DueStore;
  readonly pause: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
  /** Told when a callback was given up: somebody has to look. */
  readonly onListed: (callback: Callback) => void;
  /** Test seam: called between the steps of a delivery; may throw or delay. */
  readonly atStep?: (step: DeliveryStep) => void | Promise<void>;
}

export interface Delivery {
  /** Delivers callbacks this node has taken on. */
  take(callbacks: readonly Callback[]): void;
  /** Ends when the player's operator has been told of what is under way here; null when nothing is. */
  underWay(playerId: PlayerId): Promise<void> | null;
  /** Looks for what is due and takes it on. Returns how much was found. */
  sweep(): Promise<number>;
  /** Takes nothing more on, and waits for what is under way. */
  close(): Promise<void>;
}

/** Most deliveries under way on a node: what comes beyond is left to the sweep. */
const UNDER_WAY_MAX = 2000;
/** Most a sweep takes on for one agent: a crowd behind one operator must not fill the node. */
const SWEEP_PER_AGENT_MAX = 100;

export function openDelivery(options: DeliveryOptions): Delivery {
  const { writer, exchange, store, pause, random, onError, onListed, atStep } = options;
  const underWay = new Map<PlayerId, Promise<void>>();
  const letGo = gathered((ids) => store.letGo(ids));
  let closed = false;

  function take(callbacks: readonly Callback[]): void {
    for (const callback of callbacks) {
      if (closed || underWay.size >= UNDER_WAY_MAX) return;
      // Behind the one before: it was taken on when that one was through, and its work ends at once.
      const before = underWay.get(callback.playerId) ?? Promise.resolve();
      const work = before.then(() => deliver(callback)).catch(onError);
      underWay.set(callback.playerId, work);
      void work.then(() => {
        if (underWay.get(callback.playerId) === work) underWay.delete(callback.playerId);
      });
    }
  }

  async function deliver(callback: Callback): Promise<void> {
    await atStep?.('due');
    // An operator that is left alone is not asked: the sweep comes back to it when it may be.
    if (!(await exchange.mayAsk(callback.agentId))) return letGo(callback.id);
    const exchanged = await exchange.put(callback, 'message');
    if (exchanged.class === 'busy' || exchanged.class === 'circuit_open') return letGo(callback.id);
    await atStep?.('told');
    const done = doneOf(callback, exchanged, random());
    const { fate } = await insistently(() => writer.submit(done), pause);
    await atStep?.('done');
    if (fate === 'listed') onListed(callback);
  }

  async function endOrphans(): Promise<number> {
    const orphans = await store.orphans(SWEEP_PER_AGENT_MAX);
    const end = async (orphan: Orphan) => writer.submit(endOf(orphan));
    await Promise.all(orphans.map((orphan) => end(orphan).catch(onError)));
    return orphans.length;
  }

  /** One agent that can't be looked after, its secrets unreadable, keeps nobody else waiting. */
  function takeDueAlone(agentId: AgentId): Promise<number> {
    return takeDue(agentId).catch((error) => {
      onError(error);
      return 0;
    });
  }

  async function takeDue(agentId: AgentId): Promise<number> {
    if (!(await exchange.mayAsk(agentId))) return 0;
    const room = Math.min(SWEEP_PER_AGENT_MAX, UNDER_WAY_MAX - underWay.size);
    const callbacks = room <= 0 ? [] : await store.due(agentId, room);
    take(callbacks);
    return callbacks.length;
  }

  return {
    take,
    underWay: (playerId) => underWay.get(playerId) ?? null,
    async sweep() {
      if (closed) return 0;
      const ended = await endOrphans();
      const taken = await Promise.all((await store.agents()).map(takeDueAlone));
      return ended + taken.reduce((sum, count) => sum + count, 0);
    },
    async close() {
      closed = true;
      await Promise.all(underWay.values());
    },
  };
}

function doneOf(callback: Callback, exchanged: Exchanged, random: number): CallbackDone {
  const { class: found, balance, attempt, operator } = exchanged;
  return {
    kind: 'callback_done',
    id: callback.id,
    player: { id: callback.playerId, walletId: callback.walletId },
    delivered: MEANING[found].message === 'delivered',
    balance,
    retryInMs: retryAfterMs(callback.attempts + 1, random),
    cutoffMs: operator.cutoffMs,
    attempt,
  };
}

/** Nobody can know the operator's answer any more. */
function endOf({ callback, fundsId }: Orphan): SettleAsked {
  const { id, agentId, playerId, walletId, studioId, externalId } = callback;
  if (studioId === null || externalId === null) throw new Error(`question ${id} is no studio's`);
  const player = { id: playerId, agentId, walletId, fundsId };
  const end = { kind: 'settle_asked', id, verdict: 'unknown', player, item: null } as const;
  return { ...end, scope: studioId, key: externalId, balance: null, attempt: null };
}

/** Those of a crowd go together: what comes while one write is under way is of the next. Ends when they are written. */
function gathered(write: (ids: readonly TransferId[]) => Promise<void>): (id: TransferId) => Promise<void> {
  let waiting: TransferId[] = [];
  let writing: Promise<void> | null = null;
  async function writeAll(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const ids = waiting;
        waiting = [];
        await write(ids);
      }
    } finally {
      writing = null;
    }
  }
  return (id) => {
    waiting.push(id);
    writing ??= writeAll();
    return writing;
  };
}
