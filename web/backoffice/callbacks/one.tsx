/** One callback: what it tells, every attempt, and what stands before it in the user's line. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { Link as RouterLink, useParams } from 'react-router';
import { Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Pretty } from '../kit/pretty.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant, Money, Status } from '../kit/values.tsx';
import { CallbackActs } from './acts.tsx';
import { type Attempt, type CallbackRow, type InLine, type OneCallback, STATE_TONES } from './wire.ts';

const EVERY_MS = 2000;

export default function Callback() {
  const { callbackId = '' } = useParams();
  const found = useApi<OneCallback>(`/callbacks/${callbackId}`, {}, { everyMs: EVERY_MS });
  return <Read of={found}>{(shown) => <Shown {...shown} />}</Read>;
}

function Shown({ callback, attempts, line }: OneCallback) {
  const t = useT();
  const { id, type, state } = callback;
  return (
    <>
      <PageHead
        title={t('callbacks.one_of', { id, type })}
        beside={<Status tone={STATE_TONES[state]} label={`callbacks.states.${state}`} />}
        back={{ to: '/callbacks', label: 'callbacks.title' }}
        actions={<CallbackActs of={callback} />}
      />
      <Typography variant="body1" sx={{ mb: 1.5 }}>
        {t(`callbacks.state_texts.${state}`)}
      </Typography>
      <Section>
        <Facts facts={factsOf(callback)} />
      </Section>
      <Line line={line} id={id} />
      <Section title="callbacks.attempts">
        {attempts.length === 0 ? t('callbacks.no_attempts') : null}
        {attempts.toReversed().map((attempt) => (
          <OneAttempt key={`${attempt.n} ${attempt.at}`} of={attempt} />
        ))}
      </Section>
    </>
  );
}

/** The round is found by the bet that opened it, or by what answers it. */
const roundOf = ({ id, type, refererId }: CallbackRow) =>
  type === 'bet' || type === 'charge' ? id : (refererId ?? id);

function factsOf(callback: CallbackRow) {
  const { id, agent, playerId, username, amount, after, currency, refererId, at, attempts, nextAt } =
    callback;
  const { vendor, game, round, externalId, resolvedBy, reason } = callback;
  return [
    {
      label: 'callbacks.transaction',
      value: (
        <Link component={RouterLink} to={`/rounds/${roundOf(callback)}`}>
          {id}
        </Link>
      ),
    },
    { label: 'callbacks.amount', value: <Money minor={amount} currency={currency} /> },
    { label: 'callbacks.after', value: <Money minor={after} currency={currency} /> },
    { label: 'callbacks.at', value: <Instant at={at} /> },
    { label: 'kit.agent', value: agent },
    {
      label: 'kit.player',
      value: (
        <Link component={RouterLink} to={`/players/${playerId}`}>
          {username}
        </Link>
      ),
    },
    { label: 'callbacks.game', value: game === null ? '–' : `${vendor} · ${game}` },
    { label: 'callbacks.round', value: round ?? '–' },
    { label: 'callbacks.referer', value: refererId ?? '–' },
    { label: 'callbacks.external', value: externalId ?? '–' },
    { label: 'callbacks.in_vain', value: <Count value={attempts} /> },
    { label: 'callbacks.next', value: <Instant at={nextAt} /> },
    ...(resolvedBy === null
      ? []
      : [
          { label: 'callbacks.resolved_by', value: resolvedBy },
          { label: 'kit.reason', value: reason ?? '' },
        ]),
  ];
}

function OneAttempt({ of: attempt }: { readonly of: Attempt }) {
  const t = useT();
  const { n, at, class: found, status, elapsedMs, request, answer } = attempt;
  return (
    <Box component="details" sx={{ borderTop: 1, borderColor: 'divider', py: 0.75 }}>
      <Box component="summary" sx={{ cursor: 'pointer' }}>
        #{n} · <Instant at={at} /> · {elapsedMs} ms{status === null ? '' : ` · ${status}`} ·{' '}
        {t(`callbacks.classes.${found}`)}
      </Box>
      <Box sx={{ py: 1, display: 'grid', gap: 1, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <Typography variant="body2">{t('callbacks.request')}</Typography>
        <Pretty value={request} label="callbacks.request" />
        <Typography variant="body2">{t('callbacks.answer')}</Typography>
        {answer === '' ? '–' : <Pretty value={answer} label="callbacks.answer" />}
      </Box>
    </Box>
  );
}

function Line({ line, id }: { readonly line: readonly InLine[]; readonly id: number }) {
  const t = useT();
  if (line.length === 0) return null;
  return (
    <Section title="callbacks.line">
      <p>{t('callbacks.line_text')}</p>
      <Box component="ol" sx={{ m: 0, pl: 3 }}>
        {line.map((each) => (
          <li key={each.id}>
            {each.id === id ? (
              <strong>{each.id}</strong>
            ) : (
              <Link component={RouterLink} to={`/callbacks/${each.id}`}>
                {each.id}
              </Link>
            )}{' '}
            {each.type} · {t(`callbacks.states.${each.state}`)} · {t('callbacks.in_vain')}: {each.attempts}
            {each.nextAt === null ? null : (
              <>
                {' '}
                · {t('callbacks.next')}: <Instant at={each.nextAt} />
              </>
            )}
          </li>
        ))}
      </Box>
    </Section>
  );
}
