/** Rounds that have not ended, and the orders to end them by hand. */
import { useMemo } from 'react';
import { useGameFilters } from '../bets/games.tsx';
import { formatSpan } from '../kit/clock.ts';
import type { Fact } from '../kit/facts.tsx';
import { ListView } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { PageHead } from '../kit/page-head.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useT } from '../kit/text.ts';
import { Count, Money, Status } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';
import { useMay } from '../session.tsx';
import { EndRound } from './end-round.tsx';
import { Orders } from './orders.tsx';

interface OpenRound {
  readonly id: number;
  readonly openedAt: string;
  readonly player: number;
  readonly username: string;
  readonly agentName: string;
  readonly currency: string;
  readonly vendor: string;
  readonly game: string;
  readonly gameId: number;
  readonly round: string;
  readonly bets: number;
  readonly stake: string;
  readonly ageS: number;
  readonly overdue: boolean;
  readonly order: number | null;
}

interface Totals {
  readonly count: number;
  readonly more: boolean;
  readonly overdue: number;
  readonly sums: readonly { readonly currency: string; readonly stake: string }[];
}

const COLUMNS: readonly ListColumn<OpenRound>[] = [
  {
    key: 'openedAt',
    label: 'bets.opened',
    type: 'instant',
    order: { ascending: 'oldest', descending: 'newest' },
  },
  { key: 'ageS', label: 'rounds.age', type: 'text', render: ({ ageS }) => <Age seconds={ageS} /> },
  { key: 'overdue', label: 'rounds.state', type: 'text', render: (row) => <State of={row} /> },
  { key: 'username', label: 'kit.player', type: 'text' },
  { key: 'agentName', label: 'kit.agent', type: 'text' },
  { key: 'vendor', label: 'bets.vendor', type: 'text' },
  { key: 'game', label: 'bets.game', type: 'text' },
  { key: 'round', label: 'bets.round', type: 'text' },
  { key: 'bets', label: 'bets.bets', type: 'number' },
  { key: 'stake', label: 'bets.stake', type: 'money' },
];

export default function OpenRounds() {
  const t = useT();
  const may = useMay();
  const open = { key: 'open', label: 'rounds.tabs.open', render: () => <Open /> };
  const orders = { key: 'orders', label: 'rounds.tabs.orders', render: () => <Orders /> };
  return (
    <>
      <PageHead title={t('rounds.title')} />
      {may('rounds') ? <Tabs label="rounds.title" tabs={[open, orders]} /> : <Open />}
    </>
  );
}

function Open() {
  const may = useMay();
  const games = useGameFilters();
  const filters = useMemo<readonly ListFilter[]>(
    () => [
      { type: 'agent' },
      { type: 'player' },
      ...games,
      { type: 'flag', key: 'overdue', label: 'rounds.overdue' },
    ],
    [games],
  );
  return (
    <ListView<OpenRound, Totals>
      path="/open-rounds"
      columns={COLUMNS}
      filters={filters}
      standardOrder="oldest"
      rowLink={({ id }) => `/rounds/${id}`}
      {...(may('rounds')
        ? { rowActions: (row: OpenRound) => (row.order === null ? <EndRound of={row} /> : null) }
        : {})}
      totals={factsOf}
      empty="rounds.empty"
      everyMs={30_000}
    />
  );
}

function Age({ seconds }: { readonly seconds: number }) {
  const { locale } = useLanguage();
  return formatSpan(seconds * 1000, locale);
}

function State({ of: { overdue, order } }: { readonly of: OpenRound }) {
  if (order !== null) return <Status tone="info" label="rounds.ordered" />;
  return overdue ? (
    <Status tone="bad" label="rounds.overdue" />
  ) : (
    <Status tone="idle" label="rounds.in_time" />
  );
}

function factsOf({ count, more, overdue, sums }: Totals): readonly Fact[] {
  return [
    { label: 'rounds.title', value: <Count value={count} more={more} /> },
    { label: 'rounds.overdue', value: <Count value={overdue} /> },
    {
      label: 'rounds.staked',
      value: sums.map(({ currency, stake }) => (
        <div key={currency}>
          <Money minor={stake} currency={currency} />
        </div>
      )),
    },
  ];
}
