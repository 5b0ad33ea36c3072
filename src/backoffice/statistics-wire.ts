/** Statistics as they are answered and exported. */
import { Type } from 'typebox';
import { ggrOf, holdOf, NOTHING, type Sums } from '../core/office/statistics.ts';
import type { Column } from './list.ts';
import { At, Minor, Nullable } from './shapes.ts';
import type { Asked, Line } from './statistics-read.ts';

export const FiguresShape = Type.Object({
  bets: Type.Integer(),
  betSum: Minor,
  wins: Type.Integer(),
  winSum: Type.String({ description: 'minor units; what players kept of their wins' }),
  cancels: Type.Integer(),
  cancelSum: Minor,
  other: Type.String({ description: 'minor units; charges and adjustments, as gain of the house' }),
  ggr: Type.String({ description: 'minor units; betSum − cancelSum − winSum + other' }),
  hold: Nullable(
    Type.String({ description: 'GGR in % of betSum − cancelSum, two decimals, half away from zero' }),
  ),
  rounds: Type.Integer(),
  players: Type.Integer({ description: 'different ones who bet' }),
});

const Share = Nullable(
  Type.String({
    description: "minor units; the GGR at the agents' rates in force; null: none agreed, or not told",
  }),
);
const Beside = { now: FiguresShape, before: Nullable(FiguresShape), share: Share };

export const ComparedShape = Type.Object({ currency: Type.String(), ...Beside });

export const LineShape = Type.Object({
  key: Type.String(),
  name: Type.String(),
  at: Nullable(At),
  id: Nullable(Type.Integer()),
  path: Nullable(Type.Array(Type.Integer(), { description: 'of an agent: from the topmost down to itself' })),
  currency: Type.String(),
  ...Beside,
  whole: Nullable(Type.Object(Beside, { description: 'of an agent: with those below it' })),
});

function sumsWire(sums: Sums) {
  const { bets, betSum, wins, winSum, cancels, cancelSum, other, rounds, players } = sums;
  return {
    ...{ bets, betSum: String(betSum), wins, winSum: String(winSum) },
    ...{ cancels, cancelSum: String(cancelSum), other: String(other) },
    ...{ ggr: String(ggrOf(sums)), hold: holdOf(sums), rounds, players },
  };
}

interface Given {
  readonly now: Sums | null;
  readonly before?: Sums | null;
  readonly share?: bigint | null;
}

export function figuresWire({ now, before = null, share = null }: Given) {
  return {
    now: sumsWire(now ?? NOTHING),
    before: before === null ? null : sumsWire(before),
    share: share === null ? null : String(share),
  };
}

export function lineWire({ key, name, at, id, path, currency, whole, ...figures }: Line) {
  return {
    ...{ key, name, at, id, path, currency },
    ...figuresWire(figures),
    whole: whole === null ? null : figuresWire(whole),
  };
}

// ---- as a file ------------------------------------------------------------------------------------------------

type Exported = Readonly<Record<string, string | number | null>>;

const FIGURES = [
  { key: 'bets', title: 'Bets', type: 'number' },
  { key: 'betSum', title: 'Stakes', type: 'money' },
  { key: 'wins', title: 'Wins', type: 'number' },
  { key: 'winSum', title: 'Won', type: 'money' },
  { key: 'cancels', title: 'Cancels', type: 'number' },
  { key: 'cancelSum', title: 'Cancelled', type: 'money' },
  { key: 'other', title: 'Charges and adjustments', type: 'money' },
  { key: 'ggr', title: 'GGR', type: 'money' },
  { key: 'hold', title: 'Hold %', type: 'number' },
  { key: 'rounds', title: 'Rounds', type: 'number' },
  { key: 'players', title: 'Players', type: 'number' },
] as const;
const SHARE = { key: 'share', title: 'Share of agents', type: 'money' } as const;
const HEADS = { day: 'Day', hour: 'Hour', vendor: 'Vendor', game: 'Game', agent: 'Agent' } as const;

const prefixed = (prefix: string, title: string) =>
  FIGURES.map((column) => ({ ...column, key: `${prefix}${column.key}`, title: `${title}${column.title}` }));

export function exportColumns({ by, compared }: Asked): Column<Exported>[] {
  const before = compared === null ? [] : prefixed('before.', 'Before: ');
  const whole = [
    ...prefixed('whole.', 'With those below: '),
    { ...SHARE, key: 'whole.share', title: 'With those below: share' },
  ];
  return [
    { key: 'name', title: HEADS[by], type: by === 'hour' ? 'instant' : 'text' },
    { key: 'currency', title: 'Currency', type: 'text' },
    ...FIGURES,
    ...(by === 'agent' || by === 'vendor' ? [SHARE] : []),
    ...(by === 'agent' ? whole : []),
    ...before,
  ];
}

export function exportLine({ name, currency, now, before, share, whole }: Line): Exported {
  const under = (prefix: string, sums: Sums | null) =>
    sums === null
      ? {}
      : Object.fromEntries(Object.entries(sumsWire(sums)).map(([key, value]) => [`${prefix}${key}`, value]));
  return {
    ...{ name, currency, share: share === null ? null : String(share) },
    ...under('', now),
    ...under('before.', before),
    ...under('whole.', whole?.now ?? null),
    'whole.share': whole?.share == null ? null : String(whole.share),
  };
}
