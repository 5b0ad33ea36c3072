/** The strip above the sessions: which station it is, how hard it rains there, and the next hours at a glance. */
import { mmText } from '../format.ts';
import { HOUR_MS, type Hour } from '../plot.ts';
import { useSpeech } from '../speech.tsx';
import { useWeather } from '../weather.ts';
import { useBook, useNow } from './at-hand.tsx';
import { Icon } from './icons.tsx';

const MINUTE_MS = 60_000;
const HOURS_AHEAD = 12;

export function Glance() {
  const { say, locale } = useSpeech();
  const weather = useWeather();
  const now = useNow(MINUTE_MS);
  const first = useBook(({ sessions }) => sessions.values().next().value);
  const hours = weather.kind === 'here' ? weather.view.hours : [];
  const ahead = hours.filter(({ at }) => at + HOUR_MS > now).slice(0, HOURS_AHEAD);
  const soon = ahead[0];
  const chance = Math.max(0, ...ahead.map(({ probability }) => probability ?? 0));
  return (
    <section className="glance">
      <div>
        <h1>{first?.station ?? say('title')}</h1>
        <p>{first === undefined ? '' : say('rule', { mm: mmText(locale, first.thresholdMm) })}</p>
        <p className="glance-now">
          {soon === undefined ? (
            <span className="bones" />
          ) : (
            <a href="#rain">
              <Icon name={soon.mm > 0 ? 'rain' : 'dry'} />
              <span>
                {say('nowFalls', { mm: mmText(locale, soon.mm) })}
                {chance > 0 && ` · ${say('chanceAhead', { percent: chance, hours: HOURS_AHEAD })}`}
              </span>
            </a>
          )}
        </p>
      </div>
      <Spark hours={ahead} />
    </section>
  );
}

function Spark({ hours }: { readonly hours: readonly Hour[] }) {
  const top = Math.max(2, ...hours.map(({ mm }) => mm));
  return (
    <svg className="spark" viewBox="0 0 96 44" aria-hidden="true" preserveAspectRatio="none">
      {hours.map((hour, at) => {
        const tall = Math.max(1.5, (hour.mm / top) * 42);
        return <rect key={hour.at} x={at * 8 + 1} width="6" y={44 - tall} height={tall} rx="1.5" />;
      })}
    </svg>
  );
}
