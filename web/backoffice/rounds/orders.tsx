/** Orders to end rounds by hand: those that wait for a second person, and what became of the others. */
import Link from '@mui/material/Link';
import { Link as To } from 'react-router';
import { ActButton } from '../kit/act-button.tsx';
import { ListView } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Money, Status, type Tone } from '../kit/values.tsx';
import { useMe } from '../session.tsx';

const STATES = ['waiting', 'confirmed', 'done', 'failed', 'refused', 'withdrawn'] as const;
type OrderState = (typeof STATES)[number];

interface Order {
  readonly id: number;
  readonly username: string;
  readonly agentName: string;
  readonly game: string;
  readonly vendor: string;
  readonly round: string;
  readonly act: 'settle' | 'void';
  readonly amount: string;
  readonly currency: string;
  readonly reason: string;
  readonly state: OrderState;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly confirmedBy: string | null;
  readonly endReason: string | null;
  readonly transferId: number | null;
}

const TONES: Readonly<Record<OrderState, Tone>> = {
  waiting: 'warn',
  confirmed: 'info',
  done: 'good',
  failed: 'bad',
  refused: 'idle',
  withdrawn: 'idle',
};

const COLUMNS: readonly ListColumn<Order>[] = [
  { key: 'madeAt', label: 'rounds.made', type: 'instant' },
  {
    key: 'state',
    label: 'rounds.state',
    type: 'text',
    render: ({ state }) => <Status tone={TONES[state]} label={`rounds.states.${state}`} />,
  },
  { key: 'act', label: 'rounds.what', type: 'text', render: (row) => <What of={row} /> },
  { key: 'username', label: 'kit.player', type: 'text' },
  { key: 'agentName', label: 'kit.agent', type: 'text', hidden: true },
  { key: 'game', label: 'bets.game', type: 'text' },
  { key: 'round', label: 'bets.round', type: 'text' },
  { key: 'reason', label: 'kit.reason', type: 'text' },
  { key: 'madeBy', label: 'rounds.made_by', type: 'text' },
  { key: 'confirmedBy', label: 'rounds.confirmed_by', type: 'text', hidden: true },
  { key: 'endReason', label: 'rounds.outcome', type: 'text', render: (row) => <Outcome of={row} /> },
];

const FILTERS: readonly ListFilter[] = [
  {
    type: 'choice',
    key: 'state',
    label: 'rounds.state',
    choices: STATES.map((value) => ({ value, label: `rounds.states.${value}` })),
  },
  { type: 'agent' },
];

export function Orders() {
  return (
    <ListView<Order>
      path="/round-orders"
      columns={COLUMNS}
      filters={FILTERS}
      rowActions={(order) => <OrderActs order={order} />}
      empty="rounds.no_orders"
      everyMs={15_000}
    />
  );
}

function What({ of: { act, amount, currency } }: { readonly of: Order }) {
  const t = useT();
  return act === 'void' ? (
    t('rounds.acts.void')
  ) : (
    <>
      {t('rounds.acts.settle')} <Money minor={amount} currency={currency} />
    </>
  );
}

function Outcome({ of: { transferId, endReason } }: { readonly of: Order }) {
  if (transferId === null) return endReason ?? '–';
  return (
    <Link component={To} to={`/rounds/${transferId}`}>
      {transferId}
    </Link>
  );
}

/** The maker may take it back; somebody else confirms or refuses. */
function OrderActs({ order }: { readonly order: Order }) {
  const me = useMe();
  const { id, state, madeBy } = order;
  const reason = [{ key: 'reason', type: 'reason' }] as const;
  const path = `/round-orders/${id}`;
  const named = { name: order.username, round: order.round, by: madeBy };
  if (state !== 'waiting' && state !== 'confirmed') return null;
  if (me.name === madeBy)
    return state === 'waiting' ? (
      <ActButton
        label="rounds.withdraw"
        path={`${path}/withdraw`}
        fields={reason}
        done="rounds.is_withdrawn"
      />
    ) : null;
  return (
    <>
      <ActButton
        {...{ label: 'rounds.confirm', text: 'rounds.confirm_text', named, path: `${path}/confirm` }}
        variant="contained"
        done="rounds.is_done"
      >
        <p>
          <What of={order} />: {order.reason}
        </p>
      </ActButton>
      {state === 'waiting' ? (
        <ActButton label="rounds.refuse" path={`${path}/refuse`} fields={reason} done="rounds.is_refused" />
      ) : null}
    </>
  );
}
