/** From rows and outcomes to what the player page is shown: amounts as numbers of the currency's unit, odds decimal. */
import type { Bet, BookBalance, OwnLimits, Position, Quote } from '../core/book/types.ts';
import { type Currency, decimalsOf, toWireNumber } from '../core/money.ts';
import type {
  BetRow,
  MoneyRow,
  PlayerRow,
  PlayerState,
  PositionRow,
  TransferRow,
} from '../db/book-history.ts';
import type { VisitHolder } from '../db/book-visit.ts';
import { oddsView, type Shown } from './player-board.ts';
import type {
  BalanceView,
  BetView,
  OwnLimitsView,
  PlayerView,
  PositionView,
  SessionView,
  StateView,
  TransferView,
} from './player-wire.ts';

export function balanceView({ balance, exposure }: BookBalance, currency: Currency): BalanceView {
  const left = balance - exposure;
  return {
    balance: toWireNumber(balance, currency),
    exposure: toWireNumber(exposure, currency),
    available: toWireNumber(left > 0n ? left : 0n, currency),
  };
}

export function positionView(row: PositionRow, currency: Currency): PositionView {
  return {
    sessionId: row.sessionId,
    bets: row.bets,
    netRain: toWireNumber(row.netRain, currency),
    netDry: toWireNumber(row.netDry, currency),
    riskRain: toWireNumber(row.riskRain, currency),
    riskDry: toWireNumber(row.riskDry, currency),
    exposure: toWireNumber(row.exposure, currency),
  };
}

export function betView(row: BetRow): BetView {
  const { currency } = row;
  return {
    id: row.id,
    key: row.key,
    sessionId: row.sessionId,
    site: row.site,
    sessionType: row.sessionType,
    gameDate: row.gameDate,
    type: row.type,
    odds: row.odds / 1000,
    stake: toWireNumber(row.stake, currency),
    win: toWireNumber(row.win, currency),
    status: row.status,
    reason: row.reason,
    payout: toWireNumber(row.payout, currency),
    placedAt: row.placedAt,
    settledAt: row.settledAt,
    updatedAt: row.updatedAt,
  };
}

/** A bet as the ledger has just answered it, in the session it is shown in. Not settled. */
export function betRowOf(bet: Bet, { view, currency }: Shown & { readonly currency: Currency }): BetRow {
  const { site, type, gameDate } = view;
  return { ...bet, currency, site, sessionType: type, gameDate, settledAt: null };
}

/** A position as the ledger has just answered it. */
export function positionRowOf({ sessionId, bets, net, risk, exposure }: Position): PositionRow {
  const [netRain, netDry, riskRain, riskDry] = [net.rain, net.dry, risk.rain, risk.dry];
  return { sessionId, bets, netRain, netDry, riskRain, riskDry, exposure };
}

export function quoteView(quote: Quote | null): SessionView['odds'] {
  return quote === null
    ? null
    : oddsView({ quote: quote.id, rain: quote.rain, dry: quote.dry, until: quote.until });
}

function ownView(
  { maxBet, dayStake }: OwnLimits,
  clockMinutes: number | null,
  currency: Currency,
): OwnLimitsView {
  const amount = (minor: bigint | null) => (minor === null ? null : toWireNumber(minor, currency));
  return { maxBet: amount(maxBet), dayStake: amount(dayStake), clockMinutes };
}

/** `now`: looser limits that hold by then are shown as the player's own. */
export function playerView(player: PlayerRow, now: number): PlayerView {
  const { currency, clockMinutes, nextOwn, nextOwnAt, excludedUntil } = player;
  const isDue = nextOwn !== null && nextOwnAt !== null && nextOwnAt <= now;
  const own = isDue ? nextOwn : player.own;
  const most = own.maxBet !== null && own.maxBet < player.maxBet ? own.maxBet : player.maxBet;
  const waits = nextOwn !== null && !isDue;
  return {
    userId: player.userId,
    vendorType: player.vendorType,
    currency,
    decimals: decimalsOf(currency),
    language: player.language,
    minBet: toWireNumber(player.minBet, currency),
    maxBet: toWireNumber(most, currency),
    maxExposure: toWireNumber(player.maxExposure, currency),
    own: ownView(own, clockMinutes, currency),
    nextOwn: waits ? ownView(nextOwn, clockMinutes, currency) : null,
    nextOwnAt: waits ? nextOwnAt : null,
    excludedUntil: excludedUntil === 'forever' || (excludedUntil ?? 0) > now ? excludedUntil : null,
    hasPassword: player.hasPassword,
  };
}

export function moneyViews({ positions, ...money }: MoneyRow, currency: Currency) {
  return {
    balance: balanceView(money, currency),
    positions: positions.map((row) => positionView(row, currency)),
  };
}

export function transferView(row: TransferRow, currency: Currency): TransferView {
  const amount = (minor: bigint) => toWireNumber(minor, currency);
  return {
    tsCode: row.tsCode,
    amount: amount(row.amount),
    profitLoss: amount(row.profitLoss),
    creditBefore: amount(row.creditBefore),
    creditAfter: amount(row.creditAfter),
    at: row.at,
  };
}

export interface Scene {
  readonly holder: VisitHolder;
  readonly revision: number;
  readonly sessions: readonly Shown[];
}

export function stateView(state: PlayerState, { holder, revision, sessions }: Scene): StateView {
  const { currency } = holder;
  return {
    serverTime: state.now,
    revision,
    player: playerView(state.player, state.now),
    ...moneyViews(state, currency),
    sessions: sessions.map(({ view }) => view),
    openBets: state.openBets.map(betView),
    visit: { since: holder.since, net: toWireNumber(state.settledNet, currency) },
  };
}
