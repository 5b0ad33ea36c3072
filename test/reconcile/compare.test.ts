/**
 * Random ledgers, random edits of what an operator exported of them: exactly the planted differences are found; and
 * with any window, or none, what a naive comparison in memory finds.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { seeded } from '../model/seed.ts';
import {
  type Exported,
  instant,
  type LedgerRow,
  ledgers,
  shownRows,
  type Wallet,
  writeLedger,
} from './ledger.ts';
import { naively } from './naive.ts';
import { OWNERS, openRig, type Rig } from './rig.ts';

let rig: Rig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

// ---- planted ------------------------------------------------------------------------------------------------------

type Edit = 'keep' | 'drop' | 'change' | 'repeat' | 'repeat_changed';
const EDITS: readonly Edit[] = ['keep', 'keep', 'keep', 'drop', 'change', 'repeat', 'repeat_changed'];

interface Plan {
  readonly rows: LedgerRow[];
  /** One a row, in turn. */
  readonly edits: readonly Edit[];
  readonly strangers: readonly number[];
  readonly shuffle: readonly number[];
}

const plans = fc.record<Plan>({
  rows: ledgers('transfer'),
  edits: fc.array(fc.constantFrom(...EDITS), { minLength: 1, maxLength: 30 }),
  strangers: fc.uniqueArray(fc.nat(1000), { maxLength: 3 }),
  shuffle: fc.array(fc.nat(), { maxLength: 20 }),
});

/** Edits an export, and keeps a list of what that must look like. */
function plant({ rows, edits, strangers, shuffle }: Plan): { exported: Exported[]; planted: string[] } {
  const exported: Exported[] = [];
  const planted: string[] = [];
  shownRows(rows).forEach((row, index) => {
    const { id, amount, demanded } = row;
    const edit = edits[index % edits.length]!;
    if (edit === 'drop') {
      if (demanded) planted.push(`missing_there ${id} ${amount} -`);
      return;
    }
    exported.push({ id, amount: edit === 'change' ? amount + 1n : amount });
    if (edit === 'change') planted.push(`different_amount ${id} ${amount} ${amount + 1n}`);
    if (edit === 'repeat') exported.push({ id, amount });
    if (edit === 'repeat') planted.push(`duplicate ${id} ${amount} ${amount}`);
    if (edit === 'repeat_changed') exported.push({ id, amount: amount - 9n });
    if (edit === 'repeat_changed') planted.push(`duplicate ${id} ${amount} ${amount - 9n}`);
  });
  for (const stranger of strangers) {
    exported.push({ id: BigInt(stranger), amount: 5n });
    planted.push(`missing_here ${stranger} - 5`);
  }
  for (const [index, other] of shuffle.entries()) {
    const [a, b] = [index % Math.max(1, exported.length), other % Math.max(1, exported.length)];
    if (exported.length > 0) [exported[a], exported[b]] = [exported[b]!, exported[a]!];
  }
  return { exported, planted: planted.sort() };
}

const dayAround = () => {
  const now = Date.now() * 1000;
  return { from: instant(now - 86_400_000_000), to: instant(now + 86_400_000_000) };
};

test('exactly what was planted is found, wherever it was planted', async (t) => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const { exported, planted } = plant(plan);
      await writeLedger(rig.sql, plan.rows, OWNERS.transfer);
      const { findings, matched } = await rig.compare('transfer', exported, dayAround());
      const found = findings.map(
        ({ kind, id, here, there }) => `${kind} ${id} ${here ?? '-'} ${there ?? '-'}`,
      );
      assert.deepEqual(found.sort(), planted);
      assert.equal(matched, exported.length - findings.filter(({ line }) => line !== null).length);
    }),
    seeded(t, 40),
  );
});

// ---- any window ---------------------------------------------------------------------------------------------------

interface Scene extends Plan {
  /** Which batch a window begins or ends with; null = none is asked for. */
  readonly from: number | null;
  readonly to: number | null;
  /** How the cancel of a bet that never arrived was noted. */
  readonly zeros: readonly boolean[];
}

const scenes = (wallet: Wallet) =>
  fc.record<Scene>({
    rows: ledgers(wallet),
    edits: fc.array(fc.constantFrom(...EDITS, 'drop', 'drop'), { minLength: 1, maxLength: 30 }),
    strangers: fc.uniqueArray(fc.nat(1000), { maxLength: 2 }),
    shuffle: fc.array(fc.nat(), { maxLength: 20 }),
    from: fc.option(fc.nat(12)),
    to: fc.option(fc.nat(12)),
    zeros: fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
  });

for (const wallet of ['transfer', 'seamless'] as const) {
  test(`${wallet}: any window, or none, as a naive comparison finds it`, async (t) => {
    await fc.assert(
      fc.asyncProperty(scenes(wallet), async (scene) => {
        const cancels = new Set(
          scene.rows.filter(({ kind }) => kind === 'cancel').map(({ id }) => BigInt(id)),
        );
        const exported = plant(scene).exported.map((row, index) => ({
          ...row,
          amount: cancels.has(row.id) && scene.zeros[index % scene.zeros.length] ? 0n : row.amount,
        }));
        const startUs = scene.rows[0]!.atUs;
        const edge = (batch: number | null) => (batch === null ? null : startUs + batch * 7);
        const [fromUs, toUs] = [edge(scene.from), edge(scene.to)];
        await writeLedger(rig.sql, scene.rows, OWNERS[wallet]);
        const found = await rig.compare(wallet, exported, {
          from: fromUs === null ? null : instant(fromUs),
          to: toUs === null ? null : instant(toUs),
        });
        const expected = naively({ shown: shownRows(scene.rows), exported, wallet, fromUs, toUs });
        assert.deepEqual(
          found.findings
            .map(({ kind, id, line, here, there, cancelId, note }) =>
              [kind, id, line, here, there, cancelId, note?.code === 'cancel_there'].join(' '),
            )
            .sort(),
          expected.findings.sort(),
        );
        assert.deepEqual([found.matched, found.outside], [expected.matched, expected.outside]);
      }),
      seeded(t, 80),
    );
  });
}
