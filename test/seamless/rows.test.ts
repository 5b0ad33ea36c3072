/**
 * Every row type in seamless mode: what the operator is sent, byte for byte, once and in order, is what the feed
 * shows; the POT, the operator's own balance and the sums follow.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AgentId } from '../../src/core/ids.ts';
import { setLimit } from '../../src/db/limit.ts';
import { foldTransfers } from '../../src/db/rollup.ts';
import { openWorld, SECRET_KEY, type StudioClient, type TestAgent, type World } from '../world.ts';
import { type Seat, seat } from './rig.ts';
import { auditHolds, openStand, type Row, rowsOf, type Stand, until, untilTold } from './stand.ts';

const POT = 10_000_000n;
const TITLE = '스피드 바카라 "A" <B> & 中文 \\ 🎰';

let world: World;
let won: Stand;
let dollars: Stand;
let studio: StudioClient;
before(async () => {
  [world, won, dollars] = await Promise.all([
    openWorld(),
    openStand({ openWith: 10_000n }),
    openStand({ openWith: 100_000n, currency: 'USD' }),
  ]);
  studio = await world.studio('evolution', 'WM Live', 'onetouch', 'netent');
  const game = { id: 'netent-game', title: TITLE, type: '라이브', vendor: 'netent' };
  const games = [{ ...game, launchUrl: 'http://127.0.0.1:1/play' }];
  assert.equal((await studio.call('PUT', '/games', { games })).status, 200);
});
after(async () => {
  await auditHolds(world);
  await world.close();
  await Promise.all([won.close(), dollars.close()]);
});

interface Scene extends Seat {
  readonly agent: TestAgent;
  /**
   * What the operator got so far and what the feed shows, as [type, amount, before, place of the row referred to].
   * Checks everything else on the way.
   */
  rows(): Promise<[string, number, number, number | null][]>;
  /** From now on the operator says no. */
  refuse(): void;
}

let scenes = 0;

async function scene({
  vendor = 'evolution',
  currency = 'KRW',
  username = '',
  maxWin = 0n,
} = {}): Promise<Scene> {
  const stand = currency === 'KRW' ? won : dollars;
  const prefix = `scene${scenes++}`;
  const callbackUrl = stand.under(prefix, null);
  const agent = await world.agent({ pot: POT, wallet: 'seamless', callbackUrl, currency });
  if (maxWin > 0n) await setLimit(world.hub.sql, { agentId: agent.id as AgentId }, { maxWin });
  const named = username === '' ? {} : { username };
  const seated = await seat(world, { agent, studio, vendor, currency, ...named });
  const rows: Scene['rows'] = async () => {
    await untilTold(world, agent);
    const shown = await rowsOf(agent);
    const sent = stand.calls.filter(({ packet }) => packet?.username === seated.username);
    const asked = new Map(
      sent.map(({ packet }) => [packet?.transaction.id, packet?.transaction.processed_at]),
    );
    assert.deepEqual(
      sent.map(({ body }) => body),
      shown.map((row) => packetText(row, asked.get(row.id) ?? '')),
    );
    for (const row of shown) checkInstant(row, asked.get(row.id) ?? '');
    const moved = shown.reduce((sum, row) => sum + minor(row.amount, currency), 0n);
    assert.equal(BigInt((await agent.get('/my-info')).body.balance * scaleOf(currency)), POT + moved);
    const { balance } = await stand.desk.wallet.balance(seated.username);
    assert.equal(balance, (currency === 'KRW' ? 10_000n : 100_000n) + moved);
    await checkSums(agent, shown, currency);
    const place = (id: number | null) => (id === null ? null : shown.findIndex((row) => row.id === id));
    return shown.map((row) => [row.type, row.amount, row.before, place(row.referer_id)]);
  };
  const refuse = () =>
    void stand.under(prefix, (_call, response) => void response.writeHead(402).end('{"message":"no"}'));
  return { ...seated, agent, rows, refuse };
}

const scaleOf = (currency: string) => (currency === 'KRW' ? 1 : 100);
const minor = (amount: number, currency: string) => BigInt(Math.round(amount * scaleOf(currency)));

/** The packet of a row as the contract orders its fields. */
function packetText(row: Row, at: string): string {
  const text = JSON.stringify;
  const { id, type, amount, before: start, referer_id, user } = row;
  const game = row.details?.game;
  const details =
    game === undefined
      ? 'null'
      : `{"game":{"id":${text(game.id)},"type":${text(game.type)},"round":${text(game.round)},"title":${text(game.title)},"vendor":${text(game.vendor)}}}`;
  const balance = Math.round((start + amount) * 100) / 100;
  return (
    `{"username":${text(user.username)},"amount":${amount},"transaction":{"id":${id},"type":"${type}","referer_id":${referer_id},` +
    `"amount":${amount},"processed_at":"${at}","details":${details},` +
    `"target":{"id":${user.id},"username":${text(user.username)},"balance":${balance},"point":"0.00"}}}`
  );
}

/** A question carries the instant it was put; what has happened, its row's own. */
function checkInstant({ type, processed_at }: Row, sentAt: string): void {
  assert.match(sentAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  if (type === 'bet' || type === 'charge') assert.ok(sentAt <= processed_at);
  else assert.equal(sentAt, processed_at);
}

async function checkSums(agent: TestAgent, rows: readonly Row[], currency: string): Promise<void> {
  // The hub's own loop may be at it.
  const isFolded = async () => {
    await foldTransfers(world.hub.sql);
    const [left] = await world.hub
      .sql`select from transfer where agent_id = ${agent.id} and at > (select at from fold_cursor) limit 1`;
    return left === undefined;
  };
  await until(isFolded, 'the rows are folded');
  const [sums] = await world.hub
    .sql`select coalesce(sum(bets), 0)::int as bets, coalesce(sum(bet_sum), 0)::text as bet_sum,
    coalesce(sum(win_sum), 0)::text as win_sum, coalesce(sum(cancel_sum), 0)::text as cancel_sum from rollup_hour where agent_id = ${agent.id}`;
  const ofGame = rows.filter((row) => row.details !== null);
  const sumOf = (...types: string[]) =>
    ofGame
      .filter((row) => types.includes(row.type))
      .reduce((sum, row) => sum + minor(row.amount, currency), 0n);
  assert.deepEqual(
    { ...sums },
    {
      bets: ofGame.filter((row) => row.type === 'bet').length,
      bet_sum: String(-sumOf('bet')),
      win_sum: String(sumOf('win', 'promo_win', 'exceed_credit')),
      cancel_sum: String(sumOf('cancel')),
    },
  );
}

test('bet, win, zero win, charge, corrections, promotions with a game and without', async () => {
  const { send, rows, username } = await scene();
  await send('b1', 'bet', { amount: '1000' });
  await send('w1', 'win', { amount: '1500', closesRound: true });
  await send('b2', 'bet', { amount: '300', round: 'r2' });
  await send('w2', 'win', { amount: '0', round: 'r2' });
  await send('c1', 'charge', { amount: '50', round: 'r2' });
  await send('p1', 'promo_win', { amount: '70', round: undefined });
  await send('a1', 'adjust_credit', { amount: '20', reference: `${username}-b1` });
  await send('a2', 'adjust_debit', { amount: '10' });
  await send('p2', 'promo_win', { amount: '5', game: { id: 'of no catalogue', type: 'slot', title: 'x' } });
  await send('b3', 'bet', { amount: '0', round: 'r3' });
  assert.deepEqual(await rows(), [
    ['bet', -1000, 10_000, null],
    ['win', 1500, 9000, 0],
    ['bet', -300, 10_500, null],
    ['win', 0, 10_200, 2],
    ['charge', -50, 10_200, null],
    ['promo_win', 70, 10_150, null],
    ['adjust', 20, 10_220, 0],
    ['adjust', -10, 10_240, null],
    ['promo_win', 5, 10_230, null],
    ['bet', 0, 10_235, null],
  ]);
});

test('the studio is told ids, balances and repeats as for a wallet that is here', async () => {
  const { send, rows } = await scene();
  const bet = await send('b1', 'bet', { amount: '1000' });
  const again = await send('b1', 'bet', { amount: '1000' });
  const other = await send('b1', 'bet', { amount: '1001' });
  const win = await send('w1', 'win', { amount: '30' });
  assert.deepEqual([bet.status, bet.balance, bet.replayed], ['accepted', '9000', false]);
  assert.deepEqual(again, { ...bet, replayed: true });
  assert.deepEqual([other.status, other.code], ['refused', 'id_reused']);
  assert.deepEqual([win.status, win.balance], ['accepted', '9030']);
  const shown = await rows();
  assert.deepEqual(shown.length, 2);
});

test('more wins in a round that is open; wins by reference', async () => {
  const { send, rows, username } = await scene();
  await send('b1', 'bet', { amount: '100' });
  await send('b2', 'bet', { amount: '200' });
  await send('w2', 'win', { amount: '250', reference: `${username}-b2` });
  await send('w1', 'win', { amount: '10' });
  await send('w3', 'win', { amount: '20' });
  await send('w4', 'win', { amount: '0', closesRound: true });
  assert.deepEqual(await rows(), [
    ['bet', -100, 10_000, null],
    ['bet', -200, 9900, null],
    ['win', 250, 9700, 1],
    ['win', 10, 9950, 0],
    ['win', 20, 9960, 1],
    ['win', 0, 9980, 1],
  ]);
});

test('a vendor without zero wins: the lost round is not told', async () => {
  const { send, rows } = await scene({ vendor: 'onetouch' });
  await send('b1', 'bet', { amount: '100' });
  const lost = await send('w1', 'win', { amount: '0' });
  assert.deepEqual([lost.status, lost.transactionId, lost.balance], ['accepted', null, '9900']);
  await send('b2', 'bet', { amount: '100', round: 'r2', closesRound: true });
  await send('b3', 'bet', { amount: '100', round: 'r3' });
  await send('w3', 'win', { amount: '30', round: 'r3' });
  assert.deepEqual(await rows(), [
    ['bet', -100, 10_000, null],
    ['bet', -100, 9900, null],
    ['bet', -100, 9800, null],
    ['win', 30, 9700, 2],
  ]);
});

test('a bundle has one cancel or one win, of its first bet; after a cancel and its pause it is bet again', async () => {
  const { send, rows, agent } = await scene({ vendor: 'WM Live' });
  await send('b1', 'bet', { amount: '100' });
  await send('b2', 'bet', { amount: '200' });
  await send('c1', 'cancel', { amount: '300' });
  const soon = await send('b3', 'bet', { amount: '50' });
  assert.deepEqual([soon.status, soon.code], ['refused', 'bet_too_soon']);
  await world.hub
    .sql`update round set cancelled_at = cancelled_at - interval '11 seconds' where agent_id = ${agent.id}`;
  await send('b4', 'bet', { amount: '50' });
  await send('b5', 'bet', { amount: '60' });
  await send('w1', 'win', { amount: '500' });
  assert.deepEqual(await rows(), [
    ['bet', -100, 10_000, null],
    ['bet', -200, 9900, null],
    ['cancel', 300, 9700, 0],
    ['bet', -50, 10_000, null],
    ['bet', -60, 9950, null],
    ['win', 500, 9890, 3],
  ]);
});

test('a cancel by reference; a second one moves nothing; a won bet is not cancelled', async () => {
  const { send, rows, username } = await scene();
  await send('b1', 'bet', { amount: '100' });
  await send('b2', 'bet', { amount: '200' });
  await send('c1', 'cancel', { reference: `${username}-b1`, amount: '100', round: undefined });
  const second = await send('c2', 'cancel', { reference: `${username}-b1` });
  await send('w2', 'win', { amount: '5' });
  const late = await send('c3', 'cancel', { reference: `${username}-b2` });
  assert.deepEqual([second.status, second.transactionId], ['accepted', null]);
  assert.deepEqual([late.status, late.code], ['refused', 'already_settled']);
  assert.deepEqual(await rows(), [
    ['bet', -100, 10_000, null],
    ['bet', -200, 9900, null],
    ['cancel', 100, 9700, 0],
    ['win', 5, 9800, 1],
  ]);
});

test('the cancel of an unknown bet and the bet after it: the operator hears of neither', async () => {
  const { send, rows, username } = await scene();
  const cancel = await send('c1', 'cancel', { reference: `${username}-b1` });
  const bet = await send('b1', 'bet', { amount: '100' });
  const round = await send('c2', 'cancel', { round: 'r9' });
  const ofRound = await send('b9', 'bet', { amount: '100', round: 'r9' });
  assert.deepEqual([cancel.status, cancel.transactionId], ['accepted', null]);
  assert.deepEqual([round.status, round.transactionId], ['accepted', null]);
  assert.deepEqual([bet.code, ofRound.code], ['cancelled_before', 'cancelled_before']);
  assert.deepEqual(await rows(), []);
});

test('what exceeds the maximum winning is told right after its win', async () => {
  const { send, rows } = await scene({ maxWin: 1000n });
  await send('b1', 'bet', { amount: '100' });
  const win = await send('w1', 'win', { amount: '1700' });
  assert.equal(win.balance, '10900');
  await send('w2', 'win', { amount: '1000' });
  assert.deepEqual(await rows(), [
    ['bet', -100, 10_000, null],
    ['win', 1700, 9900, 0],
    ['exceed_credit', -700, 11_600, 1],
    ['win', 1000, 10_900, 0],
  ]);
});

test('a round that ends tells what is lost in it: by its last item, and by closing it', async () => {
  const { send, rows, username, player } = await scene();
  await send('b1', 'bet', { amount: '100' });
  await send('b2', 'bet', { amount: '200' });
  await send('w2', 'win', { amount: '9', reference: `${username}-b2`, closesRound: true });
  await send('b3', 'bet', { amount: '300', round: 'r2' });
  const close = { game: 'evolution-game', round: 'r2', player };
  assert.equal((await studio.call('POST', '/rounds/close', close)).status, 200);
  assert.equal((await studio.call('POST', '/rounds/close', close)).status, 200);
  await send('b4', 'bet', { amount: '1', round: 'r3' });
  await send('b5', 'bet', { amount: '2', round: 'r3' });
  await send('c5', 'cancel', { reference: `${username}-b5`, round: 'r3', closesRound: true });
  assert.deepEqual(await rows(), [
    ['bet', -100, 10_000, null],
    ['bet', -200, 9900, null],
    ['win', 9, 9700, 1],
    ['win', 0, 9709, 0],
    ['bet', -300, 9709, null],
    ['win', 0, 9409, 4],
    ['bet', -1, 9409, null],
    ['bet', -2, 9408, null],
    ['cancel', 2, 9406, 7],
    ['win', 0, 9408, 6],
  ]);
});

test('rounds voided and settled by staff reach the operator', async () => {
  const { send, rows, player } = await scene({ maxWin: 1000n });
  await send('b1', 'bet', { amount: '100' });
  await send('b2', 'bet', { amount: '200', round: 'r2' });
  const common = ['--vendor', 'evolution', '--game', 'evolution-game', '--player', player];
  await cli('round', 'void', ...common, '--round', 'r1', '--reason', 'table closed');
  await cli('round', 'settle', ...common, '--round', 'r2', '--amount', '1500', '--reason', 'by the video');
  assert.deepEqual(await rows(), [
    ['bet', -100, 10_000, null],
    ['bet', -200, 9900, null],
    ['cancel', 100, 9700, 0],
    ['win', 1500, 9800, 1],
    ['exceed_credit', -500, 11_300, 3],
  ]);
});

function cli(...args: readonly string[]): Promise<void> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, DATABASE_URL: world.databaseUrl, SECRET_KEY };
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['src/cli.ts', ...args], { cwd, env, timeout: 60_000 }, (error, _out, err) =>
      error === null ? resolve() : reject(new Error(err)),
    );
  });
}

test('cents, a Korean name and a title with everything in it', async () => {
  const { send, rows } = await scene({ vendor: 'netent', currency: 'USD', username: '김철수 é"\\/' });
  await send('b1', 'bet', { amount: '1050', round: '라운드 #1' });
  await send('w1', 'win', { amount: '333', round: '라운드 #1' });
  await send('c1', 'charge', { amount: '1' });
  await send('a1', 'adjust_debit', { amount: '70' });
  await send('p1', 'promo_win', { amount: '100000' });
  assert.deepEqual(await rows(), [
    ['bet', -10.5, 1000, null],
    ['win', 3.33, 989.5, 0],
    ['charge', -0.01, 992.83, null],
    ['adjust', -0.7, 992.82, null],
    ['promo_win', 1000, 992.12, null],
  ]);
});

test('a refused bet and a refused charge leave no row, and the POT as it was', async () => {
  const { send, agent, refuse } = await scene();
  refuse();
  const bet = await send('b1', 'bet', { amount: '100' });
  const charge = await send('c1', 'charge', { amount: '100' });
  assert.deepEqual([bet.code, charge.code], ['operator_refused', 'operator_refused']);
  assert.deepEqual([bet.balance, bet.transactionId], ['10000', null]);
  assert.deepEqual(await rowsOf(agent), []);
  assert.equal((await agent.get('/my-info')).body.balance, Number(POT));
  const [pot] = await world.hub
    .sql`select a.reserved::text from account a join agent g on g.pot_account_id = a.id where g.id = ${agent.id}`;
  assert.equal(pot?.reserved, '0');
});
