import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { rngOfWords, secureRng } from '../../../games/rng.ts';
import { freeSpinsWon } from '../../../games/slot/evaluate.ts';
import { exactReturn, freeSpinsExpected, scatterChances } from '../../../games/slot/exact.ts';
import { buildModel, type Model, REELS, ROWS, SYMBOLS } from '../../../games/slot/model.ts';
import { spinAt, spinReel, spinReels } from '../../../games/slot/play.ts';
import { PROFILES } from '../../../games/slot/profiles.ts';
import { priceOf, respinPrices, respinWorth } from '../../../games/slot/respin.ts';
import { xoshiro } from '../../../games/slot/xoshiro.ts';
import { seed } from './seed.ts';

const models = PROFILES.map(buildModel);

const stopsOf = (model: Model) => fc.tuple(...model.strips.map((strip) => fc.nat(strip.length - 1)));

/** The slow, obvious way to pay a window, for comparing. */
function paidByHand(model: Model, window: readonly number[], lineRowsText: readonly string[]): number {
  let units = 0;
  for (const rows of lineRowsText) {
    const line = [...rows].map((row, reel) => SYMBOLS[window[reel * ROWS + Number(row)]!]!);
    const first = line[0]!;
    const run = line.findIndex((symbol) => symbol !== first && symbol !== 'W');
    const length = run === -1 ? REELS : run;
    if (first !== 'S' && length >= 3) {
      units += model.profile.pays[first as keyof typeof model.profile.pays][length - 3]!;
    }
  }
  const scatters = window.filter((symbol) => SYMBOLS[symbol] === 'S').length;
  return units + (scatters >= 3 ? model.profile.scatterPays[scatters - 3]! * model.lineCount : 0);
}

test('published returns are the calculated ones and near 96 %', () => {
  for (const [n, model] of models.entries()) {
    const exact = exactReturn(model).total * 100;
    assert.equal(exact.toFixed(2), PROFILES[n]!.published.rtpPercent.toFixed(2), PROFILES[n]!.id);
    assert.ok(exact > 94 && exact < 97);
  }
});

test('a window pays what counting by hand pays', () => {
  for (const model of models) {
    const lines = Array.from({ length: model.lineCount }, (_, line) =>
      Array.from({ length: REELS }, (_, reel) => model.lineCells[line * REELS + reel]! - reel * ROWS).join(
        '',
      ),
    );
    assert.equal(new Set(lines).size, model.lineCount);
    fc.assert(
      fc.property(stopsOf(model), (stops) => {
        const stake = BigInt(model.lineCount);
        const spin = spinAt(model, stops, { stake, multiplier: 1 });
        assert.equal(spin.win, BigInt(paidByHand(model, spin.window, lines)));
        const parts = spin.lineWins.reduce((sum, hit) => sum + hit.win, spin.scatterWin);
        assert.equal(parts, spin.win);
      }),
      { seed },
    );
  }
});

test('the multiplier multiplies and the stake scales', () => {
  const model = models[0]!;
  fc.assert(
    fc.property(
      stopsOf(model),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5000 }),
      (stops, m, k) => {
        const base = spinAt(model, stops, { stake: 20n, multiplier: 1 }).win;
        const more = spinAt(model, stops, { stake: 20n * BigInt(k), multiplier: m }).win;
        assert.equal(more, base * BigInt(m) * BigInt(k));
      },
    ),
    { seed },
  );
});

test('scatter chances sum to one and free spins stay in their bound', () => {
  for (const model of models) {
    const sum = scatterChances(model).reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 1) < 1e-12);
    const max = model.profile.freeSpinsMax;
    assert.equal(freeSpinsWon(model, 5, max), 0);
    assert.equal(freeSpinsWon(model, 5, max - 1), 1);
    const first = model.profile.freeSpins[0];
    const expected = freeSpinsExpected(model, first);
    assert.ok(expected >= first && expected < max);
  }
});

test('a respin is priced at its exact worth over 96 %, rounded up and by no more than 2 %', () => {
  const model = models[1]!;
  fc.assert(
    fc.property(stopsOf(model), fc.integer({ min: 1, max: 5000 }), (stops, k) => {
      const stake = BigInt(k) * 20n;
      respinPrices(model, stops, stake).forEach((price, reel) => {
        if (price === null) return;
        const fair = (respinWorth(model, stops, reel) * Number(stake)) / 0.96;
        assert.ok(Number(price) >= fair - 1e-3 && Number(price) <= fair * 1.0201 + 1e-3);
        assert.ok(price <= stake * 10n);
      });
    }),
    { seed, numRuns: 40 },
  );
  assert.equal(priceOf(0n, 1000n), null);
});

test('a respin keeps the four held reels', () => {
  const model = models[2]!;
  const rng = xoshiro(seed);
  for (let n = 0; n < 200; n += 1) {
    const spin = spinReels(model, rng, { stake: 100n, multiplier: 1 });
    const reel = n % REELS;
    const again = spinReel(model, rng, { stake: 100n, multiplier: 1, stops: spin.stops, reel });
    spin.stops.forEach((stop, at) => {
      if (at !== reel) assert.equal(again.stops[at], stop);
    });
  }
});

test('uniform integers: words over the last whole multiple are drawn again', () => {
  const words = [2 ** 32 - 1, 7, 2 ** 32 - 4, 12];
  const rng = rngOfWords(() => words.shift()!);
  assert.equal(rng.below(10), 7);
  assert.equal(rng.below(10), 2);
});

test('secure and seeded integers stay in range and fill it evenly', () => {
  for (const rng of [secureRng(), xoshiro(seed)]) {
    const counts = new Array<number>(37).fill(0);
    for (let n = 0; n < 37_000; n += 1) counts[rng.below(37)]! += 1;
    const chi = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(chi < 90, `chi-square ${chi}`); // 36 degrees of freedom: above 90 once in a million
  }
});
