/** The statement of an agent's POT: with its upline, with those below it, with its users. */
import { useParams } from 'react-router';
import { Facts } from '../kit/facts.tsx';
import { ListView } from '../kit/list.tsx';
import type { ListFilter } from '../kit/list-types.ts';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Money } from '../kit/values.tsx';
import { addressOfLine, PLAYER_TYPES, POT_COLUMNS, type StatementLine, typeFilter } from './line.tsx';

interface Agent {
  readonly username: string;
  readonly currency: string;
  readonly pot: string;
  readonly wallet: 'transfer' | 'seamless';
}

const UP_AND_DOWN = ['potGive', 'potTake', 'addBalance', 'subBalance', 'subBalanceAll'] as const;
const IN_GAME = PLAYER_TYPES.filter((type) => !/Balance|points/.test(type));

const filtersOf = ({ wallet }: Agent): readonly ListFilter[] => [
  typeFilter(wallet === 'seamless' ? [...UP_AND_DOWN, ...IN_GAME] : UP_AND_DOWN),
  { type: 'instants' },
];

export default function PotStatement() {
  const { agentId = '' } = useParams();
  const reading = useApi<Agent>(`/agents/${agentId}`);
  return <Read of={reading}>{(agent) => <Shown agent={agent} id={agentId} />}</Read>;
}

function Shown({ agent, id }: { readonly agent: Agent; readonly id: string }) {
  const t = useT();
  const { username, pot, currency } = agent;
  return (
    <>
      <PageHead
        title={t('statement.of_agent', { name: username })}
        back={{ to: `/agents/${id}`, label: 'kit.agent' }}
      />
      <Facts facts={[{ label: 'statement.pot', value: <Money minor={pot} currency={currency} /> }]} />
      <ListView<StatementLine>
        path={`/statement/agent/${id}`}
        columns={POT_COLUMNS}
        filters={filtersOf(agent)}
        standardOrder="newest"
        rowLink={addressOfLine}
        empty="statement.empty"
      />
    </>
  );
}
