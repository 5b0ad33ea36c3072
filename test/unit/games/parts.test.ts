import { strict as assert } from 'node:assert';
import { createHash, createHmac } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { backdropSvg, symbolSvg, thumbnailSvg } from '../../../games/art/pictures.ts';
import {
  GAMES,
  type Game,
  isPlayable,
  publishedGame,
  type SlotGame,
} from '../../../games/catalogue/games.ts';
import { symbolNames } from '../../../games/catalogue/symbols.ts';
import { VENDORS } from '../../../games/catalogue/vendors.ts';
import { readConfig } from '../../../games/config.ts';
import { signatureHeaders } from '../../../games/hub-client.ts';
import { openJournal } from '../../../games/journal.ts';
import { fromJson, toJson } from '../../../games/json.ts';
import { lockFolder } from '../../../games/lock.ts';
import { firstStake, stakesWithin } from '../../../games/money.ts';
import { keyedQueue } from '../../../games/queue.ts';
import { SYMBOL_COUNT } from '../../../games/slot/model.ts';
import { seed } from './seed.ts';

const asIs = (record: unknown): unknown => record;

test('catalogue: ids are unique, every vendor sells 4–8 slots and has a lobby, tables are not sold', () => {
  assert.equal(new Set(GAMES.map((game) => game.id)).size, GAMES.length);
  assert.equal(VENDORS.length, new Set(VENDORS.map((vendor) => vendor.name)).size);
  for (const vendor of VENDORS) {
    const own = GAMES.filter((game) => game.vendor === vendor.name);
    const games = own.filter((game) => game.kind !== 'lobby');
    const slots = games.filter((game) => game.kind === 'slot');
    assert.ok(slots.length >= 4 && slots.length <= 8, vendor.name);
    assert.ok(
      slots.every((game) => game.type === 'slot' && publishedGame(game, 'http://h').enabled === true),
    );
    assert.equal(own.length - games.length, 1);
    for (const game of games) assert.equal(isPlayable(game), game.kind === 'slot');
  }
  const titles = GAMES.filter((game) => game.kind === 'slot').map((game) => game.title.en);
  assert.equal(new Set(titles).size, titles.length);
});

test('catalogue: what is published stays what it is', () => {
  const tables = new Set(VENDORS.filter((vendor) => vendor.kind === 'tables').map((vendor) => vendor.name));
  const digest = (games: readonly Game[]): string => {
    const text = games.map(
      (game) => `${game.id}|${game.title.en}|${game.kind === 'slot' ? game.profile.id : ''}`,
    );
    return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);
  };
  const late = (game: Game): boolean => game.kind === 'slot' && tables.has(game.vendor);
  assert.equal(digest(GAMES.filter((game) => !late(game))), 'a2b1f679b7882089');
  assert.equal(digest(GAMES.filter(late)), '1348f4d817f49e72');
});

test('catalogue: a published game carries what the studio API asks for', () => {
  const game = publishedGame(GAMES.find((each) => each.kind === 'slot')!, 'http://h:1');
  assert.match(String(game.launchUrl), /^http:\/\/h:1\/play\//);
  assert.deepEqual(Object.keys(game.langs as object).sort(), ['en', 'ko', 'zh']);
  assert.equal(game.enabled, true);
  assert.equal(game.lobby, false);
});

test('symbols have short names of their own, as many as there are pictures', () => {
  for (const game of GAMES.filter((each): each is SlotGame => each.kind === 'slot')) {
    const names = symbolNames(game);
    assert.equal(names.length, SYMBOL_COUNT);
    assert.equal(new Set(names).size, SYMBOL_COUNT, game.id);
    for (const name of names) assert.match(name, /^[a-z]{3,8}$/);
  }
});

test('pictures are whole, modest in size, and differ', () => {
  // Tables of one name look alike at every vendor; nobody can play them yet.
  const some = GAMES.filter((game) => game.kind !== 'table').filter((_, n) => n % 9 === 0);
  const thumbs = some.map(thumbnailSvg);
  assert.equal(new Set(thumbs).size, some.length);
  for (const svg of thumbs) {
    assert.match(svg, /^<svg .*<\/svg>$/s);
    assert.ok(!/undefined|NaN/.test(svg));
  }
  for (const game of some) {
    assert.ok(!/undefined|NaN/.test(backdropSvg(game)));
    if (game.kind === 'slot') for (let n = 0; n < 11; n += 1) assert.ok(symbolSvg(game, n).length < 8_000);
  }
});

test('stakes respect limits and divide by the lines', () => {
  const limit = fc.option(fc.bigInt(0n, 1_000_000n), { nil: null });
  const currency = fc.constantFrom('KRW', 'USD', 'JPY', 'TWD', 'KWD', 'XYZ');
  fc.assert(
    fc.property(currency, limit, limit, (code, betMin, betMax) => {
      const stakes = stakesWithin(code, { betMin, betMax });
      for (const stake of stakes) {
        assert.equal(stake % 20n, 0n);
        assert.ok(stake > 0n && (betMin === null || stake >= betMin) && (betMax === null || stake <= betMax));
      }
      assert.deepEqual(
        stakes,
        [...stakes].sort((a, b) => Number(a - b)),
      );
    }),
    { seed },
  );
  assert.deepEqual(stakesWithin('KRW', { betMin: 250_000n, betMax: null }), [250_000n]);
  assert.deepEqual(stakesWithin('KRW', { betMin: null, betMax: 10n }), []);
  assert.equal(firstStake([]), 0n);
});

test('the signature is over method, path, time, nonce and body', () => {
  const headers = signatureHeaders(
    { key: 'k', secret: 's' },
    { method: 'POST', path: '/studio/v1/x?a=1', body: '{}', timestampMs: 5, nonce: 'n' },
  );
  const signed = 'POST\n/studio/v1/x?a=1\n5\nn\n{}';
  assert.equal(headers['x-signature'], createHmac('sha256', 's').update(signed).digest('hex'));
  assert.deepEqual([headers['x-studio-key'], headers['x-timestamp'], headers['x-nonce']], ['k', '5', 'n']);
});

test('the environment is checked with words', () => {
  assert.throws(() => readConfig({}), /HUB_URL/);
  const env = { HUB_URL: 'http://h/', STUDIO_KEY: 'k', STUDIO_SECRET: 's', STUDIO_DATA_DIR: 'd' };
  assert.equal(readConfig(env).hubUrl, 'http://h');
  assert.throws(() => readConfig({ ...env, PORT: '70000' }), /PORT/);
});

test('journal text keeps bigints', () => {
  const value = { a: 12n, b: [{ c: -5n }], d: 'text', e: null };
  assert.deepEqual(fromJson(toJson(value)), value);
});

test('a journal gives back what was appended, drops a torn tail and refuses damage', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'rounds.journal');
  const first = await openJournal(folder, asIs);
  await Promise.all([1, 2, 3].map((n) => first.append({ n })));
  await first.close();
  appendFileSync(file, '0badc0de {"n":');
  const second = await openJournal(folder, asIs);
  assert.deepEqual(second.records, [{ n: 1 }, { n: 2 }, { n: 3 }]);
  await second.append({ n: 4 });
  await second.compact([{ n: 9 }]);
  await second.append({ n: 10 });
  await second.close();
  const third = await openJournal(folder, asIs);
  assert.deepEqual(third.records, [{ n: 9 }, { n: 10 }]);
  await third.close();
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"n":9', '"n":8'));
  await assert.rejects(openJournal(folder, asIs), /damaged at line 1/);
  truncateSync(file, 0);
  const fourth = await openJournal(folder, asIs);
  assert.deepEqual(fourth.records, []);
  await fourth.close();
});

test('a data folder belongs to one studio at a time', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const unlock = lockFolder(folder);
  assert.throws(() => lockFolder(folder), /another studio works in/);
  unlock();
  lockFolder(folder)();
});

test('the queue runs one at a time per key, in order, and refuses a crowd', async () => {
  const queue = keyedQueue(2);
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const a = queue.run('k', () => gate.promise.then(() => seen.push('a')));
  const b = queue.run('k', async () => seen.push('b'));
  assert.equal(
    queue.run('k', async () => seen.push('c')),
    null,
  );
  await queue.run('other', async () => seen.push('other'));
  gate.resolve();
  await Promise.all([a, b]);
  await queue.idle();
  assert.deepEqual(seen, ['other', 'a', 'b']);
  await queue.run('k', async () => seen.push('d'));
  assert.equal(seen.at(-1), 'd');
});
