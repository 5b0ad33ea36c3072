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
import { type Callback, isSeamless, type Stakeholder } from '../core/callback-types.ts';
import { MEANING } from '../core/delivery.ts';
import type { PlayerId } from '../core/ids.ts';
import type { Answered, RoundEnd, RoundEndOutcome, StudioItem } from '../core/ledger-types.ts';
import type { Nonce } from '../db/studio.ts';
import { LedgerFault, type LedgerWriter } from '../engine/ledger-writer.ts';
import type { Delivery } from './deliver.ts';
import type { Exchange } from './exchange.ts';
import { insistently } from './insist.ts';
import { type Lanes, openLanes } from './lanes.ts';

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
  /**
   * Plays items, those of one player in their order; outcomes in the order given. A nonce is spent with the first that
   * is decided. Rejects with a LedgerFault.
   */
  items(items: readonly StudioItem[], nonce?: Nonce): Promise<Played[]>;
  /** Ends rounds, each behind what its player has under way. */
  rounds(ends: readonly RoundEnd[]): Promise<RoundEndOutcome[]>;
  /** Items that wait or are under way for seamless players. */
  waiting(): number;
}

/** How long an item waits for the operator to be told of what was before it, in ms. */
const PATIENCE_MS = 5000;
const POLL_MS = 5;
const POLL_MS_MAX = 100;

export function openPlay(options: PlayOptions): Play {
  const lanes = openLanes();
  return {
    async items(items, nonce) {
      const anySeamless = items.some(({ player }) => player !== null && isSeamless(player));
      if (!anySeamless) return playHere(options, items, nonce);
      const [only, ...others] = items;
      if (only?.player && others.length === 0) {
        const item = { ...only, player: only.player };
        return [await lanes.run(only.player.id, () => playOne(options, item, nonce))];
      }
      if (nonce !== undefined) await options.writer.submitAll([], nonce);
      return playMixed(options, { items, lanes });
    },
    async rounds(ends) {
      if (!ends.some(isSeamless)) return options.writer.submitAll(ends);
      return all(ends.map((end) => lanes.run(end.key.playerId, () => endRound(options, end))));
    },
    waiting: lanes.waiting,
  };
}

/** Items whose wallets are here: decided at once. */
async function playHere(
  { writer }: PlayOptions,
  items: readonly StudioItem[],
  nonce?: Nonce,
): Promise<Played[]> {
  const outcomes = await writer.submitAll(items, nonce);
  return outcomes.map((outcome) => {
    if (outcome.kind !== 'answered') throw new Error(`a wallet that is here asks: ${outcome.kind}`);
    return { ...outcome, operatorMs: 0 };
  });
}

/** Those with a wallet here go as one; each seamless player's in a lane of its own. */
async function playMixed(
  options: PlayOptions,
  { items, lanes }: { items: readonly StudioItem[]; lanes: Lanes },
): Promise<Played[]> {
  const outcomes: Played[] = [];
  const placed = items.map((item, place) => ({ item, place }));
  const byPlayer = Map.groupBy(placed, ({ item: { player } }) =>
    player !== null && isSeamless(player) ? player.id : null,
  );
  const work = [...byPlayer].map(async ([playerId, list]) => {
    const own = list.map(({ item }) => item);
    const played =
      playerId === null
        ? await playHere(options, own)
        : await lanes.run(playerId, () => playInTurn(options, own));
    for (const [index, { place }] of list.entries()) outcomes[place] = played[index] as Played;
  });
  await all(work);
  return outcomes;
}

async function playInTurn(options: PlayOptions, items: readonly StudioItem[]): Promise<Played[]> {
  const played: Played[] = [];
  for (const item of items) {
    if (item.player === null) throw new Error('an item of nobody is not seamless');
    played.push(await playOne(options, { ...item, player: item.player }));
  }
  return played;
}

type Owned = StudioItem & { readonly player: Stakeholder };

async function playOne(options: PlayOptions, item: Owned, nonce?: Nonce): Promise<Played> {
  const { writer, exchange } = options;
  const { player } = item;
  let given = { ...item, mayAsk: await exchange.mayAsk(player.agentId) };
  const patience = startWaiting(options, player.id);
  for (let unspent = nonce; ; unspent = undefined) {
    const outcome = await writer.submit(given, unspent);
    switch (outcome.kind) {
      case 'answered':
        return { ...outcome, operatorMs: 0 };
      case 'ask':
        return putAndSettle(options, given, outcome.callback);
      case 'ask_balance':
        given = { ...given, ...(await learnBalance(options, player)) };
        break;
      case 'wait':
        await patience();
        // What it waits for may be what shows that the operator is unwell.
        given = { ...given, mayAsk: await exchange.mayAsk(player.agentId) };
    }
  }
}

async function putAndSettle(
  { writer, exchange, pause, atStep }: PlayOptions,
  item: Owned,
  callback: Callback,
): Promise<Played> {
  await atStep?.('asked');
  const { class: found, balance, attempt } = await exchange.put(callback, 'question');
  await atStep?.('answered');
  const end = {
    kind: 'settle_asked',
    id: callback.id,
    verdict: MEANING[found].question,
    player: item.player,
    item,
    scope: item.studioId,
    key: item.id,
    balance,
    attempt,
  } as const;
  const outcome = await insistently(() => writer.submit(end), pause);
  await atStep?.('settled');
  return { ...outcome, operatorMs: attempt.elapsedMs };
}

/** A failing answer is taken for an operator that can't be asked at all. */
async function learnBalance({ writer, exchange }: PlayOptions, player: Stakeholder) {
  const told = await exchange.balanceOf(player);
  if (!told.ok) return { mayAsk: false };
  await writer.submit({ kind: 'learn_balance', player, balance: told.balance });
  return { balanceAsked: true };
}

async function endRound(options: PlayOptions, end: RoundEnd): Promise<RoundEndOutcome> {
  const patience = startWaiting(options, end.key.playerId);
  for (;;) {
    const outcome = await options.writer.submit(end);
    if (outcome.ok || outcome.code !== 'bet_in_flight') return outcome;
    await patience();
  }
}

/** Each call waits a little; the one after the last throws, and the studio repeats. */
function startWaiting({ delivery, pause, now }: PlayOptions, playerId: PlayerId): () => Promise<void> {
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

/** Waits for all, also when one fails, so that nothing of a request runs on when it is answered; throws the first. */
async function all<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
