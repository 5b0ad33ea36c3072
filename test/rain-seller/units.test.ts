/** Money and instants of the book's wire, and the player's name there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { userIdOf } from '../../games/rain/desk.ts';
import { minorOf, unitsOf, updateTimeOf } from '../../games/rain/units.ts';

test('amounts go out and come back exactly, through JSON', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (minor) => {
      assert.equal(minorOf(JSON.parse(JSON.stringify(unitsOf(minor)))), minor);
    }),
  );
});

test('what is no amount is none', () => {
  for (const value of ['1', null, Number.NaN, Number.POSITIVE_INFINITY, 0.001, 1e21, {}])
    assert.equal(minorOf(value), null, String(value));
  assert.deepEqual([minorOf(-10547.83), minorOf(0.1), minorOf(92)], [-1054783n, 10n, 9200n]);
  assert.throws(() => unitsOf(10n ** 16n), /no amount/);
});

test('an instant in the book’s spelling', () => {
  assert.equal(updateTimeOf(Date.UTC(2024, 2, 26, 3, 4, 5, 67)), '20240326030405067');
});

test('a player’s name at the book has at most 15 characters and is no other player’s', () => {
  assert.equal(userIdOf('100045'), 'r100045');
  const names = ['1', '99999999999999', '999999999999999', 'p1', 'r1', 'a'.repeat(64), '한국어'].map(
    userIdOf,
  );
  for (const name of names) assert.match(name, /^[a-z0-9]{2,15}$/);
  assert.equal(new Set(names).size, names.length);
});
