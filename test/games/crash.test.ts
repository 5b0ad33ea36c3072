/** The studio killed in the middle of a spin, at each point where money moves, and started again. */
import { strict as assert } from 'node:assert';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { WireView } from '../../games/wire.ts';
import { SLOT } from './harness.ts';
import { type HubDouble, startHubDouble } from './hub-double.ts';

const MAIN = join(import.meta.dirname, '../../games/main.ts');

async function startChild(hub: HubDouble, folder: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(MAIN, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      NODE_NO_WARNINGS: '1',
      HUB_URL: hub.url,
      STUDIO_KEY: hub.key,
      STUDIO_SECRET: hub.secret,
      STUDIO_DATA_DIR: folder,
      LOG_LEVEL: 'silent',
    },
  });
  const [message] = (await once(child, 'message')) as [{ type: string; url: string }];
  assert.equal(message.type, 'ready');
  return { child, url: message.url };
}

async function post(url: string, path: string, by: { key?: string; body: unknown }): Promise<Response> {
  return fetch(`${url}/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-studio-session': by.key ?? '' },
    body: JSON.stringify(by.body),
  });
}

type Kill = { type: 'bet' | 'win'; when: 'before' | 'after' };
const KILLS: readonly Kill[] = [
  { type: 'bet', when: 'before' },
  { type: 'bet', when: 'after' },
  { type: 'win', when: 'before' },
  { type: 'win', when: 'after' },
];

for (const kill of KILLS) {
  test(`killed ${kill.when} the hub takes the ${kill.type}: money once, the session goes on`, async (t) => {
    const hub = await startHubDouble();
    const folder = mkdtempSync(join(tmpdir(), 'studio-crash-'));
    let running = await startChild(hub, folder);
    t.after(async () => {
      running.child.kill('SIGTERM');
      if (running.child.exitCode === null) await once(running.child, 'exit');
      await hub.close();
      rmSync(folder, { recursive: true });
    });
    assert.ok(hub.games.size > 400);
    const { token, player } = hub.launch(SLOT.id);
    const opened = await post(running.url, 'open', {
      body: { token, opening: 'opening-one', language: 'en' },
    });
    const { key } = (await opened.json()) as { key: string };

    const dead = once(running.child, 'exit');
    hub.onMoney = (items, when) => {
      const winIsNext = items[0]!.type === 'bet' && when === 'after';
      if (winIsNext && kill.type === 'win' && kill.when === 'before') hub.trouble.push('drop');
      if (items[0]!.type !== kill.type || when !== kill.when) return;
      hub.onMoney = null;
      running.child.kill('SIGKILL');
    };
    if (kill.type === 'bet') hub.trouble.push(kill.when === 'before' ? 'drop' : 'deaf');
    const cut = post(running.url, 'spin', { key, body: { spinId: 'the-only-spin', stake: '1000' } });
    await assert.rejects(cut);
    await dead;

    running = await startChild(hub, folder);
    const expected = kill.type === 'bet' && kill.when === 'before' ? 'cancel' : 'win';
    await hub.row((item) => item.type === expected);
    const state = await fetch(`${running.url}/api/state`, { headers: { 'x-studio-session': key } });
    const view = (await state.json()) as WireView;
    assert.equal(view.balance, String(player.balance));
    const count = (type: string): number => hub.rows.filter((row) => row.item.type === type).length;
    assert.equal(count('bet'), expected === 'cancel' ? 0 : 1);
    assert.equal(count(expected), 1);
    assert.equal(view.round?.step.spinId, 'the-only-spin');
    assert.equal(view.round?.ended, expected === 'cancel' ? 'void' : view.round?.ended);
    const repeated = await post(running.url, 'spin', {
      key,
      body: { spinId: 'the-only-spin', stake: '1000' },
    });
    assert.equal(repeated.status, 200);
    assert.equal(count('bet'), expected === 'cancel' ? 0 : 1);
    const moved = hub.rows.reduce((sum, row) => sum + row.amount, 0n);
    assert.equal(player.balance, 1_000_000n + moved);
  });
}

test('it stops when its parent is gone', async (t) => {
  const hub = await startHubDouble();
  const folder = mkdtempSync(join(tmpdir(), 'studio-orphan-'));
  t.after(async () => {
    await hub.close();
    rmSync(folder, { recursive: true });
  });
  const { child } = await startChild(hub, folder);
  const gone = once(child, 'exit');
  child.disconnect();
  assert.deepEqual(await gone, [0, null]);
});
