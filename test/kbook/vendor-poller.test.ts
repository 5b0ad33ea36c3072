/**
 * The feed of bets while two nodes place, match and settle them, and commit slowly and out of order: a poller that goes
 * on with the last updateTime it was given, asking the nodes in turn, has in the end seen the last state of every bet.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RainSessionId, trusted } from '../../src/core/ids.ts';
import type { Hub } from '../../src/hub.ts';
import { openWorld, type World } from '../world.ts';
import { type BookGround, type BookOperatorClient, openBook, type TestPlayer } from './rig.ts';

const WRITE_MS = 4000;
const WRITERS = 12;

let world: World;
let book: BookGround;
let operator: BookOperatorClient;
let nodes: readonly { hub: Hub; url: string }[] = [];
before(async () => {
  world = await openWorld({ lanes: 3 });
  nodes = [{ hub: world.hub, url: world.url }, await world.secondHub({ lanes: 3 })];
  book = openBook(world);
  operator = await book.operator();
  // A change has its time before it is written: a slow write is what would let it appear behind a reader.
  await world.hub.sql.unsafe(`create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(random() * 0.04); return new; end $$;
    create trigger slow before insert or update on book_bet for each row when (new.stake % 3 = 0) execute function slow()`);
});
after(() => world.close());

const node = (turn: number) => nodes[turn % nodes.length] ?? nodes[0]!;

/** A player's bets, each in a session nobody else is in, so that nothing but the database orders the commits. */
async function write(player: TestPlayer, index: number, ended: () => boolean): Promise<void> {
  let session: RainSessionId | null = null;
  for (let turn = 0; !ended(); turn++) {
    session ??= await book.session();
    const { hub } = node(index + turn);
    const stake = 10_000n + BigInt((turn * 7 + index) % 11);
    const krain = ([undefined, 'refuses', 'is silent'] as const)[turn % 3];
    await book.bet(player, { session, type: 'RAIN', stake, hub, ...(krain === undefined ? {} : { krain }) });
    if (turn % 5 === 4) {
      const done = session;
      session = null;
      await decide(done, index);
    }
  }
}

/** K-Rain's last word on the bets of a session that are in doubt, then its result. */
async function decide(session: RainSessionId, index: number): Promise<void> {
  const { sql, writer, book: directory } = node(index).hub;
  for (const row of await sql`select id, player_id from book_bet where session_id = ${session} and status = 3`) {
    const player = await directory.playerById(trusted(row.player_id));
    assert.ok(player !== null);
    const answer = { kind: 'refused', reason: 'krain_refused' } as const;
    await writer.submit({ kind: 'book_answer', player, sessionId: session, betId: trusted(row.id), answer });
  }
  await book.settle(session, index % 2 === 0 ? 'RAIN' : 'NO_RAIN');
}

interface Seen {
  readonly status: string;
  readonly updateTime: number;
}

/** Polls until everything that was written before the end is behind it. */
async function poll(start: number, writing: Promise<unknown>): Promise<Map<number, Seen>> {
  const seen = new Map<number, Seen>();
  let ended = false;
  const end = () => {
    ended = true;
  };
  writing.then(end, end);
  let last = start;
  for (let turn = 0; ; turn++) {
    const final = ended && (await isPast());
    const updateTime = new Date(last).toISOString().replace(/\D/g, '');
    const answer = await operator.call('getVendorTransactionByUpdateTime', { updateTime }, node(turn).url);
    assert.equal(answer.code, '1', JSON.stringify(answer));
    for (const row of answer.data) {
      assert.ok(row.updateTime >= last, 'in order');
      seen.set(row.id, { status: row.transactionStatus, updateTime: row.updateTime });
      last = row.updateTime;
    }
    if (final) return seen;
  }
}

/** The millisecond of the last change is over. */
async function isPast(): Promise<boolean> {
  const [row] = await world.hub
    .sql`select max(updated_at) < date_trunc('milliseconds', clock_timestamp()) as past from book_bet`;
  return row?.past;
}

test('a poller sees the last state of every bet', { timeout: 120_000 }, async () => {
  const players = await Promise.all(
    Array.from({ length: WRITERS }, () => operator.player({ credit: 1_000_000 })),
  );
  const start = Date.now() - 60_000;
  const stopAt = performance.now() + WRITE_MS;
  const writing = Promise.all(
    players.map((player, index) => write(player, index, () => performance.now() > stopAt)),
  );
  const [seen] = await Promise.all([poll(start, writing), writing]);
  const rows = await world.hub.sql`
    select id, (array['TEMP', 'ACTIVE', 'FAILED', 'CHECK', 'SETTLED', 'VOID'])[status + 1] as status,
      floor(extract(epoch from updated_at) * 1000)::bigint as updated from book_bet order by id`;
  const all = rows.map(
    (row) => [Number(row.id), { status: row.status, updateTime: Number(row.updated) }] as const,
  );
  assert.ok(all.length > 60, `only ${all.length} bets`);
  const missed = all.filter(
    ([id, last]) => seen.get(id)?.updateTime !== last.updateTime || seen.get(id)?.status !== last.status,
  );
  assert.deepEqual(
    missed.map(([id, last]) => ({ id, last, seen: seen.get(id) ?? null })),
    [],
  );
  assert.deepEqual(
    new Set(all.map(([, { status }]) => status)),
    new Set(['ACTIVE', 'FAILED', 'CHECK', 'SETTLED']),
  );
});
