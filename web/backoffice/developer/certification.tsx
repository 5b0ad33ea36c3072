/** One certification: what was found, check by check, with what was sent. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useParams } from 'react-router';
import { addressOf } from '../api.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant, Status, type Tone } from '../kit/values.tsx';
import { RunProgress, RunState } from './certifications.tsx';
import { Code } from './code.tsx';
import type { CheckFound, Report, Run } from './wire.ts';

interface Found {
  readonly run: Run;
  readonly report: Report | null;
}

const EVERY_MS = 1000;

export default function Certification() {
  const { agentId = '', runId = '' } = useParams();
  const path = `/developer/${agentId}/certifications/${runId}`;
  const first = useApi<Found>(path);
  const isRunning = first.data?.run.state === 'running';
  const found = useApi<Found>(path, {}, isRunning ? { everyMs: EVERY_MS } : {});
  return <Read of={found}>{(shown) => <Shown found={shown} agentId={agentId} path={path} />}</Read>;
}

interface ShownProps {
  readonly found: Found;
  readonly agentId: string;
  readonly path: string;
}

function Shown({ found: { run, report }, agentId, path }: ShownProps) {
  const t = useT();
  const facts = [
    { label: 'developer.test_user', value: run.username },
    { label: 'developer.by', value: run.startedBy },
    { label: 'developer.started', value: <Instant at={run.startedAt} /> },
    { label: 'developer.ended', value: <Instant at={run.endedAt} /> },
  ];
  const files = (['json', 'md'] as const).map((format) => (
    <Button key={format} href={addressOf(`${path}/report`, { format })} download>
      {t(`developer.files.${format}`)}
    </Button>
  ));
  return (
    <>
      <PageHead
        title={t('developer.run_of', { id: run.id })}
        beside={<RunState of={run} />}
        back={{ to: `/developer/${agentId}?tab=certification`, label: 'developer.certification' }}
        actions={report === null ? null : files}
      />
      {run.state === 'running' ? <RunProgress path={path} run={run} /> : null}
      {run.state === 'broken' ? <Alert severity="error">{t('developer.broken_text')}</Alert> : null}
      <Section>
        <Facts facts={[...facts, ...(report === null ? [] : reportFacts(report))]} />
        {report?.problems.map((problem) => (
          <Alert key={problem} severity="error" sx={{ mt: 1 }}>
            {problem}
          </Alert>
        ))}
      </Section>
      {report === null ? null : <Checks report={report} />}
    </>
  );
}

function reportFacts({ checks, latency, balance, seed }: Report) {
  const count = (result: CheckFound['result']) => checks.filter((check) => check.result === result).length;
  return [
    { label: 'developer.results.passed', value: count('passed') },
    { label: 'developer.results.failed', value: count('failed') },
    { label: 'developer.results.skipped', value: count('skipped') },
    { label: 'developer.latency', value: `${latency.p50Ms} / ${latency.p95Ms} / ${latency.msMax} ms` },
    { label: 'developer.balance_before', value: balance.before ?? '–' },
    { label: 'developer.balance_after', value: balance.after ?? '–' },
    { label: 'developer.seed', value: seed },
  ];
}

const ORDER: readonly CheckFound['result'][] = ['failed', 'skipped', 'passed'];
const TONES: Readonly<Record<CheckFound['result'], Tone>> = {
  failed: 'bad',
  skipped: 'idle',
  passed: 'good',
};

function Checks({ report: { checks } }: { readonly report: Report }) {
  const sorted = ORDER.flatMap((result) => checks.filter((check) => check.result === result));
  return (
    <Section title="developer.checks">
      {sorted.map((check) => (
        <OneCheck key={check.id} of={check} />
      ))}
    </Section>
  );
}

function OneCheck({ of: check }: { readonly of: CheckFound }) {
  const t = useT();
  const { id, title, severity, result, why, expected, got, curl } = check;
  return (
    <Box component="details" sx={{ borderTop: 1, borderColor: 'divider', py: 0.75 }}>
      <Box component="summary" sx={{ cursor: 'pointer' }}>
        <Box
          component="span"
          sx={{
            ...{ display: 'inline-flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' },
            // Beside the mark that opens it, on a phone too.
            ...{ maxWidth: 'calc(100% - 20px)', verticalAlign: 'top' },
          }}
        >
          <Status
            tone={result === 'failed' && severity === 'should' ? 'warn' : TONES[result]}
            label={`developer.results.${result}`}
          />
          <span>{title}</span>
          <Typography component="span" variant="body2" sx={{ color: 'text.secondary' }}>
            {id} · {t(`developer.severities.${severity}`)}
          </Typography>
        </Box>
      </Box>
      <Box sx={{ pl: { sm: 2 }, py: 1, display: 'grid', gap: 1, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        {why === null ? null : (
          <Said label={result === 'skipped' ? 'developer.why_skipped' : 'developer.costs'} text={why} />
        )}
        {expected === null ? null : <Said label="developer.expected" text={expected} />}
        {got === null ? null : <Said label="developer.got" text={got} />}
        {curl.length === 0 ? null : (
          <Code text={curl.join('\n')} label={`${t('developer.again_by')} ${id}`} />
        )}
      </Box>
    </Box>
  );
}

function Said({ label, text }: { readonly label: string; readonly text: string }) {
  const t = useT();
  return (
    <Box sx={{ overflowWrap: 'anywhere' }}>
      <strong>{t(label)}</strong> {text}
    </Box>
  );
}
