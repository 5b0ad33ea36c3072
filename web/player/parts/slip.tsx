/** The bet slip: a sheet on a phone, a column beside the sessions where there is room. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { SessionView } from '../../../src/kbook/player-wire.ts';
import { betOfKey } from '../book.ts';
import type { Slip as SlipState } from '../page.ts';
import { useSpeech } from '../speech.tsx';
import { useAtHand, useBook, usePage, useWide } from './at-hand.tsx';
import { Icon } from './icons.tsx';
import { sessionName, sideName } from './session-words.ts';
import { SlipForm } from './slip-form.tsx';
import { SlipReceipt } from './slip-receipt.tsx';
import { Window } from './window.tsx';

export function Slip() {
  const { betting } = useAtHand();
  const speech = useSpeech();
  const wide = useWide();
  const slip = usePage((page) => page.slip);
  const session = useBook(({ sessions }) => (slip === null ? undefined : sessions.get(slip.sessionId)));
  if (slip === null || session === undefined) return wide ? <EmptySlip /> : null;
  if (slip.hidden) return wide ? <EmptySlip /> : null;
  const title = speech.say('slipTitle');
  const body = <SlipBody slip={slip} session={session} />;
  if (!wide)
    return (
      <Window title={title} look="sheet" onClose={betting.close}>
        {body}
      </Window>
    );
  return (
    <SideSlip title={title} mark={`${slip.key}`} onClose={betting.close}>
      {body}
    </SideSlip>
  );
}

function SlipBody({ slip, session }: { readonly slip: SlipState; readonly session: SessionView }) {
  const speech = useSpeech();
  // A bet whose answer got lost shows up in the book by itself.
  const bet = useBook((book) => (slip.betId === null ? betOfKey(book, slip.key) : book.bets.get(slip.betId)));
  const wet = slip.side === 'RAIN';
  return (
    <>
      <div className={`slip-pick ${wet ? 'wet' : 'dry'}`}>
        <Icon name={wet ? 'rain' : 'dry'} />
        <div>
          <b>{sideName(speech, slip.side)}</b>
          <span>
            {session.station} · {sessionName(speech, session)}
          </span>
        </div>
      </div>
      {bet !== undefined && slip.phase !== 'sending' ? (
        <SlipReceipt bet={bet} />
      ) : (
        <SlipForm slip={slip} session={session} />
      )}
    </>
  );
}

interface SideProps {
  readonly title: string;
  /** Another one is another bet: the focus goes there. */
  readonly mark: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function SideSlip({ title, mark, onClose, children }: SideProps) {
  const { say } = useSpeech();
  const ref = useRef<HTMLElement>(null);
  const from = useRef<Element | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark says when there is another bet to look at
  useEffect(() => {
    if (!ref.current?.contains(document.activeElement)) from.current = document.activeElement;
    ref.current?.querySelector('input')?.focus();
  }, [mark]);
  const close = () => {
    onClose();
    if (from.current instanceof HTMLElement) from.current.focus();
  };
  return (
    <section
      ref={ref}
      className="card slip-side"
      aria-label={title}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <header className="window-head">
        <h2>{title}</h2>
        <button type="button" className="round" onClick={close} aria-label={say('close')}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </section>
  );
}

function EmptySlip() {
  const { say } = useSpeech();
  return (
    <section className="card slip-side empty-slip" aria-label={say('slipTitle')}>
      <Icon name="ticket" />
      <p>{say('slipEmpty')}</p>
    </section>
  );
}

/** A bet goes on out of sight: this brings it back. */
export function SlipPill() {
  const { betting } = useAtHand();
  const { say } = useSpeech();
  const hidden = usePage(({ slip }) => slip?.hidden === true);
  if (!hidden) return null;
  return (
    <button type="button" className="pill" onClick={betting.show}>
      <span className="spinner" aria-hidden="true" />
      {say('stillSending')}
    </button>
  );
}
