/** What came in and went out, and the profit and loss each transfer folded into the credit. */
import type { TransferView } from '../../../src/kbook/player-wire.ts';
import { stampText } from '../format.ts';
import { useListed } from '../pages.ts';
import { More } from '../parts/more.tsx';
import { signOf } from '../parts/session-card.tsx';
import { useSpeech } from '../speech.tsx';

export function Statement() {
  const { say, money, signed, locale } = useSpeech();
  const listed = useListed<TransferView>('transfers');
  return (
    <>
      <ul className="rows">
        {listed.rows.map((row) => (
          <li key={row.tsCode} className="card transfer">
            <div className="transfer-head">
              <b>{say(row.amount < 0 ? 'withdrawal' : 'deposit')}</b>
              <span>{stampText(locale, row.at)}</span>
              <b className={signOf(row.amount)}>{signed(row.amount)}</b>
            </div>
            <dl className="facts">
              <div>
                <dt>{say('creditBefore')}</dt>
                <dd>{money(row.creditBefore)}</dd>
              </div>
              <div>
                <dt>{say('profitLoss')}</dt>
                <dd className={signOf(row.profitLoss)}>{signed(row.profitLoss)}</dd>
              </div>
              <div>
                <dt>{say('creditAfter')}</dt>
                <dd>{money(row.creditAfter)}</dd>
              </div>
              <div>
                <dt>{say('code')}</dt>
                <dd className="ts-code">{row.tsCode}</dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
      {listed.rows.length === 0 && listed.state === 'all' && <p className="empty">{say('noTransfers')}</p>}
      <More listed={listed} />
    </>
  );
}
