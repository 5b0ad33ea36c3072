/** Visits of the rain book, against doubles of hub and book: coming, playing, leaving, and what comes later. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, openShop, type Shop } from './shop.ts';

const typesOf = (shop: Shop) => shop.hub.rows.map((row) => row.item.type);

test('the balance goes into the book, and what is left of it comes back', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 100_000n });
  const page = await shop.open(token);
  const inside = await page.until('in');
  const userId = shop.userId(player);
  assert.equal(inside.currency, 'USD');
  assert.equal(player.balance, 0n);
  assert.equal(shop.book.balanceOf(userId), 100_000n);
  const login = await page.post('login');
  assert.match((login as unknown as { url: string }).url, /token=/);

  const bet = shop.book.bet(userId, 10_000n, 25_000n)!;
  shop.book.settle(bet, 25_000n);
  await page.post('leave');
  const out = await page.until('left');
  assert.equal(player.balance, 125_000n);
  assert.equal(shop.book.balanceOf(userId), 0n);
  await eventually(
    () => page.view(),
    (view) => view.wallet === '125000',
  );
  assert.equal(out.code, null);
  await eventually(
    () => shop.seller.store.stay(player.id)?.round,
    (round) => round === null,
  );
  const [round] = shop.hub.rounds.values();
  assert.equal(round?.closed, true);
  assert.deepEqual(typesOf(shop), ['bet', 'win']);
  assert.equal(shop.book.players.get(userId)?.tokens.size, 0);
});

test('money in open bets stays, and comes when they are settled; then the round ends', async (t) => {
  const shop = await openShop(t, { rules: { lookMs: 60_000 } });
  const { token, player } = shop.launch({ balance: 100_000n });
  const page = await shop.open(token);
  await page.until('in');
  const userId = shop.userId(player);
  const bet = shop.book.bet(userId, 30_000n, 60_000n)!;
  await page.post('leave');
  const out = await page.until('left');
  assert.equal(player.balance, 70_000n);
  assert.deepEqual(out.book?.balance, '30000');
  assert.deepEqual([...shop.hub.rounds.values()][0]?.closed, false);

  // Nothing but the book's own word of the change brings the seller to look.
  shop.book.settle(bet, 60_000n);
  await eventually(
    () => player.balance,
    (balance) => balance === 160_000n,
  );
  await eventually(
    () => [...shop.hub.rounds.values()][0]?.closed,
    (closed) => closed === true,
  );
  assert.deepEqual(typesOf(shop), ['bet', 'win', 'win']);
});

test('a lost stay ends its round without a win', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 5_000n });
  const page = await shop.open(token);
  await page.until('in');
  shop.book.settle(shop.book.bet(shop.userId(player), 5_000n, 5_000n)!, -5_000n);
  await page.post('leave');
  await eventually(
    () => [...shop.hub.rounds.values()][0]?.closed,
    (closed) => closed === true,
  );
  assert.equal(player.balance, 0n);
  assert.deepEqual(typesOf(shop), ['bet']);
});

test('whoever has nothing enters with nothing, and brings in what comes later', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 0n });
  const page = await shop.open(token);
  await page.until('in');
  assert.deepEqual(typesOf(shop), []);
  player.balance = 8_000n;
  await page.post('enter');
  await eventually(
    () => shop.book.balanceOf(shop.userId(player)),
    (balance) => balance === 8_000n,
  );
  assert.equal((await page.view()).state, 'in');
  await page.post('leave');
  await page.until('left');
  assert.equal(player.balance, 8_000n);
});

test('a player who comes back while money is in open bets joins the round', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 50_000n });
  const page = await shop.open(token);
  await page.until('in');
  const userId = shop.userId(player);
  const bet = shop.book.bet(userId, 20_000n, 1_000n)!;
  await page.post('leave');
  await page.until('left');
  await page.post('enter');
  await page.until('in');
  assert.equal(shop.book.balanceOf(userId), 50_000n);
  assert.equal(shop.hub.rounds.size, 1);
  shop.book.settle(bet, 1_000n);
  await page.post('leave');
  await page.until('left');
  await eventually(
    () => [...shop.hub.rounds.values()][0]?.closed,
    (closed) => closed === true,
  );
  assert.equal(player.balance, 51_000n);
  assert.deepEqual(typesOf(shop), ['bet', 'win', 'bet', 'win']);
});

test('the newest page counts: what an older one says is not heard', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 10_000n });
  const first = await shop.open(token);
  await first.until('in');
  player.balance += 4_000n;
  const second = await shop.open(shop.launch({ player }).token);
  await second.until('in');
  assert.equal((await first.view()).state, 'replaced');
  await first.post('leave');
  await eventually(
    () => shop.book.balanceOf(shop.userId(player)),
    (balance) => balance === 14_000n,
  );
  await second.post('leave');
  await second.until('left');
  assert.equal(player.balance, 14_000n);
  assert.equal(await first.post('login'), 'session_unknown');
});

test('two pages opened at once stake once what there is', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 10_000n });
  const other = shop.launch({ player }).token;
  const pages = await Promise.all([shop.open(token), shop.open(other, 'another-opening')]);
  await eventually(
    () => Promise.all(pages.map(async (page) => (await page.view()).state)),
    (states) => states.includes('in') && states.includes('replaced'),
  );
  assert.equal(player.balance, 0n);
  assert.equal(shop.book.balanceOf(shop.userId(player)), 10_000n);
  assert.deepEqual(typesOf(shop), ['bet']);
});

test('a page that goes away and is not back takes the player out; one that is loaded again does not', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 10_000n });
  const page = await shop.open(token);
  await page.until('in');
  const away = () => fetch(`${shop.seller.url}/api/away`, { method: 'POST', body: page.key });
  assert.equal((await away()).status, 204);
  const again = await shop.open(token);
  assert.equal(again.key, page.key);
  shop.later(60_000);
  assert.equal((await again.view()).state, 'in');
  await away();
  shop.later(6_000);
  await again.until('left');
  assert.equal(player.balance, 10_000n);
});

test('a player who does nothing for long is out', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 10_000n });
  const page = await shop.open(token);
  await page.until('in');
  shop.later(9 * 60_000);
  await page.post('touch');
  shop.later(9 * 60_000);
  assert.equal((await page.view()).state, 'in');
  shop.later(2 * 60_000);
  await page.until('left');
  assert.equal(player.balance, 10_000n);
});

test('another currency is not let in', async (t) => {
  const shop = await openShop(t);
  const { status, body } = await shop.openRaw(shop.launch({ currency: 'KRW' }).token);
  assert.deepEqual([status, body.code], [409, 'currency_mismatch']);
  assert.deepEqual(typesOf(shop), []);
});

type Player = ReturnType<Shop['launch']>['player'];
const UPSETS: readonly [code: string, upset: (shop: Shop, player: Player) => void][] = [
  ['player_blocked', (_shop, player) => Object.assign(player, { blocked: true })],
  ['session_ended', (shop, player) => shop.hub.endSession(player)],
];
for (const [code, upset] of UPSETS) {
  test(`the hub's ${code} is told, and nothing is taken`, async (t) => {
    const shop = await openShop(t);
    const { token, player } = shop.launch({ balance: 0n });
    const page = await shop.open(token);
    await page.until('in');
    await page.post('leave');
    await page.until('left');
    player.balance = 10_000n;
    upset(shop, player);
    await page.post('enter');
    assert.equal((await page.until('refused')).code, code);
    assert.equal(player.balance, 10_000n);
  });
}

test('a bet is never larger than a limit, nor than what a win may be: its own money would be cut', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 10_000n, limits: { betMax: '6000', winMax: '4000' } });
  const page = await shop.open(token);
  await page.until('in');
  assert.equal(player.balance, 6_000n);
  await page.post('leave');
  await page.until('left');
  assert.equal(player.balance, 10_000n);
});

test('a book that lets nobody in takes nothing; one that is not there is waited for, then told', async (t) => {
  const shop = await openShop(t);
  shop.book.refuses = '2005';
  const { token, player } = shop.launch({ balance: 10_000n });
  const page = await shop.open(token);
  assert.equal((await page.until('refused')).code, 'book_refused');
  shop.book.refuses = null;
  shop.toBook.fate = () => 'drop';
  await page.post('enter');
  shop.later(10_000);
  assert.equal((await page.until('refused')).code, 'book_unreachable');
  assert.deepEqual(typesOf(shop), []);
  assert.equal(player.balance, 10_000n);
});

test('a deposit the book refuses gives the bet back', async (t) => {
  const shop = await openShop(t);
  shop.toBook.fate = ({ path }) => {
    if (path.endsWith('/deposit')) shop.book.refuses = '2003';
    return 'pass';
  };
  const { token, player } = shop.launch({ balance: 10_000n });
  const page = await shop.open(token);
  assert.equal((await page.until('refused')).code, 'book_refused');
  assert.equal(player.balance, 10_000n);
  assert.deepEqual(typesOf(shop), ['bet', 'cancel']);
  assert.equal(shop.seller.store.stay(player.id)?.round, null);
});

for (const fate of ['drop', 'deaf'] as const) {
  test(`a refusal proves nothing after a ${fate === 'deaf' ? 'lost answer' : 'lost request'}`, async (t) => {
    const shop = await openShop(t);
    let tries = 0;
    // The first attempt goes wrong, then the book's door is shut for a while.
    shop.toBook.fate = ({ path }) => {
      if (!path.endsWith('/deposit')) return 'pass';
      tries += 1;
      if (tries === 2) shop.book.refuses = '2003';
      if (tries === 5) shop.book.refuses = null;
      return tries === 1 ? fate : 'pass';
    };
    const { token, player } = shop.launch({ balance: 10_000n });
    const page = await shop.open(token);
    await page.until('in');
    assert.equal(player.balance, 0n);
    assert.equal(shop.book.balanceOf(shop.userId(player)), 10_000n);
  });
}

test('a deposit that is refused for good after a lost request is given back, once the book knows nothing of it', async (t) => {
  const shop = await openShop(t);
  let tries = 0;
  shop.toBook.fate = ({ path }) => {
    if (!path.endsWith('/deposit')) return 'pass';
    tries += 1;
    return tries === 1 ? 'drop' : 'pass';
  };
  shop.toBook.answered = ({ path }) => {
    if (path.endsWith('/deposit')) assert.ok(tries > 1);
  };
  const { token, player } = shop.launch({ balance: 10_000n });
  const page = await shop.open(token);
  // The player is unknown to the book from now on: it refuses, and has no trace.
  await eventually(
    () => shop.book.players.size,
    (size) => size === 1,
  );
  shop.book.players.clear();
  await page.until('refused');
  assert.equal(player.balance, 10_000n);
  assert.deepEqual(typesOf(shop), ['bet', 'cancel']);
});

test('a correction after the round is over is paid into it', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 10_000n });
  const page = await shop.open(token);
  await page.until('in');
  const bet = shop.book.bet(shop.userId(player), 10_000n, 7_000n)!;
  shop.book.settle(bet, -10_000n);
  await page.post('leave');
  await page.until('left');
  const [ref] = shop.hub.rounds.keys();
  await eventually(
    () => shop.seller.store.stay(player.id)?.lastRound,
    (last) => last === ref,
  );
  shop.book.settle(bet, 7_000n);
  await eventually(
    () => player.balance,
    (balance) => balance === 17_000n,
  );
  const last = shop.hub.rows.at(-1)?.item;
  assert.deepEqual([last?.type, last?.round], ['adjust_credit', ref]);
});

test('what the hub will not take waits for a person, is told at /status, and is tried at the next start', async (t) => {
  const shop = await openShop(t);
  const { token, player } = shop.launch({ balance: 10_000n });
  const page = await shop.open(token);
  await page.until('in');
  const [round] = shop.hub.rounds.values();
  round!.closed = true;
  await page.post('leave');
  const status = await eventually(
    () => shop.seller.status(),
    (told) => told.status === 'attention',
  );
  assert.deepEqual(
    status.stuck.map(({ op, code }) => [op, code]),
    [['pay', 'unknown_round']],
  );
  assert.equal(player.balance, 0n);
  round!.closed = false;
  // The hub's answer of an id is for ever: a person has the round opened again and its id forgotten.
  const { step } = shop.seller.store.stay(player.id)!;
  assert.ok(step?.op === 'pay' && step.amount === 10_000n);
  await shop.restart();
  const again = await eventually(
    () => shop.seller.status(),
    (told) => told.stuck.length > 0,
  );
  assert.equal(again.stuck[0]?.code, 'unknown_round');
});

test('a round the journal does not know is told, and nothing is moved', async (t) => {
  const shop = await openShop(t);
  shop.hub.rounds.set('rain-strange', {
    player: 'p9',
    game: 'rain',
    open: new Set(['x']),
    won: false,
    closed: false,
  });
  await shop.seller.compare();
  const status = shop.seller.status();
  assert.deepEqual([status.status, status.compared?.strangers], ['attention', ['rain-strange']]);
});

test('pages come with their guards', async (t) => {
  const shop = await openShop(t);
  const page = await fetch(`${shop.seller.url}/play/rain?token=x`);
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-src http: https:/);
  const text = await page.text();
  for (const [, path] of text.matchAll(/(?:href|src)="\.\.(\/web\/[^"]+)"/g))
    assert.equal((await fetch(`${shop.seller.url}${path}`)).status, 200, path);
  assert.equal((await fetch(`${shop.seller.url}/thumb/rain.svg`)).status, 200);
  assert.equal((await fetch(`${shop.seller.url}/healthz`)).status, 200);
  assert.equal((await fetch(`${shop.seller.url}/api/view`)).status, 401);
});
