/** Bets, open and settled, and the statement of what came in and went out. */
import { useMemo, useState } from 'react';
import type { BetView } from '../../../src/kbook/player-wire.ts';
import { isOpen } from '../book.ts';
import { useListed } from '../pages.ts';
import { useBook } from '../parts/at-hand.tsx';
import { BetRow } from '../parts/bet-row.tsx';
import { Choice } from '../parts/choice.tsx';
import { More } from '../parts/more.tsx';
import { useSpeech } from '../speech.tsx';
import { Statement } from './statement.tsx';

const TABS = ['open', 'settled', 'statement'] as const;
type Tab = (typeof TABS)[number];
const FILTERS = ['all', 'won', 'lost', 'void', 'failed'] as const;
type Filter = (typeof FILTERS)[number];

export function Bets() {
  const { say } = useSpeech();
  const [tab, setTab] = useState<Tab>('open');
  const names: Record<Tab, string> = {
    open: say('tabOpen'),
    settled: say('tabSettled'),
    statement: say('tabStatement'),
  };
  return (
    <section className="screen">
      <h1>{say('betsTitle')}</h1>
      <Choice
        label={say('betsTitle')}
        options={TABS}
        names={names}
        value={tab}
        onChange={setTab}
        look="tabs"
      />
      {tab === 'open' && <OpenBets />}
      {tab === 'settled' && <SettledBets />}
      {tab === 'statement' && <Statement />}
    </section>
  );
}

function OpenBets() {
  const { say } = useSpeech();
  const bets = useBook((book) => book.bets);
  const open = useMemo(() => [...bets.values()].filter(isOpen).toSorted((a, b) => b.id - a.id), [bets]);
  if (open.length === 0)
    return (
      <p className="empty">
        {say('noOpenBets')} <a href="#sessions">{say('toSessions')}</a>
      </p>
    );
  return (
    <ul className="rows">
      {open.map((bet) => (
        <BetRow key={bet.id} bet={bet} />
      ))}
    </ul>
  );
}

export function passes(bet: BetView, filter: Filter): boolean {
  switch (filter) {
    case 'won':
      return bet.status === 'SETTLED' && bet.payout > 0;
    case 'lost':
      return bet.status === 'SETTLED' && bet.payout <= 0;
    case 'void':
      return bet.status === 'VOID';
    case 'failed':
      return bet.status === 'FAILED';
    case 'all':
      return true;
  }
}

function SettledBets() {
  const { say } = useSpeech();
  const [filter, setFilter] = useState<Filter>('all');
  const listed = useListed<BetView>('bets?state=settled');
  const names: Record<Filter, string> = {
    all: say('filterAll'),
    won: say('filterWon'),
    lost: say('filterLost'),
    void: say('filterVoid'),
    failed: say('filterFailed'),
  };
  const shown = listed.rows.filter((bet) => passes(bet, filter));
  return (
    <>
      <Choice
        label={say('filter')}
        options={FILTERS}
        names={names}
        value={filter}
        onChange={setFilter}
        look="chips"
      />
      <ul className="rows">
        {shown.map((bet) => (
          <BetRow key={bet.id} bet={bet} />
        ))}
      </ul>
      {shown.length === 0 && listed.state === 'all' && <p className="empty">{say('noSettledBets')}</p>}
      <More listed={listed} />
    </>
  );
}
