import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockFolder } from '../../sim/operator/folder-lock.ts';
import { openJournal } from '../../sim/operator/journal.ts';

test('what was appended is read back in order, and a torn last line is cut off', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'operator-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'ledger.ndjson');

  const first = await openJournal(path, {
    replay: () => assert.fail('a new journal is empty'),
    broken: assert.ifError,
  });
  await Promise.all([first.append([{ n: 1 }, { n: 2, text: '달빛' }]), first.append([{ n: 3 }])]);
  await first.close();
  await appendFile(path, '{"n":4,"te');

  const seen: unknown[] = [];
  const second = await openJournal(path, { replay: (record) => seen.push(record), broken: assert.ifError });
  await second.append([{ n: 5 }]);
  await second.close();
  assert.deepEqual(seen, [{ n: 1 }, { n: 2, text: '달빛' }, { n: 3 }]);
  assert.equal((await readFile(path, 'utf8')).split('\n').at(-2), '{"n":5}');
});

test('a journal larger than one read is read whole', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'operator-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'feed.ndjson');
  const lines = Array.from({ length: 5000 }, (_, n) => JSON.stringify({ n, text: '게임'.repeat(20) }));
  await writeFile(path, `${lines.join('\n')}\n`);
  let count = 0;
  const journal = await openJournal(path, { replay: () => count++, broken: assert.ifError });
  await journal.close();
  assert.equal(count, 5000);
});

test('a folder has one owner; a dead owner leaves it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'operator-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'operator.pid'), String(process.ppid));
  await assert.rejects(lockFolder(folder), /in use/);
  await writeFile(join(folder, 'operator.pid'), '999999999');
  const unlock = await lockFolder(folder);
  assert.equal(await readFile(join(folder, 'operator.pid'), 'utf8'), String(process.pid));
  await unlock();
});
