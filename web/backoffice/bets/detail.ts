/**
 * What a studio told of a round, understood where its shape is known: a table of baccarat, a slot of the built-in studio.
 * Whatever does not fit whole is shown as it came. Pure.
 */

export interface Hand {
  /** Rank and suit: `TD` is the ten of diamonds. */
  readonly cards: readonly string[];
  readonly score: number;
}

export interface BaccaratBet {
  readonly code: string;
  readonly stake: number;
  readonly payout: number;
}

export interface Baccarat {
  readonly kind: 'baccarat';
  readonly table: string | null;
  readonly dealer: string | null;
  readonly player: Hand;
  readonly banker: Hand;
  readonly outcome: string;
  readonly participants: readonly { readonly name: string; readonly bets: readonly BaccaratBet[] }[];
}

export interface SlotLine {
  readonly line: number;
  readonly length: number;
  /** Minor units. */
  readonly win: string;
  /** Rows of its symbols reel by reel, 0 = the top one; null: not told. */
  readonly rows: string | null;
}

export interface SlotStep {
  readonly kind: string;
  /** Minor units; null: it cost nothing. */
  readonly cost: string | null;
  /** The reel that was spun again, from 1. */
  readonly reel: number | null;
  /** Rows from the top, of symbols. */
  readonly window: readonly (readonly string[])[];
  readonly multiplier: number;
  readonly lines: readonly SlotLine[];
  readonly scatters: number;
  readonly scatterWin: string;
  readonly win: string;
}

export interface Slot {
  readonly kind: 'slot';
  readonly staked: string;
  readonly won: string;
  readonly steps: readonly SlotStep[];
}

export type Detail = Baccarat | Slot | { readonly kind: 'other'; readonly value: unknown };

/** Reads the JSON a studio sent. */
export function readDetail(text: string): Detail {
  const value = parsed(text);
  return baccaratOf(value) ?? slotOf(value) ?? { kind: 'other', value };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

type Loose = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), value);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const isCard = (value: unknown): value is string =>
  typeof value === 'string' && /^([2-9TJQKA]|10)[SHDC]$/.test(value);
const isMinor = (value: unknown): value is string => typeof value === 'string' && /^-?\d{1,18}$/.test(value);

/** Every item by the function; null when one does not fit. */
function every<Item>(value: unknown, read: (item: unknown) => Item | null): readonly Item[] | null {
  if (!Array.isArray(value)) return null;
  const items: Item[] = [];
  for (const item of value) {
    const one = read(item);
    if (one === null) return null;
    items.push(one);
  }
  return items;
}

function baccaratOf(given: unknown): Baccarat | null {
  const data = at(given, 'data') ?? given;
  const player = handOf(at(data, 'result', 'player'));
  const banker = handOf(at(data, 'result', 'banker'));
  const outcome = textOf(at(data, 'result', 'outcome'));
  if (player === null || banker === null || outcome === null) return null;
  const participants = every(at(data, 'participants') ?? [], (one) => {
    const bets = every(at(one, 'bets') ?? [], betOf);
    return bets === null ? null : { name: String(at(one, 'playerId') ?? ''), bets };
  });
  if (participants === null) return null;
  return {
    kind: 'baccarat',
    table: textOf(at(data, 'table', 'name')),
    dealer: textOf(at(data, 'dealer', 'name')),
    ...{ player, banker, outcome, participants },
  };
}

function handOf(value: unknown): Hand | null {
  const cards = every(at(value, 'cards'), (card) => (isCard(card) ? card : null));
  const score = at(value, 'score');
  return cards === null || typeof score !== 'number' ? null : { cards, score };
}

function betOf(value: unknown): BaccaratBet | null {
  const [code, stake, payout] = [at(value, 'code'), at(value, 'stake'), at(value, 'payout')];
  return typeof code === 'string' && typeof stake === 'number' && typeof payout === 'number'
    ? { code, stake, payout }
    : null;
}

/** A tie gives stakes on player and banker back: they neither win nor lose. */
export function isPush(
  { outcome }: Pick<Baccarat, 'outcome'>,
  { code, stake, payout }: BaccaratBet,
): boolean {
  return outcome === 'Tie' && (code === 'BAC_Player' || code === 'BAC_Banker') && stake === payout;
}

function slotOf(given: unknown): Slot | null {
  const [staked, won] = [at(given, 'staked'), at(given, 'won')];
  const steps = every(at(given, 'steps'), stepOf);
  if (steps === null || steps.length === 0 || !isMinor(staked) || !isMinor(won)) return null;
  return { kind: 'slot', staked, won, steps };
}

function stepOf(value: unknown): SlotStep | null {
  const window = every(at(value, 'window'), (row) => every(row, textOf));
  const lines = every(at(value, 'lines'), lineOf);
  const { kind, cost, reel, multiplier, scatters, scatterWin, win } = isObject(value) ? value : {};
  if (window === null || window.length === 0 || lines === null) return null;
  if (typeof kind !== 'string' || typeof multiplier !== 'number' || typeof scatters !== 'number') return null;
  if (!isMinor(win) || !isMinor(scatterWin)) return null;
  return {
    ...{ kind, window, lines, multiplier, scatters, scatterWin, win },
    cost: isMinor(cost) ? cost : null,
    reel: typeof reel === 'number' ? reel : null,
  };
}

function lineOf(value: unknown): SlotLine | null {
  const { line, length, win, rows } = isObject(value) ? value : {};
  if (typeof line !== 'number' || typeof length !== 'number' || !isMinor(win)) return null;
  const known = typeof rows === 'string' && /^\d+$/.test(rows) && rows.length === length;
  return { line, length, win, rows: known ? rows : null };
}

/** Whether a symbol of the window, by row and reel from 0, is on one of the lines that won. */
export function isOnLine({ lines }: Pick<SlotStep, 'lines'>, row: number, reel: number): boolean {
  return lines.some(({ rows }) => rows !== null && reel < rows.length && Number(rows[reel]) === row);
}
