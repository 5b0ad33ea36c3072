/** How operators answer, now. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { Link as RouterLink, useSearchParams } from 'react-router';
import { Grid } from '../developer/grid.tsx';
import { Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { AgentPicker } from '../kit/pickers.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant, Status, type Tone } from '../kit/values.tsx';
import type { OperatorHealth } from './wire.ts';

interface Health {
  readonly minutes: number;
  readonly operators: readonly OperatorHealth[];
}

const EVERY_MS = 3000;
const HEADS = [
  'kit.agent',
  'callbacks.now',
  'callbacks.states.asking',
  'callbacks.states.due',
  'callbacks.states.listed',
  'callbacks.oldest',
  'callbacks.last_success',
  'callbacks.calls',
  'callbacks.failed',
  'callbacks.refused',
  'callbacks.times',
];

export default function CallbackHealth() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const agent = search.get('agent') ?? '';
  const health = useApi<Health>('/callback-health', { agent }, { everyMs: EVERY_MS, keep: true });
  return (
    <>
      <PageHead title={t('callbacks.health')} />
      <Box sx={{ maxWidth: 360, mb: 1.5 }}>
        <AgentPicker value={agent} onChange={(id) => setSearch(id === '' ? {} : { agent: id })} />
      </Box>
      <Read of={health}>
        {({ minutes, operators }) => (
          <Section>
            <Typography variant="body1" sx={{ mb: 1 }}>
              {t('callbacks.health_text', { minutes })}
            </Typography>
            <Grid
              label="callbacks.health"
              empty="callbacks.no_operators"
              heads={HEADS}
              rows={operators.map((each) => ({ key: each.agentId, cells: cellsOf(each) }))}
            />
          </Section>
        )}
      </Read>
    </>
  );
}

function cellsOf(operator: OperatorHealth) {
  const { agentId, agent, asking, due, listed, oldestSeconds, lastSuccessAt, attempts } = operator;
  const { failed, refused, p50Ms, p95Ms } = operator;
  return [
    <Link key="agent" component={RouterLink} to={`/callbacks?agent=${agentId}`}>
      {agent}
    </Link>,
    <Now key="now" of={operator} />,
    <Count key="asking" value={asking} />,
    <Count key="due" value={due} />,
    <Count key="listed" value={listed} />,
    oldestSeconds === null ? '–' : <Age key="age" seconds={oldestSeconds} />,
    <Instant key="success" at={lastSuccessAt} />,
    <Count key="attempts" value={attempts} />,
    <Count key="failed" value={failed} />,
    <Count key="refused" value={refused} />,
    p50Ms === null ? '–' : `${p50Ms} / ${p95Ms} ms`,
  ];
}

function Age({ seconds }: { readonly seconds: number }) {
  const t = useT();
  return t('callbacks.minutes', { smart_count: Math.ceil(seconds / 60) });
}

/** Of the node that answers: while it leaves the operator alone nothing is sent from there. */
function Now({ of: { callbackUrl, line, failed, attempts } }: { readonly of: OperatorHealth }) {
  const [tone, label] = nowOf({ callbackUrl, line, failed, attempts });
  return <Status tone={tone} label={`callbacks.nows.${label}`} />;
}

function nowOf({
  callbackUrl,
  line,
  failed,
  attempts,
}: Pick<OperatorHealth, 'callbackUrl' | 'line' | 'failed' | 'attempts'>): [Tone, string] {
  if (callbackUrl === null) return ['bad', 'no_url'];
  if (line?.state === 'open') return ['bad', 'left_alone'];
  if (line?.state === 'half_open') return ['warn', 'probed'];
  if (attempts === 0) return ['idle', 'quiet'];
  return failed === 0 ? ['good', 'well'] : ['warn', 'failing'];
}
