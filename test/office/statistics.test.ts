/** Statistics over the API: whose figures, beside what, what agents earn of them, and as files. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addDays, type LocalDate, type TimeZone } from '../../src/core/book/calendar.ts';
import { HOUR_MS, hoursOf } from '../../src/core/office/statistics.ts';
import type { Sql } from '../../src/db/connect.ts';
import { SEED } from '../model/seed.ts';
import { type OfficeClient, type OfficeRig, openRig, TREE } from './rig.ts';
import { type Cast, castOf, closeAll, type Plain, plainly, play, randomFrom } from './statistics-ground.ts';

const FIRST = '2025-10-30' as LocalDate;
const LAST = addDays(FIRST, 5);
const SEOUL = { from: FIRST, to: LAST, zone: 'Asia/Seoul' };

let rig: OfficeRig;
let cast: Cast;
let house: OfficeClient;
before(async () => {
  rig = await openRig();
  cast = await castOf(
    rig.sql,
    TREE.map((branch) => rig.agents[branch].id),
    6,
  );
  house = await rig.house('read');
  const from = Date.parse(`${addDays(FIRST, -7)}T00:00:00Z`) / HOUR_MS;
  await happened(from, from + 15 * 24, 4000);
});
after(() => rig.close());

/** As if it had: what is in the store is folded anew, from the start. */
async function happened(from: number, to: number, count: number): Promise<void> {
  const { sql } = rig;
  await sql.begin(async (tx) => {
    await play(tx as unknown as Sql, cast, { random: randomFrom(SEED), from, to, count });
    await tx`truncate rollup_hour, rollup_player, rollup_closed, rollup_last`;
    await tx`update close_cursor set hour = '2000-01-01', day = '2000-01-01'`;
    await tx`update fold_cursor set at = '2000-01-01'`;
  });
  const deadline = Date.now() + 30_000;
  while ((await sql`select 1 from fold_cursor where at < '2001-01-01'`).length > 0)
    assert.ok(Date.now() < deadline, 'nothing is folded');
  await closeAll(sql);
}

const idOf = (branch: (typeof TREE)[number]) => rig.agents[branch].id;
const all = () => TREE.map(idOf);

async function told(client: OfficeClient, query: Readonly<Record<string, string | number>>) {
  const answer = await client.get('/statistics', query);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

/** As the API says it. */
function wireOf(plain: Plain | undefined) {
  const { bets = 0, betSum = 0n, wins = 0, winSum = 0n, cancels = 0, cancelSum = 0n } = plain ?? {};
  const { other = 0n, rounds = 0, players = 0 } = plain ?? {};
  const ggr = betSum - cancelSum - winSum + other;
  const stakes = Number(betSum - cancelSum);
  return {
    ...{ bets, betSum: String(betSum), wins, winSum: String(winSum), cancels, cancelSum: String(cancelSum) },
    ...{ other: String(other), ggr: String(ggr), rounds, players },
    hold: stakes <= 0 ? null : ((100 * Number(ggr)) / stakes).toFixed(2).replace(/^-0\.00$/, '0.00'),
  };
}

test('every way of telling them is what the ledger says', async (context) => {
  context.diagnostic(`SEED=${SEED}`);
  for (const zone of ['Asia/Seoul', 'Asia/Kolkata', 'America/New_York']) {
    for (const by of ['day', 'hour', 'vendor', 'game', 'agent'] as const) {
      const body = await told(house, { ...SEOUL, zone, by });
      const plain = await plainly(rig.sql, { ...SEOUL, zone, by, agents: all() });
      const keyOf = (row: { key: string }) =>
        by === 'hour' ? String(Date.parse(row.key) / HOUR_MS) : row.key;
      const rows = new Map(body.rows.map((row: { key: string; now: unknown }) => [keyOf(row), row.now]));
      for (const line of plain)
        assert.deepEqual(rows.get(line.key), wireOf(line), `${zone} ${by} ${line.key}`);
      assert.ok(body.rows.length >= plain.length && plain.length > 2);
      const [total] = await plainly(rig.sql, { ...SEOUL, zone, by: 'all', agents: all() });
      assert.deepEqual(body.totals, [{ currency: 'KRW', now: wireOf(total), before: null, share: null }]);
    }
  }
});

test('an agent is told of itself and those below it, which add up', async () => {
  const { rows } = await told(house, { ...SEOUL, by: 'agent' });
  const shown = new Map<string, { path: number[]; whole: { now: unknown } }>(
    rows.map((row: { name: string }) => [row.name, row]),
  );
  const nameOf = (branch: (typeof TREE)[number]) => rig.agents[branch].username;
  assert.deepEqual([...shown.keys()].toSorted(), TREE.map(nameOf).toSorted());
  assert.deepEqual(shown.get(nameOf('a1'))?.path, [idOf('root'), idOf('a'), idOf('a1')]);
  const below = { root: ['root', 'a', 'a1', 'b'], a: ['a', 'a1'], b: ['b'] } as const;
  for (const [branch, members] of Object.entries(below)) {
    const [plain] = await plainly(rig.sql, { ...SEOUL, by: 'all', agents: members.map(idOf) });
    const name = nameOf(branch as 'root');
    assert.deepEqual(shown.get(name)?.whole.now, wireOf(plain), name);
    const own = await told(await rig.of(branch as 'root'), { ...SEOUL, by: 'day' });
    assert.deepEqual(own.totals[0].now, wireOf(plain), `what ${name} itself is told`);
  }
  const people = await rig.of('a');
  const ofA = await told(people, { ...SEOUL, by: 'agent' });
  assert.deepEqual(
    ofA.rows.map(({ name, path }: { name: string; path: number[] }) => [name, path.length]),
    [
      [nameOf('a'), 1],
      [nameOf('a1'), 2],
    ],
  );
  for (const stranger of ['root', 'b', 'other'] as const) {
    const refused = await people.get('/statistics', { ...SEOUL, by: 'day', agent: idOf(stranger) });
    assert.deepEqual([refused.status, refused.body.code], [404, 'not_found']);
  }
  const [alone] = await plainly(rig.sql, { ...SEOUL, by: 'all', agents: [idOf('a')] });
  const only = await told(people, { ...SEOUL, by: 'day', agent: idOf('a'), below: 'no' });
  assert.deepEqual(only.totals[0].now, wireOf(alone));
});

test('filters: a vendor, a game, a currency', async () => {
  const vendor = await told(house, { ...SEOUL, by: 'game', vendor: 9002 });
  const plain = await plainly(rig.sql, { ...SEOUL, by: 'game', agents: all(), vendorId: 9002 });
  assert.deepEqual(
    vendor.rows.map(({ key }: { key: string }) => key).toSorted(),
    plain.map(({ key }) => key).toSorted(),
  );
  const game = await told(house, { ...SEOUL, by: 'agent', game: 9101 });
  const [total] = await plainly(rig.sql, { ...SEOUL, by: 'all', agents: all(), gameId: 9101 });
  assert.deepEqual(game.totals[0].now, wireOf(total));
  assert.deepEqual((await told(house, { ...SEOUL, by: 'day', currency: 'USD' })).rows, []);
});

test('beside another period: the days before, those of the year before, those from a day on', async () => {
  const period = { zone: 'Asia/Seoul', from: addDays(FIRST, 2), to: LAST };
  const before = { zone: 'Asia/Seoul', from: addDays(FIRST, -2), to: addDays(FIRST, 1) };
  for (const by of ['day', 'vendor', 'agent'] as const) {
    const both = await told(house, { ...period, by, compare: 'previous' });
    const then = await told(house, { ...before, by });
    assert.deepEqual([both.compared.from, both.compared.to], [before.from, before.to]);
    assert.deepEqual(both.totals[0].before, then.totals[0].now);
    const place = (rows: { key: string }[], key: string) =>
      by === 'day' ? rows.findIndex((row) => row.key === key) : key;
    const rows = new Map(
      then.rows.map((row: { key: string; now: unknown }) => [place(then.rows, row.key), row.now]),
    );
    assert.ok(both.rows.length > 2);
    for (const row of both.rows)
      assert.deepEqual(row.before, rows.get(place(both.rows, row.key)), `${by} ${row.key}`);
  }
  const sameDay = await told(house, { ...period, by: 'day', compare: before.from });
  assert.deepEqual(
    sameDay,
    await told(house, { ...period, by: 'day', compare: 'previous' }).then((body) => ({
      ...body,
      asOf: sameDay.asOf,
    })),
  );
  const year = await told(house, { ...period, by: 'day', compare: 'year' });
  assert.equal(year.compared.from, period.from.replace('2025', '2024'));
  assert.equal(year.totals[0].before.bets, 0);
});

interface Rate {
  readonly agent: (typeof TREE)[number];
  readonly vendor: number | null;
  readonly bps: number;
  readonly from: string;
}

test('shares: at the rate in force in each hour, own and with those below, rounded once a rate', async () => {
  const rates: Rate[] = [
    { agent: 'root', vendor: null, bps: 5000, from: '2025-01-01T00:00:00Z' },
    { agent: 'root', vendor: 9002, bps: 4321, from: '2025-11-01T05:00:00Z' },
    { agent: 'a', vendor: null, bps: 3333, from: '2025-01-01T00:00:00Z' },
    { agent: 'a', vendor: null, bps: 1234, from: '2025-11-02T13:00:00Z' },
    { agent: 'a1', vendor: 9001, bps: 777, from: '2025-10-31T20:00:00Z' },
  ];
  for (const { agent, vendor, bps, from } of rates)
    await rig.sql`insert into agent_rate (agent_id, vendor_id, bps, from_at, made_by) values (${idOf(agent)}, ${vendor}, ${bps}, ${from}, 'test')`;
  const members = { root: ['root', 'a', 'a1', 'b'], a: ['a', 'a1'], a1: ['a1'] } as const;
  const expected = async (earner: keyof typeof members, of: readonly (typeof TREE)[number][]) => {
    const sums = new Map<string, bigint>();
    for (const vendorId of [9001, 9002, 9003]) {
      const hours = await plainly(rig.sql, { ...SEOUL, by: 'hour', agents: of.map(idOf), vendorId });
      for (const { key, betSum, cancelSum, winSum, other } of hours) {
        const inForce = (vendor: number | null) =>
          rates.findLast(
            (rate) =>
              rate.agent === earner &&
              rate.vendor === vendor &&
              Date.parse(rate.from) <= Number(key) * HOUR_MS,
          );
        const bps = (inForce(vendorId) ?? inForce(null))?.bps;
        if (bps === undefined) continue;
        const name = `${vendorId} ${bps}`;
        sums.set(name, (sums.get(name) ?? 0n) + betSum - cancelSum - winSum + other);
      }
    }
    return [...sums]
      .reduce((sum, [name, ggr]) => sum + (ggr * BigInt(name.split(' ')[1] ?? 0)) / 10_000n, 0n)
      .toString();
  };
  const { rows, totals } = await told(house, { ...SEOUL, by: 'agent' });
  for (const earner of ['root', 'a', 'a1'] as const) {
    const row = rows.find(({ id }: { id: number }) => id === idOf(earner));
    assert.equal(row.share, await expected(earner, [earner]), earner);
    assert.equal(row.whole.share, await expected(earner, members[earner]), `${earner} with those below`);
  }
  assert.equal(rows.find(({ id }: { id: number }) => id === idOf('b')).share, null);
  assert.equal(totals[0].share, await expected('root', members.root), 'what the topmost earn');
  const ofA = await told(await rig.of('a'), { ...SEOUL, by: 'vendor' });
  assert.equal(ofA.totals[0].share, await expected('a', members.a));
  const parts = ofA.rows.reduce((sum: bigint, { share }: { share: string }) => sum + BigInt(share), 0n);
  assert.equal(String(parts), ofA.totals[0].share);
});

test('what cannot be told is refused by name', async () => {
  const table: [query: Record<string, string>, status: number, field: string | null][] = [
    [{ from: '2025-02-30' }, 422, 'from'],
    [{ to: '2025-10-29' }, 422, 'to'],
    [{ to: '2027-01-01' }, 422, 'to'],
    [{ by: 'hour', to: '2025-12-30' }, 422, 'to'],
    [{ zone: 'Mars/Olympus' }, 422, 'zone'],
    [{ by: 'player' }, 422, 'by'],
    [{ compare: '2025-13-01' }, 422, 'compare'],
    [{ agent: '999999999' }, 404, null],
    [{ game: '99999999999' }, 404, null],
    [{ year: '2025' }, 422, 'body'],
  ];
  for (const [given, status, field] of table) {
    for (const path of ['/statistics', '/statistics/export']) {
      const query = { ...SEOUL, by: 'day', ...(path.endsWith('export') ? { format: 'csv' } : {}), ...given };
      const answer = await house.get(path, query);
      assert.equal(answer.status, status, `${JSON.stringify(given)}: ${answer.text}`);
      if (field !== null) assert.ok(answer.body.fields[field], answer.text);
    }
  }
});

test('the same as a file', async () => {
  const { rows } = await told(house, { ...SEOUL, by: 'vendor' });
  const csv = await house.get('/statistics/export', { ...SEOUL, by: 'vendor', format: 'csv' });
  const [head = '', ...lines] = csv.text.replace('\ufeff', '').trim().split('\r\n');
  assert.match(
    head,
    /^Vendor,Currency,Bets,Stakes,Wins,Won,Cancels,Cancelled,Charges and adjustments,GGR,Hold %,Rounds,Players,/,
  );
  assert.deepEqual(
    lines.map((line) => line.split(',').slice(0, 13).join()),
    rows.map(({ name, currency, now }: { name: string; currency: string; now: Record<string, string> }) =>
      [
        ...[name, currency, now.bets, now.betSum, now.wins, now.winSum, now.cancels, now.cancelSum],
        ...[now.other, now.ggr, now.hold, now.rounds, now.players],
      ].join(),
    ),
  );
  assert.match(
    String(csv.headers.get('content-disposition')),
    /statistics-vendor-2025-10-30-2025-11-04\.csv/,
  );
  const some = await house.get('/statistics/export', {
    ...{ ...SEOUL, by: 'day', format: 'csv', columns: 'ggr,name' },
  });
  assert.match(some.text, /^GGR,Day\r\n-?\d+,2025-10-30\r\n/);
  const strange = await house.get('/statistics/export', {
    ...{ ...SEOUL, by: 'day', format: 'csv', columns: 'ggr,secret' },
  });
  assert.equal(strange.status, 422);
  const book = await house.get('/statistics/export', {
    ...SEOUL,
    by: 'agent',
    compare: 'previous',
    format: 'xlsx',
  });
  assert.ok(book.text.startsWith('PK'));
});

test('today, and yesterday until the same full hour', async () => {
  await rig.sql`update office_user set time_zone = 'Asia/Seoul' where name = ${house.person}`;
  const nowHour = Math.floor(Date.now() / HOUR_MS);
  await happened(nowHour - 50, nowHour, 2000);
  const { body } = await house.get('/statistics/today');
  const zone = 'Asia/Seoul' as TimeZone;
  const day = new Date(Date.parse(body.asOf) + 9 * HOUR_MS).toISOString().slice(0, 10) as LocalDate;
  const begin = hoursOf({ from: day, to: day, zone }).days[0] ?? 0;
  const until = Date.parse(body.comparedUntil) / HOUR_MS;
  assert.equal(until, Math.max(begin, Math.floor(Date.parse(body.asOf) / HOUR_MS)));
  const between = async (from: number, to: number) => {
    const days = { zone: 'UTC', from: '2020-01-01', to: '2999-01-01', agents: all() };
    const hours = await plainly(rig.sql, { ...days, by: 'hour' });
    return hours
      .filter(({ key }) => Number(key) >= from && Number(key) < to)
      .reduce((sum, { bets }) => sum + bets, 0);
  };
  const [krw] = body.currencies;
  assert.equal(krw?.todayUntil.bets ?? 0, await between(begin, until));
  assert.equal(krw?.yesterday.bets ?? 0, await between(begin - 24, until - 24));
  const zoned = await told(house, { from: day, to: day, by: 'day' });
  assert.equal(zoned.zone, 'Asia/Seoul', "the person's zone when none is named");
  if (zoned.rows.length > 0) assert.deepEqual(zoned.rows[0].now, krw.today);
  const people = await rig.of('b');
  await rig.sql`update office_user set time_zone = 'Asia/Seoul' where name = ${people.person}`;
  const strangers = await people.get('/statistics/today');
  assert.ok((strangers.body.currencies[0]?.yesterday.bets ?? 0) <= (krw?.yesterday.bets ?? 0), 'a part');
});
