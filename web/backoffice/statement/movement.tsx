/** One movement of money whole: between which accounts, why, and who or what caused it. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { Link as To, useParams } from 'react-router';
import { CopyField } from '../kit/copy-field.tsx';
import { type Fact, Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant, Money } from '../kit/values.tsx';
import { whyOf } from './words.ts';

interface Side {
  readonly kind: string;
  readonly owner: number | null;
  readonly name: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

interface Named {
  readonly id: number;
  readonly what: string;
  readonly amount: string;
  readonly at: string;
}

interface Movement extends Named {
  readonly currency: string;
  readonly agent: number;
  readonly agentName: string;
  readonly player: number | null;
  readonly username: string | null;
  readonly playerBefore: string | null;
  readonly vendor: string | null;
  readonly game: string | null;
  readonly round: string | null;
  readonly studio: string | null;
  readonly externalId: string | null;
  readonly ip: string | null;
  readonly callback: string | null;
  readonly debit: Side;
  readonly credit: Side;
  readonly answers: Named | null;
  readonly answeredBy: readonly Named[];
  readonly cause: {
    readonly kind: 'round' | 'studio' | 'api' | 'staff' | 'pot_request' | 'pot';
    readonly key: string | null;
    readonly requestId: string | null;
    readonly act: {
      readonly actor: string;
      readonly action: string;
      readonly reason: string | null;
      readonly at: string;
    } | null;
  };
}

export default function OneMovement() {
  const { transferId = '' } = useParams();
  const reading = useApi<Movement>(`/movements/${transferId}`);
  return <Read of={reading}>{(movement) => <Shown of={movement} />}</Read>;
}

function Shown({ of }: { readonly of: Movement }) {
  const t = useT();
  const { id, what, amount, currency, debit, credit, answers, answeredBy } = of;
  const wallet = of.playerBefore === null ? 'transfer' : 'seamless';
  return (
    <>
      <PageHead
        title={`${t(`statement.types.${what}`)} ${id}`}
        back={{ to: '/statement', label: 'statement.title' }}
      />
      <Section>
        <Typography variant="body1" sx={{ mb: 1.5 }}>
          {t(...whyOf({ ...of, refererId: answers?.id ?? null, wallet }))}
        </Typography>
        <Facts facts={factsOf(of)} />
      </Section>
      <Section title="statement.accounts_moved">
        <Box
          sx={{
            display: 'grid',
            gap: 2,
            gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 260px), 1fr))',
          }}
        >
          <Account side={debit} currency={currency} title="statement.taken_from" amount={`-${amount}`} />
          <Account side={credit} currency={currency} title="statement.given_to" amount={amount} />
        </Box>
      </Section>
      <Section title="statement.cause">
        <Cause of={of} />
      </Section>
      {answers === null && answeredBy.length === 0 ? null : (
        <Section title="statement.chain">
          <Others title="statement.it_answers" rows={answers === null ? [] : [answers]} currency={currency} />
          <Others title="statement.answered_by" rows={answeredBy} currency={currency} />
        </Section>
      )}
    </>
  );
}

function factsOf(of: Movement): readonly Fact[] {
  const {
    amount,
    currency,
    at,
    player,
    username,
    agent,
    agentName,
    game,
    vendor,
    round,
    externalId,
    ip,
    callback,
    id,
  } = of;
  const link = (to: string, text: string) => (
    <Link component={To} to={to}>
      {text}
    </Link>
  );
  return [
    { label: 'statement.amount', value: <Money minor={amount} currency={currency} /> },
    { label: 'statement.time', value: <Instant at={at} /> },
    ...(player === null ? [] : [{ label: 'kit.player', value: link(`/players/${player}`, username ?? '') }]),
    { label: 'kit.agent', value: link(`/agents/${agent}`, agentName) },
    ...(game === null ? [] : [{ label: 'bets.game', value: `${game} (${vendor})` }]),
    ...(game === null || round === null
      ? []
      : [{ label: 'bets.round', value: link(`/rounds/${id}`, round) }]),
    ...(externalId === null ? [] : [{ label: 'statement.external_id', value: externalId }]),
    ...(ip === null ? [] : [{ label: 'statement.ip', value: ip }]),
    ...(callback === null
      ? []
      : [{ label: 'statement.callback', value: <Callback id={id} state={callback} /> }]),
  ];
}

function Callback({ id, state }: { readonly id: number; readonly state: string }) {
  const t = useT();
  return (
    <Link component={To} to={`/callbacks/${id}`}>
      {t(`bets.callbacks.${state}`)}
    </Link>
  );
}

interface AccountProps {
  readonly side: Side;
  readonly currency: string;
  /** Key. */
  readonly title: string;
  readonly amount: string;
}

function Account({ side: { kind, owner, name, before, after }, currency, title, amount }: AccountProps) {
  const t = useT();
  const said = name === null ? t(`statement.kinds.${kind === 'pot' ? 'upline' : kind}`) : name;
  const to = kind === 'pot' ? `/statement/agent/${owner}` : kind === 'vendor' ? null : `/players/${owner}`;
  return (
    <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1, p: 1.5, minWidth: 0 }}>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {t(title)}
      </Typography>
      <Box sx={{ overflowWrap: 'anywhere' }}>
        {name === null ? null : `${t(`statement.kinds.${kind}`)}: `}
        {owner === null || to === null ? (
          said
        ) : (
          <Link component={To} to={to}>
            {said}
          </Link>
        )}
      </Box>
      <div>
        <strong>
          <Money minor={/^-0+$/.test(amount) ? '0' : amount} currency={currency} result />
        </strong>{' '}
        {before === null ? null : (
          <span>
            (<Money minor={before} currency={currency} /> → <Money minor={after} currency={currency} />)
          </span>
        )}
      </div>
    </Box>
  );
}

function Cause({ of: { cause, studio, round, id } }: { readonly of: Movement }) {
  const t = useT();
  const { kind, key, requestId, act } = cause;
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <span>
        {t(`statement.causes.${kind}`)} {kind === 'studio' ? studio : ''}{' '}
        {kind === 'round' ? (
          <Link component={To} to={`/rounds/${id}`}>
            {round}
          </Link>
        ) : null}
        {requestId === null ? null : (
          <Link component={To} to={`/pot-requests/${requestId}`}>
            #{requestId}
          </Link>
        )}
      </span>
      {act === null ? null : (
        <span>
          {t('statement.acted', { actor: act.actor, action: act.action })} <Instant at={act.at} />
          {act.reason === null ? '' : `: ${act.reason}`}
        </span>
      )}
      {key === null || requestId !== null || key.startsWith('office:') ? null : (
        <CopyField label="statement.key" value={key} />
      )}
    </Box>
  );
}

interface OthersProps {
  readonly title: string;
  readonly rows: readonly Named[];
  readonly currency: string;
}

function Others({ title, rows, currency }: OthersProps) {
  const t = useT();
  if (rows.length === 0) return null;
  return (
    <>
      <p>{t(title)}</p>
      <Box component="ul" sx={{ pl: 2.5, my: 0 }}>
        {rows.map(({ id, what, amount, at }) => (
          <li key={id}>
            <Link component={To} to={`/movements/${id}`}>
              {t(`statement.types.${what}`)} {id}
            </Link>{' '}
            <Money minor={amount} currency={currency} /> <Instant at={at} />
          </li>
        ))}
      </Box>
    </>
  );
}
