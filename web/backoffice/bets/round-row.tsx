/** Rounds in a list: one line each. */
import { useMemo } from 'react';
import type { Fact } from '../kit/facts.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { Count, Instant, Money, Status, type Tone } from '../kit/values.tsx';
import { useGameFilters } from './games.tsx';

export interface RoundRow {
  readonly id: number;
  readonly at: string;
  readonly player: number;
  readonly username: string;
  readonly agentName: string;
  readonly currency: string;
  readonly vendor: string;
  readonly game: string;
  readonly round: string;
  readonly bets: number;
  readonly stake: string;
  readonly payout: string;
  readonly refunds: string;
  readonly other: string;
  readonly net: string;
  readonly state: RoundState;
}

export type RoundState = 'open' | 'settled' | 'cancelled';
export const ROUND_TONES: Readonly<Record<RoundState, Tone>> = {
  open: 'info',
  settled: 'good',
  cancelled: 'idle',
};

export const ROUND_COLUMNS: readonly ListColumn<RoundRow>[] = [
  { key: 'at', label: 'bets.time', type: 'instant' },
  { key: 'username', label: 'kit.player', type: 'text' },
  { key: 'agentName', label: 'kit.agent', type: 'text' },
  { key: 'vendor', label: 'bets.vendor', type: 'text' },
  { key: 'game', label: 'bets.game', type: 'text' },
  { key: 'round', label: 'bets.round', type: 'text' },
  { key: 'bets', label: 'bets.bets', type: 'number' },
  { key: 'stake', label: 'bets.stake', type: 'money' },
  { key: 'payout', label: 'bets.payout', type: 'money' },
  { key: 'refunds', label: 'bets.refunds', type: 'money', hidden: true },
  { key: 'other', label: 'bets.corrections', type: 'money', hidden: true },
  { key: 'net', label: 'bets.net', type: 'money', result: true },
  {
    key: 'state',
    label: 'bets.state',
    type: 'text',
    render: ({ state }) => <Status tone={ROUND_TONES[state]} label={`bets.states.${state}`} />,
  },
  { key: 'id', label: 'bets.transaction', type: 'text', hidden: true },
];

const STATES = (['open', 'settled', 'cancelled'] as const).map((value) => ({
  value,
  label: `bets.states.${value}`,
}));

/** Filters of rounds; `whose` comes first. */
export function useRoundFilters(whose: readonly ListFilter[]): readonly ListFilter[] {
  const games = useGameFilters();
  return useMemo(
    () => [
      ...whose,
      ...games,
      { type: 'instants' },
      { type: 'choice', key: 'state', label: 'bets.state', choices: STATES },
      { type: 'text', key: 'round', label: 'bets.round' },
    ],
    [whose, games],
  );
}

export interface RoundTotals {
  readonly count: number;
  readonly more: boolean;
  readonly from: string | null;
  readonly sums:
    | readonly {
        readonly currency: string;
        readonly stake: string;
        readonly payout: string;
        readonly refunds: string;
        readonly other: string;
      }[]
    | null;
}

export function roundFacts({ count, more, from, sums }: RoundTotals): readonly Fact[] {
  const counted: Fact = { label: 'bets.rounds', value: <Count value={count} more={more} /> };
  if (sums === null) return [counted];
  const each = (label: string, key: 'stake' | 'payout' | 'refunds' | 'other'): Fact => ({
    label,
    value: sums.map((sum) => (
      <div key={sum.currency}>
        <Money minor={sum[key]} currency={sum.currency} />
      </div>
    )),
  });
  return [
    counted,
    each('bets.stake', 'stake'),
    each('bets.payout', 'payout'),
    each('bets.refunds', 'refunds'),
    each('bets.corrections', 'other'),
    { label: 'bets.booked_since', value: <Instant at={from} /> },
  ];
}
