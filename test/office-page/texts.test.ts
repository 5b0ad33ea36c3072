/** The catalogues: the same keys and places everywhere, nothing nobody says, nothing said that is not there. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OFFICE_ANSWERS } from '../../src/backoffice/replies.ts';
import { OFFICE_ROLES } from '../../src/core/office/roles.ts';
import { WAITING_KINDS } from '../../src/core/office/waiting.ts';
import { GROUPS } from '../../web/backoffice/shell/page.ts';
import { CATALOGUES, LANGUAGES, languageOf } from '../../web/backoffice/texts/languages.ts';

type Tree = { readonly [key: string]: Tree | string };

/** Every text by its whole key. */
function flat(tree: Tree, above = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[above + name, value]] : flat(value, `${above}${name}.`),
  );
}

const texts = new Map<string, ReadonlyMap<string, string>>();
for (const language of LANGUAGES) texts.set(language, new Map(flat((await CATALOGUES[language]()) as Tree)));
const english = texts.get('en')!;

const folder = new URL('../../web/backoffice/', import.meta.url).pathname;
const source = globSync('**/*.{ts,tsx}', { cwd: folder })
  .filter((name) => !name.startsWith('texts/'))
  .map((name) => readFileSync(folder + name, 'utf8'))
  .join('\n');

const placesOf = (text: string) => [...new Set(text.match(/%\{\w+\}/g) ?? [])].sort();

test('every language has every text, with the same places to fill', () => {
  assert.ok(english.size > 100);
  for (const language of LANGUAGES) {
    const words = texts.get(language)!;
    assert.deepEqual([...words.keys()].sort(), [...english.keys()].sort(), language);
    for (const [key, text] of english) {
      const said = words.get(key) ?? '';
      assert.deepEqual(placesOf(said), placesOf(text), `${language} ${key}`);
      assert.equal(said.trim(), said, `${language} ${key}`);
      assert.notEqual(said, '', `${language} ${key}`);
      if (language !== 'en') assert.ok(!said.includes('||||'), `${language} ${key} has one form`);
    }
  }
});

test('Korean is Korean and Chinese is traditional Chinese', () => {
  // Characters that exist in simplified writing only.
  const simplified = /[这们时间额设语认证码开关录户数总页选择输错误删读员单过还]/u;
  assert.deepEqual(
    [...texts.get('zh')!].filter(([, text]) => simplified.test(text)),
    [],
  );
  // Names and abbreviations are the same everywhere; sentences are not.
  const words = (text: string) => text.replace(/%\{\w+\}/g, '').match(/[A-Za-z]{3,}/g) ?? [];
  for (const language of ['ko', 'zh']) {
    const same = [...texts.get(language)!].filter(
      ([key, text]) => text === english.get(key) && words(text).length > 2,
    );
    assert.deepEqual(same, [], language);
  }
});

const areas = [...new Set([...english.keys()].map((key) => key.split('.')[0]!))];
const KEY = new RegExp(`['"](?:${areas.join('|')})(?:\\.[a-zA-Z0-9_]+)+['"]`, 'g');
const PREFIX = new RegExp(`\`((?:${areas.join('|')})\\.(?:[a-zA-Z0-9_.]+\\.)?[a-zA-Z0-9_]*)\\$\\{`, 'g');
const exact = new Set([...source.matchAll(KEY)].map(([found]) => found.slice(1, -1)));
const prefixes = [...new Set([...source.matchAll(PREFIX)].map(([, found]) => found!))];

test('what is said is there', () => {
  assert.deepEqual(
    [...exact].filter((key) => !english.has(key) && !isPartOfOne(key)),
    [],
  );
  const nothing = prefixes.filter((prefix) => ![...english.keys()].some((key) => key.startsWith(prefix)));
  assert.deepEqual(nothing, []);
});

/** `'players.table'` may name a group of texts, which is not said itself. */
function isPartOfOne(key: string): boolean {
  return [...english.keys()].some((each) => each.startsWith(`${key}.`));
}

test('what is there is said', () => {
  const unsaid = [...english.keys()].filter(
    (key) => !key.startsWith('ra.') && !exact.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
  assert.deepEqual(unsaid, []);
});

test('every refusal, role, group of the menu and thing that waits has its words', () => {
  const keys = [
    ...Object.keys(OFFICE_ANSWERS).map((code) => `refusals.${code}`),
    ...OFFICE_ROLES.map((role) => `roles.${role}`),
    ...GROUPS.map((group) => `frame.groups.${group}`),
    ...WAITING_KINDS.map((what) => `start.waiting.${what}`),
  ];
  assert.deepEqual(
    keys.filter((key) => !english.has(key)),
    [],
  );
});

test('the language is the first wish that can be met', () => {
  assert.equal(languageOf([null, undefined, 'fr-FR', 'zh-HK', 'ko']), 'zh');
  assert.equal(languageOf(['ko-KR']), 'ko');
  assert.equal(languageOf([]), 'en');
});
