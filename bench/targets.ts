/**
 * The targets, and whether a run met them. A ratio is taken between figures measured within seconds of each other (the
 * rows of one round, a page of the short feed and the same of the long one), and the median of the ratios counts: a
 * noisy machine slows both sides.
 */

/** What the rounds of a loaded row measured, in the order of the rounds. */
export interface RoundFigures {
  readonly requestsPerSecond: number;
  readonly itemsPerSecond: number;
  readonly p99Ms: number;
  /** Time of an answer less what its operator had of it; null where no operator was asked. */
  readonly addedP50Ms: number | null;
  readonly addedP99Ms: number | null;
}

export interface Figures {
  readonly rounds: ReadonlyMap<string, readonly RoundFigures[]>;
  /** Milliseconds, in the order they were taken: pages by `feed-…-short` and `-long`, starts. */
  readonly times: ReadonlyMap<string, readonly number[]>;
  /** The slowest of the back office's lists, and of its statistics. */
  readonly slowestMs: ReadonlyMap<'office-list' | 'office-statistics', number>;
  /** Most resident memory of the hub under the transfer load. */
  readonly residentMb: number | null;
  /** Of all pages on the live line, from a move of the odds on. */
  readonly liveP99Ms: number | null;
  /** Most memory a reconciliation had above its start. */
  readonly reconcileMb: number | null;
}

interface Target {
  readonly name: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Null: what it needs was not measured. */
  readonly figure: (figures: Figures) => number | null;
}

export interface Verdict {
  readonly name: string;
  readonly bound: string;
  readonly figure: number;
  readonly met: boolean;
}

const ratio = (row: string, rival: string, of: keyof RoundFigures) => (figures: Figures) => {
  const [mine = [], theirs = []] = [figures.rounds.get(row), figures.rounds.get(rival)];
  const ratios = mine.flatMap((round, index) => {
    const [value, other] = [round[of], theirs[index]?.[of] ?? 0];
    return value === null || other === 0 ? [] : [value / other];
  });
  return ratios.length === 0 ? null : median(ratios);
};
const requests = (row: string, rival: string) => ratio(row, rival, 'requestsPerSecond');

const added = (row: string, of: 'addedP50Ms' | 'addedP99Ms') => (figures: Figures) => {
  const values = (figures.rounds.get(row) ?? []).flatMap((round) => round[of] ?? []);
  return values.length === 0 ? null : median(values);
};

const growth = (page: string) => (figures: Figures) => {
  const [short = [], long = []] = [
    figures.times.get(`feed-${page}-short`),
    figures.times.get(`feed-${page}-long`),
  ];
  const ratios = long.flatMap((ms, index) => (short[index] === undefined ? [] : [ms / short[index]]));
  return ratios.length === 0 ? null : median(ratios);
};

/** Of runs beside each other, in turn. */
const settlement = ({ times }: Figures) => {
  const bare = times.get('settle-bare') ?? [];
  const ratios = (times.get('settle') ?? []).flatMap((ms, index) =>
    bare[index] === undefined ? [] : [ms / bare[index]],
  );
  return ratios.length === 0 ? null : median(ratios);
};

const seconds = (name: string) => (figures: Figures) => {
  const ms = figures.times.get(name);
  return ms === undefined ? null : median(ms) / 1000;
};

export const TARGETS: readonly Target[] = [
  { name: 'transfer ÷ echo', atLeast: 0.3, figure: requests('transfer', 'echo') },
  { name: 'transfer ÷ naive', atLeast: 6, figure: requests('transfer', 'naive') },
  { name: 'transfer with uuid ÷ echo', atLeast: 0.22, figure: requests('transfer-uuid', 'echo') },
  { name: 'transfer, one agent ÷ spread', atLeast: 0.95, figure: requests('transfer-hot', 'transfer') },
  { name: 'play, requests ÷ transfer', atLeast: 0.9, figure: requests('play', 'transfer') },
  {
    name: 'play in batches, items ÷ single',
    atLeast: 2,
    figure: ratio('play-batch', 'play', 'itemsPerSecond'),
  },
  { name: 'seamless ÷ proxied without record', atLeast: 0.45, figure: requests('seamless', 'proxy') },
  { name: 'seamless at half load, added p50 ms', atMost: 3, figure: added('seamless-half', 'addedP50Ms') },
  { name: 'seamless at half load, added p99 ms', atMost: 25, figure: added('seamless-half', 'addedP99Ms') },
  {
    name: 'nine operators beside a dead one ÷ without it',
    atLeast: 0.95,
    figure: requests('seamless-nine-dead', 'seamless-nine'),
  },
  {
    name: 'their p99 without it ÷ beside it',
    atLeast: 0.95,
    figure: ratio('seamless-nine', 'seamless-nine-dead', 'p99Ms'),
  },
  { name: 'feed, first page, long ÷ short', atMost: 1.2, figure: growth('first') },
  { name: 'feed, middle page, long ÷ short', atMost: 1.2, figure: growth('middle') },
  { name: 'feed, page with details, long ÷ short', atMost: 1.2, figure: growth('details') },
  { name: 'reconciling an export as CSV, seconds', atMost: 60, figure: seconds('reconcile-csv') },
  { name: 'reconciling an export as JSON, seconds', atMost: 60, figure: seconds('reconcile-json') },
  { name: 'memory of reconciling, MB', atMost: 250, figure: ({ reconcileMb }) => reconcileMb },
  { name: 'rain bet ÷ transfer', atLeast: 0.8, figure: requests('book-bet', 'book-transfer') },
  { name: 'settling 100,000 bets ÷ bare SQL', atMost: 3, figure: settlement },
  { name: 'odds move → 1,000 pages, p99 ms', atMost: 250, figure: ({ liveP99Ms }) => liveP99Ms },
  {
    name: "the back office's slowest page of a list, ms",
    atMost: 200,
    figure: ({ slowestMs }) => slowestMs.get('office-list') ?? null,
  },
  {
    name: 'its slowest statistics of 31 days, ms',
    atMost: 300,
    figure: ({ slowestMs }) => slowestMs.get('office-statistics') ?? null,
  },
  { name: 'cold start, seconds', atMost: 3, figure: seconds('start-cold') },
  { name: 'second start, seconds', atMost: 1.5, figure: seconds('start-second') },
  { name: 'resident memory under load, MB', atMost: 400, figure: ({ residentMb }) => residentMb },
];

/** A verdict on every target whose figures are there. */
export function judge(figures: Figures): Verdict[] {
  return TARGETS.flatMap(({ name, atLeast, atMost, figure }) => {
    const found = figure(figures);
    if (found === null) return [];
    const bound = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
    return [
      { name, bound, figure: found, met: found >= (atLeast ?? -Infinity) && found <= (atMost ?? Infinity) },
    ];
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
