/** The double's money: bets by key, positions and balance, reckoned with the book's own exposure. */
import { exposureOf, netOf, plus, riskOf, underResult } from '../../src/core/book/exposure.ts';
import { winOf } from '../../src/core/book/odds.ts';
import type { ByOutcome, GameResult } from '../../src/core/book/types.ts';
import type { BalanceView, BetView, PositionView, SessionView } from '../../src/kbook/player-wire.ts';

export interface Order {
  readonly key: string;
  readonly sessionId: number;
  readonly type: BetView['type'];
  readonly odds: number;
  readonly stake: number;
}

export interface Till {
  readonly bets: BetView[];
  /** The bet under the order's key; `fresh` when it was made now. */
  place(order: Order, session: SessionView, at: number): { readonly bet: BetView; readonly fresh: boolean };
  /** Null: there is a bet of other content under the key. */
  known(order: Order): BetView | null | undefined;
  change(id: number, change: Partial<BetView>): BetView;
  /** Settles every active bet of the session; the bets that changed. */
  settle(sessionId: number, result: GameResult, at: number): BetView[];
  position(sessionId: number): PositionView;
  positions(): PositionView[];
  balance(): BalanceView;
}

const PENDING = new Set(['TEMP', 'CHECK']);
const cents = (amount: number) => BigInt(Math.round(amount * 100));
const dollars = (amount: bigint) => Number(amount) / 100;
const inCents = (bet: BetView) => ({ type: bet.type, stake: cents(bet.stake), win: cents(bet.win) });

export function openTill({ credit, bets }: { readonly credit: number; readonly bets: BetView[] }): Till {
  const counted: BetView[] = [];
  let lastId = 5_000;
  const find = (id: number) => bets.findIndex((bet) => bet.id === id);

  function change(id: number, to: Partial<BetView>): BetView {
    const at = find(id);
    const next = { ...bets[at]!, updatedAt: bets[at]!.updatedAt + 1, ...to };
    bets[at] = next;
    const also = counted.findIndex((bet) => bet.id === id);
    if (also >= 0) counted[also] = next;
    return next;
  }
  const positions = () => [...new Set(counted.map(({ sessionId }) => sessionId))].map(position);
  const position = (sessionId: number) =>
    positionOf(
      sessionId,
      counted.filter((bet) => bet.sessionId === sessionId),
    );
  return {
    bets,
    change,
    position,
    positions,
    known(order) {
      const bet = bets.find(({ key }) => key === order.key);
      const same = bet?.sessionId === order.sessionId && bet.type === order.type && bet.stake === order.stake;
      return bet === undefined || (same && bet.odds === order.odds) ? bet : null;
    },
    place(order, session, at) {
      const { site, type: sessionType, gameDate } = session;
      lastId += 1;
      const win = dollars(winOf(cents(order.stake), Math.round(order.odds * 1000)));
      const told = { site, sessionType, gameDate, win, reason: null, payout: 0 };
      const bet: BetView = {
        ...order,
        ...told,
        id: lastId,
        status: 'TEMP',
        placedAt: at,
        settledAt: null,
        updatedAt: at,
      };
      bets.unshift(bet);
      counted.push(bet);
      return { bet, fresh: true };
    },
    settle(sessionId, result, at) {
      return counted
        .filter((bet) => bet.sessionId === sessionId && bet.status === 'ACTIVE')
        .map((bet) => {
          const payout = dollars(underResult(netOf(inCents(bet)), result));
          return change(bet.id, {
            status: result === 'VOID' ? 'VOID' : 'SETTLED',
            payout,
            settledAt: at,
            updatedAt: at,
          });
        });
    },
    balance() {
      const won = counted.reduce((sum, bet) => sum + cents(bet.payout), cents(credit));
      const exposure = positions().reduce((sum, each) => sum + cents(each.exposure), 0n);
      const left = won > exposure ? won - exposure : 0n;
      return { balance: dollars(won), exposure: dollars(exposure), available: dollars(left) };
    },
  };
}

const NOTHING: ByOutcome = { rain: 0n, dry: 0n };

function positionOf(sessionId: number, bets: readonly BetView[]): PositionView {
  const sum = (parts: ByOutcome[]) => parts.reduce(plus, NOTHING);
  const net = sum(
    bets
      .filter(({ status }) => !PENDING.has(status) && status !== 'FAILED')
      .map((bet) => netOf(inCents(bet))),
  );
  const open = bets.some(({ status }) => status === 'ACTIVE' || PENDING.has(status));
  const risk = sum(bets.filter(({ status }) => PENDING.has(status)).map((bet) => riskOf(inCents(bet))));
  const exposure = open ? exposureOf({ net, risk, settledNet: 0n }, 'NOT_AVAILABLE') : 0n;
  return {
    sessionId,
    bets: bets.length,
    netRain: dollars(net.rain),
    netDry: dollars(net.dry),
    riskRain: dollars(risk.rain),
    riskDry: dollars(risk.dry),
    exposure: dollars(exposure),
  };
}
