/** One bet: a line that opens into everything there is to know of it. */
import type { BetView } from '../../../src/kbook/player-wire.ts';
import { isOpen } from '../book.ts';
import { stampText } from '../format.ts';
import { reasonText } from '../refusals.ts';
import { useSpeech } from '../speech.tsx';
import type { Words } from '../words/en.ts';
import { Icon } from './icons.tsx';
import { signOf } from './session-card.tsx';
import { betSessionName, sideName } from './session-words.ts';

const STATUS_WORDS = {
  TEMP: 'statusTemp',
  CHECK: 'statusCheck',
  ACTIVE: 'statusActive',
  FAILED: 'statusFailed',
  SETTLED: 'statusSettled',
  VOID: 'statusVoid',
} as const satisfies Record<BetView['status'], keyof Words>;

export function statusWord({ status, payout }: BetView): keyof Words {
  if (status !== 'SETTLED') return STATUS_WORDS[status];
  return payout > 0 ? 'statusWon' : 'statusLost';
}

export function BetRow({ bet }: { readonly bet: BetView }) {
  const speech = useSpeech();
  const { say, money, signed, odds, locale } = speech;
  const open = isOpen(bet);
  return (
    <li>
      <details className="card bet" data-bet={bet.id} data-status={bet.status}>
        <summary>
          <Icon name={bet.type === 'RAIN' ? 'rain' : 'dry'} className={bet.type === 'RAIN' ? 'wet' : 'dry'} />
          <span className="bet-what">
            <b>{sideName(speech, bet.type)}</b>
            <span>{betSessionName(speech, bet)}</span>
            {!open && (
              <span>
                {money(bet.stake)} × {odds(bet.odds)}
              </span>
            )}
          </span>
          <span className="bet-money">
            {open ? <b>{money(bet.stake)}</b> : <b className={signOf(bet.payout)}>{signed(bet.payout)}</b>}
            <span className={`status ${bet.status.toLowerCase()}`}>{say(statusWord(bet))}</span>
          </span>
          <Icon name="more" className="turns" />
        </summary>
        <dl className="facts">
          <Fact name={say('stake')} value={money(bet.stake)} />
          <Fact name={say('oddsNow')} value={odds(bet.odds)} />
          <Fact name={say('wouldWin')} value={money(bet.win)} />
          <Fact name={say('placedAt')} value={stampText(locale, bet.placedAt)} />
          {bet.settledAt !== null && (
            <Fact name={say('settledAt')} value={stampText(locale, bet.settledAt)} />
          )}
          <Fact name={say('betNumber')} value={String(bet.id)} />
        </dl>
        {bet.status === 'CHECK' && <p className="note">{say('betCheckText')}</p>}
        {bet.status === 'TEMP' && <p className="note">{say('betTempText')}</p>}
        {bet.status === 'FAILED' && <p className="note">{reasonText(speech, bet.reason)}</p>}
        {bet.status === 'VOID' && <p className="note">{say('betVoidText')}</p>}
      </details>
    </li>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
