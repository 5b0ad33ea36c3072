/** The staff API: whose key may what, results by two persons, and a line in the audit trail for every act. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RAIN_ACTS } from '../../src/core/book/rain-acts.ts';
import type { RainSessionId } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { findSite, type SiteChange } from '../../src/db/rain-site.ts';
import type { StaffRole } from '../../src/db/staff-key.ts';
import { OfficeError } from '../../src/office.ts';
import { createStaffKey, endStaffKey } from '../../src/staff/keys.ts';
import { personOf } from '../../src/staff/person.ts';
import { changeSite } from '../../src/staff/sites.ts';
import { type BookGround, openBook } from '../kbook/rig.ts';
import { openWorld, type World } from '../world.ts';

const TIMEOUT_MS = 60_000;

let world: World;
let ground: BookGround;
const keys = new Map<string, string>();

before(async () => {
  world = await openWorld();
  ground = openBook(world);
  for (const [name, role] of [
    ['olga', 'owner'],
    ['anna', 'trader'],
    ['ben', 'trader'],
    ['rita', 'read'],
  ] as const)
    keys.set(name, (await key(name, role)).key);
});
after(() => world.close());

const key = (name: string, role: StaffRole) => createStaffKey(world.hub.sql, { name, role, actor: 'test' });

interface Said {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  readonly body: any;
}

async function ask(who: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Said> {
  const response = await fetch(`${world.url}/staff/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${keys.get(who) ?? who}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, body: await response.json() };
}
const act = (who: string, id: RainSessionId, kind: string, body: unknown = {}) =>
  ask(who, 'POST', `/rain/sessions/${id}/${kind}`, body);
const codeOf = ({ status, body }: Said) => [status, body.code];

/** A session whose hours are over, with a bet on rain of 500 that stands. */
async function overSession() {
  const id = await ground.session();
  const player = await (await ground.operator()).player({ credit: 1000 });
  await ground.bet(player, { session: id, type: 'RAIN', stake: 50_000n });
  await world.hub
    .sql`update rain_session set status = 'UNSETTLED', market = 'CLOSE', opens_at = now() - interval '4 hours',
    closes_at = now() - interval '3 hours', starts_at = now() - interval '3 hours', ends_at = now() - interval '1 hour' where id = ${id}`;
  return { id, player };
}

async function trail(id: RainSessionId) {
  const rows = await world.hub.sql`select actor, action, detail ->> 'refused' as refused from audit_log
    where subject = ${`rain session ${id}`} order by id`;
  return rows.map((row) => [row.actor, row.action, ...(row.refused === null ? [] : [row.refused])]);
}

async function balance(accountId: number): Promise<number> {
  const [row] = await world.hub.sql`select balance::int from account where id = ${accountId}`;
  return row?.balance;
}

test('no key, a foreign key, a revoked key, a call there is not', async () => {
  const response = await fetch(`${world.url}/staff/v1/rain/sessions`);
  assert.equal(response.status, 401);
  assert.deepEqual(codeOf(await ask('nobody', 'GET', '/rain/sessions')), [401, 'unauthenticated']);
  const made = await key('carl', 'owner');
  keys.set('carl', made.key);
  assert.equal((await ask('carl', 'GET', '/rain/sessions')).status, 200);
  await endStaffKey(world.hub.sql, { id: made.id, actor: 'test' });
  assert.deepEqual(codeOf(await ask('carl', 'GET', '/rain/sessions')), [401, 'unauthenticated']);
  assert.equal(await endStaffKey(world.hub.sql, { id: made.id, actor: 'test' }), null);
  assert.deepEqual(codeOf(await ask('anna', 'GET', '/rain/nothing')), [404, 'not_found']);
  const stored = await world.hub.sql`select hash, hint from staff_key`;
  for (const secret of keys.values())
    assert.ok(stored.every((row) => !row.hash.includes(Buffer.from(secret)) && row.hint.length === 6));
});

test('roles: who reads does not act, who trades makes no operators', async () => {
  const id = await ground.session();
  for (const kind of RAIN_ACTS)
    assert.deepEqual(codeOf(await act('rita', id, kind)), [403, 'forbidden'], kind);
  assert.deepEqual(codeOf(await ask('rita', 'POST', '/book/operators', { name: 'x1' })), [403, 'forbidden']);
  assert.deepEqual(codeOf(await ask('anna', 'POST', '/book/operators', { name: 'x2' })), [403, 'forbidden']);
  for (const path of ['/rain/sessions', `/rain/sessions/${id}`, '/book/exposure', '/book/operators'])
    assert.equal((await ask('rita', 'GET', path)).status, 200, path);
  const [row] = await world.hub.sql`select status from rain_session where id = ${id}`;
  assert.equal(row?.status, 'OPEN');
  assert.deepEqual(await trail(id), []);
});

test('suspend, resume, close: each once, each with its line, the refused too', async () => {
  const id = await ground.session();
  const suspended = await act('anna', id, 'suspend', { reason: 'a storm on the radar' });
  assert.deepEqual(
    [suspended.status, suspended.body.session.status, suspended.body.session.market, suspended.body.counts],
    [200, 'SUSPEND', 'SUSPEND', null],
  );
  assert.deepEqual(codeOf(await act('ben', id, 'suspend')), [409, 'already']);
  const resumed = await act('ben', id, 'resume');
  assert.deepEqual([resumed.body.session.status, resumed.body.session.market], ['OPEN', 'OPEN']);
  assert.equal((await act('anna', id, 'close')).body.session.status, 'CLOSE');
  assert.deepEqual(codeOf(await act('anna', id, 'open')), [409, 'wrong_status']);
  assert.deepEqual(await trail(id), [
    ['anna', 'rain.suspend'],
    ['ben', 'rain.suspend', 'already'],
    ['ben', 'rain.resume'],
    ['anna', 'rain.close_early'],
    ['anna', 'rain.open', 'wrong_status'],
  ]);
});

test('a result takes two persons, and is settled; so does its correction, and calling the session off', async () => {
  const { id, player } = await overSession();
  assert.deepEqual(codeOf(await act('anna', id, 'result')), [400, 'result_needed']);
  assert.deepEqual(codeOf(await act('anna', id, 'confirm')), [409, 'nothing_to_confirm']);
  const said = await act('anna', id, 'result', { result: 'RAIN', rainMm: 3.2 });
  assert.deepEqual([said.status, said.body.counts, said.body.session.result], [200, false, 'NOT_AVAILABLE']);
  assert.deepEqual(codeOf(await act('anna', id, 'confirm')), [409, 'same_person']);
  assert.deepEqual(codeOf(await act('ben', id, 'confirm', { result: 'NO_RAIN' })), [409, 'other_result']);
  assert.deepEqual(codeOf(await act('ben', id, 'settle')), [409, 'no_result']);
  const confirmed = await act('ben', id, 'confirm', { result: 'RAIN' });
  assert.deepEqual([confirmed.body.counts, confirmed.body.session.result], [true, 'RAIN']);
  const settled = await act('anna', id, 'settle');
  assert.deepEqual(settled.body.progress, { positions: 1, due: 0, pending: 0 });
  assert.equal(settled.body.session.status, 'SETTLED');
  assert.equal(await balance(player.accountId), 150_000);
  assert.equal((await act('anna', id, 'settle')).status, 200, 'again: nothing is left to do');
  assert.deepEqual(codeOf(await act('anna', id, 'result', { result: 'NO_RAIN' })), [409, 'has_result']);
  assert.deepEqual(codeOf(await act('anna', id, 'resettle', { result: 'NO_RAIN' })), [400, 'reason_needed']);
  const correction = { result: 'NO_RAIN', reason: 'the station was read wrongly' };
  assert.equal((await act('anna', id, 'resettle', correction)).body.counts, false);
  assert.equal(await balance(player.accountId), 150_000, 'one person moves no money');
  assert.equal((await act('ben', id, 'confirm')).body.session.version, 2);
  await act('ben', id, 'settle');
  assert.equal(await balance(player.accountId), 50_000);
  assert.deepEqual(codeOf(await act('ben', id, 'void')), [400, 'reason_needed']);
  assert.equal((await act('ben', id, 'void', { reason: 'no rain gauge' })).body.counts, false);
  assert.equal((await act('olga', id, 'confirm')).body.session.result, 'VOID');
  await act('ben', id, 'settle');
  const shown = await ask('rita', 'GET', `/rain/sessions/${id}`);
  assert.deepEqual([shown.body.session.status, shown.body.session.version], ['VOID', 3]);
  assert.deepEqual(
    shown.body.findings.map((each: { by: string; round: number; result: string }) => [
      each.round,
      each.by,
      each.result,
    ]),
    [
      [1, 'anna', 'RAIN'],
      [1, 'ben', 'RAIN'],
      [2, 'anna', 'NO_RAIN'],
      [2, 'ben', 'NO_RAIN'],
      [3, 'ben', 'VOID'],
      [3, 'olga', 'VOID'],
    ],
  );
  assert.equal(await balance(player.accountId), 100_000);
  const lines = (await trail(id))
    .filter(([actor]) => actor !== 'settlement')
    .map(([actor, action]) => `${actor} ${action}`);
  for (const line of [
    'anna rain.finding',
    'ben rain.result',
    'ben rain.correct',
    'olga rain.void',
    'anna rain.settle',
  ])
    assert.ok(lines.includes(line), `${line} in ${lines}`);
  const report = await audit(world.hub.sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
});

test('a second key of the same person is the same person', async () => {
  const { id } = await overSession();
  keys.set('anna again', (await key(personOf('  ANNA ') ?? '', 'owner')).key);
  assert.equal((await act('anna', id, 'result', { result: 'RAIN' })).body.counts, false);
  assert.deepEqual(codeOf(await act('anna again', id, 'confirm')), [409, 'same_person']);
  assert.equal((await act('anna again', id, 'result', { result: 'RAIN' })).body.counts, false);
});

test('before its hours are over no result is taken, but it can be called off', async () => {
  const id = await ground.session();
  assert.deepEqual(codeOf(await act('anna', id, 'result', { result: 'RAIN' })), [409, 'too_early']);
  await act('anna', id, 'void', { reason: 'the station is down' });
  assert.equal((await act('ben', id, 'confirm')).body.session.status, 'UNSETTLED');
});

test('unknown ids, and bodies that are none', async () => {
  const id = await ground.session();
  for (const strange of ['999999999', '0', '12345678901234567890', 'x', '-1', '%00'])
    assert.equal((await ask('anna', 'POST', `/rain/sessions/${strange}/suspend`, {})).status, 404, strange);
  assert.deepEqual(codeOf(await ask('anna', 'GET', '/rain/sessions/999999999')), [404, 'unknown_session']);
  const bodies = [
    '{',
    '[]',
    '"RAIN"',
    { result: 'SNOW' },
    { reason: 7 },
    { rainMm: -1 },
    { reason: 'x'.repeat(501) },
  ];
  for (const body of bodies)
    assert.deepEqual(
      codeOf(await act('anna', id, 'suspend', body)),
      [400, 'invalid_request'],
      JSON.stringify(body),
    );
  for (const query of ['?from=yesterday', '?to=2026-02-30', '?status=SLEEPING'])
    assert.deepEqual(
      codeOf(await ask('anna', 'GET', `/rain/sessions${query}`)),
      [400, 'invalid_request'],
      query,
    );
  const big = { reason: 'x'.repeat(2_000_000) };
  assert.deepEqual(codeOf(await act('anna', id, 'suspend', big)), [413, 'too_large']);
});

test('sessions by day, site and status', async () => {
  const id = await ground.session({ gameDate: '2019-05-05', type: 'NIGHT', site: 'CPS2' });
  const found = await ask(
    'rita',
    'GET',
    '/rain/sessions?site=CPS2&from=2019-05-05&to=2019-05-05&status=open,close',
  );
  assert.deepEqual([found.status, found.body.more, found.body.sessions.length], [200, false, 1]);
  const [session] = found.body.sessions;
  assert.deepEqual([session.id, session.odds.rain, session.odds.noRain], [Number(id), 2, 49]);
  assert.deepEqual(
    (await ask('rita', 'GET', '/rain/sessions?from=2019-05-06&to=2019-05-06')).body.sessions,
    [],
  );
});

test('exposure: what the book may lose, and how much of its limit that is', async () => {
  const id = await ground.session({ gameDate: '2018-01-01' });
  const player = await (await ground.operator()).player({ credit: 5000 });
  await ground.bet(player, { session: id, type: 'RAIN', stake: 100_000n });
  const { body } = await ask('rita', 'GET', '/book/exposure');
  const row = body.sessions.find((each: { id: number }) => each.id === Number(id));
  assert.deepEqual(
    row.pool,
    { rain: '-30000', noRain: '30000' },
    'of 1000 the book keeps three tenths, at 2.0',
  );
  assert.deepEqual(row.krain, { rain: '70000', noRain: '-70000' });
  assert.deepEqual(row.playersNet, { rain: '100000', noRain: '-100000' });
  assert.deepEqual(
    [row.worst, row.poolMax, row.usedPercent, row.players, row.bets],
    ['30000', '2000000', 1.5, 1, 1],
  );
});

test('operators: made once, shown without their code, changed by their id', async () => {
  const made = await ask('olga', 'POST', '/book/operators', {
    name: 'lucky site',
    allowedIps: ['10.0.0.0/8'],
  });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  assert.match(made.body.certCode, /^[\w-]{40}$/);
  assert.deepEqual(codeOf(await ask('olga', 'POST', '/book/operators', { name: 'lucky site' })), [
    409,
    'refused',
  ]);
  const changed = await ask('olga', 'POST', `/book/operators/${made.body.id}`, {
    timeZone: 'Asia/Seoul',
    enabled: false,
  });
  assert.deepEqual(
    [changed.body.timeZone, changed.body.enabled, changed.body.allowedIps],
    ['Asia/Seoul', false, ['10.0.0.0/8']],
  );
  assert.deepEqual(codeOf(await ask('olga', 'POST', '/book/operators/1', { enabled: true })), [
    404,
    'unknown_operator',
  ]);
  const bad = await ask('olga', 'POST', `/book/operators/${made.body.id}`, { allowedIps: ['intranet'] });
  assert.match(bad.body.message, /intranet/);
  const { body } = await ask('rita', 'GET', '/book/operators');
  assert.ok(!JSON.stringify(body).includes(made.body.certCode));
  const rows = await world.hub.sql`select actor from audit_log where subject = 'lucky site' order by id`;
  assert.deepEqual(
    rows.map((row) => row.actor),
    ['olga', 'olga'],
  );
});

test('without K-Rain there is nothing to reconcile with', async () => {
  assert.deepEqual(codeOf(await ask('rita', 'GET', '/book/reconcile')), [409, 'no_market']);
});

test('a site is changed as a whole or not at all', async () => {
  const { sql } = world.hub;
  const before = await findSite(sql, 'CPS2');
  const calendar = [{ type: 'TEA' }];
  const refused: [change: SiteChange, says: RegExp][] = [
    [{ marginBps: 5001 }, /marginBps/],
    [{ marginBps: 1.5 }, /marginBps/],
    [{ ownBps: 100, ownMinBps: 200 }, /ownMinBps/],
    [{ ownMinBps: 9999 }, /ownMinBps/],
    [{ timeZone: 'Asia/Atlantis' }, /no such time zone/],
    [{ calendar }, /MORNING, AFTERNOON, NOON or NIGHT/],
    [{ calendar: [] }, /has no session/],
    [{ latitude: 91 }, /latitude/],
    [{ thresholdMm: 0 }, /thresholdMm/],
    [{ oddsValidMs: 500 }, /oddsValidMs/],
    [{ poolMax: -1n }, /poolMax/],
    [{ closesBeforeMs: 2_000 * 60_000 }, /betting opens before it closes/],
  ];
  for (const [change, says] of refused) {
    const wish = { change: { ...change, station: 'elsewhere' }, by: 'olga' };
    await assert.rejects(
      changeSite(sql, 'CPS2', wish),
      (error) => error instanceof OfficeError && says.test(error.message),
    );
  }
  assert.deepEqual(await findSite(sql, 'CPS2'), before);
  await assert.rejects(changeSite(sql, 'XYZ', { change: { automatic: true }, by: 'olga' }), /no such site/);
});

test('names of persons', () => {
  const table: [text: string, name: string | null][] = [
    ['Anna', 'anna'],
    ['  Anna   Kim ', 'anna kim'],
    ['ａｎｎａ', 'anna'],
    ['박지민', '박지민'],
    ['weather', null],
    ['Weather ', null],
    ['', null],
    ['-x', null],
    ['a\nb', 'a b'],
    ['a\u0000b', null],
    ['x'.repeat(65), null],
  ];
  for (const [text, name] of table) assert.equal(personOf(text), name, JSON.stringify(text));
});
