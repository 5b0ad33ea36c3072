/**
 * Whatever an operator answers to a bet, a charge or a win: what the studio is told, what the feed shows, what the
 * operator is told afterwards, what it holds in the end, and what is recorded of each attempt.
 */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { AgentId } from '../../src/core/ids.ts';
import { type AgentSettings, setAgent } from '../../src/db/agent.ts';
import { freePort, pem } from '../callbacks/client-rig.ts';
import { openWorld, type StudioClient, studioClient, type TestAgent, type World } from '../world.ts';
import { type Seat, seat } from './rig.ts';
import {
  type Attempt,
  answer,
  attemptsOf,
  auditHolds,
  type Call,
  closeHub,
  openStand,
  rowsOf,
  type Script,
  type Stand,
  until,
  untilTold,
} from './stand.ts';

const OPEN_WITH = 10_000;
/** Long enough for a slow machine to answer in, short enough to wait for. */
const TIMEOUT_MS = 2000;
const limits = { allowedNetworks: [], questionTimeoutMs: TIMEOUT_MS, messageTimeoutMs: TIMEOUT_MS };

let world: World;
let stand: Stand;
let studio: StudioClient;
before(async () => {
  const resolve = (name: string) => Promise.reject(new Error(`getaddrinfo ENOTFOUND ${name}`));
  world = await openWorld({ outreach: { client: { ...limits, allowLoopback: true, resolve } } });
  stand = await openStand({ openWith: BigInt(OPEN_WITH) });
  studio = await world.studio('evolution');
});
after(async () => {
  await auditHolds(world);
  await world.close();
  await stand.close();
});

type Verdict = 'accepted' | 'refused' | 'unavailable' | 'unknown';
interface Case {
  readonly name: string;
  readonly strike: Script;
  readonly class: string;
  readonly status: number | null;
  readonly verdict: Verdict;
  /** The first of the answer as it is recorded; any when absent. */
  readonly head?: string;
  /** The balance is required in answers: what the studio is told of an accepted bet. */
  readonly slotBooster?: { readonly told: string };
}

/** Answers so without the wallet having acted. */
const bare =
  (status: number, body = '', headers = {}): Script =>
  (_call, response) =>
    void response.writeHead(status, headers).end(body);
/** Lets the wallet act, then answers so. */
const acted =
  (reply: (response: ServerResponse, call: Call) => void): Script =>
  async (call, response) => {
    await call.process();
    reply(response, call);
  };
const acts = (status: number, body = '', headers = {}): Script =>
  acted((response) => void response.writeHead(status, headers).end(body));
const reset = (response: ServerResponse) => void response.socket?.resetAndDestroy();
const elsewhere = () => ({ location: `${stand.url}/elsewhere/changeBalance` });

function never(response: ServerResponse): void {
  const piece = 'x'.repeat(1000);
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response
    .writeHead(200)
    .on('drain', more)
    .on('error', () => {});
  more();
}
function slowly(response: ServerResponse): void {
  response.writeHead(200).write('{"bal');
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

const yes = { class: 'accepted', status: 200, verdict: 'accepted' } as const;
const lost = { status: null, verdict: 'unknown', head: '' } as const;
const noBalance = { class: 'accepted_without_balance', status: 200, verdict: 'unknown' } as const;
const no = (status: number, found: string): Case => ({
  ...{ name: `${status}`, strike: bare(status, `{"message":"${status}"}`) },
  ...{ class: found, status, verdict: 'refused', head: `{"message":"${status}"}` },
});
const odd = (status: number, found: string): Case => ({
  ...{ name: `${status} after it acted`, strike: acts(status, status === 204 ? '' : '{"balance":1}') },
  ...{ class: found, status, verdict: 'unknown' },
});
const moved = (status: number): Case => ({
  name: `${status} to somewhere else`,
  strike: (call, response) => bare(status, 'moved', elsewhere())(call, response),
  ...{ class: 'redirected', status, verdict: 'refused', head: 'moved' },
});
const boosted = (name: string, body: string, told: string): Case => ({
  ...{ name: `booster: ${name}`, strike: acts(200, body), ...yes, head: body },
  slotBooster: { told },
});
const unboosted = (name: string, body: string): Case => ({
  ...{ name: `booster: ${name}`, strike: acts(200, body), ...noBalance, head: body },
  slotBooster: { told: '' },
});

const CASES: readonly Case[] = [
  { name: 'an empty body', strike: acts(200), ...yes, head: '' },
  { name: 'a text', strike: acts(200, 'OK', { 'content-type': 'text/plain' }), ...yes, head: 'OK' },
  { name: 'an empty object', strike: acts(200, '{}'), ...yes, head: '{}' },
  { name: 'JSON as HTML', strike: acts(200, '{"a":1}', { 'content-type': 'text/html' }), ...yes },
  { name: 'nothing of UTF-8', strike: acted((r) => r.end(Buffer.from([0xb0, 0xa1, 0xff]))), ...yes },
  { name: 'NUL in it', strike: acts(200, 'a\0b'), ...yes, head: 'a\ufffdb' },
  { name: 'a long body', strike: acts(200, '가'.repeat(5000)), ...yes, head: '가'.repeat(512) },
  { name: 'a character across the bound', strike: acts(200, `${'x'.repeat(511)}🎰`), ...yes },
  { name: 'a body without end', strike: acted(never), ...yes, head: 'x'.repeat(512) },
  { name: 'a body too slow', strike: acted(slowly), ...yes },
  {
    name: 'a body cut off',
    strike: acted((r) => {
      r.writeHead(200, { 'content-length': 100 });
      r.write('half', () => r.destroy());
    }),
    ...yes,
  },
  {
    name: '102 and then 200',
    strike: acted((r) => {
      r.writeProcessing();
      r.end('{}');
    }),
    ...yes,
  },
  ...[201, 202, 204, 207].map((status) => odd(status, 'other_success')),
  ...[301, 302, 303, 307, 308].map(moved),
  ...[400, 401, 402, 404, 409, 422, 429].map((status) => no(status, 'refused')),
  ...[500, 502, 503].map((status) => no(status, 'failed')),
  odd(600, 'nonsense'),
  odd(999, 'nonsense'),
  {
    name: 'no HTTP at all',
    strike: acted((r) => r.socket?.end('SSH-2.0-OpenSSH_9.6\r\n\r\n')),
    ...{ class: 'connection_lost', ...lost },
  },
  { name: 'no answer, nothing done', strike: () => {}, class: 'timed_out', ...lost },
  { name: 'no answer, but done', strike: acted(() => {}), class: 'timed_out', ...lost },
  { name: 'reset before', strike: (_call, r) => reset(r), class: 'connection_lost', ...lost },
  { name: 'reset after', strike: acted(reset), class: 'connection_lost', ...lost },
  { name: 'closed after', strike: acted((r) => r.destroy()), class: 'connection_lost', ...lost },
  boosted('a number', '{"balance":4321}', '4321'),
  boosted('a numeric text', '{"balance":"4321"}', '4321'),
  boosted('a text with decimals', '{"balance":"4321.99"}', '4321'),
  boosted('with more around it', '{"status":"ok","balance":4321,"balance_before":1}', '4321'),
  unboosted('no balance', '{}'),
  unboosted('null', '{"balance":null}'),
  unboosted('no JSON', '<html>4321</html>'),
  unboosted('an empty body', ''),
  unboosted('a word', '{"balance":"much"}'),
  unboosted('a list', '[{"balance":4321}]'),
];

const KINDS = ['bet', 'charge', 'win'] as const;
type Kind = (typeof KINDS)[number];
interface Scene {
  readonly agent: TestAgent;
  readonly seats: Readonly<Record<Kind, Seat>>;
  set(settings: AgentSettings): Promise<void>;
}

let scenes = 0;

/** An agent with a player for each kind; the first item of its kind is struck. */
async function scene(strike: Script): Promise<Scene> {
  const prefix = `case${scenes++}`;
  const struck = new Set<string>();
  const callbackUrl = stand.under(prefix, (call, response) => {
    const { username = '', transaction } = call.packet ?? {};
    if (!username.endsWith(`-${transaction?.type}`) || struck.has(username)) return answer(call, response);
    struck.add(username);
    return strike(call, response);
  });
  const agent = await world.agent({ pot: 1_000_000n, wallet: 'seamless', callbackUrl });
  const at = (kind: Kind) => seat(world, { agent, studio, username: `${prefix}-${kind}` });
  const [bet, charge, win] = await Promise.all([at('bet'), at('charge'), at('win')]);
  return {
    agent,
    seats: { bet, charge, win },
    async set(settings) {
      await setAgent(world.hub.sql, agent.id as AgentId, settings);
      world.hub.directory.forget();
    },
  };
}

const TOLD: Readonly<Record<Verdict, string>> = {
  accepted: 'accepted',
  refused: 'operator_refused',
  unavailable: 'operator_unavailable',
  unknown: 'operator_unavailable',
};
const SHOWN: Readonly<Record<Verdict, (kind: Kind) => string[]>> = {
  accepted: (kind) => [kind],
  refused: () => [],
  unavailable: () => [],
  unknown: (kind) => [kind, 'cancel'],
};

interface Outcome {
  readonly class: string;
  readonly status: number | null;
  readonly verdict: Verdict;
}

/** A bet or a charge of 100. */
async function checkQuestion({ agent, seats }: Scene, kind: 'bet' | 'charge', expected: Outcome) {
  const { username, send } = seats[kind];
  const told = await send('q', kind, { amount: '100' });
  const { verdict } = expected;
  assert.equal(told.code ?? told.status, TOLD[verdict], kind);
  await untilTold(world, agent);
  const rows = (await rowsOf(agent)).filter((row) => row.user.username === username);
  assert.deepEqual(
    rows.map((row) => row.type),
    SHOWN[verdict](kind),
  );
  const [asked] = (await attemptsOf(world, agent)).filter((each) => isOf(each, username));
  assert.ok(asked !== undefined, 'the attempt is recorded');
  assert.deepEqual([asked.class, asked.status, asked.n], [expected.class, expected.status, 1]);
  const sent = stand.packetsOf(username).map(({ transaction }) => transaction);
  assert.deepEqual(
    sent.map(({ type }) => type),
    verdict === 'unavailable' ? [] : verdict === 'unknown' ? [kind, 'cancel'] : [kind],
  );
  if (verdict === 'unknown') {
    const [first, cancel] = sent;
    assert.deepEqual([cancel?.referer_id, cancel?.amount, first?.id], [first?.id, 100, rows[0]?.id]);
    assert.deepEqual([rows[1]?.id, rows[1]?.referer_id], [cancel?.id, rows[0]?.id]);
  }
  if (verdict === 'accepted') assert.equal(told.transactionId, sent[0]?.id);
  const again = await send('q', kind, { amount: '100' });
  assert.deepEqual(again, { ...told, replayed: true });
  assert.equal(await heldBy(username), OPEN_WITH - (verdict === 'accepted' ? 100 : 0));
  return { told, asked };
}

/** A bet of 100, and a win of 40 that comes through in the end. */
async function checkMessage({ agent, seats }: Scene, expected: Outcome, mend = async () => {}) {
  const { username, send } = seats.win;
  const told = await send('w', 'win', { amount: '40' });
  assert.deepEqual([told.status, told.code], ['accepted', undefined]);
  const attempts = async () =>
    (await attemptsOf(world, agent)).filter((each) => Number(each.callback_id) === told.transactionId);
  await until(async () => (await attempts()).length > 0, 'the win is tried');
  await mend();
  await untilTold(world, agent);
  const [first, ...more] = await attempts();
  assert.deepEqual([first?.class, first?.status, first?.n], [expected.class, expected.status, 1]);
  const isDelivered = expected.class.startsWith('accepted');
  assert.deepEqual(
    more.map((each) => [each.class, each.n]),
    isDelivered ? [] : [['accepted', 2]],
  );
  assert.ok(more.every(({ request }) => request === first?.request));
  const rows = (await rowsOf(agent)).filter((row) => row.user.username === username);
  assert.deepEqual(
    rows.map((row) => row.type),
    ['bet', 'win'],
  );
  assert.equal(await heldBy(username), OPEN_WITH - 100 + 40);
  return first;
}

const isOf = ({ request }: Attempt, username: string) => request.includes(`{"username":"${username}"`);
const heldBy = async (username: string) => Number((await stand.desk.wallet.balance(username)).balance);

describe('what the operator answers', { concurrency: 6 }, () => {
  for (const each of CASES) {
    test(each.name, async () => {
      const made = await scene(each.strike);
      const { agent, seats, set } = made;
      if (each.slotBooster !== undefined) await set({ slotBooster: true });
      await seats.win.send('b', 'bet', { amount: '100' });
      const [bet, , win] = await Promise.all([
        checkQuestion(made, 'bet', each),
        checkQuestion(made, 'charge', each),
        checkMessage(made, each),
      ]);
      for (const attempt of [bet.asked, win]) {
        if (each.head !== undefined) assert.equal(attempt?.answer, each.head);
        assert.ok((attempt?.answer.length ?? 0) <= 512);
      }
      if (each.slotBooster !== undefined && each.verdict === 'accepted') {
        assert.equal(bet.told.balance, each.slotBooster.told);
        const known = (await agent.get('/user', { username: seats.bet.username })).body.balance;
        assert.equal(String(known), each.slotBooster.told, 'the operator is believed');
      }
    });
  }
});

test('a redirect is never followed', () => {
  assert.equal(stand.calls.filter(({ prefix }) => prefix === '/elsewhere').length, 0);
});

describe('the operator is not reached', { concurrency: 6 }, () => {
  const cases: readonly [name: string, found: string, url: () => Promise<string | null>][] = [
    ['nobody listens', 'unreachable', async () => `http://127.0.0.1:${await freePort()}/`],
    ['no such name', 'unreachable', async () => 'http://nowhere.example/'],
    ['a stranger’s certificate', 'unreachable', strangerUrl],
    ['no callback URL', 'no_callback_url', async () => null],
    ['an address nobody may be sent to', 'address_forbidden', async () => 'http://169.254.169.254/latest'],
  ];
  for (const [name, found, url] of cases) {
    test(name, async () => {
      const made = await scene(answer);
      const { agent, seats, set } = made;
      await seats.win.send('b', 'bet', { amount: '100' });
      const callbackUrl = (await agent.get('/my-info')).body.callback_url;
      await set({ callbackUrl: await url() });
      const expected = { class: found, status: null, verdict: 'unavailable' } as const;
      const { asked } = await checkQuestion(made, 'bet', expected);
      assert.equal(asked.answer, '');
      await checkQuestion(made, 'charge', expected);
      await checkMessage(made, expected, () => set({ callbackUrl }));
    });
  }
});

async function strangerUrl(): Promise<string> {
  const server = createTlsServer({ cert: pem('server'), key: pem('server-key') });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => new Promise((resolve) => server.close(resolve)));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a node that may reach no loopback leaves what it could not tell to one that may', async () => {
  const outside = await world.secondHub({ outreach: { client: { ...limits, allowLoopback: false } } });
  const { agent, seats } = await scene(answer);
  await seats.win.send('b', 'bet', { amount: '100' });
  const remote = studioClient(outside.url, studio);
  const send = async ({ username, session }: Seat, type: Kind, amount: string) => {
    const game = { id: 'evolution-game', type: 'slot', title: 't' };
    const item = { id: `${username}-${type}`, type, session, game, round: 'r1', amount, currency: 'KRW' };
    return (await remote.transact(item))[0];
  };
  assert.equal((await send(seats.bet, 'bet', '100')).code, 'operator_unavailable');
  assert.equal((await send(seats.win, 'win', '40')).status, 'accepted');
  await until(async () => (await attemptsOf(world, agent)).length > 2, 'both were tried');
  await closeHub(outside.hub);
  await untilTold(world, agent);
  const classes = (await attemptsOf(world, agent)).map((each) => each.class);
  assert.deepEqual([...new Set(classes)].sort(), ['accepted', 'address_forbidden']);
  assert.equal(classes.at(-1), 'accepted');
  assert.equal(await heldBy(seats.win.username), OPEN_WITH - 100 + 40);
});
