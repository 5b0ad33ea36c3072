/** A bet in CHECK that K-Rain's answers contradict: two persons rule, once, with K-Rain's statement before them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type BetId, type RainSessionId, trusted } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { findBet } from '../../src/db/book-ruling.ts';
import { ruleOnBet } from '../../src/rain/ruling.ts';
import type { TestPlayer } from '../kbook/rig.ts';
import { openPuppet, type Said } from '../krain/client-rig.ts';
import { codeOf, openRainRig, type RainRig } from './rain-rig.ts';
import type { OfficeClient } from './rig.ts';

let rig: RainRig;
let anna: OfficeClient;
let ben: OfficeClient;
let session: RainSessionId;
let player: TestPlayer;
/** What K-Rain says of orders; the address is given. */
let says: (url: string) => Said | null = () => ({ status: 500, body: '' });
const ended: (() => unknown)[] = [];

before(async () => {
  const krain = await openPuppet({ after: (end: () => unknown) => ended.push(end) } as never, (url) =>
    says(url),
  );
  rig = await openRainRig(krain.url);
  anna = await rig.house('trader', 'anna');
  ben = await rig.house('finance', 'ben');
  session = await rig.ground.session();
  player = await (await rig.ground.operator()).player({ credit: 10_000 });
});
after(async () => {
  await rig.close();
  for (const end of ended) await end();
});

/** A bet of 200 on rain at 2.0: 140 of it is K-Rain's, which has not said what it did. */
async function openBet(): Promise<BetId> {
  return trusted(await rig.ground.bet(player, { session, type: 'RAIN', stake: 20_000n, krain: 'is silent' }));
}

/** Matched at odds below those asked for: an answer well formed that cannot be. */
const worse = (url: string, changed: object = {}): Said => ({
  body: {
    id: decodeURIComponent(url.split('/').at(-1) ?? ''),
    market: '2001',
    side: 'RAIN',
    stake: '14000',
    state: 'matched',
    matched: '14000',
    win: '12600',
    odds: 1.9,
    reason: null,
    at: Date.now(),
    ...changed,
  },
});
async function contradicting(bet: BetId, changed: object = {}): Promise<void> {
  const { body } = await anna.get(`/rain/bets/${bet}`);
  says = (url) => worse(url, { market: body.order.market, ...changed });
}

const TAKEN = {
  fate: 'taken',
  stake: '14000',
  odds: 1.9,
  win: '12600',
  reason: 'K-Rain by phone: it stands',
};
const FAILED = { fate: 'failed', reason: 'K-Rain has cancelled it' };
const rule = (who: OfficeClient, bet: BetId, body: object) => who.post(`/rain/bets/${bet}/ruling`, body);

async function stateOf(id: BetId) {
  const found = await findBet(rig.sql, id);
  assert.ok(found !== null);
  const { status, krainStake, krainWin, krainOdds, ownStake } = found.bet;
  return { status, krainStake, krainWin, krainOdds, ownStake };
}

async function booksHold() {
  const { checks } = await audit(rig.sql);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

test('taken as the statement says: one says it, another the same, and the ledger has it once', async () => {
  const bet = await openBet();
  await contradicting(bet);
  const shown = await anna.get(`/rain/bets/${bet}/krain`);
  assert.deepEqual(
    [
      shown.body.meaning,
      shown.body.record.matched,
      shown.body.record.odds,
      shown.body.taken,
      shown.body.failed,
    ],
    ['contradicts', '14000', 1.9, null, null],
  );
  const first = await rule(anna, bet, TAKEN);
  assert.deepEqual([first.status, first.body.counts, first.body.status], [200, false, 'CHECK']);
  const again = await rule(anna, bet, TAKEN);
  assert.deepEqual([again.body.counts, (await stateOf(bet)).status], [false, 'CHECK'], 'one person is one');
  const second = await rule(ben, bet, TAKEN);
  assert.deepEqual(
    [second.status, second.body.counts, second.body.standing, second.body.status],
    [200, true, ['ben', 'anna'], 'ACTIVE'],
  );
  assert.deepEqual(await stateOf(bet), {
    status: 'ACTIVE',
    krainStake: 14_000n,
    krainWin: 12_600n,
    krainOdds: 1900,
    ownStake: 6000n,
  });
  assert.deepEqual(codeOf(await rule(anna, bet, TAKEN)), [409, 'not_in_check']);
  const trail = await rig.trail(`book bet ${bet}`);
  assert.deepEqual(
    trail.map(({ actor, detail }) => [actor, detail.fate, detail.counts ?? detail.refused]),
    [
      ['anna', 'taken', false],
      ['anna', 'taken', false],
      ['ben', 'taken', true],
      ['anna', 'taken', 'not_in_check'],
    ],
  );
  assert.equal(trail[2]?.detail.ip, '127.0.0.1');
  const statement = trail[2]?.detail.statement as { why: string; said: { matched: string } };
  assert.deepEqual([statement.why, statement.said.matched], ['contradicts', '14000']);
  const page = await anna.get(`/rain/bets/${bet}`);
  assert.deepEqual(
    page.body.rulings.map((each: { by: string; fate: string; win: string }) => [
      each.by,
      each.fate,
      each.win,
    ]),
    [
      ['anna', 'taken', '12600'],
      ['ben', 'taken', '12600'],
    ],
  );
  await booksHold();
});

test('failed: the stake is free again', async () => {
  const bet = await openBet();
  await contradicting(bet);
  const held = async () => {
    const [row] = await rig.sql`select reserved::int from account where id = ${player.accountId}`;
    return row?.reserved;
  };
  const before = await held();
  await rule(ben, bet, FAILED);
  const done = await rule(anna, bet, { ...FAILED, reason: 'so it said to me' });
  assert.deepEqual([done.body.counts, done.body.status], [true, 'FAILED']);
  assert.equal(before - (await held()), 20_000);
  await booksHold();
});

test('persons who differ wait; a staff key and a session of one name are one person', async () => {
  const bet = await openBet();
  await contradicting(bet);
  const annasKey = await rig.byKey('anna', 'trader');
  assert.equal((await rule(anna, bet, TAKEN)).body.counts, false);
  const byKey = await annasKey('POST', `/rain/bets/${bet}/ruling`, TAKEN);
  assert.deepEqual([byKey.status, byKey.body.counts], [200, false]);
  const other = await rule(ben, bet, FAILED);
  assert.deepEqual([other.body.counts, other.body.against], [false, ['anna']]);
  const changed = await rule(anna, bet, FAILED);
  assert.deepEqual([changed.body.counts, changed.body.status], [true, 'FAILED']);
});

test('what K-Rain says must have been read, must be bookable, and must not be definite', async () => {
  const bet = await openBet();
  await contradicting(bet);
  assert.deepEqual(codeOf(await rule(anna, bet, { ...TAKEN, win: '14000' })), [409, 'other_statement']);
  assert.deepEqual(codeOf(await rule(anna, bet, { ...TAKEN, reason: '' })), [422, 'invalid_request']);
  assert.deepEqual(codeOf(await rule(anna, bet, { fate: 'taken', reason: 'x' })), [422, 'invalid_request']);
  await contradicting(bet, { matched: '14001', stake: '14001' });
  const more = { ...TAKEN, stake: '14001' };
  assert.deepEqual(codeOf(await rule(anna, bet, more)), [409, 'cannot_be_booked'], 'more than was asked');
  await contradicting(bet, { side: 'NO_RAIN' });
  assert.deepEqual(codeOf(await rule(anna, bet, TAKEN)), [409, 'cannot_be_booked'], 'the other side');
  await contradicting(bet, { odds: 2.05, win: '14700' });
  const definite = { ...TAKEN, odds: 2.05, win: '14700' };
  assert.deepEqual(codeOf(await rule(anna, bet, definite)), [409, 'krain_definite']);
  assert.deepEqual(codeOf(await rule(anna, bet, FAILED)), [409, 'krain_definite']);
  const id = `bet-${bet}`;
  says = () => ({ status: 404, body: { id, state: 'unknown', now: 1 } });
  assert.deepEqual(codeOf(await rule(anna, bet, FAILED)), [409, 'krain_may_take']);
  says = () => ({ status: 500, body: '' });
  assert.deepEqual(codeOf(await rule(anna, bet, FAILED)), [409, 'krain_silent']);
  assert.deepEqual(codeOf(await rule(anna, bet, TAKEN)), [409, 'krain_silent']);
  // It answers, and nobody can read it: not taken by what nobody has read, but people may call it failed.
  says = () => ({ body: { id, state: 'matched', matched: '0' } });
  assert.deepEqual(codeOf(await rule(anna, bet, TAKEN)), [409, 'cannot_be_booked']);
  assert.equal((await rule(anna, bet, FAILED)).body.counts, false);
  assert.deepEqual(codeOf(await rule(anna, trusted(999_999_999), FAILED)), [404, 'unknown_bet']);
  assert.equal((await stateOf(bet)).status, 'CHECK');
  const refused = (await rig.trail(`book bet ${bet}`)).filter(({ detail }) => 'refused' in detail);
  assert.equal(refused.length, 9, 'each refusal has its line');
});

test('two second persons at once, and the hub itself: the ledger takes one answer', async () => {
  const carl = await rig.house('owner', 'carl');
  const bet = await openBet();
  await contradicting(bet);
  await rule(anna, bet, TAKEN);
  const both = await Promise.all([rule(ben, bet, TAKEN), rule(carl, bet, TAKEN)]);
  const codes = both.map(({ status, body }) => (status === 200 ? body.counts : body.code)).toSorted();
  assert.ok(
    [true, 'not_in_check'].includes(codes[0]) && codes.includes(true),
    `both the same, or the second too late: ${codes}`,
  );
  assert.deepEqual((await stateOf(bet)).krainWin, 12_600n);
  const [row] =
    await rig.sql`select pending from book_position where player_id = ${player.id} and session_id = ${session}`;
  const [open] =
    await rig.sql`select count(*)::int as open from book_bet where player_id = ${player.id} and session_id = ${session} and status in (0, 3)`;
  assert.equal(row?.pending, open?.open);
  await booksHold();
});

test("the hub's own answer came between the word and the ledger: told as overtaken, and nothing twice", async () => {
  const bet = await openBet();
  await contradicting(bet);
  await rule(anna, bet, TAKEN);
  const { writer } = rig.world.hub;
  const { market } = rig.world.hub.rain;
  const racing: typeof writer.submit = async (command) => {
    await writer.submit({
      kind: 'book_answer',
      player,
      sessionId: session,
      betId: bet,
      answer: { kind: 'refused', reason: 'krain_refused' },
    });
    return writer.submit(command);
  };
  const ruling = { fate: 'taken', stake: 14_000n, odds: 1900, win: 12_600n } as const;
  const wish = { betId: bet, by: 'ben', ruling, reason: 'x', ip: null };
  const outcome = await ruleOnBet({ sql: rig.sql, writer: { submit: racing }, market }, wish);
  assert.deepEqual(outcome, { ok: false, code: 'overtaken' });
  assert.equal((await stateOf(bet)).status, 'FAILED');
  assert.equal((await rig.trail(`book bet ${bet}`)).at(-1)?.detail.refused, 'overtaken');
  await booksHold();
});

test('a word that counted, and a process that died before the ledger had it: said again, it is done', async () => {
  const bet = await openBet();
  await contradicting(bet);
  await rule(anna, bet, FAILED);
  const { market } = rig.world.hub.rain;
  const dying = { submit: () => Promise.reject(new Error('the process is gone')) };
  const wish = { betId: bet, by: 'ben', ruling: { fate: 'failed' }, reason: 'x', ip: null } as const;
  await assert.rejects(ruleOnBet({ sql: rig.sql, writer: dying, market }, wish), /process is gone/);
  assert.equal((await stateOf(bet)).status, 'CHECK');
  const again = await rule(ben, bet, FAILED);
  assert.deepEqual([again.body.counts, again.body.status], [true, 'FAILED']);
});

test('who may only look does not rule', async () => {
  const bet = await openBet();
  const support = await rig.house('support', 'sue');
  assert.deepEqual(codeOf(await rule(support, bet, FAILED)), [403, 'forbidden']);
  assert.equal((await support.get(`/rain/bets/${bet}`)).status, 200);
});
