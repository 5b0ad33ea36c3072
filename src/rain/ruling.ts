/**
 * A bet that stays in CHECK because K-Rain's word about its order cannot be: two persons rule what became of it, with
 * K-Rain's statement before them. What always holds:
 *  - while K-Rain's own word is definite, or may yet become so by itself, nobody rules;
 *  - 'taken' is what the statement says to the unit, and only what can be booked as this bet's part;
 *  - the ledger takes the first definite answer and no second, so two at once, or the hub itself, do no harm;
 *  - each word is durable with its audit line before the ledger is told. Saying the same again tells it again.
 */
import { decideRuling, type Ruling, type RulingDecision } from '../core/book/ruling.ts';
import type { Bet, BookBalance, MarketAnswer } from '../core/book/types.ts';
import type { BetId } from '../core/ids.ts';
import { record } from '../db/audit.ts';
import type { PendingBet } from '../db/book-pending.ts';
import { findBet, listRulings, lockBet, putRuling } from '../db/book-ruling.ts';
import type { Sql } from '../db/connect.ts';
import type { LedgerWriter } from '../engine/ledger-writer.ts';
import { orderOf } from './lay-off.ts';
import type { Market, MarketOrder, RecordResult, StatusResult } from './market.ts';

export interface RulingDesk {
  readonly sql: Sql;
  readonly writer: Pick<LedgerWriter, 'submit'>;
  readonly market: Pick<Market, 'status' | 'record'> | null;
  /** Told of the bet when it was changed here. */
  readonly onBet?: (bet: Bet, balance: BookBalance) => void;
}

export interface RulingWish {
  readonly betId: BetId;
  /** A person's name. */
  readonly by: string;
  /** Taken: what the person has read in the statement. */
  readonly ruling: Ruling;
  readonly reason: string;
  /** Where the person sits, for the audit trail; null: at the terminal. */
  readonly ip: string | null;
}

/** In the order in which they are checked. */
export type RulingRefusal =
  | 'unknown_bet'
  | 'reason_needed'
  | 'not_in_check'
  | 'no_market'
  | 'krain_silent' // it could not be asked
  | 'krain_definite' // its word holds, and hubs take it by themselves
  | 'krain_may_take' // it does not know the order, but would still take it
  | 'cannot_be_booked' // the statement is of another side or market, of none taken, or of more than was asked
  | 'other_statement' // the statement is not what the person has read
  | 'not_a_person'
  | 'overtaken'; // it became something else meanwhile

export type RulingOutcome =
  | {
      readonly ok: true;
      readonly bet: Bet;
      /** False: waits for a second person. */
      readonly counts: boolean;
      readonly standing: readonly string[];
      readonly against: readonly string[];
    }
  | { readonly ok: false; readonly code: RulingRefusal };

/** What K-Rain says of a bet's order: as the hub takes it, and as it stands there. */
export interface KrainWord {
  readonly order: MarketOrder;
  readonly status: StatusResult;
  readonly record: RecordResult;
}

/** Null: nothing of the bet was ever for K-Rain. */
export async function askKrain(
  market: NonNullable<RulingDesk['market']>,
  { bet, session }: PendingBet,
): Promise<KrainWord | null> {
  // What was asked is known while the bet is pending; of others K-Rain is asked for its record alone.
  if (bet.krainUntil === null || bet.krainOdds === null || bet.krainStake <= 0n) return null;
  const order = orderOf(bet, session);
  const [status, said] = await Promise.all([market.status(order), market.record(order.id)]);
  return { order, status, record: said };
}

export async function ruleOnBet(desk: RulingDesk, wish: RulingWish): Promise<RulingOutcome> {
  const outcome = await rule(desk, wish);
  if (!outcome.ok && outcome.code !== 'unknown_bet')
    await record(desk.sql, lineOf(wish, { refused: outcome.code }));
  return outcome;
}

async function rule(desk: RulingDesk, wish: RulingWish): Promise<RulingOutcome> {
  const { sql, market } = desk;
  const pending = await findBet(sql, wish.betId);
  if (pending === null) return { ok: false, code: 'unknown_bet' };
  if (wish.reason.trim() === '') return { ok: false, code: 'reason_needed' };
  if (pending.bet.status !== 'CHECK') return { ok: false, code: 'not_in_check' };
  if (market === null) return { ok: false, code: 'no_market' };
  const word = await askKrain(market, pending);
  const refused = word === null ? 'cannot_be_booked' : mayRule(word, wish.ruling);
  if (word === null || refused !== null) return { ok: false, code: refused ?? 'cannot_be_booked' };
  const decision = await keepWord(sql, pending, { wish, statement: statementOf(word) });
  if (!decision.ok) return decision;
  const { counts, standing, against } = decision;
  if (!counts) return { ok: true, bet: pending.bet, counts, standing, against };
  const bet = await tellLedger(desk, pending, wish.ruling);
  return bet === null ? { ok: false, code: 'overtaken' } : { ok: true, bet, counts, standing, against };
}

/** Why such a ruling cannot be made on what K-Rain says; null = it may. */
export function mayRule({ order, status, record: said }: KrainWord, ruling: Ruling): RulingRefusal | null {
  if (status.kind === 'absent') return status.now < order.until ? 'krain_may_take' : 'krain_definite';
  if (status.kind !== 'unknown') return 'krain_definite';
  if (SILENT.includes(status.why)) return 'krain_silent';
  if (ruling.fate === 'failed') return null;
  if (said.kind !== 'record') return 'cannot_be_booked';
  const { market, side, fate } = said.record;
  if (fate.kind !== 'matched' || market !== order.market || side !== order.side) return 'cannot_be_booked';
  if (fate.stake > order.stake) return 'cannot_be_booked';
  const isAsRead = fate.stake === ruling.stake && fate.odds === ruling.odds && fate.win === ruling.win;
  return isAsRead ? null : 'other_statement';
}

type WhyUnknown = Extract<StatusResult, { kind: 'unknown' }>['why'];
/** It did not get to say anything: asked again, it may. */
const SILENT: readonly WhyUnknown[] = [
  'unreachable',
  'busy',
  'circuit_open',
  'closed',
  'timed_out',
  'connection_lost',
  'failed',
];

async function keepWord(
  sql: Sql,
  pending: PendingBet,
  { wish, statement }: { readonly wish: RulingWish; readonly statement: Readonly<Record<string, unknown>> },
): Promise<RulingDecision | { readonly ok: false; readonly code: 'not_in_check' }> {
  const { betId, by, ruling, reason } = wish;
  return sql.begin(async (tx) => {
    if ((await lockBet(tx, pending)) !== 'CHECK') return { ok: false, code: 'not_in_check' };
    const decision = decideRuling(await listRulings(tx, betId), { by, ruling });
    if (!decision.ok) return decision;
    const { counts, standing, against } = decision;
    await putRuling(tx, betId, { by, ruling, reason, statement });
    await record(tx, lineOf(wish, { statement, counts, standing, against }));
    return decision;
  });
}

/** Null: it was something else already. */
async function tellLedger(
  { writer, onBet }: RulingDesk,
  { bet, player }: PendingBet,
  ruling: Ruling,
): Promise<Bet | null> {
  const { sessionId, id: betId } = bet;
  const answer = answerOfRuling(ruling);
  const outcome = await writer.submit({ kind: 'book_answer', player, sessionId, betId, answer });
  if (!outcome.ok) throw new Error(`bet ${betId} is not in the ledger`);
  if (!outcome.replayed) onBet?.(outcome.bet, outcome.balance);
  return isAsRuled(outcome.bet, ruling) ? outcome.bet : null;
}

function answerOfRuling(ruling: Ruling): MarketAnswer {
  if (ruling.fate === 'failed') return { kind: 'refused', reason: 'krain_refused' };
  const { stake, odds, win } = ruling;
  return { kind: 'matched', stake, odds, win };
}

function isAsRuled({ status, krainStake, krainWin }: Bet, ruling: Ruling): boolean {
  if (ruling.fate === 'failed') return status === 'FAILED';
  return status !== 'FAILED' && krainStake === ruling.stake && krainWin === ruling.win;
}

/** K-Rain's word as it is kept beside a ruling. Amounts are minor units as text, odds thousandths. */
export function statementOf({ order, status, record: said }: KrainWord): Readonly<Record<string, unknown>> {
  return {
    order: { ...order, stake: String(order.stake) },
    why: 'why' in status ? status.why : status.kind,
    said: said.kind === 'record' ? viewOfRecord(said.record) : said,
  };
}

function viewOfRecord({ fate, stake, ...rest }: Extract<RecordResult, { kind: 'record' }>['record']) {
  const { kind } = fate;
  return {
    kind: 'record',
    ...rest,
    stake: String(stake),
    state: kind,
    ...(kind === 'matched'
      ? { matched: String(fate.stake), win: String(fate.win), odds: fate.odds }
      : { reason: fate.reason }),
  };
}

function lineOf(
  { betId, by, ruling, reason, ip }: RulingWish,
  more: Readonly<Record<string, unknown>>,
): Parameters<typeof record>[1] {
  const said =
    ruling.fate === 'taken'
      ? { stake: String(ruling.stake), odds: ruling.odds, win: String(ruling.win) }
      : {};
  return {
    actor: by,
    action: 'book.bet.rule',
    subject: `book bet ${betId}`,
    detail: { fate: ruling.fate, ...said, reason, ...(ip === null ? {} : { ip }), ...more },
  };
}
