/** Folding across nodes: a late one must not undo what another has done. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from '../../src/db/audit.ts';
import type { Sql } from '../../src/db/connect.ts';
import { foldTransfers } from '../../src/db/rollup.ts';
import { openWorld } from '../world.ts';

test('a node that is late with its fold does not set the cursor back', async () => {
  const world = await openWorld();
  const { sql } = world.hub;
  try {
    let isOpen = () => {};
    const opened = new Promise<void>((resolve) => {
      isOpen = resolve;
    });
    let isHeld = () => {};
    const held = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const late = new Proxy(sql, {
      get: (target, name) =>
        name === 'begin'
          ? async (...given: [never]) => {
              isHeld();
              await opened;
              return target.begin(...given);
            }
          : Reflect.get(target, name),
    }) as Sql;
    const behind = foldTransfers(late);
    await held;
    await world.agent({ pot: 5000n });
    while ((await sql`select 1 from transfer where at > (select at from fold_cursor)`).length > 0)
      await foldTransfers(sql);
    isOpen();
    await behind;
    await foldTransfers(sql);
    const report = await audit(sql);
    assert.deepEqual(
      report.checks.filter(({ ok }) => !ok),
      [],
    );
  } finally {
    await world.close();
  }
});
