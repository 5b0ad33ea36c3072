/** Past and coming rain at the station, as a chart and as a table. */
import type { WeatherView } from '../../../src/kbook/player-wire.ts';
import { mmText, stampText } from '../format.ts';
import { useBook } from '../parts/at-hand.tsx';
import { RainChart } from '../parts/rain-chart.tsx';
import { sessionName } from '../parts/session-words.ts';
import { bandsOf } from '../plot.ts';
import { useSpeech } from '../speech.tsx';
import { useWeather } from '../weather.ts';

export function Rain() {
  const { say } = useSpeech();
  const weather = useWeather();
  return (
    <section className="screen">
      <h1>{say('rainTitle')}</h1>
      {weather.kind === 'wait' && <div className="bones tall" role="status" aria-label={say('loading')} />}
      {weather.kind === 'none' && <p className="empty">{say('noWeather')}</p>}
      {weather.kind === 'here' && <RainHere view={weather.view} />}
    </section>
  );
}

function RainHere({ view }: { readonly view: WeatherView }) {
  const speech = useSpeech();
  const { say, locale } = speech;
  const sessions = useBook((book) => book.sessions);
  return (
    <>
      <p className="lead">
        {view.station} · {say('rule', { mm: mmText(locale, view.thresholdMm) })}
      </p>
      <div className="card">
        <RainChart view={view} />
      </div>
      <ul className="sums">
        {bandsOf(view.hours, sessions.values()).map(({ session, mm }) => (
          <li key={session.id} className="card">
            <span>{sessionName(speech, session)}</span>
            <b className={mm >= view.thresholdMm ? 'enough' : ''}>
              {say('sumMm', { mm: mmText(locale, mm) })}
            </b>
          </li>
        ))}
      </ul>
      <details className="card table-box">
        <summary>{say('asTable')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <section className="table-frame" tabIndex={0} aria-label={say('asTable')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say('hourOf', { zone: view.timeZone })}</th>
                <th scope="col">{say('millimetres')}</th>
                <th scope="col">{say('keyChance')}</th>
                <th scope="col">{say('kindOf')}</th>
              </tr>
            </thead>
            <tbody>
              {view.hours.map((hour) => (
                <tr key={hour.at}>
                  <th scope="row">{stampText(locale, hour.at, view.timeZone)}</th>
                  <td>{mmText(locale, hour.mm)}</td>
                  <td>{hour.probability === null ? '–' : `${hour.probability} %`}</td>
                  <td>{say(hour.observed ? 'keyFell' : 'keyForetold')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </>
  );
}
