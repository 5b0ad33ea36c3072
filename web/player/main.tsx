/** The page's beginning: engine, language, door or book. */
import { Component, type ReactNode, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createBetting } from './betting.ts';
import { openEngine } from './engine.ts';
import { tellActivity } from './parent.ts';
import { type AtHand, AtHandProvider, usePage } from './parts/at-hand.tsx';
import { Shell } from './parts/shell.tsx';
import { load, save } from './saved.ts';
import { Door } from './screens/door.tsx';
import { SpeechProvider, useSpeech, useSpoken } from './speech.tsx';
import { type Language, languageOf } from './words/language.ts';

const engine = openEngine(window.rainBoot);
const atHand: AtHand = { engine, betting: createBetting(engine) };
const DOOR_MONEY = { currency: 'USD', decimals: 2 };

function App() {
  const player = usePage(({ book }) => book?.player ?? null);
  const door = usePage((page) => page.door);
  const [chosen, choose] = useState<Language | null>(null);
  const language = useMemo(
    () => chosen ?? languageOf([player?.language, load('language'), ...navigator.languages]),
    [chosen, player?.language],
  );
  const spoken = useSpoken(language);
  const wish = (next: Language) => {
    save('language', next);
    choose(next);
  };
  // The page's own waiting sign stays until there are words.
  if (spoken === null) return <Waiting />;
  return (
    <SpeechProvider spoken={spoken} style={player ?? DOOR_MONEY}>
      <Net>
        {door === null && player !== null ? (
          <Shell onLanguage={wish} />
        ) : (
          <Door door={door ?? { kind: 'starting' }} />
        )}
      </Net>
    </SpeechProvider>
  );
}

function Waiting() {
  return (
    <main className="door starting">
      <p role="status">
        <span className="spinner" />
      </p>
    </main>
  );
}

/** A fault of the page must never leave a player in front of nothing: loading it anew is always safe. */
class Net extends Component<{ readonly children: ReactNode }, { readonly torn: boolean }> {
  override state = { torn: false };
  static getDerivedStateFromError() {
    return { torn: true };
  }
  override render() {
    return this.state.torn ? <Torn /> : this.props.children;
  }
}

function Torn() {
  const { say } = useSpeech();
  return (
    <main className="door">
      <div className="card">
        <h1>{say('torn')}</h1>
        <p>{say('tornText')}</p>
        <button type="button" className="primary" onClick={() => location.reload()}>
          {say('loadAnew')}
        </button>
      </div>
    </main>
  );
}

tellActivity();
createRoot(document.getElementById('app')!).render(
  <AtHandProvider value={atHand}>
    <App />
  </AtHandProvider>,
);
