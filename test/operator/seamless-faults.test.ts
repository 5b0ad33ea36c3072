/** Every fault does what it says, as often as it says, to the calls it is meant for; and what staff ask beside. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FAULTS,
  type Fault,
  faultNames,
  faultSettingsOf,
  faultSwitches,
} from '../../sim/operator/seamless-faults.ts';
import { type Caller, deskFor, MEMBER, type Sent, type Told } from './seamless-rig.ts';

const json = { 'content-type': 'application/json' };
const setFaults = (caller: Caller, settings: object): Promise<Told> =>
  caller.call('PUT', '/faults', { body: JSON.stringify(settings), headers: json });

/** A bet of 100 out of 1000: what the hub hears, and what the member has afterwards. */
const TABLE: Readonly<Record<Fault, { status: number; heard: number | null; left: number }>> = {
  delay: { status: 200, heard: 900, left: 900 },
  dropBefore: { status: 0, heard: null, left: 1000 },
  error: { status: 500, heard: null, left: 1000 },
  redirect: { status: 302, heard: null, left: 1000 },
  duplicate: { status: 200, heard: 900, left: 900 },
  dropAfter: { status: 0, heard: null, left: 900 },
  errorAfter: { status: 500, heard: null, left: 900 },
  oddStatus: { status: 207, heard: 900, left: 900 },
  garbage: { status: 200, heard: null, left: 900 },
  wrongBalance: { status: 200, heard: 1900, left: 900 },
};

for (const fault of faultNames) {
  test(`${fault}: ${FAULTS[fault]}`, async (t) => {
    const { desk, caller } = await deskFor(t);
    desk.books.cash(MEMBER, 1000n);
    assert.equal((await setFaults(caller, { [fault]: 1, delayMs: 30, only: ['bet'] })).status, 200);
    const { status, heard, left } = TABLE[fault];
    const startedMs = performance.now();
    const told = await caller.send({ id: 1, type: 'bet', amount: -100 });
    const elapsedMs = performance.now() - startedMs;
    assert.deepEqual([told.status, told.balance], [status, heard]);
    if (fault === 'delay') assert.ok(elapsedMs >= 29, `${elapsedMs} ms`);
    if (fault === 'redirect') assert.equal(told.headers.location, '/elsewhere');
    if (fault === 'garbage') assert.match(String(told.headers['content-type']), /text\/html/);
    assert.equal((await caller.balance(MEMBER)).balance, left, 'others are not struck');
    assert.deepEqual(desk.calls()[1]?.faults, [fault]);
    assert.equal(desk.calls()[1]?.answer?.status ?? 0, status);
    await setFaults(caller, {});
    assert.equal((await caller.send({ id: 1, type: 'bet', amount: -100 })).balance, 900, 'once only');
  });
}

test('a balance can be answered wrongly, late, not at all', async (t) => {
  const { desk, caller } = await deskFor(t, { currency: 'USD' });
  desk.books.cash(MEMBER, 1050n);
  const rows: readonly [settings: object, status: number, balance: number | null][] = [
    [{ wrongBalance: 1 }, 200, 1010.5],
    [{ error: 1, only: ['balance'] }, 500, null],
    [{ garbage: 1 }, 200, null],
    [{ dropAfter: 1 }, 0, null],
    [{ dropAfter: 1, only: ['bet'] }, 200, 10.5],
  ];
  for (const [settings, status, balance] of rows) {
    await setFaults(caller, settings);
    const told = await caller.balance(MEMBER);
    assert.deepEqual([told.status, told.balance], [status, balance], JSON.stringify(settings));
  }
});

test('duplicate: a repeated packet moves the money again, and the books show it', async (t) => {
  const { desk, caller } = await deskFor(t);
  desk.books.cash(MEMBER, 1000n);
  await setFaults(caller, { duplicate: 1 });
  for (const left of [900, 800, 700])
    assert.equal((await caller.send({ id: 1, type: 'bet', amount: -100 })).balance, left);
  assert.equal(desk.books.disagreements(), 1);
});

test('a rate and a seed give the same course again', () => {
  const course = (seed: number) => {
    const settings = faultSettingsOf({ dropAfter: 0.3, error: 0.1, seed });
    assert.ok(typeof settings !== 'string');
    const switches = faultSwitches(settings);
    return Array.from({ length: 2000 }, () => [...switches.draw('bet')].join());
  };
  assert.deepEqual(course(7), course(7));
  assert.notDeepEqual(course(7), course(8));
  const struck = course(7).filter((one) => one.includes('dropAfter')).length;
  assert.ok(struck > 500 && struck < 700, `${struck} of 2000`);
});

test('settings that make no sense are refused and change nothing', async (t) => {
  const { caller } = await deskFor(t);
  await setFaults(caller, { error: 1 });
  const rows: readonly [body: string, reason: RegExp][] = [
    ['{"lightning":1}', /no fault lightning/],
    ['{"constructor":1}', /no fault constructor/],
    ['{"error":2}', /0 … 1/],
    ['{"error":"1"}', /0 … 1/],
    ['{"delayMs":-1}', /delayMs/],
    ['{"seed":0.5}', /seed/],
    ['{"only":"bet"}', /only/],
    ['[]', /object/],
    ['nonsense', /object/],
  ];
  for (const [body, reason] of rows) {
    const told = await caller.call('PUT', '/faults', { body, headers: json });
    assert.equal(told.status, 422, body);
    assert.match(told.text, reason);
  }
  assert.equal(JSON.parse((await caller.call('GET', '/faults')).text).error, 1);
});

test('entries, calls and cash: for staff on this machine', async (t) => {
  const { caller } = await deskFor(t, { currency: 'USD' });
  const paid = { body: '{"username":"a \\"b\\", c","amount":10.5}', headers: json };
  assert.equal((await caller.call('POST', '/cash', paid)).balance, 10.5);
  const username = 'a "b", c';
  await caller.send({ id: 5, type: 'bet', amount: -0.5, username });
  await caller.send({ id: 9, type: 'cancel', amount: 2, referer_id: 8, username });
  await caller.send({ id: 10, type: 'bet', amount: -11, username });
  const csv = (await caller.call('GET', '/entries?format=csv')).text.split('\n');
  assert.equal(csv[0], 'id,amount,type,username,sent,referer_id,status,balance,at');
  assert.match(csv[1] ?? '', /^5,-0\.5,"bet","a ""b"", c",-0\.5,,200,10,"20/);
  assert.match(csv[2] ?? '', /^9,0,"cancel","a ""b"", c",2,8,200,10,/, 'what it moved, not what it said');
  assert.deepEqual(csv.slice(3), ['']);
  const ids = (text: string) => JSON.parse(text).map(({ id, type }: Sent) => `${id} ${type}`);
  assert.deepEqual(ids((await caller.call('GET', '/entries')).text), ['5 bet', '9 cancel']);
  const all = ids((await caller.call('GET', '/entries?all=on')).text);
  assert.deepEqual(all, ['5 bet', '8 never_came', '9 cancel', '10 bet']);
  const calls = JSON.parse((await caller.call('GET', '/calls')).text);
  assert.deepEqual([calls[0].packet.type, calls[0].status, calls[1].balance], ['bet', 402, 10]);

  assert.equal((await caller.call('POST', '/cash', { ...paid, body: '{"amount":1}' })).status, 422);
  assert.equal(
    (await caller.call('POST', '/cash', { ...paid, body: '{"username":"x","amount":-1}' })).status,
    402,
  );
  const forwarded = { 'x-forwarded-for': '203.0.113.9' };
  assert.equal((await caller.call('GET', '/entries', { headers: forwarded })).status, 403);
  const form = { ...paid, headers: { 'content-type': 'text/plain' } };
  assert.equal((await caller.call('POST', '/cash', form)).status, 403, 'no page elsewhere can send it');
});

test('the export is whole over many pages', async (t) => {
  const { desk, caller } = await deskFor(t, { openWith: 1n });
  assert.equal((await caller.call('GET', '/entries')).text, '[]\n');
  const packets = Array.from({ length: 2500 }, (_, n) => ({ id: n + 1, username: `p${n % 7}` }));
  await Promise.all(
    packets.map((one) => desk.wallet.changeBalance({ ...one, type: 'win', amount: 1n, refererId: null })),
  );
  const listed: { id: number }[] = JSON.parse((await caller.call('GET', '/entries')).text);
  assert.deepEqual(
    listed.map(({ id }) => id),
    Array.from({ length: 2500 }, (_, n) => n + 1),
  );
  assert.equal((await caller.call('GET', '/entries?format=csv')).text.split('\n').length, 2502);
});
