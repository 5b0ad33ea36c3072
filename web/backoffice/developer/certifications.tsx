/** Certifications of the agent's wallet: start one, watch it, look at the last ones. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Link from '@mui/material/Link';
import { Link as RouterLink } from 'react-router';
import { ActButton } from '../kit/act-button.tsx';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant, Status, type Tone } from '../kit/values.tsx';
import { Grid } from './grid.tsx';
import type { Run, Settings } from './wire.ts';

const EVERY_MS = 1000;
const SELDOM_MS = 10_000;

interface Runs {
  readonly runs: readonly Run[];
  readonly checks: number;
}

export function Certifications({ settings: { agent, callbackUrl } }: { readonly settings: Settings }) {
  const t = useT();
  const path = `/developer/${agent.id}/certifications`;
  const now = useApi<Runs>(path, {}, { everyMs: SELDOM_MS });
  const isRunning = now.data?.runs.some(({ state }) => state === 'running') ?? false;
  return (
    <>
      {callbackUrl === null ? <Alert severity="warning">{t('developer.no_url')}</Alert> : null}
      <Section
        title="developer.certification"
        actions={
          <ActButton
            label="developer.certify"
            text="developer.certify_text"
            path={path}
            variant="contained"
            disabled={callbackUrl === null || isRunning}
            fields={[
              {
                key: 'username',
                type: 'text',
                label: 'developer.test_user',
                help: 'developer.certify_user_help',
                required: true,
              },
            ]}
          />
        }
      >
        <p>{t('developer.certification_text', { smart_count: now.data?.checks ?? 0 })}</p>
        {isRunning ? <Watched path={path} /> : null}
        <Read of={now}>{({ runs }) => <Last agentId={agent.id} runs={runs} />}</Read>
      </Section>
    </>
  );
}

/** While one runs it is looked at every second; when it has ended the list is read again. */
function Watched({ path }: { readonly path: string }) {
  const { data } = useApi<Runs>(path, {}, { everyMs: EVERY_MS });
  const run = data?.runs.find(({ state }) => state === 'running');
  return run === undefined ? null : <RunProgress path={`${path}/${run.id}`} run={run} />;
}

export function RunProgress({ path, run }: { readonly path: string; readonly run: Run }) {
  const t = useT();
  const { done, ofAll, title } = run;
  return (
    <Box sx={{ my: 1.5 }}>
      <Box role="status" sx={{ mb: 0.5 }}>
        {t('developer.progress', { done, all: ofAll })} {title}
      </Box>
      <LinearProgress
        variant="determinate"
        value={ofAll === 0 ? 0 : (100 * done) / ofAll}
        aria-label={t('developer.certification')}
        sx={{ mb: 1 }}
      />
      <ActButton
        label="developer.stop"
        text="developer.stop_text"
        path={`${path}/stop`}
        done="developer.stopping"
        danger
      />
    </Box>
  );
}

function Last({ agentId, runs }: { readonly agentId: number; readonly runs: readonly Run[] }) {
  return (
    <Grid
      label="developer.certification"
      empty="developer.no_runs"
      heads={[
        'developer.run',
        'developer.key_state',
        'developer.user',
        'developer.started',
        'developer.ended',
        'developer.by',
      ]}
      rows={runs.map((run) => ({
        key: run.id,
        cells: [
          <Link key="id" component={RouterLink} to={`/developer/${agentId}/certifications/${run.id}`}>
            #{run.id}
          </Link>,
          <RunState key="state" of={run} />,
          run.username,
          <Instant key="started" at={run.startedAt} />,
          <Instant key="ended" at={run.endedAt} />,
          run.startedBy,
        ],
      }))}
    />
  );
}

export function RunState({ of: { state, ok } }: { readonly of: Pick<Run, 'state' | 'ok'> }) {
  const tones: Readonly<Record<Run['state'], Tone>> = {
    running: 'info',
    done: ok ? 'good' : 'bad',
    stopped: 'warn',
    broken: 'bad',
  };
  const label = state === 'done' ? (ok ? 'certified' : 'not_certified') : state;
  return <Status tone={tones[state]} label={`developer.run_states.${label}`} />;
}
