/** Agents: as a tree that opens node by node, or as a list to search. */
import { ListView } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { PageHead } from '../kit/page-head.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useT } from '../kit/text.ts';
import { Count, Money } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import { type Agent, useShare } from './agent.ts';
import { CreateAgent } from './create.tsx';
import { AgentState } from './state.tsx';
import { AgentTree } from './tree.tsx';

export default function Agents() {
  const t = useT();
  const may = useMay();
  return (
    <>
      <PageHead title={t('agents.title')} actions={may('agents') ? <CreateAgent /> : null} />
      <Tabs
        label="agents.title"
        tabs={[
          { key: 'tree', label: 'agents.tree', render: () => <AgentTree /> },
          { key: 'list', label: 'agents.list', render: () => <AgentList /> },
        ]}
      />
    </>
  );
}

const COLUMNS: readonly ListColumn<Agent>[] = [
  { key: 'username', label: 'agents.username', type: 'text', order: { ascending: 'name' } },
  { key: 'nickname', label: 'agents.nickname', type: 'text' },
  { key: 'parent', label: 'agents.parent', type: 'text' },
  { key: 'level', label: 'agents.level', type: 'number' },
  { key: 'pot', label: 'agents.pot', type: 'money' },
  { key: 'currency', label: 'agents.currency', type: 'text', hidden: true },
  {
    key: 'wallet',
    label: 'agents.wallet',
    type: 'text',
    render: ({ wallet }) => <Wallet wallet={wallet} />,
  },
  { key: 'bps', label: 'agents.rate', type: 'number', render: ({ bps }) => <Share bps={bps} /> },
  { key: 'agentsBelow', label: 'agents.below', type: 'number' },
  {
    key: 'players',
    label: 'agents.players',
    type: 'number',
    render: ({ players, playersMore }) => <Count value={players} more={playersMore} />,
  },
  {
    key: 'suspended',
    label: 'agents.state',
    type: 'flag',
    render: ({ suspended }) => <AgentState suspended={suspended} />,
  },
  { key: 'createdAt', label: 'agents.created', type: 'instant', order: { descending: 'newest' } },
];

const FILTERS: readonly ListFilter[] = [
  { type: 'text', key: 'begins', label: 'agents.username' },
  { type: 'agent', label: 'agents.below_of' },
  {
    type: 'choice',
    key: 'wallet',
    label: 'agents.wallet',
    choices: [
      { value: 'transfer', label: 'agents.wallets.transfer' },
      { value: 'seamless', label: 'agents.wallets.seamless' },
    ],
  },
  { type: 'flag', key: 'suspended', label: 'agents.suspended' },
];

interface Totals {
  readonly count: number;
  readonly pots: readonly { readonly currency: string; readonly sum: string }[];
}

function AgentList() {
  return (
    <ListView<Agent, Totals>
      path="/agents"
      columns={COLUMNS}
      filters={FILTERS}
      standardOrder="name"
      rowLink={({ id }) => `/agents/${id}`}
      totals={({ count, pots }) => [
        { label: 'agents.count', value: <Count value={count} /> },
        {
          label: 'agents.pots',
          value: pots.map(({ currency, sum }, index) => (
            <span key={currency}>
              {index === 0 ? '' : ' · '}
              <Money minor={sum} currency={currency} />
            </span>
          )),
        },
      ]}
      empty="agents.empty"
    />
  );
}

export function Wallet({ wallet }: Pick<Agent, 'wallet'>) {
  const t = useT();
  return t(`agents.wallets.${wallet}`);
}

export function Share({ bps }: Pick<Agent, 'bps'>) {
  const share = useShare();
  return share(bps);
}
