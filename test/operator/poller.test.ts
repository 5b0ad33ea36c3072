import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFor, doubleFor, folderFor, readerFor } from './rig.ts';

const game = { id: 'g1', type: 'slot', round: 'r1', title: '황금 잉어', vendor: 'v' };

test('every row once, over pages, windows and a restart', async (t) => {
  const double = await doubleFor(t);
  const xt = clientFor(t, double);
  const folder = await folderFor(t);
  const atMs = Date.now() - 30_000;
  for (let n = 0; n < 10; n++)
    double.row({ username: 'minji', type: 'win', amount: 1, atMs: atMs + n * 500, game });

  const first = await readerFor(xt, folder);
  await first.poller.step();
  assert.equal(first.index.totals().rows, 10);
  const cursor = first.poller.cursor();
  await first.stop();

  const second = await readerFor(xt, folder);
  assert.equal(second.poller.cursor(), cursor);
  assert.deepEqual(second.index.rowsOf('minji'), first.index.rowsOf('minji'));
  await second.poller.step();
  assert.equal(second.index.totals().rows, 10);
  await second.stop();
});

test('a window whose reading failed is read again; 429 is waited for', async (t) => {
  const double = await doubleFor(t);
  const { poller, index, stop } = await readerFor(clientFor(t, double), await folderFor(t));
  for (let n = 0; n < 4; n++)
    double.row({ username: 'minji', type: 'win', amount: 1, atMs: Date.now() - 20_000, game });
  double.faults.push({
    path: '/transactions',
    kind: 'status',
    status: 429,
    headers: { 'retry-after': '0.05' },
  });
  double.faults.push({ path: '/transactions', kind: 'status', status: 500 });
  // The late re-read of the same step is not what is looked at here.
  double.faults.push({ path: '/transactions', kind: 'status', status: 500 });
  await poller.step();
  const born = poller.cursor();
  await poller.step();
  assert.equal(index.totals().rows, 4);
  assert.ok(born !== null && (poller.cursor() ?? '') > born);
  await stop();
});

test('details that come late are found by the re-read, and so is a row behind the reader', async (t) => {
  const double = await doubleFor(t);
  const folder = await folderFor(t);
  const xt = clientFor(t, double);
  const { poller, index, stop } = await readerFor(xt, folder);
  const external = { id: 'x', detail: null };
  const row = double.row({
    username: 'minji',
    type: 'bet',
    amount: 0,
    atMs: Date.now() - 20_000,
    game,
    external,
  });
  await poller.step();
  assert.equal(index.rowsOf('minji')[0]?.detail, null);

  row.external = { id: 'x', detail: { window: [['A']] } };
  double.row({ username: 'minji', type: 'win', amount: 0, atMs: Date.now() - 19_000, game });
  await poller.step();
  assert.deepEqual(index.rowsOf('minji')[0]?.detail, { window: [['A']] });
  assert.equal(index.totals().rows, 2);
  await stop();

  const again = await readerFor(xt, folder);
  assert.deepEqual(again.index.rowsOf('minji')[0]?.detail, { window: [['A']] }, 'kept over a restart');
  await again.stop();
});
