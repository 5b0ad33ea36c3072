/** Amounts as people type them and as the wire carries them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountText, majorOf, minorOf, readAmount, thousandthsOf } from '../../web/shared/money.ts';

test('what is typed is an amount or nothing', () => {
  const table: [text: string, decimals: number, minor: bigint | null][] = [
    ['10', 2, 1_000n],
    ['10.5', 2, 1_050n],
    ['10.', 2, 1_000n],
    ['10,5', 2, 1_050n],
    ['1,000', 2, 100_000n],
    ['1,000.25', 2, 100_025n],
    ['12,345,678', 0, 12_345_678n],
    [' 1 000 ', 2, 100_000n],
    ['0', 2, null],
    ['0.00', 2, null],
    ['', 2, null],
    ['.5', 2, null],
    ['10.555', 2, null],
    ['10.5', 0, null],
    ['1,00,0', 2, null],
    ['-5', 2, null],
    ['1e3', 2, null],
    ['５', 2, null],
    ['10 USD', 2, null],
    ['99999999999999', 2, null],
  ];
  for (const [text, decimals, minor] of table) assert.equal(readAmount(text, decimals), minor, text);
});

test('wire and back', () => {
  for (const amount of [0, 0.01, 0.07, 0.29, 1.1, 4_800, 123_456.78, -472.17])
    assert.equal(majorOf(minorOf(amount, 2), 2), amount);
  assert.equal(thousandthsOf(2.01), 2_010);
  assert.equal(thousandthsOf(1.111), 1_111);
});

test('an amount in a field can be read again', () => {
  const table: [minor: bigint, decimals: number, text: string][] = [
    [1_000n, 2, '10'],
    [1_050n, 2, '10.50'],
    [5n, 2, '0.05'],
    [100_000_000n, 2, '1000000'],
    [77n, 0, '77'],
  ];
  for (const [minor, decimals, text] of table) {
    assert.equal(amountText(minor, decimals), text);
    assert.equal(readAmount(text, decimals), minor);
  }
});
