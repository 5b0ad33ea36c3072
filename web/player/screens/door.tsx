/** What stands over the whole page when there is no book to show, each with what can be done about it. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { now } from '../clock.ts';
import type { Door as DoorState } from '../page.ts';
import { useAtHand, useNow } from '../parts/at-hand.tsx';
import { Icon, type IconName } from '../parts/icons.tsx';
import { PasswordField } from '../parts/password.tsx';
import { DOOR_WORDS } from '../refusals.ts';
import { load } from '../saved.ts';
import { useSpeech } from '../speech.tsx';

const SECOND_MS = 1_000;

export function Door({ door }: { readonly door: DoorState }) {
  const { say } = useSpeech();
  const { engine } = useAtHand();
  switch (door.kind) {
    case 'starting':
      return (
        <main className="door starting">
          <p role="status">
            <span className="spinner" aria-hidden="true" /> {say('loading')}
          </p>
        </main>
      );
    case 'password':
      return <PasswordDoor door={door} />;
    case 'offline':
      return (
        <Message icon="off" title={say('doorOffline')} text={say('doorOfflineText')}>
          <button type="button" className="primary" onClick={() => void engine.enter()}>
            {say('tryAgain')}
          </button>
        </Message>
      );
    case 'left':
      return <Message icon="check" title={say('doorLeft')} text={say('doorLeftText')} />;
    case 'ended': {
      const [title, text] = DOOR_WORDS[door.code] ?? ['doorOther', 'doorOtherText'];
      const icon: IconName = door.code === '2003' ? 'lock' : door.code === '2002' ? 'warn' : 'clock';
      return (
        <Message icon={icon} title={say(title)} text={say(text, { code: door.code })} code={door.code} />
      );
    }
  }
}

interface MessageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly code?: string;
  readonly children?: ReactNode;
}

function Message({ icon, title, text, code, children }: MessageProps) {
  const { say } = useSpeech();
  const home = load('home');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main className="door" data-code={code}>
      <div className="card">
        <Icon name={icon} className="door-icon" />
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p>{text}</p>
        {children}
        {home !== null && (
          <a className="secondary" href={home} target="_top" rel="noreferrer">
            <Icon name="home" /> {say('backToSite')}
          </a>
        )}
      </div>
    </main>
  );
}

function PasswordDoor({ door }: { readonly door: Extract<DoorState, { kind: 'password' }> }) {
  const { say, span } = useSpeech();
  const { engine } = useAtHand();
  const [typed, setTyped] = useState('');
  useNow(SECOND_MS);
  const { detail, triesLeft, until } = door.hint;
  const lockedMs = detail === 'locked' ? (until ?? 0) - now() : 0;
  // Without an end to the lock, the link itself is spent.
  const spent = detail === 'locked' && until === undefined;
  const off = door.busy || lockedMs > 0 || spent;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!off && typed !== '') void engine.enter(typed).then(() => setTyped(''));
  };
  return (
    <Message icon="lock" title={say('doorPassword')} text={say('doorPasswordText')} code="2004">
      <form className="form" onSubmit={submit} noValidate>
        <PasswordField label={say('password')} value={typed} onChange={setTyped} hint="current-password" />
        <p className="slip-error" role="alert">
          {detail === 'wrong' && !door.busy && say('passwordWrong')}
          {detail === 'wrong' &&
            !door.busy &&
            triesLeft !== undefined &&
            ` ${say('triesLeft', { tries: triesLeft })}`}
          {detail === 'locked' &&
            (lockedMs > 0
              ? say('passwordLocked', { span: span(lockedMs) })
              : until === undefined && say('passwordLockedLong'))}
        </p>
        <button type="submit" className="primary" aria-disabled={off}>
          {door.busy && <span className="spinner" aria-hidden="true" />}
          {say('open')}
        </button>
      </form>
    </Message>
  );
}
