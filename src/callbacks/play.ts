/**
 * Play in seamless mode: the ledger promises a stake, the operator is asked, the ledger ends the question. No database
 * transaction is open while the operator is asked, and nothing is answered before it is durable.
 *
 * A player's items go one after another, here by a lane of promises, across nodes by the ledger: while a question is
 * open it decides nothing else of the player, and a bet waits for what was told before it to arrive.
 *
 *   decide ─ answered ──────────────────────────────────────────► answer
 *      │ ask ─ durable ─► put to the operator ─► settle ─ durable ─► answer
 *      │ ask_balance ─► ask, learn ─► decide again
 *      └ wait ─► until the operator has been told, or a while ─► decide again
 */
import { isSeamless, type Stakeholder } from '../core/callback-types.ts';
import { MEANING } from '../core/delivery.ts';
import type { PlayerId } from '../core/ids.ts';
import type { Answered, RoundEnd, RoundEndOutcome, StudioItem } from '../core/ledger-types.ts';
import { LedgerFault, type LedgerWriter } from '../engine/ledger-writer.ts';
import type { Delivery } from './deliver.ts';
import type { Exchange } from './exchange.ts';
import { insistently } from './insist.ts';

export type AskStep = 'asked' | 'answered' | 'settled';

export interface PlayOptions {
  readonly writer: Pick<LedgerWriter, 'submit' | 'submitAll'>;
  readonly exchange: Exchange;
  readonly delivery: Pick<Delivery, 'underWay'>;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
  /** Test seam: called between the steps of a question; may throw or delay. */
  readonly atStep?: (step: AskStep) => void | Promise<void>;
}

/** `operatorMs`: how much of the time the operator had; 0 when it was not asked. */
export type Played = Answered & { readonly operatorMs: number };

export interface Play {
  /** Plays items, those of one player in their order; outcomes in the order given. Rejects with a LedgerFault. */
  items(items: readonly StudioItem[]): Promise<Played[]>;
  /** Ends rounds, each behind what its player has under way. */
  rounds(ends: readonly RoundEnd[]): Promise<RoundEndOutcome[]>;
  /** Items that wait or are under way for seamless players. */
  waiting(): number;
}

/** How long an item waits for the operator to be told of what was before it, in ms. */
const PATIENCE_MS = 5000;
const POLL_MS = 5;
const POLL_MS_MAX = 100;
/** Most items that may wait, in all and for one player: beyond it they are refused as overloaded. */
const WAITING_MAX = 20_000;
const WAITING_PER_PLAYER_MAX = 500;

interface Lane {
  tail: Promise<unknown>;
  waiting: number;
}

export function openPlay({ writer, exchange, delivery, pause, now, atStep }: PlayOptions): Play {
  const lanes = new Map<PlayerId, Lane>();
  let waiting = 0;

  /** Runs the work behind what the player has under way on this node. */
  async function inLane<T>(playerId: PlayerId, work: () => Promise<T>): Promise<T> {
    const lane = lanes.get(playerId) ?? { tail: Promise.resolve(), waiting: 0 };
    if (waiting >= WAITING_MAX || lane.waiting >= WAITING_PER_PLAYER_MAX) throw new LedgerFault('overloaded');
    lanes.set(playerId, lane);
    lane.waiting += 1;
    waiting += 1;
    const done = lane.tail.then(work);
    lane.tail = done.catch(() => {});
    try {
      return await done;
    } finally {
      waiting -= 1;
      lane.waiting -= 1;
      if (lane.waiting === 0) lanes.delete(playerId);
    }
  }

  async function playOne(item: StudioItem, player: Stakeholder): Promise<Played> {
    let given = { ...item, mayAsk: await exchange.mayAsk(player.agentId) };
    const patience = startWaiting(player.id);
    for (;;) {
      const outcome = await writer.submit(given);
      switch (outcome.kind) {
        case 'answered':
          return { ...outcome, operatorMs: 0 };
        case 'ask':
          return askFor(given, { player, callback: outcome.callback });
        case 'ask_balance':
          given = { ...given, ...(await learnBalance(player)) };
          break;
        case 'wait':
          await patience();
          // What it waits for may be what shows that the operator is unwell.
          given = { ...given, mayAsk: await exchange.mayAsk(player.agentId) };
      }
    }
  }

  async function askFor(
    item: StudioItem,
    { player, callback }: { player: Stakeholder; callback: Parameters<Exchange['put']>[0] },
  ): Promise<Played> {
    await atStep?.('asked');
    const exchanged = await exchange.put(callback, 'question');
    await atStep?.('answered');
    const { question: verdict } = MEANING[exchanged.class];
    const { balance, attempt } = exchanged;
    const settle = {
      kind: 'settle_asked',
      id: callback.id,
      verdict,
      player,
      item,
      balance,
      attempt,
    } as const;
    const end = { ...settle, scope: item.studioId, key: item.id };
    const outcome = await insistently(() => writer.submit(end), pause);
    await atStep?.('settled');
    return { ...outcome, operatorMs: attempt.elapsedMs };
  }

  /** A failing answer is taken for an operator that can't be asked at all. */
  async function learnBalance(player: Stakeholder) {
    const told = await exchange.balanceOf(player);
    if (!told.ok) return { mayAsk: false };
    await writer.submit({ kind: 'learn_balance', player, balance: told.balance });
    return { balanceAsked: true };
  }

  /** Each call waits a little; the one after the last throws, and the studio repeats. */
  function startWaiting(playerId: PlayerId): () => Promise<void> {
    const until = now() + PATIENCE_MS;
    let pollMs = POLL_MS;
    return async () => {
      if (now() >= until) throw new LedgerFault('unknown');
      const told = delivery.underWay(playerId);
      if (told !== null) return void (await Promise.race([told, pause(until - now())]));
      await pause(pollMs);
      pollMs = Math.min(pollMs * 2, POLL_MS_MAX);
    };
  }

  async function inTurn(list: readonly { item: StudioItem; place: number }[], into: Played[]): Promise<void> {
    for (const { item, place } of list) {
      const { player } = item;
      if (player === null) throw new Error('an item of nobody is not seamless');
      into[place] = await playOne(item, player);
    }
  }

  async function mixed(items: readonly StudioItem[]): Promise<Played[]> {
    const outcomes: Played[] = [];
    const byPlayer = new Map<PlayerId | null, { item: StudioItem; place: number }[]>();
    for (const [place, item] of items.entries()) {
      const key = item.player !== null && isSeamless(item.player) ? item.player.id : null;
      const list = byPlayer.get(key) ?? [];
      list.push({ item, place });
      byPlayer.set(key, list);
    }
    const work = [...byPlayer].map(([playerId, list]) =>
      playerId === null
        ? direct(list.map(({ item }) => item)).then((done) => {
            for (const [index, { place }] of list.entries()) outcomes[place] = done[index] as Played;
          })
        : inLane(playerId, () => inTurn(list, outcomes)),
    );
    await all(work);
    return outcomes;
  }

  /** Items whose wallets are here: decided at once. */
  async function direct(items: readonly StudioItem[]): Promise<Played[]> {
    const outcomes = await writer.submitAll(items);
    return outcomes.map((outcome) => {
      if (outcome.kind !== 'answered') throw new Error(`a wallet that is here asks: ${outcome.kind}`);
      return { ...outcome, operatorMs: 0 };
    });
  }

  async function endOne(end: RoundEnd): Promise<RoundEndOutcome> {
    const patience = startWaiting(end.key.playerId);
    for (;;) {
      const outcome = await writer.submit(end);
      if (outcome.ok || outcome.code !== 'bet_in_flight') return outcome;
      await patience();
    }
  }

  return {
    items(items) {
      return items.some(({ player }) => player !== null && isSeamless(player)) ? mixed(items) : direct(items);
    },
    async rounds(ends) {
      if (!ends.some(isSeamless)) return writer.submitAll(ends);
      return all(ends.map((end) => inLane(end.key.playerId, () => endOne(end))));
    },
    waiting: () => waiting,
  };
}

/** Waits for all, also when one fails, so that nothing of a request runs on when it is answered; throws the first. */
async function all<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
