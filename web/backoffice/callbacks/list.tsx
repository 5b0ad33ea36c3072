/** What operators have not been told yet, or was given up. */
import { useNotify } from 'ra-core';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Count, Status } from '../kit/values.tsx';
import { Resend, ResendListed } from './acts.tsx';
import { LastAnswer } from './last-answer.tsx';
import { type CallbackRow, STATE_TONES } from './wire.ts';

const COLUMNS: readonly ListColumn<CallbackRow>[] = [
  {
    key: 'id',
    label: 'callbacks.transaction',
    type: 'text',
    order: { descending: 'newest', ascending: 'oldest' },
  },
  { key: 'at', label: 'callbacks.at', type: 'instant' },
  { key: 'agent', label: 'kit.agent', type: 'text' },
  { key: 'username', label: 'kit.player', type: 'text' },
  { key: 'type', label: 'callbacks.type', type: 'text' },
  { key: 'amount', label: 'callbacks.amount', type: 'money' },
  {
    key: 'state',
    label: 'callbacks.state',
    type: 'text',
    render: ({ state }) => <Status tone={STATE_TONES[state]} label={`callbacks.states.${state}`} />,
  },
  {
    key: 'lastClass',
    label: 'callbacks.last_answer',
    type: 'text',
    render: ({ lastClass, lastStatus }) => <LastAnswer found={lastClass} status={lastStatus} />,
  },
  { key: 'attempts', label: 'callbacks.in_vain', type: 'number' },
  { key: 'nextAt', label: 'callbacks.next', type: 'instant' },
  { key: 'lastAt', label: 'callbacks.last_at', type: 'instant', hidden: true },
  { key: 'vendor', label: 'callbacks.vendor', type: 'text', hidden: true },
  { key: 'game', label: 'callbacks.game', type: 'text', hidden: true },
  { key: 'round', label: 'callbacks.round', type: 'text', hidden: true },
  { key: 'resolvedBy', label: 'callbacks.resolved_by', type: 'text', hidden: true },
  { key: 'reason', label: 'kit.reason', type: 'text', hidden: true },
];

const FILTERS: readonly ListFilter[] = [
  {
    type: 'choice',
    key: 'state',
    label: 'callbacks.state',
    choices: ['asking', 'due', 'listed', 'resolved'].map((value) => ({
      value,
      label: `callbacks.states.${value}`,
    })),
  },
  { type: 'agent' },
  { type: 'player' },
  {
    type: 'choice',
    key: 'olderThan',
    label: 'callbacks.older',
    choices: ['5', '60', '1440'].map((value) => ({ value, label: `callbacks.ages.${value}` })),
  },
  { type: 'instants' },
];

interface Totals {
  readonly asking: number;
  readonly due: number;
  readonly listed: number;
  readonly resolved: number;
  readonly more: boolean;
}

const EVERY_MS = 5000;

export default function Callbacks() {
  const t = useT();
  const notify = useNotify();
  return (
    <ListPage<CallbackRow, Totals>
      path="/callbacks"
      columns={COLUMNS}
      filters={FILTERS}
      standardOrder="newest"
      rowLink={({ id }) => `/callbacks/${id}`}
      rowActions={(row) => <Resend of={row} />}
      totals={({ more, ...counts }) =>
        (['asking', 'due', 'listed', 'resolved'] as const).map((state) => ({
          label: `callbacks.states.${state}`,
          value: <Count value={counts[state]} more={more} />,
        }))
      }
      empty="callbacks.empty"
      everyMs={EVERY_MS}
      actions={
        <ResendListed
          onDone={({ resent, more }) =>
            notify(t(more ? 'callbacks.resent_more' : 'callbacks.resent_all', { smart_count: resent }))
          }
        />
      }
    />
  );
}
