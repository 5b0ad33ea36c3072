/** The page's arithmetic against the book's own: whatever was bet before, it foretells what the book will say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exposureOf as coreExposure, netOf, plus, riskOf } from '../../src/core/book/exposure.ts';
import { winOf as coreWin } from '../../src/core/book/odds.ts';
import type { ByOutcome } from '../../src/core/book/types.ts';
import {
  exposureOf,
  hindranceOf,
  type Limits,
  NO_BETS,
  type Order,
  reckon,
  type Side,
  type Stand,
  stakeMost,
  winOf,
  withMatched,
  withPending,
} from '../../web/shared/exposure.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1e9);
console.log(`SEED=${seed}`);

const order = fc.record({
  side: fc.constantFrom<Side>('RAIN', 'NO_RAIN'),
  stake: fc.bigInt({ min: 1n, max: 1_000_000n }),
  odds: fc.integer({ min: 1_010, max: 100_000 }),
});
const history = fc.array(fc.record({ order, state: fc.constantFrom('matched', 'pending') }), {
  maxLength: 8,
});

type History = readonly { readonly order: Order; readonly state: string }[];

function onPage(bets: History): Stand {
  return bets.reduce(
    (stand, each) =>
      each.state === 'matched' ? withMatched(stand, each.order) : withPending(stand, each.order),
    NO_BETS,
  );
}

function inBook(bets: History): { net: ByOutcome; risk: ByOutcome; settledNet: bigint } {
  let [net, risk]: ByOutcome[] = [
    { rain: 0n, dry: 0n },
    { rain: 0n, dry: 0n },
  ];
  for (const { order: each, state } of bets) {
    const bet = { type: each.side, stake: each.stake, win: coreWin(each.stake, each.odds) };
    if (state === 'matched') net = plus(net!, netOf(bet));
    else risk = plus(risk!, riskOf(bet));
  }
  return { net: net!, risk: risk!, settledNet: 0n };
}

test('a position is worth on the page what it is worth in the book', () => {
  fc.assert(
    fc.property(history, order, (bets, next) => {
      const stand = onPage(bets);
      assert.equal(exposureOf(stand), coreExposure(inBook(bets), 'NOT_AVAILABLE'));
      assert.equal(winOf(next.stake, next.odds), coreWin(next.stake, next.odds));
      const after = coreExposure(inBook([...bets, { order: next, state: 'matched' }]), 'NOT_AVAILABLE');
      const money = { balance: 10_000_000n, exposure: exposureOf(stand) };
      assert.deepEqual(reckon(money, stand, withMatched(stand, next)), {
        exposure: after,
        sessionExposure: after,
        available: after > 10_000_000n ? 0n : 10_000_000n - after,
      });
    }),
    { seed },
  );
});

const limits = fc
  .tuple(fc.bigInt(100n, 5_000n), fc.bigInt(1n, 1_000_000n), fc.bigInt(0n, 5_000_000n))
  .map(([minBet, more, maxExposure]): Limits => ({ minBet, maxBet: minBet + more, maxExposure }));

/** The book's guards, in its order (src/core/book/place.ts), on the book's own figures. */
function bookSays(bets: History, next: Order, { limits: own, balance, elsewhere }: Account): string | null {
  const before = coreExposure(inBook(bets), 'NOT_AVAILABLE');
  const pending = coreExposure(inBook([...bets, { order: next, state: 'pending' }]), 'NOT_AVAILABLE');
  const available = balance - before - elsewhere;
  if (next.stake < own.minBet) return 'min';
  if (next.stake > own.maxBet) return 'max';
  if (pending > own.maxExposure) return 'exposure';
  if (available < 0n) return 'short';
  return pending - before > available ? 'credit' : null;
}
interface Account {
  readonly limits: Limits;
  readonly balance: bigint;
  /** What other sessions expose. */
  readonly elsewhere: bigint;
}

test('what the page lets through the book takes, and Max is the most that is', () => {
  const account = fc.record({
    limits,
    balance: fc.bigInt(0n, 9_000_000n),
    elsewhere: fc.bigInt(0n, 500_000n),
  });
  fc.assert(
    fc.property(history, order, account, (bets, next, held) => {
      const stand = onPage(bets);
      const money = { balance: held.balance, exposure: exposureOf(stand) + held.elsewhere };
      const hands = { stand, money, limits: held.limits };
      assert.equal(hindranceOf(next, hands)?.why ?? null, bookSays(bets, next, held));
      const most = stakeMost(next.side, hands);
      if (most > 0n) assert.equal(bookSays(bets, { ...next, stake: most }, held), null);
      assert.notEqual(bookSays(bets, { ...next, stake: most + 1n }, held), null);
    }),
    { seed, numRuns: 400 },
  );
});

test('by hand: a bet, its opposite, a pending one', () => {
  const rain: Order = { side: 'RAIN', stake: 10_000n, odds: 49_000 };
  const dry: Order = { side: 'NO_RAIN', stake: 10_000n, odds: 1_050 };
  assert.equal(winOf(10_000n, 49_000), 480_000n);
  assert.equal(winOf(333n, 1_333), 110n, 'less than a cent is cut off');
  const one = withMatched(NO_BETS, rain);
  assert.equal(exposureOf(one), 10_000n);
  assert.equal(exposureOf(withMatched(one, dry)), 9_500n, 'opposite bets net off');
  assert.equal(exposureOf(withPending(one, dry)), 10_000n, 'a pending one nets nothing off');
});
