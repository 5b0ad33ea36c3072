/** What a batch of several commands leaves in the database is what the commands one by one would have left. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BookAnswer, BookSettle } from '../../src/core/book/types.ts';
import { trusted } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { openBook } from '../kbook/rig.ts';
import { heldBy, seat } from '../rain/place-rig.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

test('a bet matched behind the settlement of its position waits for the next', async () => {
  const { sql, writer, book: directory } = world.hub;
  const book = openBook(world);
  const player = await seat({ ground: book, operator: await book.operator() });
  const sessionId = await book.session();
  const bet = (key: string, krain?: 'is silent') =>
    book.bet(player, { session: sessionId, type: 'RAIN', stake: 10_000n, key, ...(krain ? { krain } : {}) });
  const [first, second] = [await bet('first'), await bet('second', 'is silent')];
  await sql`update rain_session set status = 'UNSETTLED', market = 'CLOSE', result = 'RAIN', version = 1, resulted_at = now() where id = ${sessionId}`;
  const accounts = await directory.bookAccounts('USD');
  const settle: BookSettle = { kind: 'book_settle', sessionId, player, accounts };
  const { id, krain_stake, krain_odds } = (await sql`select * from book_bet where id = ${second}`)[0]!;
  const matched = {
    kind: 'matched',
    stake: BigInt(krain_stake),
    odds: krain_odds,
    win: BigInt(krain_stake),
  } as const;
  const answer: BookAnswer = { kind: 'book_answer', player, sessionId, betId: trusted(id), answer: matched };
  const state = async () => {
    const rows =
      await sql`select id, status, payout, settled_at is not null as settled from book_bet where player_id = ${player.id} order by id`;
    return rows.map((row) => [Number(row.id), row.status, Number(row.payout), row.settled]);
  };
  await writer.submitAll([settle, answer]);
  assert.deepEqual(await state(), [
    [first, 4, 10_000, true],
    [second, 1, 0, false],
  ]);
  assert.deepEqual(await heldBy(book, player), [110_000n, 0n]);
  await writer.submitAll([settle]);
  assert.deepEqual(await state(), [
    [first, 4, 10_000, true],
    [second, 4, 10_000, true],
  ]);
  assert.deepEqual(await heldBy(book, player), [120_000n, 0n]);
  const { checks } = await audit(sql);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
});
