/** The page behind the door: header, screens by the address's hash, the slip, and what comes over them. */
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import { isOpen } from '../book.ts';
import { tellLeave } from '../parent.ts';
import { Bets } from '../screens/bets.tsx';
import { Mine } from '../screens/mine.tsx';
import { Rain } from '../screens/rain.tsx';
import { Sessions } from '../screens/sessions.tsx';
import { useSpeech } from '../speech.tsx';
import type { Words } from '../words/en.ts';
import type { Language } from '../words/language.ts';
import { useAtHand, useBook } from './at-hand.tsx';
import { ExcludedNow } from './exclude.tsx';
import { Header } from './header.tsx';
import { Icon, type IconName } from './icons.tsx';
import { LineNotice, NewsList, OddsSpeaker } from './notices.tsx';
import { RealityCheck } from './reality.tsx';
import { Slip, SlipPill } from './slip.tsx';

const SCREENS = ['sessions', 'bets', 'rain', 'mine'] as const;
type Screen = (typeof SCREENS)[number];

const TABS: Readonly<Record<Screen, { readonly word: keyof Words; readonly icon: IconName }>> = {
  sessions: { word: 'navSessions', icon: 'rain' },
  bets: { word: 'navBets', icon: 'ticket' },
  rain: { word: 'navRain', icon: 'chart' },
  mine: { word: 'navMine', icon: 'person' },
};

function watchHash(told: () => void): () => void {
  addEventListener('hashchange', told);
  return () => removeEventListener('hashchange', told);
}
function screenNow(): Screen {
  return SCREENS.find((screen) => `#${screen}` === location.hash) ?? 'sessions';
}

export function Shell({ onLanguage }: { readonly onLanguage: (language: Language) => void }) {
  const { engine, betting } = useAtHand();
  const screen = useSyncExternalStore(watchHash, screenNow);
  const leave = () => {
    tellLeave();
    void engine.leave();
  };
  useEffect(() => betting.resume(), [betting]);
  return (
    <div className="shell">
      <Header onLeave={leave} />
      <div className="page">
        <Tabs screen={screen} />
        <LineNotice />
        <div className="columns">
          <Main screen={screen}>
            {screen !== 'mine' && <ExcludedNow />}
            {screen === 'sessions' && <Sessions />}
            {screen === 'bets' && <Bets />}
            {screen === 'rain' && <Rain />}
            {screen === 'mine' && <Mine onLanguage={onLanguage} onLeave={leave} />}
          </Main>
          <Slip />
        </div>
      </div>
      <SlipPill />
      <NewsList />
      <OddsSpeaker />
      <RealityCheck onLeave={leave} />
    </div>
  );
}

/** Another screen begins at its top, with the focus there. */
function Main({ screen, children }: { readonly screen: Screen; readonly children: ReactNode }) {
  const ref = useRef<HTMLElement>(null);
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    scrollTo(0, 0);
    ref.current?.focus({ preventScroll: true });
  }, [screen]);
  return (
    <main ref={ref} tabIndex={-1} data-screen={screen}>
      {children}
    </main>
  );
}

function Tabs({ screen }: { readonly screen: Screen }) {
  const { say } = useSpeech();
  const open = useBook(({ bets }) => [...bets.values()].filter(isOpen).length);
  return (
    <nav className="tabs" aria-label={say('navLabel')}>
      {SCREENS.map((each) => (
        <a key={each} href={`#${each}`} aria-current={each === screen ? 'page' : undefined}>
          <Icon name={TABS[each].icon} />
          <span>{say(TABS[each].word)}</span>
          {each === 'bets' && open > 0 && (
            <span className="count">
              <span aria-hidden="true">{open}</span>
              <span className="unseen">{say('openBetsCount', { count: open })}</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
