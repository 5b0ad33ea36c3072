/** Limits of bets and wins: what is set here is what the ledger does, and nobody widens what another has set. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { StudioClient } from '../world.ts';
import { type Branch, type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let studio: StudioClient;
let ids: { vendors: Record<string, number>; games: Record<string, number> };
before(async () => {
  rig = await openRig();
  studio = await rig.world.studio('evolution', 'CQ9');
  const { vendors } = (await (await rig.house('owner')).get('/limit-games')).body;
  ids = { vendors: {}, games: {} };
  for (const { id, name, games } of vendors) {
    ids.vendors[name] = id;
    for (const game of games) ids.games[name] = game.id;
  }
});
after(() => rig.close());

type Body = Record<string, unknown>;
const set = (client: OfficeClient, branch: Branch, body: Body) =>
  client.put('/limits', { agent: rig.agents[branch].id, ...body });
const list = async (client: OfficeClient, query: Record<string, string | number> = {}) =>
  (await client.get('/limits', { limit: 500, ...query })).body.rows;
const clear = () => rig.sql`delete from bet_limit`;

let rounds = 0;
/** A seat of a1's player at a vendor's game, and what the ledger makes of a bet and of a win after it. */
async function seat(vendor = 'evolution') {
  const { session, game } = await rig.world.play(rig.agents.a1, studio, {
    username: rig.players.a1.username,
    vendor,
    balance: 0,
  });
  const send = async (type: string, amount: bigint, round: string) => {
    const item = {
      id: `limits-${rounds++}`,
      type,
      session,
      game,
      round,
      currency: 'KRW',
      amount: String(amount),
    };
    return (await studio.transact(item))[0];
  };
  return {
    async bet(amount: bigint): Promise<string> {
      const { status, code } = await send('bet', amount, `r${rounds}`);
      return status === 'accepted' ? 'allowed' : code;
    },
    /** What arrives of it. */
    async win(amount: bigint): Promise<bigint> {
      const round = `r${rounds}`;
      const { balance } = await send('bet', 0n, round);
      return BigInt((await send('win', amount, round)).balance) - BigInt(balance);
    },
  };
}

const trial = async (client: OfficeClient, what: 'bet' | 'win', amount: bigint, more: Body = {}) => {
  const query = {
    ...{ what, amount: String(amount), game: String(ids.games.evolution), player: rig.players.a1.id },
    ...(more as Record<string, string>),
  };
  const answer = await client.get('/limits/trial', query);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};

test('each sets its own beside the others’, and the narrowest holds', async () => {
  await clear();
  const people = {
    house: await rig.house('owner'),
    root: await rig.of('root'),
    a: await rig.of('a'),
    a1: await rig.of('a1'),
  };
  await rig.agents.a1.post('/user/add-balance', { username: rig.players.a1.username, amount: 100 });
  const at = await seat();
  assert.equal(await at.bet(50n), 'allowed');
  assert.equal((await set(people.root, 'a', { maxBet: '40', maxWin: '900' })).status, 200);
  assert.equal(await at.bet(41n), 'limit_exceeded');
  assert.equal(await at.bet(1n), 'allowed');
  // The agent may ask for more: it gets no more than its upline gives.
  assert.equal((await set(people.a, 'a', { maxBet: '1000000' })).status, 200);
  assert.equal(await at.bet(41n), 'limit_exceeded');
  assert.equal((await set(people.a, 'a', { maxBet: null })).body.limit, null);
  assert.equal(await at.bet(41n), 'limit_exceeded');
  assert.equal((await set(people.a1, 'a1', { maxBet: '5', game: ids.games.evolution })).status, 200);
  assert.equal(await at.bet(6n), 'limit_exceeded');
  assert.equal(await at.win(1000n), 900n);
  const other = await trial(people.a1, 'bet', 6n);
  assert.deepEqual(
    [other.allowed, other.maxBet, other.rows.map(({ holds, owner }: Body) => [owner, holds])],
    [
      false,
      '5',
      [
        ['upline', false],
        ['own', true],
      ],
    ],
  );
  const won = await trial(people.a1, 'win', 1000n);
  assert.deepEqual([won.allowed, won.amount, won.maxWin], [true, '900', '900']);
});

test('whose limits are seen, and as whose', async () => {
  await clear();
  const [house, root, a, a1] = [
    await rig.house('owner'),
    await rig.of('root'),
    await rig.of('a'),
    await rig.of('a1'),
  ];
  await set(house, 'root', { maxBet: '900' });
  await set(root, 'root', { maxBet: '800', player: rig.players.root.id });
  await set(root, 'a', { maxBet: '700', vendor: ids.vendors.CQ9 });
  await set(a, 'a1', { maxBet: '600', maxWin: '6000' });
  await set(a1, 'a1', { maxWin: '500', player: rig.players.a1.id });
  await set(await rig.of('b'), 'b', { maxBet: '400' });
  await set(await rig.of('other'), 'other', { maxBet: '300' });
  const seen = async (client: OfficeClient, query = {}) =>
    (await list(client, query)).map((row: Body) => [
      row.maxBet ?? row.maxWin,
      row.owner,
      row.agent,
      row.ownerName,
    ]);
  assert.deepEqual(await seen(a1), [
    ['500', 'own', 'branch-a1', 'branch-a1'],
    ['600', 'upline', 'branch-a1', null],
    ['700', 'upline', null, null],
    ['900', 'upline', null, null],
  ]);
  assert.deepEqual(await seen(a), [
    ['500', 'below', 'branch-a1', 'branch-a1'],
    ['600', 'own', 'branch-a1', 'branch-a'],
    ['700', 'upline', 'branch-a', null],
    ['900', 'upline', null, null],
  ]);
  assert.equal((await seen(house)).length, 7);
  assert.deepEqual(await seen(house, { kind: 'win', agent: rig.agents.root.id }), [
    ['500', 'below', 'branch-a1', 'branch-a1'],
    ['600', 'below', 'branch-a1', 'branch-a'],
  ]);
  assert.deepEqual(await seen(house, { vendor: ids.vendors.CQ9 }), [
    ['700', 'below', 'branch-a', 'trunk-root'],
  ]);
  assert.deepEqual((await house.get('/limits/totals', { kind: 'bet' })).body, { count: 6, more: false });
  assert.deepEqual((await a1.get('/limits/totals')).body, { count: 4, more: false });
  assert.equal((await a.get('/limits', { agent: rig.agents.b.id })).status, 404);
  assert.equal((await a.get('/limits', { player: rig.players.root.id })).status, 404);
  const first = (await house.get('/limits', { limit: 3 })).body;
  const second = (await house.get('/limits', { limit: 3, after: first.next })).body;
  assert.deepEqual(
    [...first.rows, ...second.rows].map(({ id }: Body) => id),
    (await list(house)).slice(0, 6).map(({ id }: Body) => id),
  );
  const file = (await a1.get('/limits/export', { format: 'csv' })).text;
  assert.ok(file.includes('600') && !file.includes('trunk-root') && !file.includes('300'));
});

test('an upline’s limit is not for those it binds to lift; one’s own, and those below, are', async () => {
  await clear();
  const [house, root, a, a1] = [
    await rig.house('owner'),
    await rig.of('root'),
    await rig.of('a'),
    await rig.of('a1'),
  ];
  const made = async (client: OfficeClient, branch: Branch) =>
    (await set(client, branch, { maxBet: '10', reason: 'a test' })).body.limit.id;
  const lift = async (client: OfficeClient, id: number) =>
    (await client.del(`/limits/${id}`)).body.code ?? 'lifted';
  const [byHouse, byRoot, byA1] = [await made(house, 'a1'), await made(root, 'a1'), await made(a1, 'a1')];
  assert.deepEqual([await lift(a1, byHouse), await lift(a1, byRoot)], ['forbidden', 'forbidden']);
  assert.deepEqual([await lift(a, byRoot), await lift(root, byHouse)], ['forbidden', 'forbidden']);
  assert.equal(await lift(await rig.of('b'), byA1), 'not_found');
  assert.equal(await lift(await rig.of('a1', 'agent_staff'), byA1), 'forbidden');
  assert.equal(await lift(await rig.house('support'), byA1), 'forbidden');
  assert.equal(await lift(a, byA1), 'lifted');
  assert.equal(await lift(a, byA1), 'not_found');
  assert.deepEqual([await lift(root, byRoot), await lift(house, byHouse)], ['lifted', 'lifted']);
  const lines =
    await rig.sql`select actor, detail from audit_log where action = 'agent.limit' order by n desc limit 6`;
  const last = lines.find(({ actor }) => actor === a.person);
  assert.deepEqual(
    [last?.detail.before, last?.detail.after, last?.detail.agentId],
    [{ maxBet: '10', maxWin: null }, { maxBet: null, maxWin: null }, rig.agents.a1.id],
  );
  assert.ok(lines.some(({ detail }) => detail.reason === 'a test' && detail.after.maxBet === '10'));
});

test('what does not fit together, or is not there, is refused and changes nothing', async () => {
  await clear();
  const a = await rig.of('a');
  const table: readonly (readonly [Branch, Body, string])[] = [
    ['root', { maxBet: '1' }, 'not_found'],
    ['b', { maxBet: '1' }, 'not_found'],
    ['a', {}, 'invalid_request'],
    ['a', { maxBet: '-1' }, 'invalid_request'],
    ['a', { maxBet: '1.5' }, 'invalid_request'],
    ['a', { maxBet: 5 }, 'invalid_request'],
    ['a', { maxBet: '99999999999999999' }, 'invalid_request'],
    ['a', { maxBet: '1', game: 999_999 }, 'not_found'],
    ['a', { maxBet: '1', vendor: 999_999 }, 'not_found'],
    ['a', { maxBet: '1', vendor: ids.vendors.CQ9, game: ids.games.evolution }, 'invalid_request'],
    ['a', { maxBet: '1', player: rig.players.b.id }, 'not_found'],
    ['a', { maxBet: '1', player: rig.players.root.id }, 'not_found'],
    ['a', { maxBet: '1', player: 1 }, 'not_found'],
  ];
  for (const [branch, body, code] of table)
    assert.equal((await set(a, branch, body)).body.code, code, JSON.stringify(body));
  assert.deepEqual(await list(a), []);
  // A player's is kept at the player's own agent, whichever was named above it; a game's without its vendor.
  const wish = {
    maxBet: '0',
    vendor: ids.vendors.evolution,
    game: ids.games.evolution,
    player: rig.players.a1.id,
  };
  const { limit } = (await set(a, 'a', wish)).body;
  assert.deepEqual(
    [limit.agent, limit.vendorId, limit.game, limit.maxBet],
    ['branch-a1', null, 'evolution test', '0'],
  );
  for (const query of [
    { what: 'bet', amount: '1', game: ids.games.evolution ?? 0, player: rig.players.b.id },
    { what: 'bet', amount: '1', game: 999_999 },
    { what: 'bet', amount: '1', game: ids.games.evolution ?? 0, agent: rig.agents.root.id },
  ])
    assert.equal((await a.get('/limits/trial', query)).status, 404);
});

const SETTABLE = {
  house: ['root', 'a', 'a1', 'b', 'other'],
  root: ['root', 'a', 'a1', 'b'],
  a: ['a', 'a1'],
  a1: ['a1'],
} as const satisfies Record<string, readonly Branch[]>;
type Who = keyof typeof SETTABLE;

const amountWished = fc.option(fc.integer({ min: 0, max: 60 }).map(String));
const wished = fc.constantFrom(...(Object.keys(SETTABLE) as Who[])).chain((who) =>
  fc.record({
    who: fc.constant(who),
    branch: fc.constantFrom<Branch>(...SETTABLE[who]),
    on: fc.constantFrom('all', 'vendor', 'otherVendor', 'game', 'otherGame'),
    player: fc.boolean(),
    maxBet: amountWished,
    maxWin: amountWished,
  }),
);
type Wished = typeof wished extends fc.Arbitrary<infer One> ? One : never;

function targetOf({ on, player }: Wished): Body {
  const targets: Readonly<Record<string, Body>> = {
    vendor: { vendor: ids.vendors.evolution },
    otherVendor: { vendor: ids.vendors.CQ9 },
    game: { game: ids.games.evolution },
    otherGame: { game: ids.games.CQ9 },
  };
  return { ...targets[on], ...(player ? { player: rig.players.a1.id } : {}) };
}

/** Sets them all, and says by the naive rule what holds for a1's player: of all that is about its bet, the least. */
async function setAll(people: Readonly<Record<Who, OfficeClient>>, wishes: readonly Wished[]) {
  const about = new Map<string, { maxBet: string | null; maxWin: string | null }>();
  for (const wish of wishes) {
    const { who, branch, on, player, maxBet, maxWin } = wish;
    const inside = branch !== 'b' && branch !== 'other';
    const target = targetOf(inside ? wish : { ...wish, player: false });
    const answer = await set(people[who], branch, { ...target, maxBet, maxWin });
    assert.equal(answer.status, 200, answer.text);
    if (inside && !on.startsWith('other'))
      about.set(`${who} ${player ? 'player' : branch} ${on}`, { maxBet, maxWin });
  }
  const least = (key: 'maxBet' | 'maxWin') => {
    const all = [...about.values()].flatMap((each) => (each[key] === null ? [] : [BigInt(each[key])]));
    return all.length === 0 ? null : all.reduce((one, other) => (one < other ? one : other));
  };
  return { maxBet: least('maxBet'), maxWin: least('maxWin') };
}

test('whatever is set, by whom and where: the trial says what the ledger does', async () => {
  const [house, root, a, a1] = [
    await rig.house('owner'),
    await rig.of('root'),
    await rig.of('a'),
    await rig.of('a1'),
  ];
  await rig.agents.a1.post('/user/add-balance', { username: rig.players.a1.username, amount: 100_000 });
  const at = await seat();
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  const wishes = fc.array(wished, { minLength: 1, maxLength: 6 });
  const property = fc.asyncProperty(wishes, fc.bigInt({ min: 0n, max: 70n }), async (all, asked) => {
    await clear();
    const { maxBet, maxWin } = await setAll({ house, root, a, a1 }, all);
    const edges = [maxBet, maxWin].flatMap((limit) => (limit === null ? [] : [limit, limit + 1n]));
    for (const amount of [asked, ...edges]) {
      const bet = await trial(a1, 'bet', amount);
      const win = await trial(house, 'win', amount);
      const texts = [maxBet?.toString() ?? null, maxWin?.toString() ?? null];
      assert.deepEqual([bet.maxBet, win.maxWin], texts);
      assert.equal(await at.bet(amount), bet.allowed ? 'allowed' : 'limit_exceeded');
      assert.equal(await at.win(amount), BigInt(win.amount));
    }
  });
  await fc.assert(property, { seed, numRuns: 20, endOnFailure: true });
});
