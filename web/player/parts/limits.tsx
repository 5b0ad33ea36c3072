/**
 * The player's own limits. A tighter one holds at once; a looser one a day later, and until then the page says what
 * will hold and from when.
 */
import { type FormEvent, useId, useState } from 'react';
import type { OwnLimitsView } from '../../../src/kbook/player-wire.ts';
import { amountText, majorOf, minorOf, readAmount } from '../../shared/money.ts';
import { changeLimits } from '../changes.ts';
import { stampText } from '../format.ts';
import { type Speech, useSpeech } from '../speech.tsx';
import { useAtHand, useBook } from './at-hand.tsx';

const CLOCK_MINUTES = [15, 30, 60, 120];
const MINUTES = { min: 5, max: 1_440 };

type Told = 'none' | 'saving' | 'saved' | 'later' | 'failed' | 'wrong';

export function Limits() {
  const speech = useSpeech();
  const { say, locale } = speech;
  const { engine } = useAtHand();
  const player = useBook((book) => book.player);
  const { own, nextOwn, nextOwnAt, decimals } = player;
  const inText = (amount: number | null) =>
    amount === null ? '' : amountText(minorOf(amount, decimals), decimals);
  const [maxBet, setMaxBet] = useState(inText(own.maxBet));
  const [dayStake, setDayStake] = useState(inText(own.dayStake));
  const [minutes, setMinutes] = useState(own.clockMinutes?.toString() ?? '');
  const [told, setTold] = useState<Told>('none');

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wish = readLimits({ maxBet, dayStake, minutes }, decimals);
    if (wish === null) return setTold('wrong');
    setTold('saving');
    const answer = await changeLimits(engine, wish);
    if (answer.kind !== 'ok') return setTold('failed');
    setTold(answer.player.nextOwn === null ? 'saved' : 'later');
  }
  const edit = (set: (text: string) => void) => (text: string) => {
    set(text);
    setTold('none');
  };
  return (
    <form
      className="card form"
      onSubmit={(event) => void submit(event)}
      noValidate
      aria-labelledby="limits-title"
    >
      <h2 id="limits-title">{say('limitsTitle')}</h2>
      <p className="hint">{say('limitsHint')}</p>
      <Field label={say('ownMaxBet')} unit={player.currency} value={maxBet} onChange={edit(setMaxBet)} />
      <Field
        label={say('ownDayStake')}
        unit={player.currency}
        value={dayStake}
        onChange={edit(setDayStake)}
      />
      <Field
        label={say('ownClock')}
        unit={say('minutesUnit')}
        value={minutes}
        onChange={edit(setMinutes)}
        choices={CLOCK_MINUTES}
      />
      {nextOwn !== null && nextOwnAt !== null && (
        <p className="note">
          {say('nextLimits', {
            at: stampText(locale, nextOwnAt),
            maxBet: limitText(speech, nextOwn.maxBet),
            dayStake: limitText(speech, nextOwn.dayStake),
          })}
        </p>
      )}
      <button type="submit" className="primary" aria-disabled={told === 'saving'}>
        {say('save')}
      </button>
      <p className={`told ${told}`} role="status">
        {told !== 'none' && told !== 'saving' && say(TOLD_WORDS[told])}
      </p>
    </form>
  );
}

const TOLD_WORDS = {
  saved: 'limitsSaved',
  later: 'limitsLater',
  failed: 'notSaved',
  wrong: 'limitsWrong',
} as const;

function limitText({ short, say }: Speech, amount: number | null): string {
  return amount === null ? say('noLimit') : short(amount);
}

/** What was typed; an empty field is no limit. Null: something in it is no amount. */
export function readLimits(
  typed: { readonly maxBet: string; readonly dayStake: string; readonly minutes: string },
  decimals: number,
): OwnLimitsView | null {
  const amount = (text: string) => {
    if (text.trim() === '') return null;
    const minor = readAmount(text, decimals);
    return minor === null ? undefined : majorOf(minor, decimals);
  };
  const maxBet = amount(typed.maxBet);
  const dayStake = amount(typed.dayStake);
  const minutes = typed.minutes.trim() === '' ? null : Number(typed.minutes);
  if (maxBet === undefined || dayStake === undefined) return null;
  if (minutes !== null && !(Number.isInteger(minutes) && minutes >= MINUTES.min && minutes <= MINUTES.max))
    return null;
  return { maxBet, dayStake, clockMinutes: minutes };
}

interface FieldProps {
  readonly label: string;
  readonly unit: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly choices?: readonly number[];
}

function Field({ label, unit, value, onChange, choices }: FieldProps) {
  const { say } = useSpeech();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="field-input">
        <input
          id={id}
          value={value}
          inputMode="decimal"
          autoComplete="off"
          maxLength={14}
          placeholder={say('noLimit')}
          onChange={(event) => onChange(event.target.value)}
        />
        <span>{unit}</span>
      </span>
      {choices !== undefined && (
        <fieldset className="chips" aria-label={label}>
          {choices.map((choice) => (
            <button key={choice} type="button" onClick={() => onChange(String(choice))}>
              {choice}
            </button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
