/** One agent: what it is, its POT, what is set for it, what it earns, which vendors it has. */
import Alert from '@mui/material/Alert';
import Link from '@mui/material/Link';
import { Fragment } from 'react';
import { Link as To, useParams } from 'react-router';
import { Switches } from '../catalogue/switches.tsx';
import { ActButton } from '../kit/act-button.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Row } from '../kit/row.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant, Money } from '../kit/values.tsx';
import { MovePot } from '../pot/move.tsx';
import { useMay } from '../session.tsx';
import { type AgentSet, useShare } from './agent.ts';
import { CreateAgent } from './create.tsx';
import { EnterAgent } from './enter.tsx';
import { Rates } from './rates.tsx';
import { Settings } from './settings.tsx';
import { AgentState } from './state.tsx';

export default function OneAgent() {
  const { agentId = '' } = useParams();
  const agent = useApi<AgentSet>(`/agents/${agentId}`);
  return <Read of={agent}>{(found) => <Shown agent={found} />}</Read>;
}

function Shown({ agent }: { readonly agent: AgentSet }) {
  const may = useMay();
  const { id, username } = agent;
  return (
    <>
      <PageHead
        title={username}
        beside={<AgentState suspended={agent.suspended} />}
        back={{ to: '/agents', label: 'agents.title' }}
        actions={
          <>
            {agent.upline && !agent.suspended && may('auto_login') ? (
              <EnterAgent agent={{ id, name: username }} />
            ) : null}
            {agent.direct && may('pot') ? <MovePot agent={agent} /> : null}
            {may('agents') ? <CreateAgent below={{ id, username }} /> : null}
          </>
        }
      />
      <Path uplines={agent.uplines} />
      <Tabs
        label="agents.parts"
        tabs={[
          { key: 'facts', label: 'agents.overview', render: () => <Overview agent={agent} /> },
          { key: 'settings', label: 'agents.settings', render: () => <Settings agent={agent} /> },
          { key: 'rates', label: 'agents.rates', render: () => <Rates agent={agent} /> },
          { key: 'vendors', label: 'agents.vendors', render: () => <Switches agentId={id} /> },
        ]}
      />
    </>
  );
}

/** The way down to it, as far as it is seen. */
function Path({ uplines }: Pick<AgentSet, 'uplines'>) {
  const t = useT();
  if (uplines.length < 2) return null;
  return (
    <nav
      aria-label={t('agents.path')}
      style={{ marginBottom: 8, fontSize: '0.8125rem', overflowWrap: 'anywhere' }}
    >
      {uplines.map(({ id, username }, index) => (
        <Fragment key={id}>
          {index === 0 ? '' : ' › '}
          {index === uplines.length - 1 ? (
            username
          ) : (
            <Link component={To} to={`/agents/${id}`}>
              {username}
            </Link>
          )}
        </Fragment>
      ))}
    </nav>
  );
}

function Overview({ agent }: { readonly agent: AgentSet }) {
  const t = useT();
  const share = useShare();
  const { id, currency } = agent;
  const facts = [
    { label: 'agents.pot', value: <Money minor={agent.pot} currency={currency} /> },
    { label: 'agents.rate', value: share(agent.bps) },
    { label: 'agents.players', value: <Count value={agent.players} more={agent.playersMore} /> },
    { label: 'agents.below', value: <Count value={agent.agentsBelow} /> },
    { label: 'agents.nickname', value: agent.nickname },
    { label: 'agents.wallet', value: t(`agents.wallets.${agent.wallet}`) },
    { label: 'agents.currency', value: currency },
    { label: 'agents.number', value: String(id) },
    { label: 'agents.created', value: <Instant at={agent.createdAt} /> },
  ];
  return (
    <>
      <Section title="agents.overview">
        <Facts facts={facts} />
      </Section>
      <Section title="agents.elsewhere">
        <Row>
          <Elsewhere to={`/statement/agent/${id}`} label="agents.statement" permission="look" />
          <Elsewhere to={`/pot-requests?agent=${id}`} label="agents.requests" permission="look" />
          <Elsewhere to={`/players?agent=${id}`} label="agents.players" permission="look" />
          <Elsewhere to={`/agents?tab=list&agent=${id}`} label="agents.below" permission="look" />
          <Elsewhere to={`/bet-limits?agent=${id}`} label="frame.groups.bet_limits" permission="look" />
          <Elsewhere to={`/win-limits?agent=${id}`} label="frame.groups.win_limits" permission="look" />
          <Elsewhere to={`/people?agent=${id}`} label="agents.people" permission="people" />
        </Row>
      </Section>
      <Suspension agent={agent} />
    </>
  );
}

type Permission = Parameters<ReturnType<typeof useMay>>[0];

function Elsewhere({
  to,
  label,
  permission,
}: {
  readonly to: string;
  readonly label: string;
  readonly permission: Permission;
}) {
  const t = useT();
  const may = useMay();
  if (!may(permission)) return null;
  return (
    <Link component={To} to={to} sx={{ mr: 1.5 }}>
      {t(label)}
    </Link>
  );
}

/** What it stops and what it does not is said beside the button. */
function Suspension({ agent }: { readonly agent: AgentSet }) {
  const t = useT();
  const may = useMay();
  const { id, username, suspended, upline } = agent;
  if (!upline || !may('agents'))
    return suspended ? <Alert severity="warning">{t('agents.suspended_text')}</Alert> : null;
  return (
    <Section title="agents.suspension">
      <p style={{ marginTop: 0 }}>{t('agents.suspension_text')}</p>
      <ActButton
        label={suspended ? 'agents.resume' : 'agents.suspend'}
        title={suspended ? 'agents.resume_title' : 'agents.suspend_title'}
        text={suspended ? 'agents.resume_text' : 'agents.suspension_text'}
        named={{ name: username }}
        path={`/agents/${id}`}
        method="PATCH"
        fields={[{ key: 'reason', type: 'reason' }]}
        body={({ reason }) => ({ suspended: !suspended, reason })}
        danger={!suspended}
        done="agents.changed"
      />
    </Section>
  );
}
