/**
 * The odds of open sessions: K-Rain's less the margin, a new quote only when they change, a suspended market while
 * there are none, and never a word against what staff have suspended.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { offerOf } from '../../src/core/book/odds.ts';
import { type RainSessionId, trusted } from '../../src/core/ids.ts';
import { type QuotedSession, sessionsToQuote } from '../../src/db/rain-quote.ts';
import { actOnSession, findSession } from '../../src/db/rain-session.ts';
import type { OddsResult } from '../../src/rain/market.ts';
import { nextStep, openQuotes } from '../../src/rain/quotes.ts';
import { type BookGround, openBook, type SessionWish } from '../kbook/rig.ts';
import { seedOfRun } from '../simulation/random.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let ground: BookGround;

before(async () => {
  world = await openWorld();
  ground = openBook(world);
});
after(() => world.close());

const NONE = { rain: 0n, dry: 0n };
const odds = (rain: number | null, dry: number | null, state: 'open' | 'suspended' = 'open'): OddsResult => ({
  kind: 'odds',
  state,
  rain,
  dry,
  available: NONE,
  at: trusted(0),
});
const SILENT: OddsResult = { kind: 'unavailable', why: 'timed_out' };

/** K-Rain as the test wants it; what it is asked about is kept. */
function krain(say: OddsResult) {
  const asked: string[] = [];
  const market = {
    say,
    asked,
    async odds(name: string) {
      asked.push(name);
      return market.say;
    },
  };
  return market;
}

/** Other sessions of this database stay out of it. */
async function only(wish: SessionWish = {}): Promise<RainSessionId> {
  await world.hub.sql`update rain_session set status = 'CLOSE', market = 'CLOSE'`;
  return ground.session(wish);
}

async function stateOf(id: RainSessionId) {
  const session = await findSession(world.hub.sql, id);
  assert.ok(session !== null);
  const { status, market, quote, revision } = session;
  return {
    status,
    market,
    number: quote?.id,
    rain: quote?.rain,
    dry: quote?.dry,
    until: quote?.until ?? 0,
    revision,
  };
}

test('the margin: never better than K-Rain, and more of it never gives more, whatever the odds', () => {
  const sides = fc.integer({ min: 1001, max: 1_000_000 });
  fc.assert(
    fc.property(sides, sides, fc.integer({ min: 0, max: 5000 }), (rain, dry, marginBps) => {
      const offer = offerOf({ rain, dry }, marginBps);
      if (offer === null) return;
      assert.ok(offer.rain <= rain && offer.dry <= dry, 'never better than where it is laid off');
      assert.ok(offer.rain >= 1010 && offer.dry >= 1010);
      const round = (pair: { rain: number; dry: number }) => 1 / pair.rain + 1 / pair.dry;
      assert.ok(round(offer) >= round({ rain, dry }), 'both sides together favour the book');
      const narrower = offerOf({ rain, dry }, Math.max(0, marginBps - 100));
      assert.ok(narrower !== null && narrower.rain >= offer.rain && narrower.dry >= offer.dry);
    }),
    { seed: seedOfRun('quotes'), numRuns: 2000 },
  );
});

const BASE: QuotedSession = {
  id: trusted(1),
  site: 'CPS',
  gameDate: '2026-11-21',
  type: 'NOON',
  currency: 'USD',
  market: 'OPEN',
  marginBps: 400,
  oddsValidMs: 30_000,
  quote: 3,
  offer: offerOf({ rain: 2050, dry: 1900 }, 400),
  leftMs: 20_000,
};
const SAME = odds(2050, 1900);

const STEPS: readonly [
  name: string,
  session: Partial<QuotedSession>,
  said: OddsResult,
  tries: number,
  step: string,
][] = [
  ['the same odds, fresh', {}, SAME, 0, 'keep'],
  ['the same odds, half of their time gone', { leftMs: 14_999 }, SAME, 0, 'extend'],
  ['the same odds after they had run out', { leftMs: -1 }, SAME, 0, 'extend'],
  ['the same odds in a market that was suspended', { market: 'SUSPEND', leftMs: -1 }, SAME, 0, 'extend'],
  ['other odds', {}, odds(2300, 1800), 0, 'put'],
  ['a change too small to be offered', {}, odds(2051, 1901), 0, 'keep'],
  ['the first odds', { offer: null, quote: 0, leftMs: null, market: 'SUSPEND' }, SAME, 0, 'put'],
  ['K-Rain is suspended', {}, odds(2050, 1900, 'suspended'), 0, 'withdraw'],
  ['nobody offers one side', {}, odds(null, 1900), 0, 'withdraw'],
  ['odds too short to be offered', {}, odds(1005, 90_000), 0, 'withdraw'],
  ['K-Rain knows no such market', {}, { kind: 'unknown_market' }, 0, 'withdraw'],
  ['silence once', {}, SILENT, 1, 'keep'],
  ['silence twice', {}, SILENT, 2, 'keep'],
  ['silence for good', {}, SILENT, 3, 'withdraw'],
  ['silence when the odds have run out', { leftMs: 0 }, SILENT, 1, 'withdraw'],
  ['silence in a market that is suspended already', { market: 'SUSPEND', leftMs: -5 }, SILENT, 9, 'keep'],
  ['odds that were withdrawn by half only', { market: 'SUSPEND', leftMs: 5 }, SILENT, 9, 'withdraw'],
];
for (const [name, changed, said, tries, step] of STEPS)
  test(`step: ${name}`, () => assert.equal(nextStep({ ...BASE, ...changed }, said, tries).kind, step));

test('a quote is written when odds change, and only made to last when they do not', async () => {
  const id = await only({ rain: 1, noRain: 1, oddsValidMs: 1000 });
  const market = krain(odds(2050, 1900));
  const quotes = openQuotes({ sql: world.hub.sql, market });
  assert.equal((await quotes.run()).get(id), 'written');
  const first = await stateOf(id);
  assert.deepEqual([first.market, first.number], ['OPEN', 2]);
  assert.deepEqual({ rain: first.rain, dry: first.dry }, offerOf({ rain: 2050, dry: 1900 }, 400));
  assert.match(market.asked[0] ?? '', /^CPS-\d{4}-\d\d-\d\d-NOON-USD$/);
  assert.equal((await quotes.run()).get(id), 'kept');
  assert.deepEqual(await stateOf(id), first, 'nobody is told of nothing');
  await world.hub.sql`update rain_session set quote_until = now() + interval '10 seconds' where id = ${id}`;
  assert.equal((await quotes.run()).get(id), 'extended');
  const later = await stateOf(id);
  assert.equal(later.number, 2);
  assert.ok(later.until > first.until - 1000 && later.revision > first.revision);
  market.say = odds(3000, 1500);
  assert.equal((await quotes.run()).get(id), 'written');
  const rows = await world.hub
    .sql`select quote::int, odds_rain, krain_rain from rain_quote where session_id = ${id} order by quote`;
  const offered = offerOf({ rain: 3000, dry: 1500 }, 400);
  assert.deepEqual(rows.at(-1), { quote: 3, odds_rain: offered?.rain, krain_rain: 3000 });
});

test('without odds the market is shut, and open again when they are back', async () => {
  const id = await only();
  const market = krain(odds(2050, 1900, 'suspended'));
  const quotes = openQuotes({ sql: world.hub.sql, market });
  assert.equal((await quotes.run()).get(id), 'withdrawn');
  const shut = await stateOf(id);
  assert.deepEqual([shut.status, shut.market], ['OPEN', 'SUSPEND']);
  const player = await (await ground.operator()).player({ credit: 1000 });
  await assert.rejects(ground.bet(player, { session: id, type: 'RAIN', stake: 10_000n }), /market_status/);
  assert.equal((await quotes.run()).get(id), 'kept');
  market.say = SILENT;
  assert.equal((await quotes.run()).get(id), 'kept');
  market.say = odds(2050, 1900);
  assert.equal((await quotes.run()).get(id), 'written');
  assert.equal((await stateOf(id)).market, 'OPEN');
  await ground.bet(player, { session: id, type: 'RAIN', stake: 10_000n });
  market.say = SILENT;
  assert.deepEqual(
    [(await quotes.run()).get(id), (await quotes.run()).get(id), (await quotes.run()).get(id)],
    ['kept', 'kept', 'withdrawn'],
  );
});

test('what staff have suspended stays so, and resumes with the odds there are', async () => {
  const id = await only();
  const market = krain(odds(2050, 1900));
  const quotes = openQuotes({ sql: world.hub.sql, market });
  await quotes.run();
  const suspend = await actOnSession(world.hub.sql, id, { act: { kind: 'suspend' }, by: 'anna' });
  assert.ok(suspend.ok);
  market.say = odds(3000, 1400);
  assert.equal((await quotes.run()).get(id), undefined, 'it is not even looked at');
  assert.deepEqual([(await stateOf(id)).status, (await stateOf(id)).market], ['SUSPEND', 'SUSPEND']);
  await actOnSession(world.hub.sql, id, { act: { kind: 'resume' }, by: 'anna' });
  assert.equal((await quotes.run()).get(id), 'written');
  const now = await stateOf(id);
  assert.deepEqual(
    [now.status, now.market, now.rain],
    ['OPEN', 'OPEN', offerOf({ rain: 3000, dry: 1400 }, 400)?.rain],
  );
});

test('suspended between the look and the writing: nothing is written', async () => {
  const id = await only();
  const overtaking = {
    async odds() {
      await actOnSession(world.hub.sql, id, { act: { kind: 'suspend' }, by: 'anna' });
      return odds(5000, 1200);
    },
  };
  const deeds = await openQuotes({ sql: world.hub.sql, market: overtaking }).run();
  assert.equal(deeds.get(id), 'overtaken');
  const { market, number, rain } = await stateOf(id);
  assert.deepEqual([market, number, rain], ['SUSPEND', 1, 2000]);
});

test('sessions that take no bets are not asked about', async () => {
  await only({ closesInMs: -1000 });
  assert.deepEqual(await sessionsToQuote(world.hub.sql), []);
  const many = await Promise.all(Array.from({ length: 20 }, () => ground.session()));
  const market = krain(odds(2050, 1900));
  const deeds = await openQuotes({ sql: world.hub.sql, market }).run();
  assert.deepEqual([deeds.size, market.asked.length], [many.length, many.length]);
});
