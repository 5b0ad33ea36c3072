/** The odds a session offers beside K-Rain's, the margin between them, and how they went. */
import Box from '@mui/material/Box';
import type { OddsHistory, RainSessionDetail } from '../../../src/backoffice/rain-wire.ts';
import { formatNumber } from '../kit/amount.ts';
import { Chart } from '../kit/chart.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { useLanguage } from '../language.tsx';
import { Odds, wallShort } from './values.tsx';

export function OddsPart({ detail: { session, site } }: { readonly detail: RainSessionDetail }) {
  const t = useT();
  const { locale } = useLanguage();
  const history = useApi<OddsHistory>(`/rain/sessions/${session.id}/odds`, {}, { everyMs: 10_000 });
  const facts = [
    { label: 'rain.offered_rain', value: <Odds value={session.oddsRain} /> },
    { label: 'rain.krain_rain', value: <Odds value={session.krainRain} /> },
    { label: 'rain.offered_dry', value: <Odds value={session.oddsDry} /> },
    { label: 'rain.krain_dry', value: <Odds value={session.krainDry} /> },
    { label: 'rain.margin', value: `${formatNumber(site.marginBps / 100, locale)} %` },
  ];
  return (
    <Section title="rain.odds">
      <Facts facts={facts} />
      <Read of={history}>
        {({ quotes, more }) =>
          quotes.length === 0 ? (
            <Nothing text="rain.no_odds" />
          ) : (
            <>
              <OddsCharts quotes={quotes} timeZone={site.timeZone} />
              {more ? <p>{t('rain.odds_more', { count: quotes.length })}</p> : null}
            </>
          )
        }
      </Read>
    </Section>
  );
}

interface OddsChartsProps {
  readonly quotes: OddsHistory['quotes'];
  /** Of the station. */
  readonly timeZone: string;
}

/** One drawing a side: their odds may be far from each other. */
function OddsCharts({ quotes, timeZone }: OddsChartsProps) {
  const t = useT();
  const labels = labelsOf(quotes, timeZone);
  const chart = (side: 'rain' | 'dry', offered: readonly number[], krain: readonly number[]) => (
    <Chart
      title={`${t('rain.odds_history')}: ${t(side === 'rain' ? 'rain.sides.RAIN' : 'rain.sides.NO_RAIN')}`}
      labels={labels}
      height={200}
      series={[
        {
          name: t(side === 'rain' ? 'rain.offered_rain' : 'rain.offered_dry'),
          type: 'line',
          values: offered,
        },
        { name: t(side === 'rain' ? 'rain.krain_rain' : 'rain.krain_dry'), type: 'line', values: krain },
      ]}
    />
  );
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' } }}>
      {chart(
        'rain',
        quotes.map(({ rain }) => rain),
        quotes.map(({ krainRain }) => krainRain),
      )}
      {chart(
        'dry',
        quotes.map(({ dry }) => dry),
        quotes.map(({ krainDry }) => krainDry),
      )}
    </Box>
  );
}

/** Times of the station's clock. Labels of a chart are one each: what is the same to the minute has a number. */
function labelsOf(quotes: OddsHistory['quotes'], timeZone: string): readonly string[] {
  const seen = new Map<string, number>();
  return quotes.map(({ at }) => {
    const text = wallShort(at, timeZone, 'day and time').slice(5);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 1 ? text : `${text} (${times})`;
  });
}
