/** Where a session stands: its course, its times at the station and here, what the book gains or loses by it. */
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { RainSessionDetail, RainSessionRow } from '../../../src/backoffice/rain-wire.ts';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Money } from '../kit/values.tsx';
import { useMe } from '../session.tsx';
import { Grid } from './grid.tsx';
import { LimitUsed, wallShort } from './values.tsx';

const STEPS = ['READY', 'OPEN', 'CLOSE', 'UNSETTLED', 'SETTLED'] as const;

/** The last step is what it came to; SUSPEND takes the place of OPEN, VOID that of SETTLED. */
function stepsOf(status: RainSessionRow['status']): readonly RainSessionRow['status'][] {
  return STEPS.map((step) => {
    if (step === 'OPEN' && status === 'SUSPEND') return 'SUSPEND';
    return step === 'SETTLED' && status === 'VOID' ? 'VOID' : step;
  });
}

export function Ladder({ session: { status } }: { readonly session: RainSessionRow }) {
  const t = useT();
  const steps = stepsOf(status);
  const at = steps.indexOf(status);
  return (
    <Box
      component="ol"
      aria-label={t('rain.ladder')}
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, listStyle: 'none', p: 0, m: 0, mb: 1.5 }}
    >
      {steps.map((step, index) => (
        <Box
          component="li"
          key={step}
          aria-current={index === at ? 'step' : undefined}
          sx={{
            px: 1,
            py: 0.25,
            borderRadius: 1,
            border: 1,
            fontSize: '0.8125rem',
            fontWeight: index === at ? 700 : 400,
            borderColor: index === at ? 'primary.main' : 'divider',
            color: index > at ? 'text.secondary' : 'text.primary',
          }}
        >
          <span aria-hidden>{index < at ? '✓ ' : index === at ? '● ' : ''}</span>
          {t(`rain.statuses.${step}`)}
        </Box>
      ))}
    </Box>
  );
}

/** What the book itself gains by outcome, what open bets may still take from it, and how much of its limit that is. */
export function Exposure({ session }: { readonly session: RainSessionRow }) {
  const { currency, poolRain, poolDry, riskRain, riskDry, worst, poolMax, usedPercent } = session;
  const t = useT();
  return (
    <Box
      component="section"
      aria-label={t('rain.exposure')}
      sx={{ display: 'grid', gap: 1, mb: 1.5, gridTemplateColumns: { xs: '1fr', sm: 'repeat(3, 1fr)' } }}
    >
      <Outcome title="rain.if_rain" sign="☂" pool={poolRain} risk={riskRain} currency={currency} />
      <Outcome title="rain.if_dry" sign="☀" pool={poolDry} risk={riskDry} currency={currency} />
      <Card title={t('rain.worst')}>
        <Big>
          <Money minor={worst} currency={currency} />
        </Big>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {t('rain.limit')}: <Money minor={poolMax} currency={currency} />
        </Typography>
        <LimitUsed percent={usedPercent} />
      </Card>
    </Box>
  );
}

interface OutcomeProps {
  readonly title: string;
  readonly sign: string;
  readonly pool: string;
  readonly risk: string;
  readonly currency: string;
}

function Outcome({ title, sign, pool, risk, currency }: OutcomeProps) {
  const t = useT();
  return (
    <Card title={t(title)} sign={sign}>
      <Big>
        <Money minor={pool} currency={currency} result />
      </Big>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {t('rain.pool_pending')}: <Money minor={BigInt(pool) + BigInt(risk)} currency={currency} />
      </Typography>
    </Card>
  );
}

interface CardProps {
  readonly title: string;
  readonly sign?: string;
  readonly children: ReactNode;
}

function Card({ title, sign, children }: CardProps) {
  return (
    <Paper variant="outlined" sx={{ p: 1.5, minWidth: 0 }}>
      <Typography variant="body2" component="h2" sx={{ color: 'text.secondary' }}>
        {sign === undefined ? null : <span aria-hidden>{sign} </span>}
        {title}
      </Typography>
      {children}
    </Paper>
  );
}

function Big({ children }: { readonly children: ReactNode }) {
  return <Box sx={{ fontSize: '1.25rem', fontWeight: 650 }}>{children}</Box>;
}

export function Times({ detail: { session, site } }: { readonly detail: RainSessionDetail }) {
  const t = useT();
  const { timeZone } = useMe();
  const rows = [
    { what: 'rain.opens', at: session.opensAt },
    { what: 'rain.closes', at: session.closesAt },
    { what: 'rain.starts', at: session.startsAt },
    { what: 'rain.ends', at: session.endsAt },
    ...(session.oddsUntil === null ? [] : [{ what: 'rain.odds_until', at: session.oddsUntil }]),
    ...(session.resultedAt === null ? [] : [{ what: 'rain.resulted', at: session.resultedAt }]),
  ];
  return (
    <Section title="rain.times">
      <Typography variant="body2" sx={{ color: 'text.secondary', mb: 0.5 }}>
        {t('rain.station')}: {site.station} · {t('rain.time_there', { zone: site.timeZone })}
      </Typography>
      <Grid
        label="rain.times"
        rows={rows}
        rowKey={({ what }) => what}
        columns={[
          { label: 'rain.what', show: ({ what }) => t(what) },
          { label: 'rain.station', show: ({ at }) => wallShort(at, site.timeZone, 'day and time') },
          { label: 'rain.time_here', show: ({ at }) => wallShort(at, timeZone, 'day and time') },
        ]}
      />
    </Section>
  );
}
