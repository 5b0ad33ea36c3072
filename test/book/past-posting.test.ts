/**
 * Nobody bets on what is known already: a bet counts by the instant at which the ledger decides it, under the session's
 * lock, by the database's clock. However long it has waited on its way there, and whatever a node's own clock says:
 * after the close, a result, a suspension or a move of the odds it is refused, on every node.
 */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { RainSessionId } from '../../src/core/ids.ts';
import { actOnSession } from '../../src/db/rain-session.ts';
import { stateResult } from '../../src/rain/results.ts';
import { openPage, pageOf, type TestPage } from '../kbook/player-rig.ts';
import { type BookAnswer, type BookGround, eventually, openBook } from '../kbook/rig.ts';
import { openWorld, type World } from '../world.ts';

/** A gate between the steps of a node's batches: closed, the batch under way waits there. */
function openGate(step: 'begun' | 'decided') {
  let held: Promise<void> | null = null;
  let release = () => {};
  let waiting = 0;
  return {
    async atStep(now: string) {
      if (now !== step || held === null) return;
      waiting += 1;
      await held;
    },
    close(): void {
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    open(): void {
      held = null;
      waiting = 0;
      release();
    },
    waiting: () => waiting,
  };
}

const gates = [openGate('begun'), openGate('begun')] as const;
const written = openGate('decided');
const NODES = [0, 1] as const;
const CLOSES_MS = 1500;

let world: World;
let book: BookGround;
let urls: readonly string[];
let hubs: readonly World['hub'][];
before(async () => {
  const steps = [
    async (step: string) => {
      await gates[0].atStep(step);
      await written.atStep(step);
    },
    gates[1].atStep,
  ] as const;
  world = await openWorld({ lanes: 1, writer: { atStep: steps[0], batchTimeoutMs: 60_000 } });
  const second = await world.secondHub({ lanes: 1, writer: { atStep: steps[1], batchTimeoutMs: 60_000 } });
  urls = [world.url, second.url];
  hubs = [world.hub, second.hub];
  book = openBook(world);
  await world.hub.sql`update rain_site set own_bps = 10000`;
});
after(() => world.close());

interface Bettor {
  readonly pages: readonly TestPage[];
  readonly id: number;
}

async function bettor(): Promise<Bettor> {
  const operator = await book.operator();
  const player = await operator.player({ credit: 10_000 });
  const { tokens } = await openPage(world.url, player);
  return { pages: urls.map((url) => pageOf(url, tokens)), id: player.id };
}

/** A bet that waits in a node's queue, behind a batch that is held, until `meanwhile` has happened. */
async function betWhile(
  t: TestContext,
  { who, node, session }: { who: Bettor; node: 0 | 1; session: RainSessionId },
  meanwhile: () => Promise<unknown>,
): Promise<BookAnswer> {
  const gate = gates[node];
  t.after(gate.open);
  const elsewhere = await book.session();
  const other = await bettor();
  gate.close();
  const first = other.pages[node]!.bet({ sessionId: elsewhere });
  await eventually('a batch is held', async () => gate.waiting() > 0);
  const bet = who.pages[node]!.bet({ sessionId: session });
  await eventually('the bet waits', async () => hubs[node]!.writer.waiting() > 0);
  await meanwhile();
  gate.open();
  assert.equal((await first).code, '1', 'what was decided before is a bet');
  return bet;
}

async function hasNoBet({ id }: Bettor): Promise<void> {
  const rows = await world.hub.sql`select from book_bet where player_id = ${id}`;
  assert.equal(rows.length, 0);
}

/** The database's clock has passed the session's close. */
const closed = (session: RainSessionId) =>
  eventually('the session has closed', async () => {
    const [row] = await world.hub
      .sql`select closes_at < clock_timestamp() as past from rain_session where id = ${session}`;
    return row?.past === true;
  });

for (const node of NODES) {
  test(`node ${node + 1}: a bet that was queued before the close is refused after it`, async (t) => {
    const who = await bettor();
    const session = await book.session({ closesInMs: CLOSES_MS });
    const answer = await betWhile(t, { who, node, session }, () => closed(session));
    assert.equal(answer.code, '4001');
    await hasNoBet(who);
  });

  test(`node ${node + 1}: a bet in the queue, and the session is called off`, async (t) => {
    const who = await bettor();
    const session = await book.session();
    const answer = await betWhile(t, { who, node, session }, () => callOff(session));
    assert.equal(answer.code, '4001');
    await hasNoBet(who);
  });

  test(`node ${node + 1}: a bet in the queue, and the session is suspended`, async (t) => {
    const who = await bettor();
    const session = await book.session();
    const answer = await betWhile(t, { who, node, session }, () =>
      actOnSession(world.hub.sql, session, { act: { kind: 'suspend' }, by: 'anna', reason: 'rain clouds' }),
    );
    assert.equal(answer.code, '4001');
    await hasNoBet(who);
  });

  test(`node ${node + 1}: a bet in the queue, and the odds move: it is told the new ones`, async (t) => {
    const who = await bettor();
    const session = await book.session();
    const answer = await betWhile(
      t,
      { who, node, session },
      () => world.hub.sql`update rain_session set quote = 2, odds_rain = 1950 where id = ${session}`,
    );
    assert.equal(answer.code, '4003');
    assert.equal(answer.data.odds.rain, 1.95);
    await hasNoBet(who);
  });

  test(`node ${node + 1}: a bet in the queue, and its odds run out`, async (t) => {
    const who = await bettor();
    const session = await book.session();
    const answer = await betWhile(
      t,
      { who, node, session },
      () => world.hub.sql`update rain_session set quote_until = clock_timestamp() where id = ${session}`,
    );
    assert.equal(answer.code, '4003');
    await hasNoBet(who);
  });
}

async function callOff(sessionId: RainSessionId): Promise<void> {
  const statement = { sessionId, result: 'VOID', reason: 'the gauge is broken', rainMm: null } as const;
  for (const by of ['anna', 'bert']) {
    const outcome = await stateResult(world.hub.sql, { ...statement, by });
    assert.ok(outcome.ok);
  }
}

test('a bet that waits for a lock over the close is refused: its time is the one after the wait', async () => {
  const who = await bettor();
  for (const lock of ['account', 'session'] as const) {
    const session = await book.session({ closesInMs: CLOSES_MS });
    let bet: Promise<BookAnswer> | null = null;
    await world.hub.sql.begin(async (tx) => {
      if (lock === 'session') await tx`select from rain_session where id = ${session} for update`;
      else
        await tx`select from account a join book_player p on p.account_id = a.id where p.id = ${who.id} for update of a`;
      bet = who.pages[0]!.bet({ sessionId: session });
      await closed(session);
    });
    const answer = await (bet as unknown as Promise<BookAnswer>);
    assert.equal(answer.code, '4001', lock);
  }
  await hasNoBet(who);
});

test('what a node believes the time is makes no difference', async (t) => {
  const who = await bettor();
  const over = await book.session({ closesInMs: -1000 });
  const open = await book.session();
  const now = Date.now;
  t.after(() => {
    Date.now = now;
  });
  // No more than a page's tokens bear.
  for (const skewMs of [-240_000, 240_000]) {
    Date.now = () => now() + skewMs;
    for (const page of who.pages) {
      assert.equal((await page.bet({ sessionId: over })).code, '4001', `${skewMs}`);
      assert.equal((await page.bet({ sessionId: open })).code, '1', `${skewMs}`);
    }
  }
});

test('a result does not overtake a bet that is decided and not written yet', async (t) => {
  const who = await bettor();
  const session = await book.session();
  t.after(written.open);
  written.close();
  const bet = who.pages[0]!.bet({ sessionId: session });
  await eventually('the bet is decided', async () => written.waiting() > 0);
  let isCalledOff = false;
  const calledOff = callOff(session).then(() => {
    isCalledOff = true;
  });
  await eventually('the result waits for the bet', async () => {
    const [row] = await world.hub
      .sql`select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    return row?.waiting > 0;
  });
  assert.ok(!isCalledOff);
  written.open();
  assert.equal((await bet).code, '1');
  await calledOff;
  assert.equal((await who.pages[1]!.bet({ sessionId: session })).code, '4001');
  const settled = await world.hub.rain.settlement.runOne(session);
  assert.equal(settled?.done, true);
  const rows = await world.hub.sql`select status from book_bet where player_id = ${who.id}`;
  assert.deepEqual(
    rows.map(({ status }) => status),
    [5],
    'and it is void with the session',
  );
});
