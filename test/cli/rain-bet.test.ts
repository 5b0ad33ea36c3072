/** `croupier rain bet` as staff use it: what K-Rain says of a bet, and two persons ruling on one it leaves open. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBook } from '../kbook/rig.ts';
import { openPuppet } from '../krain/client-rig.ts';
import { KEY } from '../krain/rig.ts';
import { openWorld } from '../world.ts';
import { croupier } from './command.ts';

test('a bet in CHECK: shown with the statement, ruled on by two, booked once', async (t) => {
  // Odds below those asked for: it answers well, and what it says cannot be.
  const record = {
    side: 'RAIN',
    stake: '14000',
    state: 'matched',
    matched: '14000',
    win: '12600',
    odds: 1.9,
  };
  let market = '';
  const krain = await openPuppet(t, (url) => ({
    body: { id: url.split('/').at(-1), market, ...record, reason: null, at: Date.now() },
  }));
  const world = await openWorld();
  t.after(() => world.close());
  const ground = openBook(world);
  const session = await ground.session();
  const player = await (await ground.operator()).player({ credit: 1000 });
  const bet = await ground.bet(player, { session, type: 'RAIN', stake: 20_000n, krain: 'is silent' });
  const [row] = await world.hub
    .sql`select site || '-' || game_date || '-' || type || '-' || currency as market from rain_session where id = ${session}`;
  market = row?.market;
  const run = (...args: string[]) =>
    croupier(world.databaseUrl, ['rain', 'bet', ...args, '--bet', String(bet)], {
      KRAIN_URL: krain.url,
      KRAIN_KEY: KEY,
    });
  const shown = JSON.parse((await run('show', '--json')).out);
  assert.deepEqual(
    [shown.status, shown.krain.meaning, shown.krain.says.stake, shown.krain.says.odds, shown.rulings],
    ['CHECK', 'contradicts', '140.00', 1.9, []],
  );
  const taken = [
    '--fate',
    'taken',
    '--stake',
    '140',
    '--odds',
    '1.9',
    '--win',
    '126',
    '--reason',
    'by phone',
  ];
  const bare = await run('rule', '--fate', 'taken', '--reason', 'x', '--as', 'anna');
  assert.deepEqual([bare.code, /needs --stake, --odds and --win/.test(bare.err)], [2, true], bare.err);
  assert.equal((await run('rule', '--fate', 'perhaps', '--reason', 'x', '--as', 'anna')).code, 2);
  const other = await run('rule', ...taken.with(7, '127'), '--as', 'anna');
  assert.deepEqual([other.code, /not what you have read/.test(other.err)], [1, true], other.err);
  const first = await run('rule', ...taken, '--as', 'anna');
  assert.match(first.out, /is CHECK: a second person must say the same/);
  const again = await run('rule', ...taken, '--as', 'Anna');
  assert.match(again.out, /a second person/, 'one person is one');
  const second = await run('rule', ...taken, '--as', 'ben', '--json');
  assert.deepEqual(JSON.parse(second.out), {
    counts: true,
    standing: ['ben', 'anna'],
    against: [],
    status: 'ACTIVE',
  });
  const late = await run('rule', ...taken, '--as', 'carl');
  assert.deepEqual([late.code, /not in CHECK/.test(late.err)], [1, true], late.err);
  assert.match((await run('show')).out, /ben\s.*taken/);
});
