/**
 * The rows under load: what is sent where. Rounds interleave the rows, so that a noisy neighbour on the machine
 * meets all of them. A new row (a seamless bet, a rain bet) is a line here, its traffic in load/requests.ts, its
 * target in targets.ts.
 */
import type { Traffic } from './load/requests.ts';

export type ServerName = 'echo' | 'naive' | 'proxy' | 'hub';

export interface LoadRow {
  readonly name: string;
  readonly title: string;
  readonly server: ServerName;
  readonly traffic: Traffic;
  /** For the reader only: no target needs it. */
  readonly extra?: boolean;
  /** Sent at this share of what the named row has just reached, instead of as fast as answers come. */
  readonly pacedBy?: { readonly row: string; readonly share: number };
  /** While it runs, players of an operator that never answers play too. */
  readonly besideBlackHole?: boolean;
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
  { name: 'proxy', title: 'seamless, proxied without record', server: 'proxy', traffic: 'seamless' },
  { name: 'seamless', title: 'seamless bet and win', server: 'hub', traffic: 'seamless' },
  {
    name: 'seamless-half',
    title: 'seamless at half load',
    server: 'hub',
    traffic: 'seamless',
    pacedBy: { row: 'seamless', share: 0.5 },
  },
  { name: 'seamless-nine', title: 'seamless, nine operators', server: 'hub', traffic: 'seamless-nine' },
  {
    name: 'seamless-nine-dead',
    title: 'the same beside a dead tenth',
    server: 'hub',
    traffic: 'seamless-nine',
    besideBlackHole: true,
  },
];
