/** What grows old: details are dropped after 14 days, transfers detached after the retention, answers stay. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, CODE } from '../../src/core/chart.ts';
import type { Answered } from '../../src/core/ledger-types.ts';
import { audit } from '../../src/db/audit.ts';
import type { Sql } from '../../src/db/connect.ts';
import { DETAIL_DAYS, detachOldTransfers, dropOldDetails, ensurePartitions } from '../../src/db/partition.ts';
import { foldTransfers } from '../../src/db/rollup.ts';
import { itemOf } from '../model/cast.ts';
import { funding } from '../model/steps.ts';
import { openStage, type Stage } from './stage.ts';

const DAY_MS = 86_400_000;
const daysFrom = (now: Date, days: number) => new Date(now.getTime() + days * DAY_MS);
const dayName = (date: Date) => date.toISOString().slice(0, 10).replaceAll('-', '');

async function onStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage({ lanes: 1 });
  try {
    await work(stage);
  } finally {
    await stage.close();
  }
}

async function assertHolds(sql: Sql): Promise<void> {
  assert.deepEqual(
    (await audit(sql)).checks.filter((check) => !check.ok),
    [],
  );
}

test('only details whose every row is older than 14 days are dropped', () =>
  onStage(async ({ sql }) => {
    // Noon, and the last millisecond of a day: a partition is a whole day.
    for (const time of ['12:00:00.000', '23:59:59.999', '00:00:00.000']) {
      const now = new Date(`2025-06-20T${time}Z`);
      for (const days of [-30, -22, -15, -7]) await ensurePartitions(sql, daysFrom(now, days));
      const dropped = await dropOldDetails(sql, now);
      const cut = dayName(daysFrom(now, -DETAIL_DAYS));
      assert.equal(dropped.at(-1), dayName(daysFrom(now, -DETAIL_DAYS - 1)));
      assert.ok(dropped.length > 10 && dropped.every((day) => day < cut));
      const left =
        await sql`select min(substring(relname from '[0-9]{8}$')) as day from pg_class where relname ~ '^transfer_detail_[0-9]{8}$'`;
      assert.equal(left[0]?.day, cut);
      assert.deepEqual(await dropOldDetails(sql, now), []);
      const transfers = await sql`select 1 from pg_inherits where inhparent = 'transfer'::regclass`;
      assert.ok(transfers.length > dropped.length, 'transfers stay');
    }
  }));

test('making partitions again changes nothing', () =>
  onStage(async ({ sql }) => {
    const now = new Date();
    const count = async () =>
      (
        await sql`select 1 from pg_inherits where inhparent in ('transfer'::regclass, 'transfer_detail'::regclass)`
      ).length;
    const before = await count();
    await Promise.all([ensurePartitions(sql, now), ensurePartitions(sql, now)]);
    assert.equal(await count(), before);
    await ensurePartitions(sql, daysFrom(now, 1));
    assert.equal(await count(), before + 2);
  }));

/** A root agent was given POT this long ago, when its world was young. */
async function giveLongAgo(stage: Stage, date: Date): Promise<void> {
  const { sql, cast } = stage;
  await ensurePartitions(sql, date);
  const [agent] = cast.agents;
  await sql`insert into transfer (id, at, agent_id, code, debit_account, credit_account, amount, credit_before)
    values (2999999001, ${date.toISOString()}, ${agent!.id}, ${CODE.potGive}, ${cast.outside.KRW}, ${agent!.potId}, 777, 0)`;
  await sql`update account set balance = 777 where id = ${agent!.potId}`;
}

test('a detached day leaves every balance and every sum as it was', () =>
  onStage(async (stage) => {
    const { sql, cast, writer } = stage;
    const now = new Date();
    const old = daysFrom(now, -400);
    await giveLongAgo(stage, old);
    assert.deepEqual(await detachOldTransfers(sql, now, 365), [], 'not before it is folded');
    await writer.submitAll(funding(cast));
    await foldTransfers(sql);
    await assertHolds(sql);
    const balances = () => sql`select id, balance, reserved from account order by id`;
    const before = await balances();
    const detached = await detachOldTransfers(sql, now, 365);
    assert.ok(detached.includes(dayName(old)) && !detached.includes(dayName(daysFrom(now, -365))));
    assert.deepEqual([...(await balances())], [...before]);
    await assertHolds(sql);
    const archive = await sql.unsafe(`select amount from transfer_${dayName(old)}`);
    assert.deepEqual(
      archive.map(({ amount }) => amount),
      [777n],
      'the day’s table stays for the archive',
    );
    const archived = await sql`select kind, archived from account where archived <> 0 order by kind`;
    assert.deepEqual(
      archived.map((row) => [row.kind, row.archived]),
      [
        [ACCOUNT.pot, 777n],
        [ACCOUNT.outside, -777n],
      ],
    );
    await writer.submitAll(funding(cast));
    await foldTransfers(sql);
    await assertHolds(sql);
    await sql`update account set archived = archived + 1 where kind = ${ACCOUNT.outside} and currency = 'KRW'`;
    assert.equal((await audit(sql)).ok, false, 'the archived sum is part of the proof');
  }));

test('an id answers the same after its row has left: nothing moves twice', () =>
  onStage(async (stage) => {
    const { sql, cast, writer } = stage;
    await writer.submitAll(funding(cast));
    const [player] = cast.players;
    const say = { player: player!, game: cast.games[0]!, round: 'r1', amount: 100n, detail: '{"a":1}' };
    const bet = itemOf(cast.studioId, { ...say, id: 'b1', type: 'bet' });
    const cancel = itemOf(cast.studioId, { ...say, id: 'c1', type: 'cancel', amount: null, reference: 'b1' });
    const first = (await writer.submitAll([bet, cancel])) as Answered[];
    await sql`insert into transfer_detail select ${first[1]!.answer.transactionId}, at, '{}' from transfer limit 1 on conflict do nothing`;
    await foldTransfers(sql);
    // Tomorrow has come, and the loops have cleared everything up to it.
    await sql`update fold_cursor set at = at + interval '1 day'`;
    const later = daysFrom(new Date(), 40);
    const gone = [await dropOldDetails(sql, later), await detachOldTransfers(sql, later, 30)];
    assert.ok(gone.every((days) => days.includes(dayName(new Date()))));
    const [left] = await sql`select count(*)::int as count from transfer`;
    assert.equal(left?.count, 0);
    const again = (await writer.submitAll([bet, cancel])) as Answered[];
    assert.deepEqual(
      again,
      first.map((outcome) => ({ ...outcome, replayed: true })),
    );
    const other = { ...cancel, content: 'other' };
    assert.equal(((await writer.submit(other)) as Answered).answer.code, 'id_reused');
    await assertHolds(sql);
  }));
