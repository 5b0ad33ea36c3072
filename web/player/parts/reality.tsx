/** The reality check: after every stretch of time the player has chosen, how long the visit lasts and what it came to. */
import { useState } from 'react';
import { load, save } from '../saved.ts';
import { useSpeech } from '../speech.tsx';
import { useBook, useNow } from './at-hand.tsx';
import { signOf } from './session-card.tsx';
import { Window } from './window.tsx';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

export function RealityCheck({ onLeave }: { readonly onLeave: () => void }) {
  const { say, signed } = useSpeech();
  const now = useNow(SECOND_MS);
  const minutes = useBook((book) => book.player.own.clockMinutes);
  const visit = useBook((book) => book.visit);
  const [told, setTold] = useState(() => load('told') ?? 0);
  if (minutes === null) return null;
  const due = Math.max(told, visit.since) + minutes * MINUTE_MS;
  if (now < due) return null;
  const goOn = () => {
    save('told', now);
    setTold(now);
  };
  const lasted = Math.floor((now - visit.since) / MINUTE_MS);
  return (
    <Window title={say('realityTitle')} onClose={goOn}>
      <p>{say('realityText', { minutes: lasted })}</p>
      <p className="big-figure">
        {say('visitNet')} <b className={signOf(visit.net)}>{signed(visit.net)}</b>
      </p>
      <div className="buttons">
        <button type="button" className="secondary" onClick={onLeave}>
          {say('realityStop')}
        </button>
        <button type="button" className="primary" onClick={goOn}>
          {say('realityGoOn')}
        </button>
      </div>
    </Window>
  );
}
