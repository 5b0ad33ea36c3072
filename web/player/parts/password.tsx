/** The page's own lock: set, changed and taken away with the password that holds now. */
import { type FormEvent, useId, useState } from 'react';
import { changePassword } from '../changes.ts';
import { useSpeech } from '../speech.tsx';
import type { Words } from '../words/en.ts';
import { useAtHand, useBook } from './at-hand.tsx';

const LENGTH_MIN = 6;

export function Password() {
  const { say } = useSpeech();
  const { engine } = useAtHand();
  const has = useBook((book) => book.player.hasPassword);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [told, setTold] = useState<keyof Words | null>(null);

  async function change(wish: string | null): Promise<void> {
    if (wish !== null && wish.length < LENGTH_MIN) return setTold('passwordShort');
    setTold(null);
    const answer = await changePassword(engine, { current: has ? current : null, next: wish });
    if (answer.kind === 'ok') {
      setCurrent('');
      setNext('');
      return setTold(wish === null ? 'passwordGone' : 'passwordSet');
    }
    setTold(answer.kind === 'refused' && answer.code === '2004' ? 'passwordWrong' : 'notSaved');
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void change(next);
  };
  return (
    <form className="card form" onSubmit={submit} noValidate aria-labelledby="password-title">
      <h2 id="password-title">{say('passwordTitle')}</h2>
      <p className="hint">{say('passwordHint')}</p>
      {has && (
        <PasswordField
          label={say('passwordCurrent')}
          value={current}
          onChange={setCurrent}
          hint="current-password"
        />
      )}
      <PasswordField label={say('passwordNew')} value={next} onChange={setNext} hint="new-password" />
      <div className="buttons">
        <button type="submit" className="secondary">
          {say(has ? 'passwordChange' : 'passwordSave')}
        </button>
        {has && (
          <button type="button" className="secondary" onClick={() => void change(null)}>
            {say('passwordRemove')}
          </button>
        )}
      </div>
      <p className="told" role="status">
        {told !== null && say(told, { least: LENGTH_MIN })}
      </p>
    </form>
  );
}

export interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly hint: 'current-password' | 'new-password';
}

export function PasswordField({ label, value, onChange, hint }: PasswordFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="field-input">
        <input
          id={id}
          type="password"
          value={value}
          autoComplete={hint}
          maxLength={128}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
    </div>
  );
}
