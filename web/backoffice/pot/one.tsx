/** One request: what it waits for and what one may do about it; once it is carried out, its receipt, which prints. */
import Print from '@mui/icons-material/Print';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import GlobalStyles from '@mui/material/GlobalStyles';
import Link from '@mui/material/Link';
import { Link as To, useParams } from 'react-router';
import { ActButton } from '../kit/act-button.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant, Money } from '../kit/values.tsx';
import type { PotReceipt } from './request.ts';
import { PotState } from './state.tsx';

export default function OnePotRequest() {
  const { requestId = '' } = useParams();
  const request = useApi<PotReceipt>(`/pot-requests/${requestId}`, {}, { everyMs: 15_000 });
  return <Read of={request}>{(found) => <Shown request={found} />}</Read>;
}

function Shown({ request }: { readonly request: PotReceipt }) {
  const t = useT();
  const { id, kind, state } = request;
  const isDone = state === 'carried_out';
  return (
    <>
      <GlobalStyles styles={PRINTED} />
      <PageHead
        title={t(isDone ? 'pot.receipt' : 'pot.one', { id })}
        beside={<PotState of={request} />}
        back={{ to: '/pot-requests', label: 'pot.title' }}
        actions={isDone ? <PrintButton /> : <Acts request={request} />}
      />
      <WhatNow request={request} />
      <Section title={`pot.kinds.${kind}`}>
        <Box sx={{ fontSize: '1.5rem', fontWeight: 650, mb: 2 }}>
          <Money minor={request.amount} currency={request.currency} />
        </Box>
        <Parties request={request} />
      </Section>
      <Section title="pot.course">
        <Course request={request} />
      </Section>
    </>
  );
}

/** On paper there is the receipt alone, dark on white. */
const PRINTED = {
  '@media print': {
    'header, nav, aside, button, .MuiDrawer-root, .MuiAppBar-root': { display: 'none !important' },
    'body, main, .MuiPaper-root': {
      background: '#fff !important',
      color: '#000 !important',
      margin: 0,
      padding: 0,
    },
    '.MuiPaper-root': { breakInside: 'avoid' },
  },
} as const;

function PrintButton() {
  const t = useT();
  return (
    <Button variant="outlined" startIcon={<Print />} onClick={() => print()}>
      {t('pot.print')}
    </Button>
  );
}

function WhatNow({ request }: { readonly request: PotReceipt }) {
  const t = useT();
  const { state, kind, approvals, trouble, trying, may } = request;
  if (state !== 'asked' && state !== 'approved') return null;
  const severity = trouble === null ? 'info' : 'warning';
  const key = trying
    ? 'pot.now.trying'
    : trouble !== null
      ? 'pot.now.too_low'
      : may.includes('approve')
        ? 'pot.now.yours'
        : approvals.length > 0
          ? 'pot.now.second'
          : 'pot.now.waits';
  return (
    <Alert severity={severity} sx={{ mb: 2 }}>
      {t(key)} {kind === 'payment' ? t('pot.holds_nothing') : null}
    </Alert>
  );
}

function Parties({ request }: { readonly request: PotReceipt }) {
  const t = useT();
  const { currency, agentPot, uplinePot, house, upline, uplineId, agent, agentId } = request;
  const pot = (minor: string | undefined) => <Money minor={minor ?? null} currency={currency} />;
  const other = upline ?? t(house ? 'pot.the_house' : 'pot.your_upline');
  const facts = [
    { label: 'kit.agent', value: linkTo(agentId, agent) },
    { label: 'pot.upline', value: uplineId === null ? other : linkTo(uplineId, other) },
    ...(agentPot === null
      ? []
      : [
          { label: 'pot.agent_before', value: pot(agentPot.before) },
          { label: 'pot.agent_after', value: pot(agentPot.after) },
        ]),
    ...(uplinePot === null
      ? []
      : [
          { label: 'pot.upline_before', value: pot(uplinePot.before) },
          { label: 'pot.upline_after', value: pot(uplinePot.after) },
        ]),
    { label: 'pot.note', value: request.note === '' ? '–' : request.note },
  ];
  return <Facts facts={facts} />;
}

function linkTo(id: number, name: string) {
  return (
    <Link component={To} to={`/agents/${id}`}>
      {name}
    </Link>
  );
}

/** Who did what when. */
function Course({ request }: { readonly request: PotReceipt }) {
  const t = useT();
  const { askedBy, askedAt, approvals, needed, state, endedBy, endedAt, reason, transferId, movedAt } =
    request;
  const isOpen = state === 'asked' || state === 'approved';
  const ended = isOpen ? [] : [{ label: `pot.states.${state}`, value: who(endedBy, endedAt) }];
  const facts = [
    { label: 'pot.number', value: String(request.id) },
    { label: 'pot.asked_by', value: who(askedBy, askedAt) },
    {
      label: 'pot.approved_by',
      value:
        approvals.length === 0
          ? '–'
          : approvals.map(({ person, at }) => <div key={person}>{who(person, at)}</div>),
    },
    { label: 'pot.needed', value: t('pot.persons', { smart_count: needed }) },
    ...ended,
    ...(reason === null ? [] : [{ label: 'pot.reason', value: reason }]),
    ...(isOpen ? [{ label: 'pot.expires', value: <Instant at={request.expiresAt} /> }] : []),
    ...(transferId === null
      ? []
      : [
          { label: 'pot.transaction', value: String(transferId) },
          { label: 'pot.moved_at', value: <Instant at={movedAt} /> },
        ]),
  ];
  return <Facts facts={facts} />;
}

function who(person: string | null, at: string | null) {
  return (
    <>
      {person === null ? null : <div>{person}</div>}
      <Instant at={at} />
    </>
  );
}

function Acts({ request }: { readonly request: PotReceipt }) {
  const { id, may, kind, agent } = request;
  const path = `/pot-requests/${id}`;
  const named = { name: agent };
  return (
    <>
      {may.includes('withdraw') ? (
        <ActButton
          label="pot.withdraw"
          text="pot.withdraw_text"
          path={`${path}/withdraw`}
          body={() => ({})}
          done="pot.states.withdrawn"
        />
      ) : null}
      {may.includes('refuse') ? (
        <ActButton
          label="pot.refuse"
          title="pot.refuse_title"
          path={`${path}/refuse`}
          fields={[{ key: 'reason', type: 'reason' }]}
          danger
          done="pot.states.refused"
        />
      ) : null}
      {may.includes('retry') ? (
        <ActButton label="pot.retry" path={`${path}/retry`} body={() => ({})} atOnce variant="contained" />
      ) : null}
      {may.includes('approve') ? (
        <ActButton
          label="pot.approve"
          title="pot.approve_title"
          text={`pot.approve_text.${kind}`}
          named={named}
          path={`${path}/approve`}
          body={() => ({})}
          variant="contained"
        >
          <Box sx={{ fontSize: '1.25rem', fontWeight: 650, mt: 1 }}>
            <Money minor={request.amount} currency={request.currency} />
          </Box>
        </ActButton>
      ) : null}
    </>
  );
}
