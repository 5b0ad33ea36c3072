/** Certification tells right operators from wrong ones: by the checks that are meant for it, and by no others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS } from '../../src/callbacks/certify/checks.ts';
import { MONEY_QUIRKS } from './quirks.ts';
import { CALL_QUIRKS } from './quirks-call.ts';
import { certified, findings, idsBy } from './rig.ts';
import { tinyOperator } from './tiny-operator.ts';

const QUIRKS = { ...MONEY_QUIRKS, ...CALL_QUIRKS };
const ACCOUNTS = { player01: 10_000 };

test('a small operator that does everything right is certified', async () => {
  const report = await certified(tinyOperator(ACCOUNTS));
  assert.deepEqual(idsBy(report, 'failed'), [], findings(report));
  assert.ok(report.ok, findings(report));
});

for (const [name, { habits, options, accounts = ACCOUNTS, fails, others }] of Object.entries(QUIRKS)) {
  test(`an operator that ${name}`, async () => {
    const report = await certified(tinyOperator(accounts, habits), options);
    const failed = idsBy(report, 'failed');
    const expected = others === 'may' ? failed.filter((id) => fails.includes(id)) : failed;
    assert.deepEqual(expected.toSorted(), [...fails].toSorted(), findings(report));
    const isFit = !CHECKS.some(({ id, severity }) => severity === 'must' && failed.includes(id));
    assert.equal(report.ok, isFit && report.problems.length === 0);
    if (others === undefined && report.balance.before !== null)
      assert.equal(report.balance.after, report.balance.before, 'the balance is as it was');
  });
}

test('every check fails for some operator', () => {
  const failing = new Set(Object.values(QUIRKS).flatMap(({ fails }) => fails));
  assert.deepEqual(
    CHECKS.map(({ id }) => id).filter((id) => !failing.has(id)),
    [],
  );
});
