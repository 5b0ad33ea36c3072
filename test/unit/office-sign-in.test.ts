/** What the back office decides about passwords and locks, by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCKS_MS, lockMs, TRIES_FREE } from '../../src/core/office/lockout.ts';
import { isWeakPassword } from '../../src/core/office/password.ts';

test('locks grow from a minute to an hour, and no further', () => {
  const minutes = Array.from({ length: 14 }, (_, index) => lockMs(index) / 60_000);
  assert.deepEqual(minutes, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  assert.equal(lockMs(TRIES_FREE), 0);
  assert.equal(lockMs(10_000), 3_600_000);
});

test('the table of locks is the function, from the first try on', () => {
  LOCKS_MS.forEach((ms, index) => {
    assert.equal(ms, lockMs(index + 1));
  });
  assert.equal(LOCKS_MS.at(-1), lockMs(1000));
});

const WEAK: readonly (readonly [password: string, why: string])[] = [
  ['ninechars', 'short'],
  ['x'.repeat(5) + 'ab9!'.repeat(40), 'long'],
  ['mary-in-the-garden', 'the name'],
  ['MARY-in-the-garden', 'the name, large'],
  ['1234567890', 'a run'],
  ['9876543210', 'a run backwards'],
  ['qwertyuiop', 'keys side by side'],
  ['abcabcabcabc', 'a piece over and over'],
  ['aaaaaaaaaaaa', 'one letter'],
  ['abababababcc', 'few letters'],
  ['password123', 'well known'],
  ['Password2026!', 'well known with a year'],
  ['P@ssw0rd!!!', 'well known in disguise'],
  ['Administrator1', 'well known'],
  ['iloveyou2024', 'well known'],
  ['casino12345', 'of the trade'],
  ['correcthorsebatterystaple', 'well known, however long'],
  ['ｐａｓｓｗｏｒｄ１２３', 'wide letters are letters'],
];

test('weak passwords are known as such', () => {
  for (const [password, why] of WEAK) assert.ok(isWeakPassword(password, 'mary'), `${why}: ${password}`);
});

test('others are not', () => {
  for (const password of [
    'a horse, a battery',
    'Tr0ub4dor&3x9',
    '말과배터리와스테이플러',
    'k7#mQ2!vRx',
    'ninety nine balloons',
  ])
    assert.ok(!isWeakPassword(password, 'mary'), password);
  assert.ok(!isWeakPassword('jo and the argonauts', 'jo'), 'a name of two letters is in many words');
});
