/**
 * One side of a session, to be bet on. A change of the odds is told by an arrow, by the old odds and by a flash, for
 * FLASH_MS; who hears the page is told by the announcer instead.
 */
import { useEffect, useRef, useState } from 'react';
import type { SessionView } from '../../../src/kbook/player-wire.ts';
import type { Side } from '../../shared/exposure.ts';
import { useSpeech } from '../speech.tsx';
import { useAtHand, useFresh, usePage } from './at-hand.tsx';
import { Icon } from './icons.tsx';

const FLASH_MS = 4_000;

export interface Trend {
  readonly way: 'up' | 'down';
  readonly from: number;
}

/** Which way the odds have just moved; null: they rest. */
export function useTrend(odds: number | null): Trend | null {
  const last = useRef(odds);
  const [trend, setTrend] = useState<Trend | null>(null);
  useEffect(() => {
    const from = last.current;
    last.current = odds;
    if (from === null || odds === null || from === odds) return;
    setTrend({ way: odds > from ? 'up' : 'down', from });
    const timer = setTimeout(setTrend, FLASH_MS, null);
    return () => clearTimeout(timer);
  }, [odds]);
  return trend;
}

export interface OddsButtonProps {
  readonly session: SessionView;
  readonly side: Side;
  readonly open: boolean;
  readonly label: string;
}

export function OddsButton({ session, side, open, label }: OddsButtonProps) {
  const { say, odds: oddsText } = useSpeech();
  const { betting } = useAtHand();
  const fresh = useFresh();
  const odds = session.odds === null ? null : side === 'RAIN' ? session.odds.rain : session.odds.noRain;
  const trend = useTrend(odds);
  const picked = usePage(({ slip }) => slip?.sessionId === session.id && slip.side === side && !slip.hidden);
  const shown = odds === null ? '–' : oddsText(odds);
  const name = say(side === 'RAIN' ? 'rain' : 'noRain');
  return (
    <button
      type="button"
      className={`odds ${side === 'RAIN' ? 'wet' : 'dry'} ${trend?.way ?? ''} ${fresh ? '' : 'stale'}`}
      disabled={!open || !fresh}
      aria-pressed={picked}
      onClick={() => betting.pick(session.id, side)}
      data-side={side}
    >
      <span className="odds-side">
        <Icon name={side === 'RAIN' ? 'rain' : 'dry'} />
        {name}
      </span>
      <span className="odds-figure">
        {trend !== null && <Icon name={trend.way} className="trend" />}
        <b key={odds}>{shown}</b>
      </span>
      <span className="unseen">{label}</span>
      <span className="odds-was">{trend === null ? '' : say('oddsWas', { odds: oddsText(trend.from) })}</span>
    </button>
  );
}
