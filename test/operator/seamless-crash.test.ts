/** The wallet as a process of its own, killed in the middle of its work: what was answered is there, once. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor } from './rig.ts';
import { type Caller, callerOf, SECRET, type Sent, type Told } from './seamless-rig.ts';

const MEMBERS = 5;
const OPENING = 1_000_000;
const WORKERS = 16;
const ANSWERS_BEFORE_KILL = 400;

async function startWallet(
  t: TestContext,
  env: Record<string, string>,
): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(join(import.meta.dirname, '../../sim/operator/seamless-main.ts'), [], {
    env: { PATH: process.env.PATH, ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [message] = await once(child, 'message');
  return { child, url: message.url };
}

/** A bet or a win, in turn; none is refused, since nobody runs out of money. */
const packet = (id: number): Sent => ({
  id,
  type: id % 2 === 0 ? 'bet' : 'win',
  amount: id % 2 === 0 ? -(id % 97) : id % 89,
  username: `player${id % MEMBERS}`,
});

/** Sends packets one after another until the process is gone; returns what was answered and what was not. */
async function workUntilKilled(caller: Caller, child: ChildProcess) {
  const answered = new Map<number, Told>();
  const open: number[] = [];
  let id = 3_000_000_000;
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      while (true) {
        const mine = id++;
        const told = await caller.send(packet(mine));
        if (told.status === 0) return open.push(mine);
        answered.set(mine, told);
        if (answered.size === ANSWERS_BEFORE_KILL) child.kill('SIGKILL');
      }
    }),
  );
  return { answered, open };
}

test('killed while it works, started again, asked again', async (t) => {
  const env = { DATA_DIR: await folderFor(t), SECRET };
  const first = await startWallet(t, env);
  for (let n = 0; n < MEMBERS; n++) {
    const body = JSON.stringify({ username: `player${n}`, amount: OPENING });
    const headers = { 'content-type': 'application/json' };
    assert.equal((await callerOf(first.url).call('POST', '/cash', { body, headers })).status, 200);
  }
  const { answered, open } = await workUntilKilled(callerOf(first.url), first.child);
  assert.ok(answered.size >= ANSWERS_BEFORE_KILL && open.length > 0);

  const again = callerOf((await startWallet(t, env)).url);
  const entries: { id: number; balance: number; status: number }[] = JSON.parse(
    (await again.call('GET', '/entries')).text,
  );
  const kept = new Map(entries.map((entry) => [entry.id, entry]));
  for (const [id, told] of answered) assert.equal(kept.get(id)?.balance, told.balance, `id ${id}`);
  for (const [id, told] of answered) assert.equal((await again.send(packet(id))).text, told.text);
  for (const id of open) assert.equal((await again.send(packet(id))).status, 200);

  const sums = Array.from({ length: MEMBERS }, () => OPENING);
  for (const id of [...answered.keys(), ...open]) sums[id % MEMBERS]! += Number(packet(id).amount);
  for (const [n, sum] of sums.entries())
    assert.equal((await again.balance(`player${n}`)).balance, sum, `player${n}`);
});

test('in memory it answers the same and keeps nothing; it leaves with its parent', async (t) => {
  const { child, url } = await startWallet(t, {
    IN_MEMORY: 'on',
    OPEN_WITH: '12.5',
    CURRENCY: 'USD',
    SECRET,
  });
  assert.equal((await callerOf(url).balance('anybody')).balance, 12.5);
  child.disconnect();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});

test('what it can not be started with', async (t) => {
  const rows: readonly [env: Record<string, string>, reason: RegExp][] = [
    [{}, /DATA_DIR is missing/],
    [{ IN_MEMORY: 'on', OPEN_WITH: 'much' }, /OPEN_WITH/],
    [{ IN_MEMORY: 'on', FAULTS: '{"lightning":1}' }, /no fault lightning/],
    [{ IN_MEMORY: 'on', FAULTS: 'lightning' }, /FAULTS/],
  ];
  for (const [env, reason] of rows) {
    const child = fork(join(import.meta.dirname, '../../sim/operator/seamless-main.ts'), [], {
      env: { PATH: process.env.PATH, ...env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      silent: true,
    });
    t.after(() => child.kill('SIGKILL'));
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 2, said);
    assert.match(said, reason);
  }
});
