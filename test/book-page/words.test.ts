/** The catalogues: the same keys and places everywhere, nothing that nobody says, nothing said that is not there. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CATALOGUES, fill, LANGUAGES, languageOf } from '../../web/player/words/language.ts';

const placesOf = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test('every language has every text, with the same places to fill', async () => {
  const english = await CATALOGUES.en();
  for (const language of LANGUAGES) {
    const words: Readonly<Record<string, string>> = await CATALOGUES[language]();
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort(), language);
    for (const [key, text] of Object.entries(english)) {
      const said = words[key] ?? '';
      assert.deepEqual(placesOf(said), placesOf(text), `${language} ${key}`);
      assert.equal(said.trim(), said);
      assert.notEqual(said, '', `${language} ${key}`);
    }
  }
});

test('every text is said somewhere', async () => {
  const folder = new URL('../../web/player/', import.meta.url).pathname;
  const sources = globSync('{*.ts,*.tsx,parts/*,screens/*}', { cwd: folder })
    .map((name) => readFileSync(folder + name, 'utf8'))
    .join('\n');
  const unsaid = Object.keys(await CATALOGUES.en()).filter((key) => {
    const [family] = key.split('_');
    return !sources.includes(`'${key}'`) && !(key.includes('_') && sources.includes(`\`${family}_`));
  });
  assert.deepEqual(unsaid, []);
});

test('the language is the first wish that can be met', () => {
  assert.equal(languageOf([null, undefined, 'fr-FR', 'zh-HK', 'ko']), 'zh');
  assert.equal(languageOf(['ko-KR']), 'ko');
  assert.equal(languageOf(['EN_us']), 'en');
  assert.equal(languageOf([]), 'en');
  assert.equal(fill('{a} of {b}, {c}', { a: 1, b: 'two' }), '1 of two, {c}');
});
