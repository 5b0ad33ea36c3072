/** The examples of docs/rain.md are executed, every figure compared. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { byOutcome, minus } from '../../../src/core/book/exposure.ts';
import { split } from '../../../src/core/book/hedge.ts';
import { offerOf, winOf } from '../../../src/core/book/odds.ts';
import { parseAmount, toDecimal } from '../../../src/core/money.ts';

const text = readFileSync(new URL('../../../docs/rain.md', import.meta.url), 'utf8');

/** Rows of the table whose head begins like that. */
function rowsOf(head: string): string[][] {
  const [, table = ''] = text.split(`| ${head}`);
  const lines = table.split('\n').slice(2);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('|')),
  );
  assert.ok(rows.length > 0, head);
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const thousandths = (odds: string) => Math.round(Number(odds) * 1000);
const pairOf = (cell: string) => {
  const [rain = '', dry = ''] = cell.split(' / ');
  return { rain: thousandths(rain), dry: thousandths(dry) };
};
const minor = (cell: string) => {
  const parsed = parseAmount(cell, 'USD');
  return parsed.ok ? parsed.amount : 0n;
};

test('odds: what is offered beside what K-Rain gives', () => {
  for (const [krain = '', margin = '', offered = ''] of rowsOf('K-Rain rain / none')) {
    const expected = offered === '–' ? null : pairOf(offered);
    assert.deepEqual(offerOf(pairOf(krain), Number(margin)), expected, krain);
  }
});

test('split: what the book keeps', () => {
  const rules = { ownBps: 3000, ownMinBps: 500, poolMax: 2_000_000n };
  for (const [loses = '', stake = '', odds = '', kept = '', krain = '', whole = ''] of rowsOf('pool loses')) {
    const pool = { rain: -minor(loses), dry: 0n };
    const bet = { type: 'RAIN', stake: minor(stake), odds: thousandths(odds) } as const;
    const found = split({ pool, risk: { rain: 0n, dry: 0n }, rules }, bet);
    const told =
      'most' in found
        ? ['refused']
        : [toDecimal(found.own, 'USD'), toDecimal(found.krain, 'USD'), found.whole];
    assert.deepEqual(
      told,
      kept === 'refused' ? ['refused'] : [kept, krain, whole === 'yes'],
      `${loses} ${stake}`,
    );
  }
});

test('a correction: the balances of player, pool and K-Rain', () => {
  const stake = 50_000n;
  const net = byOutcome('RAIN', { won: winOf(stake, 2000), lost: stake });
  const krainStake = 35_000n;
  const hedge = byOutcome('RAIN', { won: winOf(krainStake, 2050), lost: krainStake });
  const pool = minus(hedge, net);
  const rows = rowsOf('step                         | player');
  const [rain, , dry, , off] = rows.map((row) => row.slice(1).map(Number));
  const units = (amounts: bigint[]) => amounts.map((amount) => Number(toDecimal(amount, 'USD')));
  assert.deepEqual(rain, units([100_000n + net.rain, pool.rain, -hedge.rain]));
  const takenOut = 100_000n + net.rain;
  assert.deepEqual(dry, units([100_000n - takenOut + net.dry, pool.dry, -hedge.dry]));
  assert.deepEqual(off, units([100_000n - takenOut + 120_000n, 0n, 0n]));
});
