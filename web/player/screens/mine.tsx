/** The player's own: limits, language, password, shutting oneself out, the way out. */
import { useState } from 'react';
import { changeLanguage } from '../changes.ts';
import { useAtHand, useBook } from '../parts/at-hand.tsx';
import { Choice } from '../parts/choice.tsx';
import { Exclude } from '../parts/exclude.tsx';
import { Icon } from '../parts/icons.tsx';
import { Limits } from '../parts/limits.tsx';
import { Password } from '../parts/password.tsx';
import { useSpeech } from '../speech.tsx';
import { LANGUAGES, type Language, OWN_NAMES } from '../words/language.ts';

export interface MineProps {
  readonly onLanguage: (language: Language) => void;
  readonly onLeave: () => void;
}

export function Mine({ onLanguage, onLeave }: MineProps) {
  const { say, language } = useSpeech();
  const { engine } = useAtHand();
  const player = useBook((book) => book.player);
  const [kept, setKept] = useState(true);
  const choose = async (wish: Language) => {
    onLanguage(wish);
    setKept((await changeLanguage(engine, wish)).kind === 'ok');
  };
  return (
    <section className="screen mine-screen">
      <h1>{say('mineTitle')}</h1>
      <p className="lead">{say('signedInAs', { user: player.userId })}</p>
      <Limits />
      <section className="card form" aria-labelledby="language-title">
        <h2 id="language-title">{say('language')}</h2>
        <Choice
          label={say('language')}
          options={LANGUAGES}
          names={OWN_NAMES}
          value={language}
          onChange={(wish) => void choose(wish)}
          look="chips"
        />
        {!kept && <p className="note warn">{say('languageNotKept')}</p>}
      </section>
      <Password />
      <Exclude />
      <button type="button" className="secondary wide" onClick={onLeave}>
        <Icon name="exit" /> {say('exit')}
      </button>
    </section>
  );
}
