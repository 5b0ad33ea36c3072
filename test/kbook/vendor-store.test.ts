/** The vendor API while its database is away, and after it has come back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openWorld, type World } from '../world.ts';
import { openSwitch } from './away.ts';
import { type BookOperatorClient, openBook, type TestPlayer, WIDE } from './rig.ts';

let world: World;
let operator: BookOperatorClient;
let player: TestPlayer;
let database: ReturnType<typeof openSwitch>;
before(async () => {
  world = await openWorld({ logLevel: 'silent' });
  operator = await openBook(world).operator();
  player = await operator.player({ credit: 1000 });
  database = openSwitch(world.databaseUrl);
});
after(async () => {
  await database.reachable(true);
  await database.close();
  await world.close();
});

const DEADLINE_MS = 60_000;

test('codes 5002 and 6001: the database is away, and comes back', { timeout: 120_000 }, async () => {
  const { userId } = player;
  const deposit = { userId, tsCode: 'while-away', depositAmount: 7 };
  await database.reachable(false);
  const reads: [name: string, values: Record<string, unknown>][] = [
    ['getCreditBalance', { userId }],
    ['getWalletTransferLog', { tsCode: 'x' }],
    ['getVendorTransactionByUpdateTime', { updateTime: '20240101000000000' }],
    ['getSummaryTxnByGameDate', { startDate: '20240101', endDate: '20240101' }],
  ];
  for (const [name, values] of reads) assert.equal((await operator.call(name, values)).code, '5002', name);
  const updates: [name: string, values: Record<string, unknown>][] = [
    ['updateBetLimit', { userId, betLimit: WIDE }],
    ['getLoginUrl', { userId, betLimit: WIDE }],
    ['logout', { userId }],
    // Nothing of it can have been written: its player could not even be looked for.
    ['deposit', { ...deposit, userId: 'another' }],
  ];
  for (const [name, values] of updates) assert.equal((await operator.call(name, values)).code, '6001', name);
  // The ledger knows that it has not begun to write.
  assert.equal((await operator.call('deposit', deposit)).code, '0');
  await database.reachable(true);
  const deadline = performance.now() + DEADLINE_MS;
  // A connection that was lost may cost the first who meets it an answer: calls are repeated, as clients do.
  const again = async (name: string, values: Record<string, unknown>) => {
    for (;;) {
      const answer = await operator.call(name, values);
      if (answer.code === '1') return;
      assert.ok(['0', '5002', '6001', '6002'].includes(answer.code), JSON.stringify(answer));
      assert.ok(performance.now() < deadline, `${name} not in time: ${JSON.stringify(answer)}`);
    }
  };
  await again('deposit', deposit);
  await again('getCreditBalance', { userId });
  const { currentBalance } = await operator.done('getCreditBalance', { userId });
  assert.equal(currentBalance, 1007);
});
