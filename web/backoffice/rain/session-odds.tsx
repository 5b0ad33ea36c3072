/** The odds a session offers beside K-Rain's, the margin between them, and how they went. */
import type { OddsHistory, RainSessionDetail } from '../../../src/backoffice/rain-wire.ts';
import { formatNumber } from '../kit/amount.ts';
import { Chart } from '../kit/chart.tsx';
import { formatInstant } from '../kit/clock.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { useLanguage } from '../language.tsx';
import { useMe } from '../session.tsx';
import { Odds } from './values.tsx';

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
              <OddsChart quotes={quotes} />
              {more ? <p>{t('rain.odds_more', { count: quotes.length })}</p> : null}
            </>
          )
        }
      </Read>
    </Section>
  );
}

/** Instants that are the same to the second are told apart by their number: labels of a chart are one each. */
function OddsChart({ quotes }: Pick<OddsHistory, 'quotes'>) {
  const t = useT();
  const { timeZone } = useMe();
  const line = (name: string, values: readonly number[]) => ({
    name: t(name),
    type: 'line' as const,
    values,
  });
  const seen = new Map<string, number>();
  const labels = quotes.map(({ at }) => {
    const text = formatInstant(at, timeZone);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 1 ? text : `${text} (${times})`;
  });
  return (
    <Chart
      title={t('rain.odds_history')}
      labels={labels}
      series={[
        line(
          'rain.offered_rain',
          quotes.map(({ rain }) => rain),
        ),
        line(
          'rain.offered_dry',
          quotes.map(({ dry }) => dry),
        ),
        line(
          'rain.krain_rain',
          quotes.map(({ krainRain }) => krainRain),
        ),
        line(
          'rain.krain_dry',
          quotes.map(({ krainDry }) => krainDry),
        ),
      ]}
    />
  );
}
