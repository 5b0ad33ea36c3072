/**
 * Brings the hub's report of open rounds to nothing.
 * A round of the report is either still at work here, and then it ends by itself; or it was finished here, and
 * then the hub is told so; or the journal has never heard of it, and then nobody knows what it would have won:
 * its bets are given back.
 * Invariant: a round at work is never touched; repeating a cancel repeats its id, so it moves money once.
 */
import type { Logger } from 'pino';
import { gameById } from './catalogue/games.ts';
import { digestOf, type HubClient, type OpenRound } from './hub-client.ts';
import { isDone } from './round.ts';
import type { Store } from './store.ts';

export type Reconciled = {
  /** When the report was read, epoch ms. */
  at: number;
  /** Rounds in the report. */
  reported: number;
  closed: number;
  cancelled: number;
};

export type ReconcileOptions = { hub: HubClient; store: Store; log: Logger; now: () => number };

/** Younger rounds are left alone: what is on its way may be in the report before it is in anybody's answer. */
const GRACE_MS = 30_000;

/** Gives back what is open in a round the journal does not know. True when the hub answered for good. */
async function cancelRound(by: ReconcileOptions, open: OpenRound): Promise<boolean> {
  const purse = await by.hub.purse(open.player);
  if (purse === null) return false;
  const game = gameById(open.game);
  const answer = await by.hub.move({
    id: `reconcile-${digestOf(`${open.game}\n${open.round}\n${open.player}`)}`,
    type: 'cancel',
    player: open.player,
    game: { id: open.game, type: game?.type ?? 'slot', title: game?.title.en ?? open.game },
    round: open.round,
    currency: purse.currency,
    at: new Date(by.now()).toISOString(),
  });
  by.log.warn({ ...open, answer: answer.kind }, 'a round the journal does not know was cancelled');
  if (answer.kind === 'refused' || answer.kind === 'rejected') return by.hub.closeRound(open);
  return answer.kind === 'accepted';
}

type Ending = 'closed' | 'cancelled' | null;

async function endRound(by: ReconcileOptions, open: OpenRound): Promise<Ending> {
  const round = by.store.round(open.round);
  if (round !== undefined && !isDone(round)) return null;
  if (round?.ended === 'settled') {
    by.log.warn(open, 'a finished round was still open at the hub; it is closed');
    return (await by.hub.closeRound(open)) ? 'closed' : null;
  }
  return (await cancelRound(by, open)) ? 'cancelled' : null;
}

/** Reads the report once and ends what is not at work here; null when the hub did not answer. */
export async function reconcile(by: ReconcileOptions): Promise<Reconciled | null> {
  const at = by.now();
  const report = await by.hub.openRounds(at - GRACE_MS);
  if (report === null) return null;
  const done: Reconciled = { at, reported: report.length, closed: 0, cancelled: 0 };
  for (const open of report) {
    const ending = await endRound(by, open);
    if (ending !== null) done[ending] += 1;
  }
  return done;
}
