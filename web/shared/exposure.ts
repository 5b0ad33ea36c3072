/**
 * What a bet would come to, reckoned on the page as the book reckons it: a session's exposure is the worst of its two
 * outcomes, matched bets count with what they win and lose, pending ones only with what they may lose. Amounts are
 * minor units, odds thousandths. The hub decides; this shows beforehand what it will decide.
 */

export type Side = 'RAIN' | 'NO_RAIN';

/** A player's bets in a session, summed by outcome. */
export interface Stand {
  readonly netRain: bigint;
  readonly netDry: bigint;
  /** What pending bets may lose: never above zero. */
  readonly riskRain: bigint;
  readonly riskDry: bigint;
}

export interface Money {
  readonly balance: bigint;
  /** Over all sessions. */
  readonly exposure: bigint;
}

export interface Order {
  readonly side: Side;
  readonly stake: bigint;
  readonly odds: number;
}

export interface Limits {
  readonly minBet: bigint;
  readonly maxBet: bigint;
  /** In one session. */
  readonly maxExposure: bigint;
}

/** What an account comes to: `available` is never below zero. */
export interface Reckoned {
  readonly exposure: bigint;
  readonly sessionExposure: bigint;
  readonly available: bigint;
}

/** Why an order would be refused, and the least or most that would be taken. */
export type Hindrance =
  | { readonly why: 'min' | 'max' | 'exposure' | 'credit'; readonly limit: bigint }
  | { readonly why: 'short'; readonly limit: null };

export const NO_BETS: Stand = { netRain: 0n, netDry: 0n, riskRain: 0n, riskDry: 0n };

/** What a stake wins net; less than a minor unit is cut off. */
export function winOf(stake: bigint, odds: number): bigint {
  return (stake * BigInt(odds - 1000)) / 1000n;
}

/** The most a player can lose in a session that has no result yet. */
export function exposureOf(stand: Stand): bigint {
  const worst = lesser(stand.netRain + stand.riskRain, stand.netDry + stand.riskDry);
  return worst < 0n ? -worst : 0n;
}

export function availableOf({ balance, exposure }: Money): bigint {
  return balance > exposure ? balance - exposure : 0n;
}

/** The position with one more bet that is not matched yet: this is what the book looks at when it takes it. */
export function withPending(stand: Stand, { side, stake }: Order): Stand {
  return side === 'RAIN'
    ? { ...stand, riskDry: stand.riskDry - stake }
    : { ...stand, riskRain: stand.riskRain - stake };
}

/** The position once the bet is matched. */
export function withMatched(stand: Stand, { side, stake, odds }: Order): Stand {
  const win = winOf(stake, odds);
  return side === 'RAIN'
    ? { ...stand, netRain: stand.netRain + win, netDry: stand.netDry - stake }
    : { ...stand, netRain: stand.netRain - stake, netDry: stand.netDry + win };
}

/** The account when a session's position is `next` instead of `stand`. */
export function reckon(money: Money, stand: Stand, next: Stand): Reckoned {
  const sessionExposure = exposureOf(next);
  const exposure = money.exposure - exposureOf(stand) + sessionExposure;
  return { exposure, sessionExposure, available: availableOf({ balance: money.balance, exposure }) };
}

/** The first thing that stands against an order, in the book's own order of looking; null = nothing known here. */
export function hindranceOf(
  order: Order,
  { stand, money, limits }: { stand: Stand; money: Money; limits: Limits },
): Hindrance | null {
  if (order.stake < limits.minBet) return { why: 'min', limit: limits.minBet };
  if (order.stake > limits.maxBet) return { why: 'max', limit: limits.maxBet };
  const before = exposureOf(stand);
  const pending = exposureOf(withPending(stand, order));
  if (pending > limits.maxExposure) return { why: 'exposure', limit: limits.maxExposure };
  if (money.exposure > money.balance) return { why: 'short', limit: null };
  const available = availableOf(money);
  return pending - before > available ? { why: 'credit', limit: available } : null;
}

/** The largest stake nothing known here stands against; zero when there is none. */
export function stakeMost(
  side: Side,
  { stand, money, limits }: { stand: Stand; money: Money; limits: Limits },
): bigint {
  if (money.exposure > money.balance) return 0n;
  const room = lesser(limits.maxExposure, exposureOf(stand) + availableOf(money));
  const loses = side === 'RAIN' ? stand.netDry + stand.riskDry : stand.netRain + stand.riskRain;
  const other = side === 'RAIN' ? stand.netRain + stand.riskRain : stand.netDry + stand.riskDry;
  const most = lesser(limits.maxBet, room + loses);
  return -other > room || most < limits.minBet ? 0n : most;
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
