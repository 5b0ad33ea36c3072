/** The live line: order, joining again, no gaps, what other nodes do, those who do not read, and its end. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect as dial } from 'node:net';
import { after, before, test } from 'node:test';
import { LINES_OF_VISIT_MAX } from '../../src/kbook/player-live.ts';
import { makeAccess, readAccess } from '../../src/kbook/player-tokens.ts';
import { openWorld, type World } from '../world.ts';
import { type Message, newKey, openPage, openTestLine, type TestLine, within } from './player-rig.ts';
import { type BookGround, type BookOperatorClient, openBook } from './rig.ts';

let world: World;
let ground: BookGround;
let operator: BookOperatorClient;
before(async () => {
  world = await openWorld();
  ground = openBook(world);
  operator = await ground.operator();
  await world.hub.sql`update rain_site set own_bps = 10000, own_min_bps = 10000`;
});
after(() => world.close());

const isSession = (id: number) => (message: Message) =>
  message.type === 'session' && message.session.id === id;
const sessionsOf = ({ heard }: TestLine) =>
  heard.filter(({ type }) => type === 'session').map(({ session }) => session);

/** Of each session numbers only grow, and never is one told twice in a row. */
function assertOrder(line: TestLine): void {
  const last = new Map<number, number>();
  for (const { id, revision } of sessionsOf(line)) {
    assert.ok(revision > (last.get(id) ?? 0), `session ${id}: ${revision} after ${last.get(id)}`);
    last.set(id, revision);
  }
}

test('hello first, then the sessions, then the player’s money; changes as they come', async () => {
  const session = await ground.session();
  const page = await openPage(world.url, await operator.player({ credit: 1000 }));
  const { revision } = await page.state();
  const line = await page.live(revision);
  const money = await line.until(({ type }) => type === 'money');
  assert.equal(line.heard[0].type, 'hello');
  assert.ok(Math.abs(line.heard[0].serverTime - Date.now()) < 60_000);
  assert.deepEqual(money.balance, { balance: 1000, exposure: 0, available: 1000 });
  await line.until(isSession(session));
  await world.hub.sql`update rain_session set odds_rain = 2100, quote = 2 where id = ${session}`;
  const moved = await line.until(
    (message) => isSession(session)(message) && message.session.odds.quote === 2,
  );
  assert.deepEqual([moved.session.odds.rain, moved.session.status], [2.1, 'OPEN']);
  assert.ok(moved.serverTime > 0);
  const placed = (await page.bet({ sessionId: session, odds: 2.1 })).data;
  const told = await line.until(({ type }) => type === 'bet');
  assert.deepEqual(told.bet, placed.bet);
  const after = await line.until(({ type, balance }) => type === 'money' && balance.exposure === 100);
  assert.deepEqual(after.positions, [placed.position]);
  assertOrder(line);
  line.close();
});

test('what was told once is not told again', async () => {
  const session = await ground.session();
  const page = await openPage(world.url, await operator.player({ credit: 1000 }));
  const line = await page.live();
  const { bet } = (await page.bet({ sessionId: session })).data;
  await line.until(({ type }) => type === 'bet');
  await ground.settle(session, 'RAIN');
  await line.until((message) => message.type === 'bet' && message.bet.status === 'SETTLED');
  await operator.done('deposit', {
    userId: (await page.state()).player.userId,
    tsCode: newKey(),
    depositAmount: 1,
  });
  await line.until(({ type, balance }) => type === 'money' && balance.balance === 1101);
  const told = line.heard
    .filter(({ type }) => type === 'bet')
    .map(({ bet: each }) => [each.id, each.status, each.payout]);
  assert.deepEqual(told, [
    [bet.id, 'ACTIVE', 0],
    [bet.id, 'SETTLED', 100],
  ]);
  line.close();
});

test('what another node has done comes too: bets, settlements, deposits, sessions', async () => {
  const { url } = await world.secondHub();
  const [session, player] = [await ground.session(), await operator.player({ credit: 1000 })];
  const [here, there] = [await openPage(world.url, player), await openPage(url, player)];
  const line = await here.live();
  await line.until(({ type }) => type === 'money');
  const { bet } = (await there.bet({ sessionId: session })).data;
  await line.until(({ type, bet: told }) => type === 'bet' && told.id === bet.id);
  await line.until(({ type, balance }) => type === 'money' && balance.exposure === 100);
  await operator.call('deposit', { userId: player.userId, tsCode: newKey(), depositAmount: 50 }, url);
  await line.until(({ type, balance }) => type === 'money' && balance.balance === 1050);
  // The token of one node opens the line of another.
  const far = await openTestLine(url, { access: here.tokens.access, since: 0 });
  await far.until(isSession(session));
  await world.hub.sql`update rain_session set status = 'SUSPEND' where id = ${session}`;
  for (const each of [line, far]) {
    await each.until((message) => isSession(session)(message) && message.session.status === 'SUSPEND');
    assertOrder(each);
    each.close();
  }
});

test('no gaps: however lines come and go while sessions change, each ends up with what is', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => ground.session()));
  const page = await openPage(world.url, await operator.player());
  const players = await Promise.all(
    Array.from({ length: 6 }, async () => openPage(world.url, await operator.player())),
  );
  const steady = await page.live(0);
  await steady.until(({ type }) => type === 'hello');
  let changing = true;
  const changes = Promise.all(
    ids.map(async (id, index) => {
      for (let step = 1; step <= 40; step++)
        await world.hub
          .sql`update rain_session set odds_rain = ${2000 + step * 10 + index}, quote = quote + 1 where id = ${id}`;
    }),
  ).finally(() => {
    changing = false;
  });
  const comers = players.map(async (each) => {
    const known = new Map<number, { odds: { quote: number }; revision: number }>();
    let since = (await each.state()).revision;
    for (const session of (await each.state()).sessions) known.set(session.id, session);
    let line: TestLine | null = null;
    for (let visit = 0; changing || visit < 2; visit++) {
      line?.close();
      line = await each.live(since);
      await line.until(({ type }) => type === 'hello');
      for (const session of sessionsOf(line)) take(session);
    }
    await changes;
    await within(() => {
      for (const session of line === null ? [] : sessionsOf(line)) take(session);
      return ids.every((id) => known.get(id)?.odds.quote === 41);
    });
    if (line !== null) assertOrder(line);
    line?.close();
    function take(session: { id: number; odds: { quote: number }; revision: number }) {
      since = Math.max(since, session.revision);
      if (session.revision > (known.get(session.id)?.revision ?? 0)) known.set(session.id, session);
    }
  });
  await Promise.all([changes, ...comers]);
  for (const id of ids)
    await steady.until((message) => isSession(id)(message) && message.session.odds.quote === 41);
  assertOrder(steady);
  steady.close();
});

test('a number that is drawn before another and committed after it is not missed by who joins again', async () => {
  const [early, late] = [await ground.session(), await ground.session()];
  const page = await openPage(world.url, await operator.player());
  const { sql } = world.hub;
  const [drawn, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = sql.begin(async (tx) => {
    await tx`update rain_session set odds_rain = 2500 where id = ${early}`;
    drawn.resolve();
    await commit.promise;
  });
  await drawn.promise;
  await sql`update rain_session set odds_rain = 2600 where id = ${late}`;
  const line = await page.live(0);
  const { session } = await line.until(
    (message) => isSession(late)(message) && message.session.odds.rain === 2.6,
  );
  line.close();
  commit.resolve();
  await held;
  // It has the higher number, and asks for what comes after it.
  const again = await page.live(session.revision);
  await again.until((message) => isSession(early)(message) && message.session.odds.rain === 2.5);
  again.close();
});

test('who does not say who it is, or says it wrong, is not listened to', async () => {
  const page = await openPage(world.url, await operator.player());
  const { access, refresh } = page.tokens;
  const table: [first: unknown, code: string | number][] = [
    [{ access: 'x' }, '2001'],
    [{ access: refresh }, '2001'],
    [{ since: 1 }, 1008],
    [{ access, since: 'x' }, 1008],
    ['text', 1008],
    [{ access: 'x'.repeat(5000) }, 1009],
  ];
  for (const [first, code] of table) {
    const line = await openTestLine(world.url, first);
    const closed = await line.untilClosed();
    if (typeof code === 'number') assert.equal(closed, code, JSON.stringify(first).slice(0, 60));
    else assert.equal(line.heard.at(-1)?.code, code, JSON.stringify(first).slice(0, 60));
    assert.ok(line.heard.every(({ type }) => type === 'ended'));
  }
  const silent = await openTestLine(world.url);
  assert.equal(await silent.untilClosed(), 1008, 'five seconds');
  const noisy = await page.live();
  await noisy.until(({ type }) => type === 'hello');
  for (let message = 0; message < 30; message++) noisy.socket.send(JSON.stringify({ access }));
  assert.equal(await noisy.untilClosed(), 1008);
});

test('a renewed token keeps the line; one of another visit ends it', async () => {
  const player = await operator.player();
  const [page, other] = [
    await openPage(world.url, player),
    await openPage(world.url, await operator.player()),
  ];
  const line = await page.live();
  await line.until(({ type }) => type === 'hello');
  const read = readAccess(world.hub.vault, page.tokens.access);
  assert.ok(read !== null);
  const renewed = makeAccess(world.hub.vault, { ...read, expiresAt: read.expiresAt + 600_000 });
  line.socket.send(JSON.stringify({ access: renewed }));
  const session = await ground.session();
  await line.until(isSession(session));
  assert.equal(line.closed(), null);
  line.socket.send(JSON.stringify({ access: other.tokens.access }));
  assert.equal((await line.until(({ type }) => type === 'ended')).code, '2001');
  await line.untilClosed();
});

test('a visit has so many lines, and no more', async () => {
  const page = await openPage(world.url, await operator.player());
  const lines = await Promise.all(Array.from({ length: LINES_OF_VISIT_MAX }, () => page.live()));
  for (const line of lines) await line.until(({ type }) => type === 'hello');
  assert.equal(await (await page.live()).untilClosed(), 1013);
  lines[0]?.close();
  await within(async () => {
    const line = await page.live();
    await within(() => line.heard.length > 0 || line.closed() !== null);
    const taken = line.heard.length > 0;
    line.close();
    return taken;
  });
  for (const line of lines) line.close();
});

test('a logout ends the line: here at once, and of another node or the vendor soon', async () => {
  const { url } = await world.secondHub();
  for (const by of ['page', 'other node', 'vendor', 'block']) {
    const player = await operator.player();
    const [page, far] = [await openPage(world.url, player), await openPage(url, player)];
    const line = await page.live();
    await line.until(({ type }) => type === 'hello');
    if (by === 'page') await page.post('/logout');
    if (by === 'other node') await far.post('/logout');
    if (by === 'vendor') await operator.done('logout', { userId: player.userId });
    if (by === 'block')
      await world.hub.sql`update book_player set blocked_at = now() where id = ${player.id}`;
    assert.deepEqual(await line.until(({ type }) => type === 'ended'), {
      type: 'ended',
      code: '2001',
      message: 'TOKEN EXPIRE',
    });
    assert.equal(await line.untilClosed(), 1000, by);
  }
});

/** A page that says who it is and then does not read any more. */
async function openSleeper(url: string, access: string): Promise<{ gone: Promise<void>; wake: () => void }> {
  const { hostname, port } = new URL(url);
  const socket = dial({ host: hostname, port: Number(port) });
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /player/api/live HTTP/1.1\r\nhost: ${hostname}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
  );
  const gone = new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  const payload = Buffer.from(JSON.stringify({ access, since: 0 }));
  // A mask of zeros leaves the payload as it is.
  socket.write(
    Buffer.concat([
      Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]),
      payload,
    ]),
  );
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  socket.pause();
  return { gone, wake: () => void socket.resume() };
}

test('who does not read is cut off; the others hear everything', async () => {
  const { sql } = world.hub;
  const session = await ground.session({ site: 'CPS2' });
  const [one, two] = await Promise.all(
    [1, 2].map(async () => openPage(world.url, await operator.player({ vendorType: 'CPS2_USD' }))),
  );
  assert.ok(one !== undefined && two !== undefined);
  const reader = await one.live(0);
  await reader.until(isSession(session));
  const sleeper = await openSleeper(world.url, two.tokens.access);
  // Frames of 100 kB: what the kernel keeps for a connection is soon full.
  await sql`update rain_site set station = repeat('x', 100000) where name = 'CPS2'`;
  for (let change = 1; change <= 150; change++) {
    await sql`update rain_session set quote = ${change + 1} where id = ${session}`;
    await reader.until((message) => isSession(session)(message) && message.session.odds.quote > change);
  }
  await sql`update rain_site set station = 'Mawsynram' where name = 'CPS2'`;
  sleeper.wake();
  await sleeper.gone;
  assertOrder(reader);
  assert.equal(reader.closed(), null);
  reader.close();
});

test('a hub that closes says farewell and is not held up by its lines', async () => {
  const { hub, url } = await world.secondHub();
  const page = await openPage(url, await operator.player());
  const [line, sleeper] = [await page.live(), await openSleeper(url, page.tokens.access)];
  await line.until(({ type }) => type === 'hello');
  const startedAt = performance.now();
  await hub.server.close();
  assert.ok(performance.now() - startedAt < 15_000);
  assert.equal(await line.untilClosed(), 1001);
  sleeper.wake();
  await sleeper.gone;
});
