/** What an operator's answer means: the whole table, written down a second time by what each row must lead to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ANSWER_CLASSES,
  type AnswerClass,
  classOf,
  MEANING,
  type OperatorAnswer,
  readBalance,
  retryAfterMs,
  type Verdict,
} from '../../../src/core/delivery.ts';
import type { Currency } from '../../../src/core/money.ts';

const answered = (status: number): OperatorAnswer => ({ kind: 'answered', status, body: '' });

/** What came back; what a question, a message and the operator's health make of it. No balance was read. */
const ROWS: readonly [
  name: string,
  answer: OperatorAnswer,
  class_: AnswerClass,
  question: Verdict,
  message: 'delivered' | 'again',
  unwell: boolean | null,
][] = [
  ['200', answered(200), 'accepted', 'accepted', 'delivered', false],
  ['201', answered(201), 'other_success', 'unknown', 'again', false],
  ['204', answered(204), 'other_success', 'unknown', 'again', false],
  ['299', answered(299), 'other_success', 'unknown', 'again', false],
  ['300', answered(300), 'redirected', 'refused', 'again', false],
  ['302', answered(302), 'redirected', 'refused', 'again', false],
  ['399', answered(399), 'redirected', 'refused', 'again', false],
  ['400', answered(400), 'refused', 'refused', 'again', false],
  ['404', answered(404), 'refused', 'refused', 'again', false],
  ['499', answered(499), 'refused', 'refused', 'again', false],
  ['500', answered(500), 'failed', 'refused', 'again', true],
  ['599', answered(599), 'failed', 'refused', 'again', true],
  ['600', answered(600), 'nonsense', 'unknown', 'again', true],
  ['999', answered(999), 'nonsense', 'unknown', 'again', true],
  ['no time', { kind: 'lost', reason: 'timed_out' }, 'timed_out', 'unknown', 'again', true],
  ['cut off', { kind: 'lost', reason: 'connection_lost' }, 'connection_lost', 'unknown', 'again', true],
  ['nobody there', { kind: 'not_sent', reason: 'unreachable' }, 'unreachable', 'unavailable', 'again', true],
  [
    'no address',
    { kind: 'not_sent', reason: 'no_callback_url' },
    'no_callback_url',
    'unavailable',
    'again',
    null,
  ],
  [
    'inside',
    { kind: 'not_sent', reason: 'address_forbidden' },
    'address_forbidden',
    'unavailable',
    'again',
    null,
  ],
  ['too many', { kind: 'not_sent', reason: 'busy' }, 'busy', 'unavailable', 'again', null],
  ['left alone', { kind: 'not_sent', reason: 'circuit_open' }, 'circuit_open', 'unavailable', 'again', null],
];
for (const [name, answer, class_, question, message, unwell] of ROWS) {
  test(`an operator's answer: ${name}`, () => {
    const found = classOf(answer, { balance: null, balanceRequired: false });
    assert.equal(found, class_);
    assert.deepEqual(MEANING[found], { question, message, unwell });
  });
}

test('the balance matters where it is required, and there only of a 200', () => {
  const required = (balance: bigint | null) => ({ balance, balanceRequired: true });
  assert.equal(classOf(answered(200), required(0n)), 'accepted');
  assert.equal(classOf(answered(200), required(null)), 'accepted_without_balance');
  assert.deepEqual(MEANING.accepted_without_balance, {
    question: 'unknown',
    message: 'delivered',
    unwell: false,
  });
  for (const [name, answer, class_] of ROWS) {
    if (class_ === 'accepted') continue;
    for (const balance of [null, 5n]) assert.equal(classOf(answer, required(balance)), class_, name);
  }
});

test('every class is met by a row, and every status has one', () => {
  const met = new Set<AnswerClass>([...ROWS.map((row) => row[2]), 'accepted_without_balance']);
  assert.deepEqual([...met].sort(), [...ANSWER_CLASSES].sort());
  assert.deepEqual(Object.keys(MEANING).sort(), [...ANSWER_CLASSES].sort());
  for (let status = 200; status < 1000; status++)
    assert.ok(classOf(answered(status), { balance: null, balanceRequired: false }) in MEANING);
});

test('money: a question that may have arrived is never called off in silence, one that has not is never cancelled', () => {
  for (const [name, answer, class_, question] of ROWS) {
    if (answer.kind === 'lost') assert.equal(question, 'unknown', name);
    if (answer.kind === 'not_sent') assert.equal(question, 'unavailable', name);
    if (answer.kind === 'answered') assert.notEqual(question, 'unavailable', name);
    if (question === 'accepted') assert.equal(MEANING[class_].message, 'delivered', name);
  }
});

const BALANCES: readonly [body: string, currency: Currency, read: bigint | null][] = [
  ['{"balance":10000}', 'KRW', 10_000n],
  ['{"balance":"10000"}', 'KRW', 10_000n],
  ['{"balance":0}', 'KRW', 0n],
  ['{"balance":12.5}', 'USD', 1250n],
  ['{"balance":"12.50"}', 'USD', 1250n],
  ['{"balance":" 12.50 "}', 'USD', 1250n],
  ['{"balance":"0012"}', 'USD', 1200n],
  ['{"balance":99.999}', 'USD', 9999n],
  ['{"balance":"0.009"}', 'USD', 0n],
  ['{"balance":10000.99}', 'KRW', 10_000n],
  ['{"balance":-5}', 'KRW', -5n],
  ['{"balance":"-0.01"}', 'USD', -1n],
  ['{"balance":-0.5}', 'KRW', 0n],
  ['{"status":"ok","balance":7,"extra":[1]}', 'KRW', 7n],
  ['{"balance":"1000000000000000000"}', 'KRW', null],
  ['{"balance":"999999999999999999"}', 'KRW', 999_999_999_999_999_999n],
  ['{"balance":"999999999999999999"}', 'USD', null],
  ['{"balance":1e30}', 'KRW', null],
  ['{"balance":5.6e-14}', 'USD', 0n],
  ['{"balance":-5.6e-14}', 'KRW', 0n],
  ['{"balance":30.299999999999997}', 'USD', 3030n],
  ['{"balance":"30.299999999999997"}', 'USD', 3029n],
  ['{"balance":"1,000"}', 'KRW', null],
  ['{"balance":"+5"}', 'KRW', null],
  ['{"balance":"5."}', 'KRW', null],
  ['{"balance":".5"}', 'KRW', null],
  ['{"balance":"0x10"}', 'KRW', null],
  ['{"balance":"NaN"}', 'KRW', null],
  ['{"balance":""}', 'KRW', null],
  ['{"balance":null}', 'KRW', null],
  ['{"balance":true}', 'KRW', null],
  ['{"balance":[5]}', 'KRW', null],
  ['{"balance":{"amount":5}}', 'KRW', null],
  ['{"Balance":5}', 'KRW', null],
  ['{}', 'KRW', null],
  ['[]', 'KRW', null],
  ['null', 'KRW', null],
  ['5', 'KRW', null],
  ['"balance"', 'KRW', null],
  ['', 'KRW', null],
  ['OK', 'KRW', null],
  ['{"balance":5', 'KRW', null],
  ['<html>{"balance":5}</html>', 'KRW', null],
];
for (const [body, currency, read] of BALANCES) {
  test(`a balance in ${currency}: ${body}`, () => assert.equal(readBalance(body, currency), read));
}

test('waiting doubles with each attempt, spread over its second half, up to five minutes', () => {
  const table: [attempt: number, least: number, most: number][] = [
    [1, 500, 1000],
    [2, 1000, 2000],
    [3, 2000, 4000],
    [8, 64_000, 128_000],
    [9, 128_000, 256_000],
    [10, 150_000, 300_000],
    [11, 150_000, 300_000],
    [1000, 150_000, 300_000],
  ];
  for (const [attempt, least, most] of table)
    assert.deepEqual([retryAfterMs(attempt, 0), retryAfterMs(attempt, 1)], [least, most], `${attempt}`);
  assert.equal(retryAfterMs(1, 0.5), 750);
});
