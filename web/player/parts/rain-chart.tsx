/**
 * Rain by the hour: bars of what fell and, lighter, of what is foretold; a line for its chance; the hours of each
 * session shaded with their sum. Scrolls sideways where it is wider than its place. Who cannot see it has the table.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { WeatherView } from '../../../src/kbook/player-wire.ts';
import { hourText, mmText, stampText } from '../format.ts';
import {
  type Band,
  bandsOf,
  CHART_HEIGHT,
  chanceLine,
  HOUR_MS,
  type Hour,
  type Plot,
  plotOf,
} from '../plot.ts';
import { useSpeech } from '../speech.tsx';
import { useBook, useNow } from './at-hand.tsx';
import { typeName } from './session-words.ts';

const MINUTE_MS = 60_000;
const BASE = CHART_HEIGHT - 26;

export function RainChart({ view }: { readonly view: WeatherView }) {
  const { say } = useSpeech();
  const now = useNow(MINUTE_MS);
  const sessions = useBook((book) => book.sessions);
  const frame = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(640);
  const [picked, setPicked] = useState<Hour | null>(null);
  const { hours, timeZone } = view;
  const plot = plotOf(hours, width);
  const nowX = plot.x(now);

  useLayoutEffect(() => {
    const place = frame.current;
    if (place === null) return;
    const seen = new ResizeObserver(() => setWidth(place.clientWidth));
    seen.observe(place);
    return () => seen.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: brought to the present once it is drawn, then left alone
  useEffect(() => {
    frame.current?.scrollTo({ left: nowX - frame.current.clientWidth * 0.4 });
  }, [width]);

  return (
    <figure className="chart">
      <Axis plot={plot} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section ref={frame} className="chart-frame" tabIndex={0} aria-label={say('chartLabel')}>
        <svg
          width={plot.width}
          height={plot.height}
          role="img"
          aria-label={say('chartAlternative')}
          onPointerLeave={() => setPicked(null)}
        >
          {bandsOf(hours, sessions.values()).map((band) => (
            <SessionBand key={band.session.id} band={band} plot={plot} threshold={view.thresholdMm} />
          ))}
          {plot.ticks.map((mm) => (
            <line key={mm} className="grid" x1="0" x2={plot.width} y1={plot.y(mm)} y2={plot.y(mm)} />
          ))}
          <HourBars hours={hours} plot={plot} onPick={setPicked} picked={picked} />
          <path className="chance" d={chanceLine(hours, plot)} />
          <line
            className="threshold"
            x1="0"
            x2={plot.width}
            y1={plot.y(view.thresholdMm)}
            y2={plot.y(view.thresholdMm)}
          />
          <HourNames hours={hours} plot={plot} timeZone={timeZone} />
          <line className="now" x1={nowX} x2={nowX} y1="14" y2={BASE} />
          <text className="now-name" x={nowX} y="11" textAnchor="middle">
            {say('now')}
          </text>
        </svg>
      </section>
      <Legend view={view} picked={picked} />
    </figure>
  );
}

function Legend({ view, picked }: { readonly view: WeatherView; readonly picked: Hour | null }) {
  const { say, locale } = useSpeech();
  const { timeZone } = view;
  return (
    <figcaption className="chart-legend">
      <span className="key fell">{say('keyFell')}</span>
      <span className="key foretold">{say('keyForetold')}</span>
      <span className="key chance">{say('keyChance')}</span>
      <span className="key threshold">{say('keyThreshold', { mm: mmText(locale, view.thresholdMm) })}</span>
      <output className="readout">
        {picked !== null &&
          [
            stampText(locale, picked.at, timeZone),
            say('mm', { mm: mmText(locale, picked.mm) }),
            ...(picked.probability === null ? [] : [say('chanceOf', { percent: picked.probability })]),
          ].join(' · ')}
      </output>
    </figcaption>
  );
}

function Axis({ plot }: { readonly plot: Plot }) {
  const { locale } = useSpeech();
  return (
    <svg className="axis" width="40" height={plot.height} aria-hidden="true">
      {plot.ticks.map((mm) => (
        <text key={mm} x="34" y={plot.y(mm) + 4} textAnchor="end">
          {mmText(locale, mm)}
        </text>
      ))}
      <text x="34" y="12" textAnchor="end">
        mm
      </text>
    </svg>
  );
}

function SessionBand({
  band,
  plot,
  threshold,
}: {
  readonly band: Band;
  readonly plot: Plot;
  readonly threshold: number;
}) {
  const speech = useSpeech();
  const from = Math.max(0, plot.x(band.session.startsAt));
  const to = Math.min(plot.width, plot.x(band.session.endsAt));
  const middle = (from + to) / 2;
  return (
    <g className={`band ${band.session.type === 'NIGHT' ? 'night' : 'day'}`}>
      <rect x={from} y="16" width={Math.max(0, to - from)} height={BASE - 16} />
      {to - from > 70 && (
        <text x={middle} y="31" textAnchor="middle" className={band.mm >= threshold ? 'enough' : ''}>
          {typeName(speech, band.session.type)} {speech.say('sumMm', { mm: mmText(speech.locale, band.mm) })}
        </text>
      )}
    </g>
  );
}

function HourBars({
  hours,
  plot,
  picked,
  onPick,
}: {
  readonly hours: readonly Hour[];
  readonly plot: Plot;
  readonly picked: Hour | null;
  readonly onPick: (hour: Hour) => void;
}) {
  return hours.map((hour) => (
    <g key={hour.at} onPointerEnter={() => onPick(hour)} onPointerDown={() => onPick(hour)}>
      <rect className="catch" x={plot.x(hour.at)} y="16" width={plot.step} height={BASE - 16} />
      <rect
        className={`bar ${hour.observed ? 'fell' : 'foretold'} ${hour === picked ? 'picked' : ''}`}
        x={plot.x(hour.at) + 1.5}
        width={plot.step - 3}
        y={plot.y(hour.mm)}
        height={Math.max(0, BASE - plot.y(hour.mm))}
        rx="2"
      />
    </g>
  ));
}

/** Every sixth hour of the station's day; midnight with its date. */
function HourNames({
  hours,
  plot,
  timeZone,
}: {
  readonly hours: readonly Hour[];
  readonly plot: Plot;
  readonly timeZone: string;
}) {
  const { locale } = useSpeech();
  return hours.map(({ at }) => {
    const name = hourText('en-GB', at + HOUR_MS / 2, timeZone).slice(0, 2);
    if (Number(name) % 6 !== 0) return null;
    return (
      <text key={at} className="hour" x={plot.x(at) + plot.step / 2} y={BASE + 16} textAnchor="middle">
        {name === '00'
          ? stampText(locale, at + HOUR_MS / 2, timeZone).replace(/[,\s]*\d\d:\d\d$/, '')
          : `${name}h`}
      </text>
    );
  });
}
