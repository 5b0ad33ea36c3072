/** Players of the rain book. */
import type { BookPlayerRow } from '../../../src/backoffice/rain-player-wire.ts';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Instant, Status } from '../kit/values.tsx';
import { useOperatorChoices, useVendorTypeChoices } from './choices.ts';

/** Whether it may bet, as far as it is up to it and to staff. */
export function PlayerState({ of }: { readonly of: Pick<BookPlayerRow, 'blockedAt' | 'excludedUntil'> }) {
  if (of.blockedAt !== null) return <Status tone="bad" label="rain.blocked" />;
  if (of.excludedUntil !== null) return <Status tone="warn" label="rain.excluded" />;
  return <Status tone="good" label="rain.active" />;
}

export function ExcludedUntil({ excludedUntil }: Pick<BookPlayerRow, 'excludedUntil'>) {
  const t = useT();
  return excludedUntil === 'forever' ? t('rain.for_ever') : <Instant at={excludedUntil} />;
}

const COLUMNS: readonly ListColumn<BookPlayerRow>[] = [
  { key: 'userId', label: 'rain.user', type: 'text', order: { ascending: 'user' } },
  { key: 'operatorName', label: 'rain.operator', type: 'text' },
  { key: 'vendorType', label: 'rain.vendor_type', type: 'text' },
  {
    key: 'state',
    label: 'rain.state',
    type: 'text',
    notExported: true,
    render: (row) => <PlayerState of={row} />,
  },
  { key: 'balance', label: 'rain.balance', type: 'money' },
  { key: 'exposure', label: 'rain.player_exposure', type: 'money' },
  { key: 'minBet', label: 'rain.min_bet', type: 'money', hidden: true },
  { key: 'maxBet', label: 'rain.max_bet', type: 'money' },
  { key: 'maxExposure', label: 'rain.max_exposure', type: 'money' },
  { key: 'ownMaxBet', label: 'rain.own_max_bet', type: 'money', hidden: true },
  { key: 'ownDayStake', label: 'rain.own_day_stake', type: 'money', hidden: true },
  {
    key: 'excludedUntil',
    label: 'rain.excluded_until',
    type: 'text',
    hidden: true,
    render: (row) => <ExcludedUntil excludedUntil={row.excludedUntil} />,
  },
  { key: 'blockedAt', label: 'rain.blocked_since', type: 'instant', hidden: true },
  { key: 'id', label: 'rain.player', type: 'text', order: { ascending: 'oldest', descending: 'newest' } },
  { key: 'createdAt', label: 'rain.made', type: 'instant' },
];

export default function Players() {
  const operators = useOperatorChoices();
  const vendorTypes = useVendorTypeChoices();
  const filters: readonly ListFilter[] = [
    { type: 'text', key: 'user', label: 'rain.user_begins' },
    { type: 'choice', key: 'operator', label: 'rain.operator', choices: operators },
    { type: 'choice', key: 'vendorType', label: 'rain.vendor_type', choices: vendorTypes },
    {
      type: 'choice',
      key: 'state',
      label: 'rain.state',
      choices: [
        { value: 'blocked', label: 'rain.blocked' },
        { value: 'excluded', label: 'rain.excluded' },
      ],
    },
  ];
  return (
    <ListPage<BookPlayerRow>
      path="/rain/players"
      columns={COLUMNS}
      filters={filters}
      standardOrder="newest"
      rowLink={({ id }) => `/rain/players/${id}`}
      empty="rain.no_players"
    />
  );
}
