/** One session: when, what can be bet, how long yet, and what the player has in it. */
import { memo } from 'react';
import type { PositionView, SessionView } from '../../../src/kbook/player-wire.ts';
import { isHeld, type Phase, phaseOf } from '../book.ts';
import { mmText, sessionHours, stampText, zoneName } from '../format.ts';
import { type Speech, useSpeech } from '../speech.tsx';
import type { Words } from '../words/en.ts';
import { useBook, useNow } from './at-hand.tsx';
import { Icon, type IconName } from './icons.tsx';
import { OddsButton } from './odds-button.tsx';
import { sessionName, TYPE_ICONS, typeName } from './session-words.ts';

const SECOND_MS = 1_000;

const BADGES: Readonly<Record<Phase, { readonly word: keyof Words; readonly icon: IconName }>> = {
  soon: { word: 'phaseSoon', icon: 'clock' },
  open: { word: 'phaseOpen', icon: 'check' },
  paused: { word: 'phasePaused', icon: 'lock' },
  closed: { word: 'phaseClosed', icon: 'lock' },
  running: { word: 'phaseRunning', icon: 'wait' },
  waiting: { word: 'phaseWaiting', icon: 'wait' },
  settled: { word: 'phaseSettled', icon: 'check' },
  void: { word: 'phaseVoid', icon: 'close' },
};

export const SessionCard = memo(function SessionCard({ session }: { readonly session: SessionView }) {
  const speech = useSpeech();
  const now = useNow(SECOND_MS);
  const position = useBook(({ positions }) => positions.get(session.id));
  const phase = phaseOf(session, now);
  const label = sessionName(speech, session);
  const over = phase === 'settled' || phase === 'void';
  return (
    <article className="card session" data-phase={phase} data-session={session.id} aria-label={label}>
      <SessionHead session={session} phase={phase} speech={speech} />
      {over && <Result session={session} speech={speech} />}
      {(phase === 'open' || phase === 'paused') && (
        <fieldset className="odds-row" aria-label={speech.say('oddsOf', { session: label })}>
          <OddsButton session={session} side="RAIN" open={phase === 'open'} label={label} />
          <OddsButton session={session} side="NO_RAIN" open={phase === 'open'} label={label} />
        </fieldset>
      )}
      <Until session={session} phase={phase} now={now} speech={speech} />
      {position !== undefined && isHeld(position) && (
        <Mine session={session} position={position} speech={speech} />
      )}
    </article>
  );
});

interface Part {
  readonly session: SessionView;
  readonly speech: Speech;
}

function SessionHead({ session, phase, speech }: Part & { readonly phase: Phase }) {
  const { say, locale } = speech;
  const hours = sessionHours(locale, session);
  const badge = BADGES[phase];
  return (
    <header className="session-head">
      <Icon name={TYPE_ICONS[session.type]} className="session-icon" />
      <div>
        <h3>{typeName(speech, session.type)}</h3>
        <p className="hours">
          {hours.station}{' '}
          <abbr title={say('stationTime')}>{zoneName(locale, session.timeZone, session.startsAt)}</abbr>
          {hours.own !== null && <span className="own-hours">{say('yourTime', { hours: hours.own })}</span>}
        </p>
      </div>
      <span className="badge">
        <Icon name={badge.icon} />
        {say(badge.word)}
      </span>
    </header>
  );
}

function Until({ session, phase, now, speech }: Part & { readonly phase: Phase; readonly now: number }) {
  const { say, span, locale } = speech;
  const left = session.closesAt - now;
  switch (phase) {
    case 'soon':
      return <p className="until">{say('opensIn', { span: span(session.opensAt - now) })}</p>;
    case 'open':
    case 'paused':
      return (
        <p className={`until ${left < 300_000 ? 'hurry' : ''}`}>
          <Icon name="clock" />
          <span role="timer">{left > 0 ? say('closesIn', { span: span(left) }) : say('closing')}</span>
          {phase === 'paused' && <em>{say('pausedHint')}</em>}
        </p>
      );
    case 'closed':
      return <p className="until">{say('startsIn', { span: span(session.startsAt - now) })}</p>;
    case 'running': {
      const done = (now - session.startsAt) / (session.endsAt - session.startsAt);
      return (
        <div className="until">
          <progress value={done} max={1} aria-label={say('hoursDone')} />
          <span>{say('endsIn', { span: span(session.endsAt - now) })}</span>
          {session.rainMm !== null && <em>{say('mmSoFar', { mm: mmText(locale, session.rainMm) })}</em>}
        </div>
      );
    }
    case 'waiting':
      return <p className="until">{say(session.result === 'NOT_AVAILABLE' ? 'resultComes' : 'paying')}</p>;
    default:
      return (
        <p className="until quiet">
          {say('endedAt', { at: stampText(locale, session.endsAt, session.timeZone) })}
        </p>
      );
  }
}

function Result({ session, speech }: Part) {
  const { say, locale } = speech;
  const { result, rainMm, thresholdMm } = session;
  if (result === 'VOID') return <p className="result void">{say('resultVoid')}</p>;
  const rain = result === 'RAIN';
  return (
    <div className={`result ${rain ? 'wet' : 'dry'}`}>
      <Icon name={rain ? 'rain' : 'dry'} />
      <b>{say(rain ? 'resultRain' : 'resultDry')}</b>
      {rainMm !== null && (
        <span>{say('mmOf', { mm: mmText(locale, rainMm), threshold: mmText(locale, thresholdMm) })}</span>
      )}
    </div>
  );
}

/** What it comes to for the player; after a result, what it came to. */
function Mine({ session, position, speech }: Part & { readonly position: PositionView }) {
  const { say, signed, money } = speech;
  const { result } = session;
  if (result !== 'NOT_AVAILABLE') {
    const net = result === 'RAIN' ? position.netRain : result === 'NO_RAIN' ? position.netDry : 0;
    return (
      <p className="mine came">
        {say('cameTo')} <b className={signOf(net)}>{signed(net)}</b>
      </p>
    );
  }
  const rain = position.netRain + position.riskRain;
  const dry = position.netDry + position.riskDry;
  return (
    <dl className="mine">
      <div>
        <dt>{say('ifRain')}</dt>
        <dd className={signOf(rain)}>{signed(rain)}</dd>
      </div>
      <div>
        <dt>{say('ifDry')}</dt>
        <dd className={signOf(dry)}>{signed(dry)}</dd>
      </div>
      <div>
        <dt>{say('atRisk')}</dt>
        <dd>{money(position.exposure)}</dd>
      </div>
    </dl>
  );
}

export function signOf(amount: number): string {
  return amount > 0 ? 'plus' : amount < 0 ? 'minus' : '';
}
