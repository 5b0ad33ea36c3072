/** What the vendor API reads: numbers without loss, and every rule of its fields. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toDecimal } from '../../src/core/money.ts';
import {
  amount,
  betLimit,
  type Field,
  gameDate,
  name,
  readFields,
  updateTime,
} from '../../src/kbook/vendor-fields.ts';
import { digitsOf, fieldsOf, plainDecimal, readJson } from '../../src/kbook/vendor-json.ts';
import { seeded } from '../model/seed.ts';

const UTC = { currency: 'USD', timeZone: 'UTC' } as const;

/** Reads one field as it stands in a body: its value, or `code rule`. */
function read(field: Field<unknown>, literal: string, timeZone = 'UTC'): unknown {
  const given = fieldsOf(readJson(Buffer.from(`{"it":${literal}}`)));
  assert.ok(given !== null, literal);
  const result = readFields({ it: field }, given, { ...UTC, timeZone });
  return 'problem' in result ? `${result.problem.code} ${result.problem.rule}` : result.values.it;
}

test('a number of any length stays what was written', (t) => {
  const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,25})?([eE][+-]?\d{1,3})?$/);
  fc.assert(
    fc.property(digits, (text) => {
      const [inList] = readJson(Buffer.from(`[${text}]`)) as unknown[];
      assert.equal(digitsOf(inList), text);
      assert.equal(digitsOf(fieldsOf(readJson(Buffer.from(` { "a" : ${text} } `)))?.get('a')), text);
    }),
    seeded(t, 500),
  );
});

test('nothing but a number is one: no JSON can pass for it', () => {
  for (const text of [
    '"5"',
    'null',
    'true',
    '{}',
    '[]',
    '{"digits":"5"}',
    '{"Symbol(digits)":"5"}',
    '{"source":"5"}',
  ]) {
    assert.equal(digitsOf(readJson(Buffer.from(text))), null, text);
  }
  assert.equal(fieldsOf(readJson(Buffer.from('5'))), null);
  assert.equal(fieldsOf(readJson(Buffer.from('[{}]'))), null);
  assert.deepEqual(fieldsOf(readJson(Buffer.from('{"__proto__":"x"}'))), new Map([['__proto__', 'x']]));
});

test('what is no JSON in UTF-8 is nothing, however deep', () => {
  const bytes = [
    ...['', ' ', '{', '{"a":}', '{"a":01}', '{"a":NaN}', "{'a':1}", 'undefined', '{"a":1}x'].map((text) =>
      Buffer.from(text),
    ),
    Buffer.from([0x7b, 0x22, 0xc7, 0xd1, 0x22, 0x3a, 0x31, 0x7d]),
    Buffer.from('['.repeat(60_000)),
  ];
  for (const each of bytes) assert.equal(readJson(each), undefined, each.subarray(0, 20).toString('latin1'));
  // As deep as a body can be: whatever it is, it is not a crash, and no object of fields.
  assert.equal(fieldsOf(readJson(Buffer.from('['.repeat(30_000) + ']'.repeat(30_000)))), null);
});

test('a decimal with an exponent is the same number without one', () => {
  const table: [text: string, plain: string][] = [
    ['1.0E4', '10000'],
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['1.2345e2', '123.45'],
    ['12345e-2', '123.45'],
    ['5e-1', '0.5'],
    ['5e-3', '0.005'],
    ['-1.5e1', '-15'],
    ['1.0E7', '10000000'],
    ['0e5', '000000'],
    ['100', '100'],
    ['100.50', '100.50'],
    ['1e41', '1e41'],
    ['1e999', '1e999'],
    ['x', 'x'],
  ];
  for (const [text, plain] of table) assert.equal(plainDecimal(text), plain);
});

test('every amount survives, however it is written', (t) => {
  const cents = fc.bigInt({ min: 1n, max: 999_999_999_999_999n });
  fc.assert(
    fc.property(cents, fc.integer({ min: -12, max: 12 }), (minor, shift) => {
      const plain = toDecimal(minor, 'USD');
      // The same value by moving the point and saying so: on digits alone, without arithmetic.
      const moved = `${minor}${'0'.repeat(Math.max(0, -shift))}e${Math.min(0, shift) - 2}`;
      for (const literal of [plain, `"${plain}"`, moved, `${plain}00e0`, JSON.stringify(Number(plain))])
        assert.equal(read(amount(''), literal), minor, literal);
    }),
    seeded(t, 500),
  );
});

test('amounts that are none say why', () => {
  const table: [literal: string, rule: string][] = [
    ['0', '1001 must be above 0'],
    ['-5', '1001 must be above 0'],
    ['0.00', '1001 must be above 0'],
    ['0.001', '1001 must have at most 2 decimals'],
    ['1e-3', '1001 must have at most 2 decimals'],
    ['100.505', '1001 must have at most 2 decimals'],
    ['10000000000000', '1001 is too large'],
    ['1e20', '1001 is too large'],
    ['1e300', '1001 must be a number'],
    ['"1e3"', '1001 must be a number'],
    ['"ten"', '1001 must be a number'],
    ['true', '1001 must be a number'],
    ['[5]', '1001 must be a number'],
    ['{"a":5}', '1001 must be a number'],
    ['null', '1001 is required'],
    ['""', '1001 is required'],
  ];
  for (const [literal, rule] of table) assert.equal(read(amount(''), literal), rule, literal);
});

test('names', () => {
  const user = name({ max: 15, about: '', example: '' });
  const table: [literal: string, value: string][] = [
    ['"willy001"', 'willy001'],
    ['"Willy001"', 'Willy001'],
    ['"123456789012345"', '123456789012345'],
    ['"김철수"', '김철수'],
    ['"한"', '한'],
    ['"𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳𝒳"', '𝒳'.repeat(15)],
    ['"1234567890123456"', '1001 must have at most 15 characters'],
    ['"a b"', '1001 must have visible characters only, and no blanks'],
    ['" "', '1001 must have visible characters only, and no blanks'],
    ['"a\\u0000"', '1001 must have visible characters only, and no blanks'],
    ['"a\\u202e"', '1001 must have visible characters only, and no blanks'],
    ['"\\ud800"', '1001 must have visible characters only, and no blanks'],
    ['5', '1001 must be a string'],
    ['{}', '1001 must be a string'],
    ['""', '1001 is required'],
    ['null', '1001 is required'],
  ];
  for (const [literal, value] of table) assert.equal(read(user, literal), value, literal);
});

test('bet limits: an object or a text holding one, and its bounds', () => {
  const good = { minBet: 10_000n, maxBet: 1_000_000n, maxExposure: 5_000_000n };
  const limits = (minBet: string, maxBet: string, maxExposure: string) =>
    `{"minBet":${minBet},"maxBet":${maxBet},"maxExposure":${maxExposure}}`;
  const object = limits('100', '10000', '50000');
  for (const literal of [
    object,
    JSON.stringify(object),
    limits('"100"', '1e4', '5.0E4'),
    `{"certCode":"x",${object.slice(1)}`,
  ])
    assert.deepEqual(read(betLimit(), literal), good, literal);
  assert.deepEqual(read(betLimit(), limits('100.01', '100.01', '0.01')), {
    minBet: 10_001n,
    maxBet: 10_001n,
    maxExposure: 1n,
  });
  const table: [literal: string, rule: string][] = [
    [limits('99.99', '10000', '50000'), '4004 minBet must be at least 100'],
    [limits('100', '10000.01', '50000'), '4004 maxBet must be at most 10000'],
    [limits('200', '199.99', '50000'), '4004 maxBet must be at least minBet'],
    [limits('100', '10000', '50000.01'), '4004 maxExposure must be at most 50000'],
    [limits('100', '10000', '0'), '4004 maxExposure must be above 0'],
    [limits('-100', '10000', '50000'), '4004 minBet must be above 0'],
    [limits('100', '"x"', '50000'), '4004 maxBet must be a number'],
    [limits('100', '200.001', '50000'), '4004 maxBet must have at most 2 decimals'],
    ['{"minBet":100,"maxBet":200}', '4004 maxExposure must be a number'],
    ['{}', '4004 minBet must be a number'],
    ['"{}"', '4004 minBet must be a number'],
    ['5', '1001 must be an object, or a string holding one'],
    ['[]', '1001 must be an object, or a string holding one'],
    ['"5"', '1001 must be an object, or a string holding one'],
    ['"minBet=100"', '1001 must be an object, or a string holding one'],
    [JSON.stringify(JSON.stringify(object)), '1001 must be an object, or a string holding one'],
    ['""', '1001 is required'],
  ];
  for (const [literal, rule] of table) assert.equal(read(betLimit(), literal), rule, literal);
});

test('every updateTime there is survives as a number of 17 digits, and as a text', (t) => {
  const instants = fc.integer({ min: 0, max: Date.UTC(9999, 0) });
  fc.assert(
    fc.property(instants, (at) => {
      const digits = new Date(at).toISOString().replace(/\D/g, '');
      assert.equal(digits.length, 17);
      assert.equal(read(updateTime(), digits), at);
      assert.equal(read(updateTime(), `"${digits}"`), at);
    }),
    seeded(t, 500),
  );
});

test('updateTime on the clock of the operator', () => {
  const iso = (at: unknown) => (typeof at === 'number' ? new Date(at).toISOString() : at);
  const bad = '1004 must be a time there is, as yyyyMMddHHmmssSSS';
  const table: [literal: string, zone: string, at: string][] = [
    ['20240326040113595', 'UTC', '2024-03-26T04:01:13.595Z'],
    ['20240326040113595', 'Asia/Seoul', '2024-03-25T19:01:13.595Z'],
    ['20240326040113595', 'Asia/Kolkata', '2024-03-25T22:31:13.595Z'],
    // Twice on that clock: the first, so that nothing is passed over.
    ['20241027023000123', 'Europe/Vienna', '2024-10-27T00:30:00.123Z'],
    ['20241027030000000', 'Europe/Vienna', '2024-10-27T02:00:00.000Z'],
    // Skipped on that clock: from where it goes on.
    ['20240331023000000', 'Europe/Vienna', '2024-03-31T01:00:00.000Z'],
    ['20240229000000000', 'UTC', '2024-02-29T00:00:00.000Z'],
    ['20230229000000000', 'UTC', bad],
    ['20240231000000000', 'UTC', bad],
    ['20241301000000000', 'UTC', bad],
    ['20240001000000000', 'UTC', bad],
    ['20240326240000000', 'UTC', bad],
    ['20240326236000000', 'UTC', bad],
    ['20240326235960000', 'UTC', bad],
    ['19691231235959999', 'UTC', bad],
    ['2024032604011359', 'UTC', bad],
    ['202403260401135950', 'UTC', bad],
    ['2.0240326040113595e16', 'UTC', bad],
    ['-20240326040113595', 'UTC', bad],
    ['"2024-03-26 04:01"', 'UTC', bad],
    ['" 20240326040113595"', 'UTC', bad],
    ['{}', 'UTC', bad],
    ['true', 'UTC', bad],
    ['null', 'UTC', '1001 is required'],
  ];
  for (const [literal, zone, at] of table)
    assert.equal(iso(read(updateTime(), literal, zone)), at, `${literal} ${zone}`);
});

test('betting days', () => {
  const bad = '1004 must be a day there is, as yyyyMMdd';
  const table: [literal: string, value: string][] = [
    ['"20240326"', '2024-03-26'],
    ['20240326', '2024-03-26'],
    ['"20240229"', '2024-02-29'],
    ['"20230229"', bad],
    ['"2024-03-26"', bad],
    ['"26032024"', bad],
    ['"2024032"', bad],
    ['[20240326]', bad],
    ['""', '1001 is required'],
  ];
  for (const [literal, value] of table) assert.equal(read(gameDate(''), literal), value, literal);
});
