/** Amounts of a site's currency: as the hub writes them, as people type and read them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moneyIn } from '../../sim/operator/money.ts';

const [won, dollars] = [moneyIn('KRW'), moneyIn('USD')];

test('the hub’s numbers are read exactly, and what is no amount of the currency is not read', () => {
  for (const [money, value, amount] of [
    [won, 1000, 1000n],
    [won, '1000.00', 1000n],
    [won, 0.5, null],
    [won, 2 ** 60, null],
    [dollars, 99.5, 9950n],
    [dollars, '-10547.83', -1054783n],
    [dollars, '0.001', null],
    [dollars, '', null],
    [dollars, null, null],
  ] as const)
    assert.equal(money.amountOfWire(value), amount, String(value));
  assert.deepEqual([won.wireOfAmount(1000n), dollars.wireOfAmount(1054783n)], [1000, 10547.83]);
  assert.throws(() => won.wireOfAmount(2n ** 60n), /no safe number/);
});

test('people type what they like, above zero', () => {
  assert.deepEqual([won.amountOfInput('₩100,000'), won.amountOfInput('1.5')], [100_000n, null]);
  assert.deepEqual([dollars.amountOfInput('$1,234.5'), dollars.amountOfInput('0')], [123_450n, null]);
  assert.equal(dollars.amountOfInput('1000000000001'), null);
});

test('and read it with its sign, and can type it again', () => {
  assert.deepEqual([won.amountText(-1234567n), won.signedText(5n)], ['−₩1,234,567', '+₩5']);
  assert.deepEqual([dollars.amountText(123450n), dollars.amountText(5n)], ['$1,234.50', '$0.05']);
  for (const amount of [1n, 99n, 100n, 123_456n, 1_000_000n])
    assert.equal(dollars.amountOfInput(dollars.inputOfAmount(amount)), amount);
});
