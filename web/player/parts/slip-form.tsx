/**
 * The stake, what it may be, what comes of it, and the one button. The button's words say what it does: when the odds
 * have moved it says the new ones, and pressing it accepts them. It is deaf for a moment after they moved, so that a
 * thumb on its way does not accept what the eye has not seen.
 */
import { type FormEvent, useEffect, useId, useState } from 'react';
import type { SessionView } from '../../../src/kbook/player-wire.ts';
import { hindranceOf, type Order, reckon, stakeMost, winOf, withMatched } from '../../shared/exposure.ts';
import { amountText, majorOf, minorOf, readAmount } from '../../shared/money.ts';
import { limitsOf, moneyOf, phaseOf, standOf } from '../book.ts';
import { offeredOdds, type Slip } from '../page.ts';
import { refusalText } from '../refusals.ts';
import { type Speech, useSpeech } from '../speech.tsx';
import { useAtHand, useBook, useFresh, useNow } from './at-hand.tsx';
import { Icon } from './icons.tsx';

const DEAF_MS = 450;
const SECOND_MS = 1_000;
const CHIPS = [10, 25, 50, 100, 250, 500, 1000];
const CHIPS_SHOWN = 4;

interface FormProps {
  readonly slip: Slip;
  readonly session: SessionView;
}

export function SlipForm({ slip, session }: FormProps) {
  const speech = useSpeech();
  const { betting } = useAtHand();
  const book = useBook((all) => all);
  const fresh = useFresh();
  const now = useNow(SECOND_MS);
  const { decimals } = book.player;
  const offered = offeredOdds(book, session.id, slip.side);
  const deaf = useDeaf(offered);
  const stake = readAmount(slip.text, decimals);
  const hands = { stand: standOf(book, session.id), money: moneyOf(book), limits: limitsOf(book) };
  const busy = slip.phase === 'sending';
  const odds = busy ? slip.odds : (offered ?? slip.odds);
  const order: Order = { side: slip.side, stake: stake ?? 0n, odds };
  const hindrance = stake === null ? null : hindranceOf(order, hands);
  const closed = phaseOf(session, now) !== 'open';
  const ready = stake !== null && hindrance === null && !closed && fresh && !busy && !deaf;
  const most = stakeMost(slip.side, hands);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready) void betting.send(stake, odds);
  }
  return (
    <form className="slip-form" onSubmit={submit} noValidate>
      {slip.phase === 'unsure' && <p className="note warn">{speech.say('unsure')}</p>}
      <Moved from={slip.odds} to={odds} />
      <StakeField slip={slip} most={most} wrong={hindrance !== null} onType={betting.type} />
      <Before order={order} hands={hands} />
      <p className="slip-error" role="alert">
        {slip.refusal !== null
          ? refusalText(speech, slip.refusal)
          : hindrance !== null &&
            speech.say(`cannot_${hindrance.why}`, { limit: speech.short(hindrance.limit ?? 0n) })}
      </p>
      {slip.silences > 0 && busy && (
        <p className="note warn" role="status">
          {speech.say('noAnswerYet')}
        </p>
      )}
      <button type="submit" className={`primary ${busy ? 'busy' : ''}`} aria-disabled={!ready}>
        {busy && <span className="spinner" aria-hidden="true" />}
        {buttonText(speech, { slip, odds, stake, closed, fresh })}
      </button>
    </form>
  );
}

/** True for a moment after the odds have become others. */
function useDeaf(odds: number | null): boolean {
  const [heard, setHeard] = useState(odds);
  useEffect(() => {
    const timer = setTimeout(setHeard, DEAF_MS, odds);
    return () => clearTimeout(timer);
  }, [odds]);
  return heard !== odds;
}

function buttonText(
  { say, money, odds: oddsText }: Speech,
  now: {
    readonly slip: Slip;
    readonly odds: number;
    readonly stake: bigint | null;
    readonly closed: boolean;
    readonly fresh: boolean;
  },
): string {
  if (now.slip.phase === 'sending') return say('sending');
  if (!now.fresh) return say('lineLost');
  if (now.closed) return say('notNow');
  if (now.slip.phase === 'unsure') return say('sendAgain');
  const values = { odds: oddsText(now.odds / 1000), stake: now.stake === null ? '' : money(now.stake) };
  if (now.odds !== now.slip.odds) return say('acceptOdds', values);
  return now.stake === null ? say('enterStake') : say('placeBet', values);
}

/** The odds the player agreed to, and what they are now. */
function Moved({ from, to }: { readonly from: number; readonly to: number }) {
  const { say, odds } = useSpeech();
  const way = to === from ? 'same' : to > from ? 'up' : 'down';
  return (
    <p className={`slip-odds ${way}`}>
      <span>{say(way === 'same' ? 'oddsNow' : 'oddsMoved')}</span>
      {way !== 'same' && (
        <>
          <s>{odds(from / 1000)}</s>
          <Icon name={way} />
        </>
      )}
      <b>{odds(to / 1000)}</b>
    </p>
  );
}

function StakeField({
  slip,
  most,
  wrong,
  onType,
}: {
  readonly slip: Slip;
  readonly most: bigint;
  readonly wrong: boolean;
  readonly onType: (text: string) => void;
}) {
  const { say, short } = useSpeech();
  const player = useBook((book) => book.player);
  const id = useId();
  const { decimals, minBet, maxBet } = player;
  const off = slip.phase === 'sending';
  const chips = chipsFor({ minBet, most: majorOf(most, decimals) });
  return (
    <div className="stake">
      <label htmlFor={id}>{say('stake')}</label>
      <input
        id={id}
        value={slip.text}
        inputMode="decimal"
        autoComplete="off"
        enterKeyHint="done"
        maxLength={14}
        placeholder="0"
        disabled={off}
        aria-invalid={wrong}
        aria-describedby={`${id}-range`}
        onChange={(event) => onType(event.target.value)}
      />
      <span className="stake-currency">{player.currency}</span>
      <fieldset className="chips" aria-label={say('quickStakes')}>
        {chips.map((chip) => (
          <button
            key={chip}
            type="button"
            disabled={off}
            onClick={() => onType(amountText(minorOf(chip, decimals), decimals))}
          >
            {short(chip)}
          </button>
        ))}
        <button
          type="button"
          disabled={off || most === 0n}
          onClick={() => onType(amountText(most, decimals))}
        >
          {say('max')}
        </button>
      </fieldset>
      <p id={`${id}-range`} className="hint">
        {say('stakeRange', { min: short(minBet), max: short(maxBet) })}
      </p>
    </div>
  );
}

export function chipsFor({ minBet, most }: { readonly minBet: number; readonly most: number }): number[] {
  const fit = [...new Set([minBet, ...CHIPS.filter((chip) => chip > minBet)])].filter((chip) => chip <= most);
  return fit.slice(0, CHIPS_SHOWN);
}

/** What the bet wins, and what the account looks like once it is matched. */
function Before({
  order,
  hands,
}: {
  readonly order: Order;
  readonly hands: Parameters<typeof hindranceOf>[1];
}) {
  const { say, money } = useSpeech();
  const { stand, money: held } = hands;
  const before = reckon(held, stand, stand);
  const after = order.stake === 0n ? before : reckon(held, stand, withMatched(stand, order));
  const win = winOf(order.stake, order.odds);
  const rows = [
    { word: 'exposure', from: before.exposure, to: after.exposure },
    { word: 'available', from: before.available, to: after.available },
  ] as const;
  return (
    <dl className="before">
      <div className="win">
        <dt>{say('wouldWin')}</dt>
        <dd>{money(win)}</dd>
      </div>
      {rows.map(({ word, from, to }) => (
        <div key={word}>
          <dt>{say(word)}</dt>
          <dd>
            {from !== to && (
              <>
                <span>{money(from)}</span>
                <span className="to" role="img" aria-label={say('becomes')}>
                  →
                </span>
              </>
            )}
            <b data-after={word}>{money(to)}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}
