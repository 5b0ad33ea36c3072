/** What the page says without being asked: the line, what became of bets, and the same for who hears the page. */
import { useEffect, useRef, useState } from 'react';
import { type News, offeredOdds } from '../page.ts';
import { reasonText } from '../refusals.ts';
import { type Speech, useSpeech } from '../speech.tsx';
import { useAtHand, usePage } from './at-hand.tsx';
import { Icon, type IconName } from './icons.tsx';
import { betSessionName, sideName } from './session-words.ts';

const NEWS_MS = 8_000;
/** Odds are spoken no more often than this. */
const SPOKEN_MS = 10_000;

export function LineNotice() {
  const { say } = useSpeech();
  const line = usePage((page) => page.line);
  return (
    <div role="status" className="line-place">
      {(line === 'lost' || line === 'polling') && (
        <p className={`line ${line}`}>
          <Icon name="off" />
          {say(line === 'lost' ? 'lineLostText' : 'linePolling')}
        </p>
      )}
    </div>
  );
}

const NEWS_ICONS: Readonly<Record<News['kind'], IconName>> = {
  matched: 'check',
  failed: 'close',
  won: 'check',
  lost: 'ticket',
  void: 'close',
};

export function newsText(speech: Speech, { kind, bet }: News): string {
  const { say, money } = speech;
  const values = { side: sideName(speech, bet.type), session: betSessionName(speech, bet) };
  switch (kind) {
    case 'matched':
      return say('newsMatched', values);
    case 'failed':
      return `${say('newsFailed', values)} ${reasonText(speech, bet.reason)}`;
    case 'won':
      return say('newsWon', { ...values, amount: money(bet.payout) });
    case 'lost':
      return say('newsLost', values);
    case 'void':
      return say('newsVoid', values);
  }
}

export function NewsList() {
  const news = usePage((page) => page.news);
  return (
    <div className="news" role="log" aria-live="polite">
      {news.map((each) => (
        <NewsItem key={each.id} news={each} />
      ))}
    </div>
  );
}

function NewsItem({ news }: { readonly news: News }) {
  const speech = useSpeech();
  const { engine } = useAtHand();
  const { id, kind } = news;
  useEffect(() => {
    const timer = setTimeout(engine.dismiss, NEWS_MS, id);
    return () => clearTimeout(timer);
  }, [engine, id]);
  return (
    <p className={`toast ${kind}`}>
      <Icon name={NEWS_ICONS[kind]} />
      <span>{newsText(speech, news)}</span>
      <button
        type="button"
        className="round"
        onClick={() => engine.dismiss(id)}
        aria-label={speech.say('close')}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}

/** Speaks the odds of the slip's side when they have moved: the last ones, and not more often than SPOKEN_MS. */
export function OddsSpeaker() {
  const { say, odds: oddsText } = useSpeech();
  const [text, setText] = useState('');
  const spokenAt = useRef(0);
  const odds = usePage(({ slip, book }) =>
    slip === null || book === null ? null : offeredOdds(book, slip.sessionId, slip.side),
  );
  const agreed = usePage(({ slip }) => slip?.odds ?? null);
  useEffect(() => {
    if (odds === null || odds === agreed) return;
    const wait = Math.max(0, spokenAt.current + SPOKEN_MS - Date.now());
    const timer = setTimeout(() => {
      spokenAt.current = Date.now();
      setText(say('oddsSpoken', { odds: oddsText(odds / 1000) }));
    }, wait);
    return () => clearTimeout(timer);
  }, [odds, agreed, say, oddsText]);
  return (
    <p className="unseen" aria-live="polite" data-spoken="odds">
      {text}
    </p>
  );
}
