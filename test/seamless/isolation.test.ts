/**
 * One operator accepts calls and never answers, with hundreds of bets and undelivered wins behind it: the others do not
 * notice, it is left alone, what waits for it is bounded, and when it is back all is told in order.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';
import { told } from './place.ts';
import { type Seat, seat } from './rig.ts';
import {
  attemptsOf,
  auditHolds,
  openStand,
  rowsOf,
  type Script,
  type Stand,
  until,
  untilTold,
} from './stand.ts';

const DEAD_PLAYERS = 40;
const WELL_PLAYERS = 6;
const BETS_EACH = 15;
/** Questions and messages that may be at an operator at once. */
const [QUESTIONS_MAX, MESSAGES_MAX] = [16, 4];

let world: World;
let stand: Stand;
let studio: StudioClient;
before(async () => {
  world = await openWorld({
    outreach: {
      client: {
        ...{ allowLoopback: true, allowedNetworks: [], questionTimeoutMs: 1500, messageTimeoutMs: 1500 },
        ...{ questionsInFlightMax: QUESTIONS_MAX, messagesInFlightMax: MESSAGES_MAX, waitingMax: 64 },
        ...{ unwellMax: 10, openMs: 500, openMsMax: 1000, waitMsMax: 1000 },
      },
    },
  });
  stand = await openStand({ openWith: 10_000n });
  studio = await world.studio('evolution');
});
after(async () => {
  await auditHolds(world);
  await world.close();
  await stand.close();
});

/** A few at a time: no crowd where none is wanted. */
async function inGroups<T, R>(list: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < list.length; from += 8)
    done.push(...(await Promise.all(list.slice(from, from + 8).map(work))));
  return done;
}

async function agentWith(name: string, players: number): Promise<{ agent: TestAgent; seats: Seat[] }> {
  const callbackUrl = stand.under(name, null);
  const agent = await world.agent({ pot: 10_000_000n, wallet: 'seamless', callbackUrl });
  const names = Array.from({ length: players }, (_each, index) => `${name}-${index}`);
  return { agent, seats: await inGroups(names, (username) => seat(world, { agent, studio, username })) };
}

/** Takes calls and never answers; counts how many it holds at most. */
function blackHole() {
  const held = { now: 0, most: 0 };
  const script: Script = (_call, response) => {
    held.now += 1;
    held.most = Math.max(held.most, held.now);
    response.on('close', () => {
      held.now -= 1;
    });
  };
  return { script, held };
}

let turn = 0;

/** Each player bets one after another. Returns how long each bet took and what became of it. */
async function bets(seats: readonly Seat[], count: number): Promise<{ ms: number; told: string }[]> {
  const phase = turn++;
  const played = seats.map(async ({ send }) => {
    const all: { ms: number; told: string }[] = [];
    for (let n = 0; n < count; n++) {
      const startedAt = performance.now();
      const result = await send(`b${phase}-${n}`, 'bet', { amount: '1', round: `${phase}-${n}` });
      all.push({ ms: performance.now() - startedAt, told: told(result) });
    }
    return all;
  });
  return (await Promise.all(played)).flat();
}

const median = (list: readonly { ms: number }[]) =>
  list.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

test('a dead operator costs the others nothing, is left alone, and is told everything when it is back', async () => {
  const [dead, well] = [await agentWith('dead', DEAD_PLAYERS), await agentWith('well', WELL_PLAYERS)];
  await bets(well.seats, 3);
  const quiet = await bets(well.seats, BETS_EACH);
  await inGroups(dead.seats, ({ send }) => send('b', 'bet', { amount: '1' }));
  const { script, held } = blackHole();
  stand.under('dead', script);
  const wins = await Promise.all(
    dead.seats
      .slice(DEAD_PLAYERS / 2)
      .flatMap(({ send }) => [
        send('w0', 'win', { amount: '5', round: 'r1' }),
        send('w1', 'win', { amount: '0', round: 'r1' }),
      ]),
  );
  assert.ok(
    wins.every((win) => win.status === 'accepted'),
    'money owed is booked all the same',
  );
  const asked = stand.calls.length;
  const [atDead, beside] = await Promise.all([bets(dead.seats, 6), bets(well.seats, BETS_EACH)]);
  const callsAtDead = stand.calls.slice(asked).filter((call) => call.prefix === '/dead').length;

  assert.ok(beside.every((bet) => bet.told === 'accepted'));
  const [before, during] = [median(quiet), median(beside)];
  assert.ok(during < Math.max(8 * before, 500), `${before} ms before, ${during} ms beside it`);
  assert.deepEqual([...new Set(atDead.map((bet) => bet.told))], ['operator_unavailable']);
  assert.ok(held.most <= QUESTIONS_MAX + MESSAGES_MAX, `${held.most} calls at once`);
  assert.ok(callsAtDead < atDead.length / 2, `${callsAtDead} calls for ${atDead.length} bets`);

  stand.under('dead', null);
  await untilTold(world, dead.agent);
  const again = await inGroups(dead.seats, ({ send }) => send('again', 'bet', { amount: '1' }));
  assert.deepEqual([...new Set(again.map(told))], ['accepted']);
  await toldInOrder(dead);
});

test('what an operator was spared while it was left alone reaches it as soon as it is back', async () => {
  const { agent, seats } = await agentWith('spared', 14);
  const [winner, ...others] = seats as [Seat, ...Seat[]];
  await winner.send('b', 'bet', { amount: '1' });
  const { script } = blackHole();
  stand.under('spared', script);
  await bets(others, 1);
  const win = await winner.send('w', 'win', { amount: '5' });
  assert.equal(told(await winner.send('b2', 'bet', { amount: '1' })), 'operator_unavailable');
  stand.under('spared', null);
  const startedAt = performance.now();
  const isTold = () =>
    stand.packetsOf(winner.username).some(({ transaction }) => transaction.id === win.transactionId);
  await until(isTold, 'the win is told');
  const waitedMs = performance.now() - startedAt;
  assert.ok(waitedMs < 6000, `${waitedMs} ms`);
  await untilTold(world, agent);
  assert.equal(told(await winner.send('b3', 'bet', { amount: '1' })), 'accepted');
  const tries = (await attemptsOf(world, agent)).filter(
    (each) => Number(each.callback_id) === win.transactionId,
  );
  assert.ok(tries.length <= 2 && tries.at(-1)?.class === 'accepted', 'it was not tried in vain');
});

async function toldInOrder({ agent, seats }: { agent: TestAgent; seats: readonly Seat[] }): Promise<void> {
  const rows = await rowsOf(agent);
  const ended = new Map<bigint, string>();
  for (const attempt of await attemptsOf(world, agent)) ended.set(attempt.callback_id, attempt.class);
  for (const { username } of seats) {
    const own = rows.filter((row) => row.user.username === username);
    assert.deepEqual(
      [...new Set(stand.packetsOf(username).map(({ transaction }) => transaction.id))],
      own.map(({ id }) => id),
      username,
    );
    const last = own.at(-1);
    const { balance } = await stand.desk.wallet.balance(username);
    assert.equal(Number(balance), (last?.before ?? 0) + (last?.amount ?? 0), username);
    for (const row of own.filter(({ type }) => type === 'win' || type === 'cancel'))
      assert.equal(ended.get(BigInt(row.id)), 'accepted', `${row.type} of ${username}`);
  }
}
