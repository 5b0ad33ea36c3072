/** The sessions, by day: what can still be bet first, then what has been decided, the latest first. */
import { useId, useMemo } from 'react';
import type { SessionView } from '../../../src/kbook/player-wire.ts';
import { dayIn, dayOrder, dayText } from '../format.ts';
import { useBook, useNow } from '../parts/at-hand.tsx';
import { Glance } from '../parts/glance.tsx';
import { SessionCard } from '../parts/session-card.tsx';
import { type Speech, useSpeech } from '../speech.tsx';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface Day {
  readonly gameDate: string;
  readonly sessions: readonly SessionView[];
}

const isOver = ({ status }: SessionView) => status === 'SETTLED' || status === 'VOID';

export function daysOf(sessions: Iterable<SessionView>, way: 'coming' | 'past'): readonly Day[] {
  const days = new Map<string, SessionView[]>();
  for (const session of sessions) {
    if (isOver(session) !== (way === 'past')) continue;
    days.set(session.gameDate, [...(days.get(session.gameDate) ?? []), session]);
  }
  const forward = (a: SessionView, b: SessionView) => a.startsAt - b.startsAt || a.id - b.id;
  const sorted = [...days]
    .map(([gameDate, found]) => ({ gameDate, sessions: found.toSorted(forward) }))
    .toSorted((a, b) => (dayOrder(a.gameDate) < dayOrder(b.gameDate) ? -1 : 1));
  return way === 'past' ? sorted.toReversed() : sorted;
}

export function Sessions() {
  const { say } = useSpeech();
  const sessions = useBook((book) => book.sessions);
  const coming = useMemo(() => daysOf(sessions.values(), 'coming'), [sessions]);
  const past = useMemo(() => daysOf(sessions.values(), 'past'), [sessions]);
  return (
    <>
      <Glance />
      {coming.length === 0 && <p className="empty">{say('noSessions')}</p>}
      {coming.map((day) => (
        <DaySection key={day.gameDate} day={day} />
      ))}
      {past.length > 0 && <h2 className="chapter">{say('results')}</h2>}
      {past.map((day) => (
        <DaySection key={day.gameDate} day={day} />
      ))}
    </>
  );
}

function DaySection({ day }: { readonly day: Day }) {
  const speech = useSpeech();
  const now = useNow(MINUTE_MS);
  const id = useId();
  const zone = day.sessions[0]?.timeZone ?? 'UTC';
  const near = nearName(speech, { gameDate: day.gameDate, zone, now });
  return (
    <section className="day" aria-labelledby={id}>
      <h2 id={id}>
        {near !== null && <b>{near}</b>} {dayText(speech.locale, day.gameDate)}
      </h2>
      <div className="cards">
        {day.sessions.map((session) => (
          <SessionCard key={session.id} session={session} />
        ))}
      </div>
    </section>
  );
}

/** Today and its neighbours have names; the day is the station's. */
function nearName(
  { say }: Speech,
  { gameDate, zone, now }: { readonly gameDate: string; readonly zone: string; readonly now: number },
): string | null {
  if (gameDate === dayIn(zone, now)) return say('today');
  if (gameDate === dayIn(zone, now + DAY_MS)) return say('tomorrow');
  return gameDate === dayIn(zone, now - DAY_MS) ? say('yesterday') : null;
}
