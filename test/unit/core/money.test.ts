import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  AMOUNT_MAX,
  type Currency,
  decimalsOf,
  isCurrency,
  parseAmount,
  parseMinor,
  toDecimal,
  toWireNumber,
  wireMax,
} from '../../../src/core/money.ts';
import { seeded } from '../../model/seed.ts';

test('parseAmount: what comes in, as minor units or a refusal', () => {
  const table: [value: unknown, currency: Currency, expected: bigint | string][] = [
    [1000, 'KRW', 1000n],
    ['1000', 'KRW', 1000n],
    [' 5 ', 'KRW', 5n],
    ['007', 'KRW', 7n],
    [5.0, 'KRW', 5n],
    ['5.000', 'KRW', 5n],
    ['5.', 'KRW', 'not_a_number'],
    ['.5', 'USD', 'not_a_number'],
    [0.1, 'KRW', 'too_many_decimals'],
    [0.1, 'USD', 10n],
    ['10.5', 'USD', 1050n],
    ['10.50', 'USD', 1050n],
    [10.555, 'USD', 'too_many_decimals'],
    ['10.555', 'KWD', 10555n],
    ['10.5550', 'KWD', 10555n],
    ['10.5555', 'KWD', 'too_many_decimals'],
    [0.1 + 0.2, 'USD', 'too_many_decimals'],
    [0, 'KRW', 'not_positive'],
    [-0, 'KRW', 'not_positive'],
    ['-0', 'KRW', 'not_positive'],
    ['0.00', 'USD', 'not_positive'],
    [-5, 'KRW', 'not_positive'],
    ['-0.01', 'USD', 'not_positive'],
    ['+5', 'KRW', 'not_a_number'],
    ['1e3', 'KRW', 'not_a_number'],
    ['1,000', 'KRW', 'not_a_number'],
    ['0x10', 'KRW', 'not_a_number'],
    ['１０', 'KRW', 'not_a_number'],
    ['', 'KRW', 'not_a_number'],
    ['NaN', 'KRW', 'not_a_number'],
    [Number.NaN, 'KRW', 'not_a_number'],
    ['Infinity', 'KRW', 'not_a_number'],
    [JSON.parse('1e309'), 'KRW', 'too_large'],
    [JSON.parse('-1e309'), 'KRW', 'not_a_number'],
    [1e21, 'KRW', 'too_large'],
    [1e-7, 'USD', 'not_a_number'],
    [2 ** 53 - 1, 'KRW', AMOUNT_MAX],
    [2 ** 53, 'KRW', 'too_large'],
    ['9007199254740993', 'KRW', 'too_large'],
    ['9'.repeat(31), 'KRW', 'not_a_number'],
    [`${'0'.repeat(28)}10`, 'KRW', 10n],
    ['9999999999999.99', 'USD', 999_999_999_999_999n],
    ['10000000000000.00', 'USD', 'too_large'],
    ['999999999999.999', 'KWD', 999_999_999_999_999n],
    [null, 'KRW', 'not_a_number'],
    [undefined, 'KRW', 'not_a_number'],
    [true, 'KRW', 'not_a_number'],
    [10n, 'KRW', 'not_a_number'],
    [['5'], 'KRW', 'not_a_number'],
    [{ valueOf: () => 5 }, 'KRW', 'not_a_number'],
  ];
  for (const [value, currency, expected] of table) {
    const parsed = parseAmount(value, currency);
    assert.equal(parsed.ok ? parsed.amount : parsed.refusal, expected, `${String(value)} ${currency}`);
  }
});

test('parseMinor: whole minor units from a decimal text, nothing else', () => {
  const table: [string, bigint | null][] = [
    ['0', 0n],
    ['5000', 5000n],
    ['0005', 5n],
    ['9007199254740991', AMOUNT_MAX],
    ['9007199254740992', null],
    ['10000000000000000', null],
    ['-1', null],
    ['1.0', null],
    [' 1', null],
    ['1e3', null],
    ['', null],
    ['1\n', null],
  ];
  for (const [text, expected] of table) assert.equal(parseMinor(text), expected, JSON.stringify(text));
});

test('toDecimal and toWireNumber: minor units in the currency’s unit', () => {
  const table: [bigint, Currency, string, number][] = [
    [0n, 'KRW', '0', 0],
    [5n, 'USD', '0.05', 0.05],
    [1050n, 'USD', '10.50', 10.5],
    [-1050n, 'USD', '-10.50', -10.5],
    [-5n, 'KWD', '-0.005', -0.005],
    [-1000n, 'KRW', '-1000', -1000],
    [AMOUNT_MAX, 'KRW', '9007199254740991', 9007199254740991],
    [999_999_999_999_999n, 'USD', '9999999999999.99', 9999999999999.99],
  ];
  for (const [amount, currency, text, number] of table) {
    assert.equal(toDecimal(amount, currency), text);
    assert.equal(toWireNumber(amount, currency), number);
  }
});

test('an amount survives the way out as a JSON number and back in, up to the largest', (t) => {
  for (const currency of ['KRW', 'USD', 'KWD'] as const) {
    const max = wireMax(currency);
    const amounts = fc.oneof(fc.bigInt({ min: 1n, max }), fc.bigInt({ min: max - 100_000n, max }));
    fc.assert(
      fc.property(amounts, (amount) => {
        const sent = JSON.parse(JSON.stringify(toWireNumber(amount, currency)));
        assert.deepEqual(parseAmount(sent, currency), { ok: true, amount });
        assert.deepEqual(parseAmount(toDecimal(amount, currency), currency), { ok: true, amount });
      }),
      seeded(t, 2000),
    );
  }
});

test('currencies are known by their own code only', () => {
  assert.deepEqual([decimalsOf('KRW'), decimalsOf('USD'), decimalsOf('KWD')], [0, 2, 3]);
  for (const text of ['krw', 'XXX', '', 'toString', '__proto__']) assert.equal(isCurrency(text), false, text);
});
