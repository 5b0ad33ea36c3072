/** Who said what the result is, and how far it is posted. */
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import type { RainSessionDetail } from '../../../src/backoffice/rain-wire.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Nothing } from '../kit/trouble.tsx';
import { Instant } from '../kit/values.tsx';
import { Grid } from './grid.tsx';
import { Result } from './values.tsx';

export function ResultPart({ detail }: { readonly detail: RainSessionDetail }) {
  const t = useT();
  const { session, findings, site } = detail;
  return (
    <>
      <Section title="rain.result">
        <Facts
          facts={[
            { label: 'rain.result', value: <Result result={session.result} version={session.version} /> },
            { label: 'rain.rain_mm', value: session.rainMm ?? '–' },
            { label: 'rain.threshold', value: t('rain.mm', { mm: site.thresholdMm }) },
            { label: 'rain.resulted', value: <Instant at={session.resultedAt} /> },
          ]}
        />
        {detail.progress === null ? null : <Settlement progress={detail.progress} />}
      </Section>
      <Section title="rain.said">
        {findings.length === 0 ? (
          <Nothing text="rain.no_findings" />
        ) : (
          <Grid
            label="rain.said"
            rows={findings}
            rowKey={({ round, by }) => `${round} ${by}`}
            columns={[
              { label: 'rain.round', show: ({ round }) => round },
              { label: 'rain.who', show: ({ by }) => (by === 'weather' ? t('rain.weather_source') : by) },
              { label: 'rain.says', show: ({ result }) => t(`rain.results.${result}`) },
              { label: 'rain.rain_mm', align: 'right', show: ({ rainMm }) => rainMm ?? '–' },
              { label: 'rain.reason', show: ({ reason }) => reason ?? '–' },
              { label: 'rain.when', show: ({ at }) => <Instant at={at} /> },
            ]}
          />
        )}
      </Section>
    </>
  );
}

/** Read again with the session, so it moves while hubs settle. */
function Settlement({ progress }: { readonly progress: NonNullable<RainSessionDetail['progress']> }) {
  const t = useT();
  const { positions, due, pending } = progress;
  const done = positions - due;
  const text = t('rain.settled_positions', { done, all: positions });
  return (
    <Box>
      <LinearProgress
        variant="determinate"
        value={positions === 0 ? 100 : (done / positions) * 100}
        aria-label={t('rain.settling')}
        sx={{ height: 6, borderRadius: 3, mb: 0.5 }}
      />
      {text}
      {pending === 0 ? '' : ` · ${t('rain.positions_pending', { smart_count: pending })}`}
    </Box>
  );
}
