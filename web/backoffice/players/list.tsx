/** Users of the agents in scope. */
import { useNavigate } from 'react-router';
import { ActButton } from '../kit/act-button.tsx';
import type { Fact } from '../kit/facts.tsx';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { Count, Money, Status } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import { PLAYER_TONES, type PlayerRow } from './player.ts';

const COLUMNS: readonly ListColumn<PlayerRow>[] = [
  { key: 'username', label: 'players.username', type: 'text', order: { ascending: 'username' } },
  { key: 'nickname', label: 'players.nickname', type: 'text' },
  { key: 'agentName', label: 'kit.agent', type: 'text' },
  { key: 'balance', label: 'players.balance', type: 'money' },
  { key: 'points', label: 'players.points', type: 'money' },
  {
    key: 'state',
    label: 'players.state',
    type: 'text',
    render: ({ state }) => <Status tone={PLAYER_TONES[state]} label={`players.states.${state}`} />,
  },
  {
    key: 'createdAt',
    label: 'players.created',
    type: 'instant',
    order: { descending: 'newest', ascending: 'oldest' },
  },
  { key: 'seenAt', label: 'players.seen', type: 'instant' },
  { key: 'id', label: 'players.id', type: 'text', hidden: true },
];

const FILTERS: readonly ListFilter[] = [
  { type: 'text', key: 'begins', label: 'players.username' },
  { type: 'agent' },
  { type: 'flag', key: 'blocked', label: 'players.states.blocked' },
  { type: 'flag', key: 'excluded', label: 'players.kept_out' },
  { type: 'day', key: 'createdFrom', label: 'players.created_from' },
  { type: 'day', key: 'createdTo', label: 'players.created_before' },
  { type: 'day', key: 'seenFrom', label: 'players.seen_from' },
  { type: 'day', key: 'seenTo', label: 'players.seen_before' },
];

interface Totals {
  readonly count: number;
  readonly more: boolean;
  readonly sums: readonly { readonly currency: string; readonly balance: string; readonly points: string }[];
}

export default function Players() {
  const may = useMay();
  return (
    <ListPage<PlayerRow, Totals>
      path="/players"
      columns={COLUMNS}
      filters={FILTERS}
      standardOrder="newest"
      rowLink={({ id }) => `/players/${id}`}
      totals={factsOf}
      empty="players.empty"
      actions={may('players') ? <Create /> : null}
    />
  );
}

function factsOf({ count, more, sums }: Totals): readonly Fact[] {
  return [
    { label: 'players.count', value: <Count value={count} more={more} /> },
    {
      label: 'players.balance',
      value: sums.map(({ currency, balance }) => (
        <div key={currency}>
          <Money minor={balance} currency={currency} />
        </div>
      )),
    },
    {
      label: 'players.points',
      value: sums.map(({ currency, points }) => (
        <div key={currency}>
          <Money minor={points} currency={currency} />
        </div>
      )),
    },
  ];
}

function Create() {
  const navigate = useNavigate();
  return (
    <ActButton<{ id: number }>
      label="players.create"
      path="/players"
      variant="contained"
      fields={[
        { key: 'agent', type: 'agent', required: true },
        {
          key: 'username',
          type: 'text',
          label: 'players.username',
          help: 'players.name_help',
          required: true,
        },
        { key: 'nickname', type: 'text', label: 'players.nickname', help: 'players.nickname_help' },
      ]}
      done="players.made"
      onDone={({ id }) => navigate(`/players/${id}`)}
    />
  );
}
