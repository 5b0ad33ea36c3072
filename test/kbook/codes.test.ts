/**
 * Every code of the contract has a test in this folder that provokes it by a real cause. A test claims codes by its
 * title: it begins with them (`code 1003: …`, `codes 5002 and 6001: …`), or has those of three or four digits anywhere.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CODES } from '../../src/kbook/codes.ts';

interface Claim {
  readonly code: string;
  readonly by: string;
}

/** What the titles of a file's tests claim. */
function claimsOf(file: string, text: string): Claim[] {
  const titles = [...text.matchAll(/\btest\(\s*(['"`])(.+?)\1/g)].map((match) => match[2] ?? '');
  return titles.flatMap((title) => {
    const [, first = ''] = /^(?:codes? )?(\d[\d, and]*):/.exec(title) ?? [];
    const found = [...first.matchAll(/\d+/g), ...title.matchAll(/\b\d{3,4}\b/g)].map(([code]) => code);
    return [...new Set(found)].map((code) => ({ code, by: `${file}: ${title}` }));
  });
}

const claims = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts') && file !== 'codes.test.ts')
  .flatMap((file) => claimsOf(file, readFileSync(`${import.meta.dirname}/${file}`, 'utf8')));

test('titles claim codes', () => {
  const text = `test('code 1: a', f); test("codes 2, 3 and 44: b's", f);\ntest(\n  \`code 5: c\`, f); test('6: d', f); test('no code 7', f); test('8 e', f); test('f; 1004, 2006', f);`;
  assert.deepEqual(
    claimsOf('x', text).map(({ code }) => code),
    ['1', '2', '3', '44', '5', '6', '1004', '2006'],
  );
});

test('every code is claimed by a test', () => {
  assert.deepEqual(
    Object.keys(CODES).filter((code) => !claims.some((claim) => claim.code === code)),
    [],
  );
});

test('no test claims a code there is not', () => {
  assert.deepEqual(
    claims.filter(({ code }) => !(code in CODES)),
    [],
  );
});

test('the guide lists every code with its message', () => {
  const guide = readFileSync(`${import.meta.dirname}/../../docs/integrate-book.md`, 'utf8');
  const listed = [...guide.matchAll(/^\| (\d+) \| ([A-Z -]+) \|/gm)].map(([, code, message]) => [
    code,
    message,
  ]);
  assert.deepEqual(Object.fromEntries(listed), CODES);
  assert.equal(listed.length, Object.keys(CODES).length);
});
