/** Rain in a session's hours, as the weather source told it: what fell and what is forecast, against the threshold. */
import type { RainSessionDetail, SessionHours } from '../../../src/backoffice/rain-wire.ts';
import { Chart } from '../kit/chart.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant } from '../kit/values.tsx';
import { wallShort } from './values.tsx';

export function WeatherPart({ detail: { session, site } }: { readonly detail: RainSessionDetail }) {
  const reading = useApi<SessionHours>(`/rain/sessions/${session.id}/hours`, {}, { everyMs: 30_000 });
  return (
    <Section title="rain.weather">
      <Read of={reading}>
        {(found) =>
          found.hours.length === 0 ? (
            <Nothing text="rain.no_hours" />
          ) : (
            <Hours found={found} timeZone={site.timeZone} />
          )
        }
      </Read>
    </Section>
  );
}

function Hours({ found, timeZone }: { readonly found: SessionHours; readonly timeZone: string }) {
  const t = useT();
  const { hours, thresholdMm } = found;
  const observed = hours.filter((hour) => hour.observed);
  const sum = Math.round(observed.reduce((all, { mm }) => all + mm, 0) * 100) / 100;
  const told = hours
    .map(({ toldAt }) => toldAt)
    .toSorted()
    .at(-1);
  return (
    <>
      <Facts
        facts={[
          { label: 'rain.sum_observed', value: t('rain.mm', { mm: sum }) },
          { label: 'rain.threshold', value: t('rain.mm', { mm: thresholdMm }) },
          { label: 'rain.heard_at', value: <Instant at={told} /> },
        ]}
      />
      <Chart
        title={t('rain.hours_title')}
        labels={hours.map(({ at }) => wallShort(at, timeZone, 'day and time'))}
        series={[
          {
            name: t('rain.observed'),
            type: 'bar',
            values: hours.map((hour) => (hour.observed ? hour.mm : null)),
          },
          {
            name: t('rain.forecast'),
            type: 'bar',
            values: hours.map((hour) => (hour.observed ? null : hour.mm)),
          },
          { name: t('rain.threshold'), type: 'line', values: hours.map(() => thresholdMm) },
        ]}
      />
    </>
  );
}
