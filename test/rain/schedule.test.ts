/** The schedule on a real database: days ahead, opening, closing, ending, two nodes at once, changed calendars. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Instant, trusted } from '../../src/core/ids.ts';
import { connect } from '../../src/db/connect.ts';
import { actOnSession, listSessions, markSettled, type RainSession } from '../../src/db/rain-session.ts';
import { keepSessions, regenerateSessions } from '../../src/rain/schedule.ts';
import { type Ground, HOUR_MS, MINUTE_MS, openGround } from './sessions.ts';

let ground: Ground;
before(async () => {
  ground = await openGround();
});
after(() => ground.close());

/** 21 November 2026, 10:00 in Kolkata. */
const MORNING = trusted<Instant>(Date.parse('2026-11-21T04:30:00Z'));
const later = (ms: number, from: Instant = MORNING) => trusted<Instant>(from + ms);

async function emptied(): Promise<Ground> {
  const { sql } = ground;
  await sql`truncate rain_session, rain_finding, rain_quote, rain_hour, book_position, book_bet, audit_log`;
  await sql`update rain_site set opens_before_ms = 86400000, closes_before_ms = 0, enabled = name <> 'MPS', time_zone = 'Asia/Kolkata',
    calendar = '[{"type":"NOON","from":"06:00","to":"18:00"},{"type":"NIGHT","from":"18:00","to":"06:00"}]'`;
  return ground;
}
const all = () => listSessions(ground.sql, {}, { limit: 1000 });
const shown = (sessions: readonly RainSession[]) =>
  sessions.map(({ site, gameDate, type, status }) => `${site} ${gameDate} ${type} ${status}`);

test('sessions of today and two days after it are there, once; what is over already is not made', async () => {
  const { sql } = await emptied();
  const kept = await keepSessions(sql, MORNING);
  assert.deepEqual(kept.broken, []);
  assert.equal(kept.added, 10);
  // Noon of today has begun, so nobody could bet in it.
  assert.deepEqual(
    shown(await all()).filter((line) => line.startsWith('CPS ')),
    [
      'CPS 2026-11-21 NIGHT OPEN',
      'CPS 2026-11-22 NOON OPEN',
      'CPS 2026-11-22 NIGHT READY',
      'CPS 2026-11-23 NOON READY',
      'CPS 2026-11-23 NIGHT READY',
    ],
  );
  const again = await keepSessions(sql, MORNING);
  assert.deepEqual([again.added, again.opened, again.closed, again.ended], [0, 0, 0, 0]);
  const tomorrow = await keepSessions(sql, later(24 * HOUR_MS));
  assert.equal(tomorrow.added, 4);
});

test('a session opens, closes and ends at its instants, told by how long to rest', async () => {
  const { sql } = await emptied();
  const [first] = await keepSessions(sql, MORNING).then(all);
  const { id, closesAt, endsAt } = first!;
  const beforeIt = await keepSessions(sql, later(-1, closesAt));
  assert.equal((await ground.look(id)).status, 'OPEN');
  assert.ok(beforeIt.restMs > 1 && beforeIt.restMs < 20, `${beforeIt.restMs}`);
  const closing = await keepSessions(sql, closesAt);
  assert.equal(closing.closed, 2);
  assert.deepEqual([(await ground.look(id)).status, (await ground.look(id)).market], ['CLOSE', 'CLOSE']);
  await keepSessions(sql, later(-1, endsAt));
  assert.equal((await ground.look(id)).status, 'CLOSE');
  await keepSessions(sql, endsAt);
  assert.equal((await ground.look(id)).status, 'UNSETTLED');
});

test('the market opens with odds that are good, and waits for them else', async () => {
  const { sql } = await emptied();
  await keepSessions(sql, MORNING);
  await sql`update rain_session set status = 'READY', market = 'CLOSE', odds_rain = 2000, odds_dry = 1800, krain_rain = 2100, krain_dry = 1900, quote = 1,
    quote_until = case when site = 'CPS' then ${new Date(later(1000))} else ${new Date(MORNING)} end`;
  assert.equal((await keepSessions(sql, MORNING)).opened, 4);
  const markets = (await all())
    .filter(({ status }) => status === 'OPEN')
    .map(({ site, market }) => `${site} ${market}`);
  assert.deepEqual(new Set(markets), new Set(['CPS OPEN', 'CPS2 SUSPEND']));
});

test('suspended sessions close too; what was missed altogether never opens and ends at once', async () => {
  const { sql } = await emptied();
  await keepSessions(sql, MORNING);
  await sql`update rain_session set status = 'SUSPEND' where status = 'OPEN'`;
  // The night of the third day has just ended.
  const muchLater = await keepSessions(sql, later(72 * HOUR_MS));
  assert.equal(muchLater.opened, 4);
  assert.deepEqual([muchLater.closed, muchLater.ended], [10, 10]);
  assert.equal((await keepSessions(sql, later(72 * HOUR_MS))).closed, 0);
});

test('two nodes at once do everything once', async () => {
  const { sql } = await emptied();
  const other = connect(ground.url, { max: 4, name: 'other node' });
  try {
    let [added, changes] = [0, 0];
    for (let hour = 0; hour <= 48; hour += 6) {
      const now = later(hour * HOUR_MS);
      for (const kept of await Promise.all([sql, other, sql, other].map((node) => keepSessions(node, now)))) {
        added += kept.added;
        changes += kept.opened + kept.closed + kept.ended;
      }
    }
    const sessions = await all();
    const names = sessions.map(({ site, gameDate, type }) => `${site} ${gameDate} ${type}`);
    assert.equal(new Set(names).size, names.length);
    const now = later(48 * HOUR_MS);
    assert.equal(added, sessions.length);
    const steps = { READY: 0, OPEN: 1, CLOSE: 2, UNSETTLED: 3 } as Readonly<Record<string, number>>;
    assert.equal(
      changes,
      sessions.reduce((sum, { status }) => sum + (steps[status] ?? 0), 0),
    );
    for (const { status, opensAt, closesAt, endsAt, id } of sessions) {
      const due = now >= endsAt ? 'UNSETTLED' : now >= closesAt ? 'CLOSE' : now >= opensAt ? 'OPEN' : 'READY';
      assert.equal(status, due, `${id}`);
    }
  } finally {
    await other.end();
  }
});

test('a site whose row is wrong has no sessions and is named; the others have theirs', async () => {
  const { sql } = await emptied();
  await sql`update rain_site set calendar = '[{"type":"NOON","from":"25:00"}]' where name = 'CPS'`;
  const kept = await keepSessions(sql, MORNING);
  assert.deepEqual(kept.broken, [{ site: 'CPS', code: 'bad_time', where: '0: from "25:00"' }]);
  assert.deepEqual(new Set((await all()).map(({ site }) => site)), new Set(['CPS2']));
});

test('sessions are made in every currency that is sold, and far enough ahead for an early opening', async () => {
  const { sql } = await emptied();
  await sql`update book_vendor_type set enabled = true where name = 'CPS_HKD'`;
  await sql`update rain_site set opens_before_ms = ${5 * 24 * HOUR_MS} where name = 'CPS2'`;
  await keepSessions(sql, MORNING);
  const sessions = await all();
  assert.equal(sessions.filter(({ currency }) => currency === 'HKD').length, 5);
  assert.equal(sessions.filter(({ site, status }) => site === 'CPS2' && status === 'READY').length, 3);
  assert.equal(sessions.findLast(({ site }) => site === 'CPS2')?.gameDate, '2026-11-27');
  await sql`update book_vendor_type set enabled = false where name = 'CPS_HKD'`;
});

test('a changed calendar makes only untouched sessions again', async () => {
  const { sql } = await emptied();
  const now = await ground.now();
  await keepSessions(sql, now);
  const before = (await all()).filter(({ site }) => site === 'CPS');
  const ready = before.filter(({ status }) => status === 'READY');
  const [bet] = ready;
  await ground.position(bet!.id, 0);
  await sql`update rain_site set calendar = '[{"type":"NOON","from":"07:00","to":"19:00"},{"type":"NIGHT","from":"19:00","to":"07:00"}]' where name = 'CPS'`;
  const done = await regenerateSessions(sql, 'CPS', { by: 'anna' });
  assert.ok(done.ok);
  assert.equal(done.removed, ready.length - 1);
  // One more, at an hour of the day at which the former night has begun and the new one has not.
  assert.ok(done.added === done.removed || done.added === done.removed + 1, `${done.added}`);
  const after = (await all()).filter(({ site }) => site === 'CPS');
  const hourOf = ({ startsAt }: RainSession) => new Date(startsAt + 5.5 * HOUR_MS).getUTCHours();
  const kept = after.filter(({ id }) => before.some((each) => each.id === id));
  assert.ok(kept.every((session) => hourOf(session) === 6 || hourOf(session) === 18));
  assert.ok(kept.some(({ id }) => id === bet!.id));
  const made = after.filter(({ id }) => !before.some((each) => each.id === id));
  assert.ok(made.length > 0 && made.every((session) => hourOf(session) === 7 || hourOf(session) === 19));
  assert.deepEqual(await ground.sql`select actor, action, subject from audit_log`.then((rows) => [...rows]), [
    { actor: 'anna', action: 'rain.regenerate', subject: 'rain site CPS' },
  ]);
  assert.deepEqual(await regenerateSessions(sql, 'NOWHERE', { by: 'anna' }), {
    ok: false,
    code: 'unknown_site',
    where: 'NOWHERE',
  });
});

test('lists: filters and pages that meet every session once', async () => {
  const { sql } = await emptied();
  await keepSessions(sql, MORNING);
  const everything = await all();
  const seen: RainSession[] = [];
  for (let last: RainSession | null = null; ; ) {
    const page: RainSession[] = await listSessions(sql, {}, { after: last, limit: 3 });
    if (page.length === 0) break;
    seen.push(...page);
    last = page.at(-1) ?? null;
  }
  assert.deepEqual(seen, everything);
  const some = await listSessions(
    sql,
    {
      site: 'CPS',
      currency: 'USD',
      from: everything[0]!.gameDate,
      to: everything[0]!.gameDate,
      statuses: ['OPEN'],
    },
    { limit: 10 },
  );
  assert.deepEqual(shown(some), ['CPS 2026-11-21 NIGHT OPEN']);
});

test('staff: acts, their refusals and their lines', async () => {
  const { sql } = await emptied();
  const id = await ground.session();
  const act = async (kind: 'suspend' | 'resume' | 'close_early' | 'end' | 'open') => {
    const outcome = await actOnSession(sql, id, { act: { kind }, by: 'anna', reason: 'rain on the line' });
    return outcome.ok ? `${outcome.session.status} ${outcome.session.market}` : outcome.code;
  };
  assert.equal(await act('suspend'), 'SUSPEND SUSPEND');
  assert.equal(await act('suspend'), 'already');
  await sql`update rain_session set quote_until = now() + interval '1 minute', odds_rain = 2000, odds_dry = 2000, krain_rain = 2000, krain_dry = 2000, quote = 1 where id = ${id}`;
  assert.equal(await act('resume'), 'OPEN OPEN');
  assert.equal(await act('end'), 'wrong_status');
  assert.equal(await act('close_early'), 'CLOSE CLOSE');
  assert.equal(await act('end'), 'too_early');
  assert.deepEqual(await ground.lines(id), [
    'anna rain.suspend',
    'anna rain.resume',
    'anna rain.close_early',
  ]);
  const unknown = await actOnSession(sql, trusted(1), { act: { kind: 'suspend' }, by: 'anna' });
  assert.deepEqual(unknown, { ok: false, code: 'unknown_session', session: null });
  const late = await ground.session({ closes: -MINUTE_MS, ends: HOUR_MS });
  const outcome = await actOnSession(sql, late, { act: { kind: 'suspend' }, by: 'anna' });
  assert.equal(outcome.ok ? 'ok' : outcome.code, 'too_late');
});

test('settled: once every position is posted under the result as it is', async () => {
  const { sql } = await emptied();
  const id = await ground.session();
  await sql`update rain_session set status = 'UNSETTLED', result = 'RAIN', version = 2 where id = ${id}`;
  const settle = async (version: number) => {
    const outcome = await markSettled(sql, id, { version, by: 'settlement' });
    return outcome.ok ? outcome.session.status : outcome.code;
  };
  await ground.position(id, 1);
  await ground.position(id, 2);
  assert.equal(await settle(2), 'positions_left');
  assert.equal(await settle(1), 'other_version');
  await sql`update book_position set version = 2 where session_id = ${id}`;
  assert.equal(await settle(2), 'SETTLED');
  assert.equal(await settle(2), 'wrong_status');
  assert.deepEqual(await ground.lines(id), ['settlement rain.settled']);
});
