/** The book's bets at K-Rain against K-Rain's statement, session by session, with what differs named and as a file. */
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { StatementRow } from '../../../src/backoffice/rain-wire.ts';
import { addressOf, get } from '../api.ts';
import { Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { KrainHealthPart } from './krain-health.tsx';
import { Statement } from './session-krain.tsx';

const PATH = '/rain/reconcile';
/** So many sessions are asked about at once. */
const AT_ONCE = 3;

interface Comparing {
  readonly all: number;
  readonly done: readonly StatementRow[];
  readonly error: unknown;
  readonly isOver: boolean;
}

export default function Reconcile() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const days = search.get('days') ?? '7';
  const { comparing, start } = useComparing(days);
  const isFit = /^[1-9]\d{0,2}$/.test(days);
  return (
    <>
      <PageHead title={t('rain.reconcile')} />
      <KrainHealthPart />
      <Section title="rain.reconcile">
        <Typography variant="body1" sx={{ mb: 1.5 }}>
          {t('rain.compare_text')}
        </Typography>
        <Row>
          <TextField
            label={t('rain.days_back')}
            value={days}
            error={!isFit}
            onChange={({ target }) => setSearch({ days: target.value })}
            slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 3 } }}
            sx={{ width: 110 }}
          />
          <Button
            variant="contained"
            disabled={!isFit || comparing?.isOver === false}
            onClick={() => void start()}
          >
            {t('rain.compare')}
          </Button>
          <Button href={addressOf(`${PATH}/export`, { days, format: 'csv' })} disabled={!isFit} download>
            {t('rain.download_csv')}
          </Button>
          <Button href={addressOf(`${PATH}/export`, { days, format: 'xlsx' })} disabled={!isFit} download>
            {t('rain.download_xlsx')}
          </Button>
        </Row>
      </Section>
      {comparing === null ? null : <Outcome comparing={comparing} />}
    </>
  );
}

/** Asks for the sessions, then about a few of them at a time; a new start forgets the one before. */
function useComparing(days: string) {
  const [comparing, setComparing] = useState<Comparing | null>(null);
  const run = useRef(0);
  const start = async () => {
    run.current += 1;
    const mine = run.current;
    const done: StatementRow[] = [];
    let all = 0;
    const tell = (more: Partial<Comparing>) => {
      if (mine === run.current) setComparing({ all, done: [...done], error: null, isOver: false, ...more });
    };
    tell({});
    try {
      const { sessions } = await get<{ readonly sessions: readonly { readonly id: number }[] }>(
        `${PATH}/sessions`,
        { days },
      );
      all = sessions.length;
      const waiting = sessions.values();
      const work = async () => {
        for (const { id } of waiting) {
          if (mine !== run.current) return;
          done.push(await get<StatementRow>(PATH, { session: id }));
          tell({});
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      tell({ isOver: true });
    } catch (error) {
      tell({ error, isOver: true });
    }
  };
  return { comparing, start };
}

function Outcome({ comparing: { all, done, error, isOver } }: { readonly comparing: Comparing }) {
  const t = useT();
  const found = done.filter(({ differences }) => differences.length > 0);
  const silent = done.filter(({ unavailable }) => unavailable !== null);
  const different = found.reduce((sum, { differences }) => sum + differences.length, 0);
  const alike = done.reduce((sum, { matched }) => sum + matched, 0);
  const isEqual = isOver && error === null && different === 0 && silent.length === 0;
  return (
    <>
      <div role="status">
        {isOver ? null : (
          <LinearProgress
            variant="determinate"
            value={all === 0 ? 0 : (done.length / all) * 100}
            aria-label={t('rain.reconcile')}
            sx={{ mb: 0.5 }}
          />
        )}
        <Typography variant="body2" sx={{ mb: 1 }}>
          {t('rain.comparing', { done: done.length, all })} · {t('rain.all_alike')}: {alike}
        </Typography>
        {isEqual ? <Alert severity="success">{t('rain.equal')}</Alert> : null}
        {different > 0 ? (
          <Alert severity="error">{t('rain.not_equal', { smart_count: different })}</Alert>
        ) : null}
        {silent.length > 0 ? (
          <Alert severity="warning" sx={{ mt: 1 }}>
            {t('rain.not_asked', { smart_count: silent.length })}
          </Alert>
        ) : null}
      </div>
      {error === null ? null : <Trouble error={error} />}
      {[...found, ...silent].map((statement) => (
        <Section key={statement.session}>
          <Typography variant="h3" component="h2">
            {statement.market}
          </Typography>
          <Statement statement={statement} />
        </Section>
      ))}
    </>
  );
}
