/** What operators read of their players' bets: the contract's fields, time windows, cuts at whole milliseconds, sums. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BET_STATUSES, type BetStatus } from '../../src/core/book/types.ts';
import { type BetId, type Instant, type RainSessionId, trusted } from '../../src/core/ids.ts';
import { readBookFeed } from '../../src/db/book-feed.ts';
import { connect } from '../../src/db/connect.ts';
import { openWorld, type World } from '../world.ts';
import { type BookGround, type BookOperatorClient, openBook, type TestPlayer } from './rig.ts';

let world: World;
let book: BookGround;
before(async () => {
  world = await openWorld();
  book = openBook(world);
});
after(() => world.close());

const digitsOf = (at: number) => new Date(at).toISOString().replace(/\D/g, '');
const feed = (operator: BookOperatorClient, after: number | string, vendorType = 'CPS_USD') =>
  operator.done('getVendorTransactionByUpdateTime', {
    vendorType,
    updateTime: typeof after === 'string' ? after : digitsOf(after),
  });
const hourAgo = () => Date.now() - 3_600_000;

// biome-ignore lint/suspicious/noExplicitAny: rows as they came over the wire
type Row = any;

test('a bet through its life, field by field', async () => {
  const operator = await book.operator();
  const player = await operator.player({ credit: 10_000 });
  const session = await book.session({ gameDate: '2024-03-26', type: 'MORNING' });
  const wish = { session, type: 'NO_RAIN', stake: 10_050n } as const;
  const ids = [
    await book.bet(player, wish),
    await book.bet(player, { ...wish, type: 'RAIN', krain: 'refuses' }),
    await book.bet(player, { ...wish, krain: 'is silent' }),
  ];
  const [active, failed, checked] = byId(await feed(operator, hourAgo()), ids);
  const { betTime, updateTime, ...rest } = active;
  assert.ok(
    Number.isSafeInteger(betTime) && Math.abs(betTime - Date.now()) < 60_000 && updateTime >= betTime,
  );
  assert.deepEqual(rest, {
    ...{
      id: ids[0],
      vendorType: 'CPS_USD',
      gameSessionId: session,
      gameDate: '26-03-2024',
      userId: player.userId,
    },
    ...{
      currencyType: 'USD',
      originStake: 100.5,
      transactionStatus: 'ACTIVE',
      betType: 'NO_RAIN',
      betOdds: 49,
    },
    ...{ originPayout: 0, summaryTime: null, betSourceType: 'PLAYER', gameSessionType: 'MORNING' },
  });
  assert.deepEqual(Object.keys(active), [
    ...[
      'id',
      'vendorType',
      'gameSessionId',
      'gameDate',
      'userId',
      'currencyType',
      'originStake',
      'transactionStatus',
    ],
    ...[
      'betType',
      'betOdds',
      'originPayout',
      'betTime',
      'summaryTime',
      'updateTime',
      'betSourceType',
      'gameSessionType',
    ],
  ]);
  assert.deepEqual([failed.transactionStatus, failed.betType, failed.originPayout], ['FAILED', 'RAIN', 0]);
  assert.deepEqual([checked.transactionStatus, checked.originPayout], ['CHECK', 0]);
});

test('settled, corrected, and void: each is a change', async () => {
  const operator = await book.operator();
  const player = await operator.player({ credit: 10_000 });
  const session = await book.session({ rain: 1637 });
  const ids = [
    await book.bet(player, { session, type: 'RAIN', stake: 10_000n }),
    await book.bet(player, { session, type: 'NO_RAIN', stake: 20_000n }),
  ];
  let last = hourAgo();
  const next = async () => {
    const rows: Row[] = byId(await feed(operator, last), ids);
    last = Math.max(...rows.map((row) => row.updateTime));
    return rows.map((row) => [
      row.transactionStatus,
      row.originPayout,
      row.summaryTime === null ? null : row.summaryTime === row.updateTime,
    ]);
  };
  assert.deepEqual(await next(), [
    ['ACTIVE', 0, null],
    ['ACTIVE', 0, null],
  ]);
  await book.settle(session, 'RAIN');
  assert.deepEqual(await next(), [
    ['SETTLED', 63.7, true],
    ['SETTLED', -200, true],
  ]);
  await book.settle(session, 'NO_RAIN');
  assert.deepEqual(await next(), [
    ['SETTLED', -100, true],
    ['SETTLED', 9600, true],
  ]);
  await book.settle(session, 'VOID');
  assert.deepEqual(await next(), [
    ['VOID', 0, true],
    ['VOID', 0, true],
  ]);
  assert.deepEqual(await feed(operator, last), []);
});

function byId(rows: readonly Row[], ids: readonly number[]): Row[] {
  assert.deepEqual(rows.map((row) => row.id).toSorted(), [...ids].toSorted());
  return ids.map((id) => rows.find((row) => row.id === id));
}

// ---- rows with times of our choice ----------------------------------------------------------------------------

interface Ground {
  readonly operator: BookOperatorClient;
  readonly player: TestPlayer;
  readonly session: RainSessionId;
}
async function ground(wish: Parameters<BookGround['operator']>[0] = {}): Promise<Ground> {
  const operator = await book.operator(wish);
  return { operator, player: await operator.player(), session: await book.session() };
}

let bets = 5_000_000_000;

/** A bet changed at that time, to the microsecond. */
async function insertBet(
  { operator, player, session }: Ground,
  at: string,
  wish: { status?: BetStatus; vendorType?: string } = {},
) {
  const { status = 'ACTIVE', vendorType = 'CPS_USD' } = wish;
  const id = bets++;
  await world.hub.sql`
    insert into book_bet (id, operator_id, vendor_type, player_id, session_id, key, type, odds, stake, win, own_stake, krain_stake, krain_whole, status, placed_at, updated_at)
    values (${id}, ${operator.id}, ${vendorType}, ${player.id}, ${session}, ${String(id)}, 'RAIN', 2000, 10000, 10000, 10000, 0, false,
      ${BET_STATUSES.indexOf(status)}, ${at}::text::timestamptz, ${at}::text::timestamptz)`;
  return id;
}

const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);

test('strictly after the millisecond, up to two days from it', async () => {
  const at = await ground();
  const times = ['00:00:00.000999', '00:00:00.001', '12:00:00', '23:59:59.999999'];
  const [, b, c, d] = await inOrder(times.map((time) => () => insertBet(at, `2024-03-01 ${time}`)));
  const [e] = await inOrder([
    () => insertBet(at, '2024-03-03 00:00:00.000999'),
    () => insertBet(at, '2024-03-03 00:00:00.001'),
  ]);
  assert.deepEqual(idsOf(await feed(at.operator, Date.UTC(2024, 2, 1))), [b, c, d, e]);
  assert.deepEqual(idsOf(await feed(at.operator, Date.UTC(2024, 2, 1, 12))).slice(0, 1), [d]);
  assert.deepEqual(await feed(at.operator, Date.UTC(2024, 2, 10)), []);
  assert.deepEqual(await feed(at.operator, Date.UTC(2024, 1, 20)), []);
});

async function inOrder<T>(steps: readonly (() => Promise<T>)[]): Promise<T[]> {
  const made: T[] = [];
  for (const step of steps) made.push(await step());
  return made;
}

test("the time is read on the operator's clock", async () => {
  const seoul = await ground({ timeZone: 'Asia/Seoul' });
  const id = await insertBet(seoul, '2024-03-01 00:00:00.500');
  assert.deepEqual(idsOf(await feed(seoul.operator, '20240301090000499')), [id]);
  assert.deepEqual(idsOf(await feed(seoul.operator, '20240301090000500')), []);
});

test("only the operator's own, of that vendor type", async () => {
  const [mine, theirs] = [await ground(), await ground()];
  const day = '2024-03-01 10:00:00';
  const id = await insertBet(mine, day);
  const second = { ...mine, player: await mine.operator.player({ vendorType: 'CPS2_USD' }) };
  const other = await insertBet(second, day, { vendorType: 'CPS2_USD' });
  await insertBet(theirs, day);
  assert.deepEqual(idsOf(await feed(mine.operator, Date.UTC(2024, 2, 1))), [id]);
  assert.deepEqual(idsOf(await feed(mine.operator, Date.UTC(2024, 2, 1), 'CPS2_USD')), [other]);
});

test('ordered by millisecond, then id; all statuses are there', async () => {
  const at = await ground();
  const ids = await inOrder(
    BET_STATUSES.map(
      (status, index) => () => insertBet(at, `2024-03-01 10:00:00.0005${99 - index}`, { status }),
    ),
  );
  const rows: Row[] = await feed(at.operator, Date.UTC(2024, 2, 1));
  assert.deepEqual(idsOf(rows), ids, 'microseconds do not show, so they do not order');
  assert.deepEqual(
    rows.map((row) => row.transactionStatus),
    BET_STATUSES,
  );
});

test('a long answer ends with a whole millisecond, and going on from it gives the rest', async () => {
  const at = await ground();
  const micros = ['000100', '000200', '001000', '001500', '001999', '002000', '003000', '003001'];
  const ids = await inOrder(micros.map((each) => () => insertBet(at, `2024-03-01 10:00:00.${each}`)));
  const start = Date.UTC(2024, 2, 1);
  const page = (after: number, limit: number) =>
    readBookFeed(world.hub.sql, {
      operatorId: at.operator.id,
      vendorType: 'CPS_USD',
      after: trusted<Instant>(after),
      limit,
    });
  const expected: [limit: number, pages: number[][]][] = [
    [8, [ids]],
    [7, [ids.slice(0, 6), ids.slice(6)]],
    [6, [ids.slice(0, 6), ids.slice(6)]],
    [4, [ids.slice(0, 2), ids.slice(2, 6), ids.slice(6)]],
    // The second millisecond has three: more than asked for, since half of it would be lost.
    [2, [ids.slice(0, 2), ids.slice(2, 5), ids.slice(5, 6), ids.slice(6)]],
    [1, [ids.slice(0, 2), ids.slice(2, 5), ids.slice(5, 6), ids.slice(6)]],
  ];
  for (const [limit, pages] of expected) {
    const seen: BetId[][] = [];
    for (let after = start; ; ) {
      const rows = await page(after, limit);
      if (rows.length === 0) break;
      seen.push(rows.map(({ id }) => id));
      after = rows.at(-1)?.updatedAt ?? Number.NaN;
    }
    assert.deepEqual(seen, pages, `limit ${limit}`);
  }
});

test('a change is not shown before its millisecond is over', async () => {
  const at = await ground();
  const clock = (ahead = '0') =>
    world.hub
      .sql`select to_char(clock_timestamp() + ${ahead}::text::interval, 'YYYY-MM-DD HH24:MI:SS.US') as at`;
  const [soon] = await clock('500 milliseconds');
  const id = await insertBet(at, soon?.at);
  const deadline = performance.now() + 30_000;
  for (let rows: Row[] = []; rows.length === 0; ) {
    rows = await feed(at.operator, hourAgo());
    const [now] = await clock();
    if (rows.length > 0) assert.ok(now?.at > soon?.at, `shown at ${now?.at}, but of ${soon?.at}`);
    if (rows.length > 0) assert.deepEqual(idsOf(rows), [id]);
    assert.ok(performance.now() < deadline, 'shown in time');
  }
});

test('code 5002: bets that are being written for too long', { timeout: 60_000 }, async () => {
  const { operator } = await ground();
  const writer = connect(world.databaseUrl, { max: 1, name: 'test' });
  const writing = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  const transaction = writer.begin(async (tx) => {
    await tx`select pg_current_xact_id()`;
    writing.resolve();
    await mayEnd.promise;
  });
  await writing.promise;
  const values = { updateTime: digitsOf(hourAgo()) };
  const answer = await operator.call('getVendorTransactionByUpdateTime', values);
  mayEnd.resolve();
  await transaction;
  await writer.end();
  assert.deepEqual([answer.code, answer.data.detail], ['5002', 'bets are being written: try again']);
  assert.equal((await operator.call('getVendorTransactionByUpdateTime', values)).code, '1');
});

// ---- sums -----------------------------------------------------------------------------------------------------

test('sums by session and player, of settled bets alone', async () => {
  const operator = await book.operator();
  const [a, b] = [
    await operator.player({ userId: 'sum-a', credit: 10_000 }),
    await operator.player({ userId: 'sum-b', credit: 10_000 }),
  ];
  const [first, second, open, voided] = [
    await book.session({ gameDate: '2023-07-10', type: 'NOON' }),
    await book.session({ gameDate: '2023-07-11', type: 'NIGHT', rain: 1637 }),
    await book.session({ gameDate: '2023-07-11', type: 'NOON' }),
    await book.session({ gameDate: '2023-07-12', type: 'NOON' }),
  ] as const;
  await book.bet(a, { session: first, type: 'NO_RAIN', stake: 10_000n });
  await book.bet(a, { session: first, type: 'RAIN', stake: 15_025n });
  await book.bet(a, { session: first, type: 'RAIN', stake: 10_000n, krain: 'refuses' });
  await book.bet(b, { session: first, type: 'NO_RAIN', stake: 10_000n });
  await book.bet(b, { session: second, type: 'RAIN', stake: 10_000n });
  await book.bet(b, { session: open, type: 'RAIN', stake: 10_000n });
  await book.bet(b, { session: voided, type: 'RAIN', stake: 10_000n });
  await book.settle(first, 'RAIN');
  await book.settle(second, 'RAIN');
  await book.settle(voided, 'VOID');
  const sums = async (startDate: string, endDate: string): Promise<Row[]> =>
    operator.done('getSummaryTxnByGameDate', { startDate, endDate });
  const row = (
    session: number,
    gameDate: string,
    userId: string,
    amounts: [stake: number, payout: number],
  ) => ({
    ...{ vendorType: 'CPS_USD', gameSessionId: session, userId, currencyType: 'USD', gameDate },
    ...{ stake: amounts[0], payout: amounts[1], betSourceType: 'PLAYER' },
  });
  assert.deepEqual(await sums('20230701', '20230731'), [
    row(first, '10-07-2023', 'sum-a', [250.25, 50.25]),
    row(first, '10-07-2023', 'sum-b', [100, -100]),
    row(second, '11-07-2023', 'sum-b', [100, 63.7]),
  ]);
  assert.deepEqual(
    (await sums('20230711', '20230711')).map((each) => each.gameSessionId),
    [second],
  );
  assert.deepEqual(await sums('20230712', '20230811'), []);
});

test('a range that is none, or too long', async () => {
  const { operator } = await ground();
  const code = async (startDate: string, endDate: string) =>
    (await operator.call('getSummaryTxnByGameDate', { startDate, endDate })).code;
  assert.equal(await code('20240101', '20240131'), '1');
  assert.equal(await code('20240101', '20240201'), '1001');
  assert.equal(await code('20240102', '20240101'), '1001');
});
