/** Commands about bets of the rain book: what K-Rain says of one, and ruling on one whose fate it leaves open. */
import { RULED_FATES, type Ruling } from '../core/book/ruling.ts';
import { type BetId, trusted } from '../core/ids.ts';
import { isCurrency, toDecimal } from '../core/money.ts';
import type { PendingBet } from '../db/book-pending.ts';
import { findBet, listRulings, type RulingRecord } from '../db/book-ruling.ts';
import type { MarketRecord } from '../rain/market.ts';
import { askKrain, ruleOnBet } from '../rain/ruling.ts';
import { STAFF_ANSWERS } from '../staff/replies.ts';
import { numberOf, personHere, withMarket } from './book-context.ts';
import { amountOf, CliError, type Json, print, table, withOffice } from './context.ts';

interface BetOptions extends Json {
  readonly bet: string;
}

function betOf(text: string): BetId {
  if (!/^\d{1,15}$/.test(text)) throw new CliError(`--bet is the number of a bet, not "${text}"`, 2);
  return trusted(text);
}

export async function show(options: BetOptions): Promise<void> {
  const id = betOf(options.bet);
  const view = await withMarket((market) =>
    withOffice(async ({ sql }) => {
      const found = await findBet(sql, id);
      if (found === null) throw new CliError(STAFF_ANSWERS.unknown_bet.message);
      const word = found.bet.status === 'CHECK' ? await askKrain(market, found) : null;
      const said = word?.record ?? (await market.record(`bet-${id}`));
      const record = said.kind === 'record' ? said.record : null;
      const meaning = word === null ? said.kind : 'why' in word.status ? word.status.why : word.status.kind;
      return {
        ...viewOfBet(found),
        krain: { meaning, says: record === null ? null : viewOfRecord(record, found) },
        rulings: (await listRulings(sql, id)).map((each) => viewOfRuling(each, found)),
      };
    }),
  );
  print(options, view, ({ krain, rulings, ...bet }) =>
    [
      table([bet]),
      `K-Rain: ${krain.meaning}${krain.says === null ? '' : `\n${table([krain.says])}`}`,
      `ruled:\n${table(rulings)}`,
    ].join('\n\n'),
  );
}

const money = (amount: bigint, { session: { currency } }: PendingBet) =>
  isCurrency(currency) ? toDecimal(amount, currency) : String(amount);

function viewOfBet(found: PendingBet) {
  const { id, sessionId, status, reason, type, odds, stake, krainStake, krainOdds } = found.bet;
  return {
    id: Number(id),
    session: Number(sessionId),
    status,
    reason,
    type,
    odds: odds / 1000,
    stake: money(stake, found),
    krainStake: money(krainStake, found),
    krainOdds: krainOdds === null ? null : krainOdds / 1000,
    currency: found.session.currency,
  };
}

function viewOfRecord({ market, side, stake, fate }: MarketRecord, found: PendingBet) {
  const base = { market, side, asked: money(stake, found), state: fate.kind };
  if (fate.kind === 'refused') return { ...base, reason: fate.reason };
  return { ...base, stake: money(fate.stake, found), odds: fate.odds / 1000, win: money(fate.win, found) };
}

function viewOfRuling({ by, ruling, reason }: RulingRecord, found: PendingBet) {
  if (ruling.fate === 'failed') return { by, fate: ruling.fate, stake: null, odds: null, win: null, reason };
  const { fate, stake, odds, win } = ruling;
  return { by, fate, stake: money(stake, found), odds: odds / 1000, win: money(win, found), reason };
}

interface RuleOptions extends BetOptions {
  readonly fate: string;
  readonly reason: string;
  readonly stake?: string;
  readonly odds?: string;
  readonly win?: string;
  readonly as?: string;
}

export async function rule(options: RuleOptions): Promise<void> {
  const [betId, by] = [betOf(options.bet), personHere(options.as)];
  const outcome = await withMarket((market) =>
    withOffice(async ({ sql, writer }) => {
      const found = await findBet(sql, betId);
      if (found === null) throw new CliError(STAFF_ANSWERS.unknown_bet.message);
      const ruling = rulingOf(options, found.session.currency);
      return ruleOnBet({ sql, writer, market }, { betId, by, ruling, reason: options.reason, ip: null });
    }),
  );
  if (!outcome.ok) throw new CliError(STAFF_ANSWERS[outcome.code].message);
  const { counts, standing, against, bet } = outcome;
  print(options, { counts, standing, against, status: bet.status }, () =>
    counts
      ? `bet ${betId} is ${bet.status}: ${standing.join(' and ')} say so`
      : `bet ${betId} is ${bet.status}: a second person must say the same`,
  );
}

function rulingOf({ fate, stake, odds, win }: RuleOptions, currency: string): Ruling {
  const named = RULED_FATES.find((each) => each === fate);
  if (named === undefined) throw new CliError(`--fate: one of ${RULED_FATES.join(', ')}`, 2);
  if (named === 'failed') return { fate: named };
  if (stake === undefined || odds === undefined || win === undefined)
    throw new CliError("taken needs --stake, --odds and --win, as K-Rain's statement says", 2);
  if (!isCurrency(currency)) throw new Error(`unknown currency ${currency}`);
  return {
    fate: named,
    stake: amountOf('--stake', stake, currency),
    odds: Math.round(numberOf(odds, '--odds') * 1000),
    win: amountOf('--win', win, currency),
  };
}
