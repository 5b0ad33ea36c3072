/** What the hub says, in whatever order it arrives: the page ends up with the newest of everything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BetView, SessionView, StateView } from '../../src/kbook/player-wire.ts';
import {
  type Book,
  bookOf,
  heard,
  isHeld,
  type Phase,
  phaseOf,
  withBet,
  withOdds,
  withSession,
} from '../../web/player/book.ts';
import { newsKindOf } from '../../web/player/page.ts';
import { bandsOf, chanceLine, fallenIn, HOUR_MS, plotOf } from '../../web/player/plot.ts';
import { FIRST_PLAYER, firstSessions, oldBets, START, sessionOf, weatherAt } from './scene.ts';

const SESSION = sessionOf({ id: 1, day: 0, type: 'NIGHT', revision: 10 });
const BET: BetView = {
  ...oldBets()[0]!,
  id: 9,
  key: 'k',
  status: 'TEMP',
  payout: 0,
  settledAt: null,
  updatedAt: 100,
};

function stateOf(change: Partial<StateView> = {}): StateView {
  return {
    serverTime: START,
    revision: 10,
    player: FIRST_PLAYER,
    balance: { balance: 100, exposure: 0, available: 100 },
    sessions: [SESSION],
    positions: [],
    openBets: [BET],
    visit: { since: START, net: 0 },
    ...change,
  };
}
const BOOK: Book = bookOf(stateOf(), null);

test('older news of a session is passed over, by the line and by a state that was on its way', () => {
  const moved: SessionView = { ...SESSION, revision: 12, status: 'SUSPEND' };
  const late: SessionView = { ...SESSION, revision: 11 };
  const book = withSession(withSession(BOOK, moved), late);
  assert.equal(book.sessions.get(1)?.status, 'SUSPEND');
  assert.equal(book.revision, 12);
  assert.equal(bookOf(stateOf(), book).sessions.get(1)?.status, 'SUSPEND');
  assert.equal(bookOf(stateOf(), book).revision, 12);
  assert.equal(heard(book, { type: 'hello', serverTime: 0, revision: 11 }).revision, 12);
});

test('older news of a bet is passed over, and one that is gone from the state is gone', () => {
  const matched: BetView = { ...BET, status: 'ACTIVE', updatedAt: 200 };
  const book = withBet(withBet(BOOK, matched), BET);
  assert.equal(book.bets.get(9)?.status, 'ACTIVE');
  assert.equal(bookOf(stateOf(), book).bets.get(9)?.status, 'ACTIVE');
  assert.equal(bookOf(stateOf({ openBets: [] }), book).bets.size, 0);
  const settled = withBet(book, { ...matched, status: 'SETTLED', updatedAt: 300 });
  assert.equal(bookOf(stateOf({ openBets: [] }), settled).bets.get(9)?.status, 'SETTLED');
});

test('a refusal’s odds count only when they are newer', () => {
  const odds = { quote: 15, rain: 3, noRain: 1.4, until: START };
  assert.deepEqual(withOdds(BOOK, 1, odds).sessions.get(1)?.odds, odds);
  const newer = withOdds(BOOK, 1, { ...odds, quote: 50 });
  assert.equal(withOdds(newer, 1, odds).sessions.get(1)?.odds?.quote, 50);
  assert.equal(withOdds(BOOK, 1, null), BOOK);
});

test('what a session is at an instant', () => {
  const { opensAt, closesAt, startsAt, endsAt } = SESSION;
  const table: [change: Partial<SessionView>, at: number, phase: Phase][] = [
    [{ status: 'READY' }, opensAt - 1, 'soon'],
    [{ status: 'READY' }, opensAt, 'paused'],
    [{}, opensAt, 'open'],
    [{ market: 'SUSPEND' }, opensAt, 'paused'],
    [{ odds: null }, opensAt, 'paused'],
    [{ odds: { ...SESSION.odds!, until: opensAt } }, opensAt + 2_999, 'open'],
    [{ odds: { ...SESSION.odds!, until: opensAt } }, opensAt + 3_000, 'paused'],
    [{ status: 'SUSPEND' }, opensAt, 'paused'],
    [{ startsAt: closesAt + 5 }, closesAt, 'closed'],
    [{}, startsAt, 'running'],
    [{ status: 'CLOSE' }, endsAt - 1, 'running'],
    [{ status: 'CLOSE' }, endsAt, 'waiting'],
    [{ status: 'UNSETTLED' }, endsAt, 'waiting'],
    [{ status: 'SETTLED' }, endsAt, 'settled'],
    [{ status: 'VOID' }, opensAt, 'void'],
  ];
  for (const [change, at, phase] of table)
    assert.equal(phaseOf({ ...SESSION, ...change }, at), phase, `${JSON.stringify(change)} ${phase}`);
});

test('a player is told of a bet that became another, once', () => {
  const is = (status: BetView['status'], payout = 0): BetView => ({ ...BET, status, payout, updatedAt: 200 });
  assert.equal(newsKindOf(undefined, is('ACTIVE')), null, 'a bet made elsewhere is no news of this page');
  assert.equal(newsKindOf(BET, is('CHECK')), null);
  assert.equal(newsKindOf(BET, is('ACTIVE')), 'matched');
  assert.equal(newsKindOf(BET, is('FAILED')), 'failed');
  assert.equal(newsKindOf(BET, is('SETTLED', 45)), 'won');
  assert.equal(newsKindOf(BET, is('SETTLED', -50)), 'lost');
  assert.equal(newsKindOf(BET, is('VOID')), 'void');
  assert.equal(newsKindOf(is('SETTLED', 45), is('SETTLED', 45)), null);
  assert.equal(newsKindOf({ ...is('SETTLED', 45), updatedAt: 300 }, is('ACTIVE')), null, 'late');
});

test('a session in which every bet has failed holds nothing', () => {
  const none = { sessionId: 1, bets: 2, netRain: 0, netDry: 0, riskRain: 0, riskDry: 0, exposure: 0 };
  assert.equal(isHeld(none), false);
  assert.equal(isHeld({ ...none, netRain: 1, netDry: -1, exposure: 1 }), true);
  assert.equal(isHeld({ ...none, riskDry: -1, exposure: 1 }), true, 'it may yet be matched');
});

test('the chart: the highest bar fits, the line breaks where nobody foretells, the longest hours are shaded', () => {
  const { hours } = weatherAt(START);
  const plot = plotOf(hours, 640);
  for (const { mm, at } of hours) {
    assert.ok(plot.y(mm) >= plot.y(plot.mmTop) && plot.y(mm) <= plot.y(0));
    assert.ok(plot.x(at) >= 0 && plot.x(at) + plot.step <= plot.width + 1e-6);
  }
  assert.equal(chanceLine(hours, plot).match(/M/g)?.length, 1);
  const [first, second, third] = hours.slice(48);
  assert.equal(chanceLine([first!, { ...second!, probability: null }, third!], plot).match(/M/g)?.length, 2);
  const bands = bandsOf(hours, firstSessions());
  assert.ok(bands.every(({ session }) => session.type === 'NOON' || session.type === 'NIGHT'));
  assert.ok(bands.length >= 5);
  const two = { startsAt: hours[3]!.at, endsAt: hours[3]!.at + 2 * HOUR_MS };
  assert.equal(fallenIn(hours, two), Math.round((hours[3]!.mm + hours[4]!.mm) * 100) / 100);
  assert.equal(plotOf([], 300).ticks[0], 0);
});
