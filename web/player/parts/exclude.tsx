/** Shutting oneself out: how long, then once more with what it means. It cannot be taken back. */
import { useState } from 'react';
import type { Exclusion } from '../../../src/kbook/player-wire.ts';
import { exclude } from '../changes.ts';
import { stampText } from '../format.ts';
import { useSpeech } from '../speech.tsx';
import type { Words } from '../words/en.ts';
import { useAtHand, useBook } from './at-hand.tsx';
import { Choice } from './choice.tsx';
import { Icon } from './icons.tsx';
import { Window } from './window.tsx';

const SPANS = ['24h', '7d', '30d', '180d', 'forever'] as const satisfies readonly Exclusion[];
const SPAN_WORDS: Readonly<Record<Exclusion, keyof Words>> = {
  '24h': 'span24h',
  '7d': 'span7d',
  '30d': 'span30d',
  '180d': 'span180d',
  forever: 'spanForever',
};

export function Exclude() {
  const { say } = useSpeech();
  const { engine } = useAtHand();
  const [span, setSpan] = useState<Exclusion>('24h');
  const [asking, setAsking] = useState(false);
  const [failed, setFailed] = useState(false);
  const names = Object.fromEntries(SPANS.map((each) => [each, say(SPAN_WORDS[each])])) as Record<
    Exclusion,
    string
  >;

  async function confirm(): Promise<void> {
    const answer = await exclude(engine, span);
    setFailed(answer.kind !== 'ok');
    setAsking(false);
  }
  return (
    <section className="card form" aria-labelledby="exclude-title">
      <h2 id="exclude-title">{say('excludeTitle')}</h2>
      <ExcludedNow />
      <p className="hint">{say('excludeHint')}</p>
      <Choice
        label={say('excludeTitle')}
        options={SPANS}
        names={names}
        value={span}
        onChange={setSpan}
        look="chips"
      />
      <button type="button" className="danger" onClick={() => setAsking(true)}>
        {say('excludeButton')}
      </button>
      {failed && (
        <p className="told failed" role="status">
          {say('notSaved')}
        </p>
      )}
      {asking && (
        <Window title={say('excludeAsk')} onClose={() => setAsking(false)}>
          <p>{say('excludeWarning', { span: say(SPAN_WORDS[span]) })}</p>
          <div className="buttons">
            <button type="button" className="secondary" onClick={() => setAsking(false)}>
              {say('cancel')}
            </button>
            <button type="button" className="danger" onClick={() => void confirm()}>
              {say('excludeConfirm')}
            </button>
          </div>
        </Window>
      )}
    </section>
  );
}

/** Says that the player is shut out, and until when. */
export function ExcludedNow() {
  const { say, locale } = useSpeech();
  const until = useBook((book) => book.player.excludedUntil);
  if (until === null) return null;
  return (
    <p className="note warn excluded">
      <Icon name="lock" />
      {until === 'forever' ? say('excludedForever') : say('excludedUntil', { at: stampText(locale, until) })}
    </p>
  );
}
