/** A week of a site's sessions, by the days of its station: what each is, what it offers, what it may cost. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { Link as To, useSearchParams } from 'react-router';
import type { RainSiteRow } from '../../../src/backoffice/rain-setup-wire.ts';
import type { RainSessionRow } from '../../../src/backoffice/rain-wire.ts';
import { wallOf } from '../kit/clock.ts';
import { ChoiceInput } from '../kit/fields.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Money, Status } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';
import { useSites } from './choices.ts';
import { LimitUsed, MarketStatus, Odds, Result, SessionStatus, wallShort } from './values.tsx';
import { addDays, mondayOf, weekDays } from './week.ts';

export default function Calendar() {
  const t = useT();
  const sites = useSites();
  return (
    <>
      <PageHead title={t('rain.calendar')} />
      <Read of={sites}>
        {({ sites: all }) => (all.length === 0 ? <Nothing text="rain.no_site" /> : <Week sites={all} />)}
      </Read>
    </>
  );
}

function Week({ sites }: { readonly sites: readonly RainSiteRow[] }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const first = sites.find(({ enabled }) => enabled) ?? sites[0];
  const site = sites.find(({ name }) => name === search.get('site')) ?? first;
  const timeZone = site?.timeZone ?? 'UTC';
  const today = (wallOf(new Date(), timeZone) ?? '').slice(0, 10);
  const monday = mondayOf(search.get('week') ?? today) ?? mondayOf(today) ?? today;
  const days = weekDays(monday);
  const set = (changes: Readonly<Record<string, string>>) =>
    setSearch((before) => new URLSearchParams({ ...Object.fromEntries(before), ...changes }));
  const query = { site: site?.name, from: monday, to: days.at(-1), order: 'oldest', limit: '500' };
  const sessions = useApi<{ readonly rows: readonly RainSessionRow[] }>('/rain/sessions', query, {
    everyMs: 5000,
    keep: true,
  });
  return (
    <>
      <Row>
        <ChoiceInput
          label={t('rain.site')}
          value={site?.name ?? ''}
          choices={sites.map(({ name, station }) => ({
            value: name,
            label: `${name} · ${station}`,
            plain: true,
          }))}
          onChange={(name) => set({ site: name })}
        />
        <Button variant="outlined" onClick={() => set({ week: addDays(monday, -7) })}>
          ‹ {t('rain.week_before')}
        </Button>
        <Button variant="outlined" onClick={() => set({ week: mondayOf(today) ?? today })}>
          {t('rain.this_week')}
        </Button>
        <Button variant="outlined" onClick={() => set({ week: addDays(monday, 7) })}>
          {t('rain.week_after')} ›
        </Button>
      </Row>
      <Typography variant="body2" sx={{ color: 'text.secondary', my: 1 }}>
        {t('rain.week_of', { day: monday, zone: timeZone })}
      </Typography>
      <Read of={sessions}>
        {({ rows }) => (
          <>
            <Days days={days} today={today} sessions={rows} timeZone={timeZone} />
            {rows.length === 0 ? <Nothing text="rain.no_sessions" /> : null}
          </>
        )}
      </Read>
    </>
  );
}

interface DaysProps {
  readonly days: readonly string[];
  readonly today: string;
  readonly sessions: readonly RainSessionRow[];
  readonly timeZone: string;
}

/** Seven columns, or fewer below each other where there is no room. */
function Days({ days, today, sessions, timeZone }: DaysProps) {
  const { locale } = useLanguage();
  const named = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 1,
        gridTemplateColumns: { xs: '1fr', sm: 'repeat(2, 1fr)', md: 'repeat(4, 1fr)', lg: 'repeat(7, 1fr)' },
      }}
    >
      {days.map((day) => (
        <Box component="section" key={day} aria-labelledby={`day-${day}`} sx={{ minWidth: 0 }}>
          <Typography
            variant="h3"
            component="h2"
            id={`day-${day}`}
            aria-current={day === today ? 'date' : undefined}
            ref={day === today ? intoSight : undefined}
            sx={{
              py: 0.5,
              mb: 0.5,
              borderBottom: 2,
              borderColor: day === today ? 'primary.main' : 'divider',
              scrollMarginTop: 60,
            }}
          >
            {named.format(new Date(`${day}T00:00:00Z`))}
          </Typography>
          <Box sx={{ display: 'grid', gap: 1 }}>
            {sessions
              .filter(({ gameDate }) => gameDate === day)
              .map((session) => (
                <SessionCard key={session.id} session={session} timeZone={timeZone} />
              ))}
          </Box>
        </Box>
      ))}
    </Box>
  );
}

/** On a phone the days are below each other: today's is looked at first. */
function intoSight(heading: HTMLElement | null): void {
  if (heading !== null && window.innerWidth < 600) heading.scrollIntoView({ block: 'start' });
}

interface SessionCardProps {
  readonly session: RainSessionRow;
  readonly timeZone: string;
}

function SessionCard({ session, timeZone }: SessionCardProps) {
  const t = useT();
  const { type, currency, startsAt, endsAt, status, oddsRain, oddsDry, worst, usedPercent, version } =
    session;
  const isLive = status === 'OPEN' || status === 'SUSPEND';
  return (
    <Paper variant="outlined" sx={{ p: 1, minWidth: 0, display: 'grid', gap: 0.5 }}>
      <Link component={To} to={`/rain/sessions/${session.id}`} sx={{ fontWeight: 650 }}>
        {t(`rain.types.${type}`)} · {currency}
      </Link>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {wallShort(startsAt, timeZone, 'time')}–{wallShort(endsAt, timeZone, 'time')}
      </Typography>
      <Row>
        <SessionStatus status={status} />
        {status === 'OPEN' ? <MarketStatus market={session.market} /> : null}
        {session.said > 0 ? <Status tone="warn" label="rain.waiting_for_second" /> : null}
      </Row>
      {version > 0 ? (
        <Typography variant="body2">
          <Result result={session.result} version={version} />
          {session.rainMm === null ? '' : ` · ${t('rain.mm', { mm: session.rainMm })}`}
        </Typography>
      ) : null}
      {isLive && oddsRain !== null ? (
        <Typography variant="body2">
          <span aria-hidden>☂ </span>
          <Odds value={oddsRain} />
          {' · '}
          <span aria-hidden>☀ </span>
          <Odds value={oddsDry} />
        </Typography>
      ) : null}
      {worst === '0' ? null : (
        <>
          <Typography variant="body2">
            {t('rain.worst')}: <Money minor={worst} currency={currency} />
          </Typography>
          <LimitUsed percent={usedPercent} />
        </>
      )}
    </Paper>
  );
}
