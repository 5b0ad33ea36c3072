/** Always in sight: what the player has, what of it is at risk, how long the visit lasts and what it has come to. */
import { load } from '../saved.ts';
import { useSpeech } from '../speech.tsx';
import { useBook, useNow } from './at-hand.tsx';
import { Icon } from './icons.tsx';
import { signOf } from './session-card.tsx';

const SECOND_MS = 1_000;

export function Header({ onLeave }: { readonly onLeave: () => void }) {
  const { say, money } = useSpeech();
  const balance = useBook((book) => book.balance);
  const home = load('home');
  return (
    <header className="top">
      <div className="top-bar">
        {home !== null && (
          <a className="round" href={home} target="_top" rel="noreferrer" aria-label={say('backToSite')}>
            <Icon name="home" />
          </a>
        )}
        <dl className="purse">
          <div className="main-figure">
            <dt>{say('available')}</dt>
            <dd data-figure="available">{money(balance.available)}</dd>
          </div>
          <div>
            <dt>{say('exposure')}</dt>
            <dd data-figure="exposure">{money(balance.exposure)}</dd>
          </div>
          <div>
            <dt>{say('balance')}</dt>
            <dd data-figure="balance">{money(balance.balance)}</dd>
          </div>
        </dl>
        <button type="button" className="round" onClick={onLeave} aria-label={say('exit')}>
          <Icon name="exit" />
        </button>
      </div>
      <VisitLine />
    </header>
  );
}

function VisitLine() {
  const { say, signed } = useSpeech();
  const now = useNow(SECOND_MS);
  const visit = useBook((book) => book.visit);
  const seconds = Math.max(0, Math.floor((now - visit.since) / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const lasted = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return (
    <p className="visit">
      <span>
        <Icon name="clock" /> {say('visitLasts')} <time className="visit-clock">{lasted}</time>
      </span>
      <span>
        {say('visitNet')} <b className={signOf(visit.net)}>{signed(visit.net)}</b>
      </span>
    </p>
  );
}
