/** Requests for POT: the own ones, those that wait for oneself, and all below. */
import Button from '@mui/material/Button';
import { Link as To, useNavigate } from 'react-router';
import { ActButton } from '../kit/act-button.tsx';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Count, Money } from '../kit/values.tsx';
import { useMay, useMe } from '../session.tsx';
import { type PotReceipt, type PotRequest, usePageKey } from './request.ts';
import { PotKind, PotState } from './state.tsx';

const COLUMNS: readonly ListColumn<PotRequest>[] = [
  { key: 'id', label: 'pot.number', type: 'text', order: { descending: 'newest', ascending: 'oldest' } },
  { key: 'askedAt', label: 'pot.asked_at', type: 'instant' },
  { key: 'kind', label: 'pot.kind', type: 'text', render: ({ kind }) => <PotKind kind={kind} /> },
  { key: 'agent', label: 'kit.agent', type: 'text' },
  { key: 'amount', label: 'pot.amount', type: 'money' },
  { key: 'state', label: 'pot.state', type: 'text', render: (row) => <PotState of={row} /> },
  { key: 'askedBy', label: 'pot.asked_by', type: 'text' },
  { key: 'upline', label: 'pot.upline', type: 'text', render: (row) => <Upline of={row} /> },
  { key: 'note', label: 'pot.note', type: 'text', hidden: true },
  { key: 'endedBy', label: 'pot.ended_by', type: 'text', hidden: true },
  { key: 'endedAt', label: 'pot.ended_at', type: 'instant' },
  { key: 'transferId', label: 'pot.transaction', type: 'text', hidden: true },
  { key: 'reason', label: 'pot.reason', type: 'text', hidden: true },
];

const STATES = ['open', 'asked', 'approved', 'carried_out', 'refused', 'withdrawn', 'expired'];
const KINDS = ['recharge', 'payment', 'give', 'take'];

const FILTERS: readonly ListFilter[] = [
  {
    type: 'choice',
    key: 'view',
    label: 'pot.view',
    choices: ['waiting', 'mine'].map((value) => ({ value, label: `pot.views.${value}` })),
  },
  {
    type: 'choice',
    key: 'state',
    label: 'pot.state',
    choices: STATES.map((value) => ({ value, label: `pot.states.${value}` })),
  },
  {
    type: 'choice',
    key: 'kind',
    label: 'pot.kind',
    choices: KINDS.map((value) => ({ value, label: `pot.kinds.${value}` })),
  },
  { type: 'agent' },
  { type: 'instants' },
];

interface Totals {
  readonly count: number;
  readonly more: boolean;
  readonly sums: readonly {
    readonly kind: PotRequest['kind'];
    readonly currency: string;
    readonly sum: string;
  }[];
}

export default function PotRequests() {
  const t = useT();
  const may = useMay();
  const { agent } = useMe();
  return (
    <ListPage<PotRequest, Totals>
      path="/pot-requests"
      columns={COLUMNS}
      filters={FILTERS}
      standardOrder="newest"
      rowLink={({ id }) => `/pot-requests/${id}`}
      totals={({ count, more, sums }) => [
        { label: 'pot.count', value: <Count value={count} more={more} /> },
        ...KINDS.flatMap((kind) => {
          const of = sums.filter((sum) => sum.kind === kind);
          const value = of.map(({ currency, sum }, index) => (
            <span key={currency}>
              {index === 0 ? '' : ' · '}
              <Money minor={sum} currency={currency} />
            </span>
          ));
          return of.length === 0 ? [] : [{ label: `pot.kinds.${kind}`, value }];
        }),
      ]}
      empty="pot.empty"
      actions={
        <>
          {may('pot') ? (
            <Button component={To} to="/pot-rules">
              {t('pot.rules')}
            </Button>
          ) : null}
          {agent !== null && may('pot_request') ? (
            <>
              <Ask kind="recharge" currency={agent.currency} />
              <Ask kind="payment" currency={agent.currency} />
            </>
          ) : null}
        </>
      }
    />
  );
}

function Upline({ of: { house, upline } }: { readonly of: PotRequest }) {
  const t = useT();
  return upline ?? t(house ? 'pot.the_house' : 'pot.your_upline');
}

/** What is asked of the upline. A payment holds nothing back: that is said before it is asked. */
function Ask({ kind, currency }: { readonly kind: 'recharge' | 'payment'; readonly currency: string }) {
  const { keyFor, renew } = usePageKey();
  const navigate = useNavigate();
  return (
    <ActButton<PotReceipt>
      label={`pot.ask.${kind}`}
      title={`pot.ask_title.${kind}`}
      text={`pot.ask_text.${kind}`}
      path="/pot-requests"
      variant={kind === 'recharge' ? 'contained' : 'outlined'}
      fields={[
        { key: 'amount', type: 'money', label: 'pot.amount', currency, required: true },
        { key: 'note', type: 'text', label: 'pot.note', help: 'pot.note_help' },
      ]}
      body={({ amount = '', note = '' }) => ({ kind, amount, note, key: keyFor(kind, amount) })}
      done="pot.asked"
      onDone={({ id }) => {
        renew();
        navigate(`/pot-requests/${id}`);
      }}
    />
  );
}
