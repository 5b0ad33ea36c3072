/** Requests for POT: whatever persons do in whatever order, money moves at most once and only by enough of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  actOnPot,
  afterTry,
  isOpen,
  isOwnAct,
  newPotRequest,
  POT_KINDS,
  type PotAct,
  type PotRefusal,
  type PotRequest,
} from '../../src/core/office/pot.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000_000);
console.log(`# SEED=${SEED}`);

const ASKED = newPotRequest('recharge', 'ann', 1);
const TWO = newPotRequest('payment', 'ann', 2);
const GIVEN = newPotRequest('give', 'bob', 2);

test('the table of acts', () => {
  const half: PotRequest = { ...TWO, state: 'approved', approvedBy: ['bob'] };
  const stuck: PotRequest = { ...ASKED, state: 'approved', approvedBy: ['bob'] };
  type Becomes = PotRefusal | Partial<PotRequest>;
  const table: [string, PotRequest, PotAct, Becomes][] = [
    [
      'one is enough',
      ASKED,
      { act: 'approve', person: 'bob', needed: 1 },
      { state: 'approved', trying: true },
    ],
    ['nobody approves their own', ASKED, { act: 'approve', person: 'ann', needed: 1 }, 'same_person'],
    [
      'the first of two',
      TWO,
      { act: 'approve', person: 'bob', needed: 2 },
      { state: 'approved', trying: false },
    ],
    ['the same again', half, { act: 'approve', person: 'bob', needed: 2 }, 'same_person'],
    ['the second', half, { act: 'approve', person: 'cleo', needed: 2 }, { state: 'approved', trying: true }],
    [
      'made stricter meanwhile',
      ASKED,
      { act: 'approve', person: 'bob', needed: 2 },
      { needed: 2, trying: false },
    ],
    ['not made laxer', TWO, { act: 'approve', person: 'bob', needed: 1 }, { needed: 2, trying: false }],
    ['refused', ASKED, { act: 'refuse', person: 'bob' }, { state: 'refused' }],
    ['refused by oneself', ASKED, { act: 'refuse', person: 'ann' }, 'same_person'],
    ['refused by the second', half, { act: 'refuse', person: 'cleo' }, { state: 'refused' }],
    ['withdrawn', half, { act: 'withdraw', person: 'ann' }, { state: 'withdrawn' }],
    ['withdrawn by another', half, { act: 'withdraw', person: 'bob' }, 'not_the_asker'],
    ['tried again', stuck, { act: 'retry', person: 'bob' }, { trying: true }],
    ['tried again too early', half, { act: 'retry', person: 'bob' }, 'not_approved'],
    [
      'in the hands of the ledger',
      { ...stuck, trying: true },
      { act: 'withdraw', person: 'ann' },
      'under_way',
    ],
    ['not yet over', ASKED, { act: 'expire' }, 'not_approved'],
    ['over', { ...ASKED, overdue: true }, { act: 'expire' }, { state: 'expired' }],
    ['too late', { ...ASKED, overdue: true }, { act: 'approve', person: 'bob', needed: 1 }, 'over'],
    ['ended', { ...ASKED, state: 'refused' }, { act: 'approve', person: 'bob', needed: 1 }, 'over'],
    ['a big gift waits for another', GIVEN, { act: 'approve', person: 'bob', needed: 2 }, 'same_person'],
    ['and goes with another', GIVEN, { act: 'approve', person: 'cleo', needed: 2 }, { trying: true }],
  ];
  for (const [name, request, act, becomes] of table) {
    const decision = actOnPot(request, act);
    if (typeof becomes === 'string') assert.deepEqual(decision, { ok: false, refusal: becomes }, name);
    else assert.ok(decision.ok, name);
    if (decision.ok)
      assert.deepEqual({ ...decision.request, ...(becomes as object) }, decision.request, name);
  }
});

test('what the upline gives at once is off when the ledger refuses; what was asked stays', () => {
  assert.equal(afterTry(newPotRequest('give', 'bob', 1), 'refused').state, 'withdrawn');
  assert.equal(afterTry({ ...GIVEN, approvedBy: ['bob', 'cleo'] }, 'refused').state, 'approved');
  assert.equal(afterTry({ ...ASKED, state: 'approved', approvedBy: ['bob'] }, 'refused').state, 'approved');
});

const person = fc.constantFrom('ann', 'bob', 'cleo', 'dan');
const needed = fc.constantFrom<1 | 2>(1, 2);
const step = fc.oneof(
  fc.record({ act: fc.constant('approve' as const), person, needed }),
  fc.record({ act: fc.constantFrom('refuse' as const, 'withdraw' as const, 'retry' as const), person }),
  fc.constant({ act: 'expire' } as const),
  fc.constant('time passes' as const),
  fc.constantFrom('moved' as const, 'refused' as const),
);

test('any order of acts by any persons', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...POT_KINDS),
      needed,
      fc.array(step, { maxLength: 30 }),
      (kind, first, steps) => {
        let request = newPotRequest(kind, 'ann', first);
        // A naive book beside it: who has said yes, the strictest rule any approval met, how often money moved.
        const yes = new Set(isOwnAct(kind) ? ['ann'] : []);
        let strictest: number = first;
        let moved = 0;
        for (const each of steps) {
          if (each === 'time passes') request = { ...request, overdue: true };
          else if (each === 'moved' || each === 'refused') {
            if (!request.trying) continue;
            if (each === 'moved') {
              moved += 1;
              assert.ok(yes.size >= strictest, `moved by ${yes.size} of ${strictest}`);
              if (!isOwnAct(kind)) assert.ok(!yes.has('ann'), 'the asker approved');
            }
            request = afterTry(request, each);
          } else {
            const before = request;
            const decision = actOnPot(request, each);
            if (!decision.ok) continue;
            request = decision.request;
            assert.ok(isOpen(before.state), 'an ended request changed');
            assert.ok(!before.trying, 'changed while the ledger was asked');
            if (each.act === 'approve') {
              yes.add(each.person);
              strictest = Math.max(strictest, each.needed);
            }
          }
        }
        assert.ok(moved <= 1, `moved ${moved} times`);
        assert.equal(request.state === 'carried_out', moved === 1);
      },
    ),
    { seed: SEED, numRuns: 2000 },
  );
});
