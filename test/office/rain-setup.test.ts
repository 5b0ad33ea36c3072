/** What the rain book is set up with, in the back office: operators, sites, vendor types; and nothing of it for agents. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RAIN_BOOK } from '../../src/backoffice/rain.ts';
import { postRaw } from '../kbook/rig.ts';
import { codeOf, openRainRig, type RainRig } from './rain-rig.ts';
import type { OfficeClient } from './rig.ts';

let rig: RainRig;
let olga: OfficeClient;
let anna: OfficeClient;

before(async () => {
  rig = await openRainRig(null);
  olga = await rig.house('owner', 'olga');
  anna = await rig.house('trader', 'anna');
});
after(() => rig.close());

const callAs = async (certCode: string) => {
  const body = JSON.stringify({ certCode, vendorType: 'CPS_USD', userId: 'nobody' });
  return (await postRaw(rig.url, '/vendor/api/getCreditBalance', { body })).body.code;
};

test('an operator: its certCode is shown once and lets in, a fresh one takes its place, switched off it is out', async () => {
  const made = await olga.post('/rain/operators', { name: 'rain shop', allowedIps: ['127.0.0.0/8'] });
  assert.equal(made.status, 200, made.text);
  const { id, certCode } = made.body;
  assert.equal(await callAs(certCode), '1002', 'in, and the player is not there');
  assert.deepEqual(codeOf(await olga.post('/rain/operators', { name: 'rain shop' })), [409, 'refused']);
  assert.deepEqual(codeOf(await anna.post('/rain/operators', { name: 'another' })), [403, 'forbidden']);
  const listed = (await anna.get('/rain/operators')).body.operators.find(
    (each: { id: number }) => each.id === id,
  );
  assert.deepEqual([listed.name, listed.certHint, listed.enabled], ['rain shop', certCode.slice(0, 6), true]);
  assert.ok(!JSON.stringify(listed).includes(certCode));
  const renewed = await olga.post(`/rain/operators/${id}/cert`, {});
  assert.notEqual(await callAs(certCode), '1002');
  assert.equal(await callAs(renewed.body.certCode), '1002');
  const bad = await olga.patch(`/rain/operators/${id}`, { allowedIps: ['here'] });
  assert.deepEqual([...codeOf(bad), bad.body.detail], [409, 'refused', 'not an address or a network: here']);
  assert.deepEqual(codeOf(await olga.patch(`/rain/operators/${id}`, { timeZone: 'Mars/North' })), [
    409,
    'refused',
  ]);
  const off = await olga.patch(`/rain/operators/${id}`, { enabled: false, timeZone: 'Asia/Seoul' });
  assert.deepEqual(
    [off.body.enabled, off.body.timeZone, off.body.allowedIps],
    [false, 'Asia/Seoul', ['127.0.0.0/8']],
  );
  assert.notEqual(await callAs(renewed.body.certCode), '1002');
  assert.deepEqual(codeOf(await olga.patch('/rain/operators/99999999', { enabled: true })), [
    404,
    'unknown_operator',
  ]);
  const trail = await rig.trail('rain shop');
  assert.deepEqual(
    trail.map(({ actor, action }) => [actor, action]),
    [
      ['olga', 'book.operator.create'],
      ['olga', 'book.operator.cert'],
      ['olga', 'book.operator.set'],
    ],
  );
  const { before, after, ip } = trail[2]?.detail ?? {};
  assert.deepEqual(
    [before, after, ip],
    [{ enabled: true, timeZone: 'UTC' }, { enabled: false, timeZone: 'Asia/Seoul' }, '127.0.0.1'],
  );
  assert.ok(!JSON.stringify(trail).includes(renewed.body.certCode));
});

test('a site: changed as a whole or not at all, new hours make new sessions, before and after are kept', async () => {
  const site = async () =>
    (await anna.get('/rain/sites')).body.sites.find((each: { name: string }) => each.name === 'CPS');
  const held = await site();
  assert.deepEqual(
    [held.marginBps, held.poolMax, held.calendar[0], held.fault],
    [400, '2000000', { type: 'MORNING', from: '06:00', to: '12:00' }, null],
  );
  const set = (body: object) => olga.patch('/rain/sites/CPS', body);
  const bad = await set({ marginBps: 500, ownBps: 100 });
  assert.deepEqual([...codeOf(bad), bad.body.detail], [409, 'refused', 'ownMinBps is at most ownBps']);
  for (const body of [{ marginBps: 5001 }, { timeZone: 'Mars/North' }, { calendar: [] }, { oddsValidMs: 1 }])
    assert.deepEqual(codeOf(await set(body)), [409, 'refused'], JSON.stringify(body));
  for (const body of [
    {},
    { poolMax: '-1' },
    { nonsense: 1 },
    { calendar: [{ type: 'NEVER', from: '06:00', to: '07:00' }] },
  ])
    assert.deepEqual(codeOf(await set(body)), [422, 'invalid_request'], JSON.stringify(body));
  assert.deepEqual(await site(), held, 'nothing has changed');
  const changed = await set({ marginBps: 500, poolMax: '3000000', automatic: true });
  assert.deepEqual(
    [
      changed.body.site.marginBps,
      changed.body.site.poolMax,
      changed.body.site.automatic,
      changed.body.sessions,
    ],
    [500, '3000000', true, null],
  );
  const hours = [{ type: 'NOON', from: '08:00', to: '20:00' }];
  const moved = await set({ calendar: hours, opensBeforeMs: 48 * 3_600_000 });
  assert.deepEqual(moved.body.site.calendar, hours);
  assert.ok(moved.body.sessions.added > 0);
  assert.deepEqual(codeOf(await anna.patch('/rain/sites/CPS', { enabled: false })), [403, 'forbidden']);
  assert.deepEqual(codeOf(await olga.patch('/rain/sites/XXX', { enabled: false })), [404, 'not_found']);
  const [first] = await rig.trail('rain site CPS');
  assert.deepEqual(
    [first?.detail.before, first?.detail.after, first?.detail.ip],
    [
      { marginBps: 400, poolMax: '2000000', automatic: false },
      { marginBps: 500, poolMax: '3000000', automatic: true },
      '127.0.0.1',
    ],
  );
});

test('a vendor type: within which stakes, and whether at all', async () => {
  const set = (body: object, name = 'CPS2_USD') => olga.patch(`/rain/vendor-types/${name}`, body);
  assert.deepEqual(codeOf(await set({ minBet: '600000' })), [409, 'refused']);
  assert.deepEqual(codeOf(await set({})), [422, 'invalid_request']);
  assert.deepEqual(codeOf(await set({ enabled: true }, 'NO_SUCH')), [404, 'not_found']);
  const changed = await set({ minBet: '2000', maxBet: '90000', enabled: false });
  assert.deepEqual(changed.body, {
    ...{ name: 'CPS2_USD', site: 'CPS2', currency: 'USD', minBet: '2000', maxBet: '90000' },
    ...{ enabled: false, siteEnabled: true },
  });
  const operator = await rig.ground.operator();
  await assert.rejects(operator.player({ vendorType: 'CPS2_USD' }));
  await set({ enabled: true });
  await operator.player({ vendorType: 'CPS2_USD' });
  const [line] = await rig.trail('book vendor type CPS2_USD');
  assert.deepEqual(line?.detail, {
    before: { minBet: '1000', maxBet: '500000', enabled: true },
    after: { minBet: '2000', maxBet: '90000', enabled: false },
    ip: '127.0.0.1',
  });
});

test('without K-Rain that is said, and nothing else is missing', async () => {
  const id = await rig.ground.session();
  assert.deepEqual(codeOf(await anna.get(`/rain/sessions/${id}/krain`)), [409, 'no_market']);
  assert.deepEqual(codeOf(await anna.get('/rain/reconcile', { session: id })), [409, 'no_market']);
  const health = (await anna.get('/rain/krain')).body;
  assert.deepEqual([health.configured, health.circuit, health.heardAt], [false, null, null]);
  assert.equal((await anna.get(`/rain/sessions/${id}`)).status, 200);
});

test("the rain book is the house's: an agent's people are refused at every call, a staff key comes in", async () => {
  const id = await rig.ground.session();
  const people = [await rig.of('root'), await rig.of('a1', 'agent_staff')];
  for (const { method, path, operationId } of RAIN_BOOK) {
    const address = path.replace(':rainSessionId', String(id)).replace(/:\w+/g, '1');
    for (const who of people) {
      const answer = await who.call(method, address, method === 'GET' ? {} : { body: {} });
      assert.deepEqual(codeOf(answer), [403, 'forbidden'], operationId);
    }
  }
  const key = await rig.byKey('rita', 'read');
  assert.equal((await key('GET', `/rain/sessions/${id}`)).status, 200);
  assert.deepEqual(codeOf(await key('POST', `/rain/sessions/${id}/close`, {})), [403, 'forbidden']);
  const trader = await rig.byKey('tom', 'trader');
  assert.equal((await trader('POST', `/rain/sessions/${id}/close`, {})).body.session.status, 'CLOSE');
});
