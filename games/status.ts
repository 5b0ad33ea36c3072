/** What somebody who runs the studio looks at: whether rounds end, and what waits for a person. */
import type { Reconciled } from './reconcile.ts';
import { isDone, type Stuck } from './round.ts';
import type { Store } from './store.ts';

export type Status = {
  status: 'ok' | 'attention';
  /** Rounds that are not finished; those of them with something to tell the hub; those that are stuck. */
  rounds: { open: number; owing: number; stuck: number };
  /** Money items the hub could not read. No player and no amount is named: this page is public. */
  stuck: ({ round: string } & Stuck)[];
  /** The latest comparison with the hub's report of open rounds. */
  reconciled: Reconciled | null;
};

/** Counts what is in the store now. */
export function statusOf(store: Store, reconciled: Reconciled | null): Status {
  const rounds = { open: 0, owing: 0, stuck: 0 };
  const stuck: Status['stuck'] = [];
  for (const round of store.rounds()) {
    if (isDone(round)) continue;
    rounds.open += 1;
    if (round.owed.length > 0) rounds.owing += 1;
    if (round.stuck !== null) stuck.push({ round: round.id, ...round.stuck });
  }
  rounds.stuck = stuck.length;
  return { status: stuck.length === 0 ? 'ok' : 'attention', rounds, stuck, reconciled };
}
