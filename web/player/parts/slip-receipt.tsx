/** What became of the bet that was just sent; it goes on changing while the market answers. */
import type { BetView } from '../../../src/kbook/player-wire.ts';
import { reasonText } from '../refusals.ts';
import { useSpeech } from '../speech.tsx';
import type { Words } from '../words/en.ts';
import { useAtHand } from './at-hand.tsx';
import { Icon, type IconName } from './icons.tsx';

interface Look {
  readonly icon: IconName;
  readonly title: keyof Words;
  readonly text: keyof Words | null;
  readonly tone: 'good' | 'bad' | 'wait';
}

const LOOKS: Readonly<Record<BetView['status'], Look>> = {
  TEMP: { icon: 'wait', title: 'betSent', text: 'betTempText', tone: 'wait' },
  CHECK: { icon: 'wait', title: 'betChecking', text: 'betCheckText', tone: 'wait' },
  ACTIVE: { icon: 'check', title: 'betPlaced', text: null, tone: 'good' },
  FAILED: { icon: 'close', title: 'betFailed', text: null, tone: 'bad' },
  SETTLED: { icon: 'check', title: 'betSettled', text: null, tone: 'good' },
  VOID: { icon: 'close', title: 'betVoid', text: 'betVoidText', tone: 'bad' },
};

export function SlipReceipt({ bet }: { readonly bet: BetView }) {
  const speech = useSpeech();
  const { betting } = useAtHand();
  const { say, money, odds } = speech;
  const look = LOOKS[bet.status];
  return (
    <div className={`receipt ${look.tone}`} data-status={bet.status}>
      <p className="receipt-title" role="status">
        <Icon name={look.icon} />
        <b>{say(look.title)}</b>
      </p>
      {look.text !== null && <p className="note">{say(look.text)}</p>}
      {bet.status === 'FAILED' && <p className="note">{reasonText(speech, bet.reason)}</p>}
      <dl className="before">
        <div>
          <dt>{say('stake')}</dt>
          <dd>{money(bet.stake)}</dd>
        </div>
        <div>
          <dt>{say('oddsNow')}</dt>
          <dd>{odds(bet.odds)}</dd>
        </div>
        <div className="win">
          <dt>{say('wouldWin')}</dt>
          <dd>{money(bet.win)}</dd>
        </div>
        <div>
          <dt>{say('betNumber')}</dt>
          <dd>{bet.id}</dd>
        </div>
      </dl>
      <button type="button" className="primary" onClick={betting.close}>
        {say('done')}
      </button>
    </div>
  );
}
