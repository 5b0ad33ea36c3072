/**
 * What a vendor tells about a round, made drawable. Pure.
 * Vendors write what they like; what is not recognised is shown as it came.
 */
export type Detail =
  | { readonly kind: 'slot'; readonly spins: readonly Spin[]; readonly rest: Rest }
  | {
      readonly kind: 'baccarat';
      readonly hands: readonly Hand[];
      readonly outcome: string;
      readonly bets: readonly Bet[];
    }
  | { readonly kind: 'other'; readonly text: string };

export interface Spin {
  /** Rows of symbols, as the player saw them. */
  readonly window: readonly (readonly string[])[];
  readonly rest: Rest;
}

/** The plain fields beside the drawing, for a list of name and value. */
export type Rest = readonly (readonly [string, string])[];

export interface Hand {
  readonly side: string;
  readonly cards: readonly string[];
  readonly score: string;
}

export interface Bet {
  readonly code: string;
  readonly stake: string;
  readonly payout: string;
}

const textMax = 4000;
const spinsMax = 40;

export function detailOf(detail: unknown): Detail | null {
  if (detail === null || detail === undefined) return null;
  const outer = recordOf(detail);
  const body = recordOf(outer.data);
  const fields = Object.keys(body).length > 0 ? body : outer;
  const steps = Array.isArray(fields.steps) ? fields.steps.map(recordOf) : [];
  const spins = (steps.length > 0 ? steps : [fields]).flatMap(spinOf).slice(0, spinsMax);
  if (spins.length > 0) return { kind: 'slot', spins, rest: steps.length > 0 ? restOf(fields) : [] };
  return baccaratOf(fields) ?? { kind: 'other', text: JSON.stringify(detail, null, 2).slice(0, textMax) };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function spinOf(fields: Readonly<Record<string, unknown>>): readonly Spin[] {
  const window = gridOf(fields.window) ?? columnsOf(fields.window, fields.stops);
  return window === null ? [] : [{ window, rest: restOf(fields) }];
}

/** A window as a list of rows. */
function gridOf(value: unknown): string[][] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > 12) return null;
  const rows = value.map((row) => (Array.isArray(row) ? row.slice(0, 12).map(wordOf) : []));
  return rows.every((row) => row.length > 0) ? rows : null;
}

/** A window as one flat list, reel by reel; there are as many reels as stops. */
function columnsOf(window: unknown, stops: unknown): string[][] | null {
  if (!Array.isArray(window) || !Array.isArray(stops) || stops.length === 0 || stops.length > 12) return null;
  const rows = window.length / stops.length;
  if (!Number.isInteger(rows) || rows < 1 || rows > 12) return null;
  return Array.from({ length: rows }, (_, row) => stops.map((_, reel) => wordOf(window[reel * rows + row])));
}

function restOf(fields: Readonly<Record<string, unknown>>): Rest {
  return Object.entries(fields)
    .map(([name, value]) => [name, wordOf(value).slice(0, 80)] as const)
    .filter(([, value]) => value !== '')
    .slice(0, 12);
}

function baccaratOf(fields: Readonly<Record<string, unknown>>): Detail | null {
  const result = recordOf(fields.result);
  const hands = (['player', 'banker'] as const).map((side) => handOf(side, recordOf(result[side])));
  if (hands.some((hand) => hand.cards.length === 0)) return null;
  const participants = Array.isArray(fields.participants) ? fields.participants : [];
  const bets = participants.flatMap((one) => {
    const list = recordOf(one).bets;
    return Array.isArray(list) ? list.map(betOf) : [];
  });
  return { kind: 'baccarat', hands, outcome: wordOf(result.outcome), bets: bets.slice(0, 20) };
}

function handOf(side: string, hand: Readonly<Record<string, unknown>>): Hand {
  const cards = Array.isArray(hand.cards) ? hand.cards.map(wordOf).slice(0, 3) : [];
  return { side, cards, score: wordOf(hand.score) };
}

function betOf(value: unknown): Bet {
  const bet = recordOf(value);
  return { code: wordOf(bet.code), stake: wordOf(bet.stake), payout: wordOf(bet.payout) };
}
