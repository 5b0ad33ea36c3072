/** What staff may do to a session now, and why the rest is not possible. Results and calling off need two persons. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useNotify } from 'ra-core';
import type { FindingRow, RainActed, RainSessionDetail } from '../../../src/backoffice/rain-wire.ts';
import type { RainAct } from '../../../src/core/book/rain-acts.ts';
import { ActButton } from '../kit/act-button.tsx';
import type { ActField, ActValues } from '../kit/act-form.tsx';
import { Section } from '../kit/facts.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { useMay } from '../session.tsx';
import { useSessionName } from './values.tsx';

const DANGER: readonly RainAct[] = ['close', 'void', 'resettle'];
const RESULTS = ['RAIN', 'NO_RAIN', 'VOID'] as const;

export function SessionActs({ detail }: { readonly detail: RainSessionDetail }) {
  const t = useT();
  const may = useMay();
  if (!may('rain')) return null;
  const { acts } = detail;
  const open = acts.filter(({ refusal }) => refusal === null);
  const shut = acts.filter(({ refusal }) => refusal !== null);
  return (
    <Section title="rain.acts">
      <WaitingFor detail={detail} />
      <Row>
        {open.map(({ act }) => (
          <Act key={act} act={act} detail={detail} />
        ))}
      </Row>
      {shut.length === 0 ? null : (
        <Box component="details" sx={{ mt: 1, fontSize: '0.8125rem', color: 'text.secondary' }}>
          <summary>{t('rain.not_now')}</summary>
          <Box component="ul" sx={{ my: 0.5, pl: 2.5 }}>
            {shut.map(({ act, refusal }) => (
              <li key={act}>
                {t(`rain.act.${act}`)}: {t(`refusals.${refusal}`)}
              </li>
            ))}
          </Box>
        </Box>
      )}
    </Section>
  );
}

/** What the persons of the open round have said, the weather source aside. */
export function openFindings({ findings, session }: RainSessionDetail): readonly FindingRow[] {
  return findings.filter(({ round, by }) => round === session.version + 1 && by !== 'weather');
}

function WaitingFor({ detail }: { readonly detail: RainSessionDetail }) {
  const t = useT();
  const said = openFindings(detail);
  if (said.length === 0) return null;
  return (
    <Alert severity="warning" sx={{ mb: 1 }}>
      {said
        .map(({ by, result }) => t('rain.stated', { who: by, result: t(`rain.results.${result}`) }))
        .join(' · ')}
      {' – '}
      {t('rain.second_person')}
    </Alert>
  );
}

interface ActProps {
  readonly act: RainAct;
  readonly detail: RainSessionDetail;
}

function Act({ act, detail }: ActProps) {
  const t = useT();
  const notify = useNotify();
  const name = useSessionName();
  const session = name(detail.session);
  const isConfirming = act === 'confirm';
  return (
    <ActButton<RainActed>
      label={`rain.act.${act}`}
      title={isConfirming ? 'rain.confirm_title' : `rain.act.${act}`}
      text={`rain.act_text.${act}`}
      named={{ session }}
      path={`/rain/sessions/${detail.session.id}/${act}`}
      fields={fieldsOf(act, detail)}
      body={bodyOf}
      danger={DANGER.includes(act)}
      variant={isConfirming ? 'contained' : 'outlined'}
      onDone={({ counts }) =>
        notify(t(counts === null ? 'rain.act_done' : counts ? 'rain.result_counts' : 'rain.second_person'), {
          type: counts === false ? 'info' : 'success',
        })
      }
    >
      <Typography variant="body2" sx={{ my: 1, fontWeight: 600 }}>
        {session}
      </Typography>
      {isConfirming ? <WaitingFor detail={detail} /> : null}
    </ActButton>
  );
}

function fieldsOf(act: RainAct, { session }: RainSessionDetail): readonly ActField[] {
  const isCorrection = act === 'void' || act === 'resettle';
  const reason: ActField = { key: 'reason', type: 'reason', required: isCorrection };
  const rainMm: ActField = { key: 'rainMm', type: 'number', label: 'rain.rain_mm' };
  const result = (choices: readonly string[]): ActField => ({
    key: 'result',
    type: 'choice',
    label: 'rain.result',
    required: true,
    choices: choices.map((value) => ({ value, label: `rain.results.${value}` })),
  });
  switch (act) {
    case 'result':
      return [result(['RAIN', 'NO_RAIN']), rainMm, reason];
    case 'resettle':
      return [result(['RAIN', 'NO_RAIN'].filter((each) => each !== session.result)), rainMm, reason];
    case 'confirm':
      return [result(RESULTS), rainMm, { ...reason, required: session.version > 0 }];
    default:
      return [reason];
  }
}

function bodyOf({ result = '', rainMm = '', reason = '' }: ActValues) {
  return {
    ...(result === '' ? {} : { result }),
    ...(rainMm.trim() === '' ? {} : { rainMm: Number(rainMm.trim().replace(',', '.')) }),
    ...(reason.trim() === '' ? {} : { reason }),
  };
}
