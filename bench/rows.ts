/**
 * The rows under load: what is sent where. Rounds interleave the rows, so that a noisy neighbour on the machine
 * meets all of them. A new row (a seamless bet, a rain bet) is a line here, its traffic in load/requests.ts, its
 * target in targets.ts.
 */
import type { Traffic } from './load/requests.ts';

export type ServerName = 'echo' | 'naive' | 'hub';

export interface LoadRow {
  readonly name: string;
  readonly title: string;
  readonly server: ServerName;
  readonly traffic: Traffic;
  /** For the reader only: no target needs it. */
  readonly extra?: boolean;
}

export const LOAD_ROWS: readonly LoadRow[] = [
  { name: 'echo', title: 'echo: the same server, no work', server: 'echo', traffic: 'transfer' },
  { name: 'naive', title: 'naive: row locks, a transaction a request', server: 'naive', traffic: 'transfer' },
  { name: 'naive-hot', title: 'naive, one agent', server: 'naive', traffic: 'transfer-hot', extra: true },
  { name: 'transfer', title: 'transfer, 100 agents × 100 players', server: 'hub', traffic: 'transfer' },
  { name: 'transfer-uuid', title: 'transfer with uuid', server: 'hub', traffic: 'transfer-uuid' },
  { name: 'transfer-hot', title: 'transfer, one agent (hot POT)', server: 'hub', traffic: 'transfer-hot' },
  { name: 'play', title: 'play, one signed item a request', server: 'hub', traffic: 'play' },
  { name: 'play-batch', title: 'play, 50 bets + 50 wins a request', server: 'hub', traffic: 'play-batch' },
];
