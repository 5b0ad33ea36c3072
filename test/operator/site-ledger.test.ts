import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ledgerEventOf } from '../../sim/operator/ledger-record.ts';
import { judgeMove } from '../../sim/operator/settle-move.ts';
import {
  applyEvent,
  balanceOfMovements,
  type Direction,
  emptyLedger,
  type LedgerEvent,
  movementOf,
  refuseMove,
} from '../../sim/operator/site-ledger.ts';

const at = '2026-01-01T00:00:00.000Z';

function joined(): ReturnType<typeof emptyLedger> {
  const ledger = emptyLedger();
  applyEvent(ledger, { t: 'joined', name: 'Minji', gift: '1000', at });
  return ledger;
}

function intended(uuid: string, direction: Direction, amount: string): LedgerEvent {
  return { t: 'intended', uuid, memberId: 'minji', direction, amount, at };
}

test('money on its way to the games is held, and given back when the hub refuses', () => {
  const ledger = joined();
  applyEvent(ledger, intended('a', 'in', '400'));
  assert.equal(ledger.members.get('minji')?.balance, 600n);
  applyEvent(ledger, { t: 'refused', uuid: 'a', reason: 'POT', at });
  assert.equal(ledger.members.get('minji')?.balance, 1000n);
  assert.equal(movementOf(ledger, 'a')?.state, 'refused');
});

test('money on its way back counts once it has arrived', () => {
  const ledger = joined();
  applyEvent(ledger, intended('a', 'out-all', '0'));
  assert.equal(ledger.members.get('minji')?.balance, 1000n);
  applyEvent(ledger, { t: 'settled', uuid: 'a', moved: '70', at });
  assert.equal(ledger.members.get('minji')?.balance, 1070n);
});

test('refusals, by precedence', () => {
  const ledger = joined();
  const order = { memberId: 'minji', direction: 'in', amount: 1001n } as const;
  assert.equal(refuseMove(ledger, { ...order, memberId: 'nobody' }), 'unknown_member');
  assert.equal(refuseMove(ledger, { ...order, amount: 0n }), 'amount_invalid');
  assert.equal(refuseMove(ledger, order), 'site_balance_short');
  applyEvent(ledger, intended('a', 'out', '5'));
  assert.equal(refuseMove(ledger, order), 'move_pending');
});

test('an event against the books is a bug and throws', () => {
  const ledger = joined();
  assert.throws(() => applyEvent(ledger, intended('a', 'in', '1001')));
  assert.throws(() => applyEvent(ledger, { t: 'settled', uuid: 'a', moved: '1', at }));
  applyEvent(ledger, intended('b', 'in', '10'));
  assert.throws(() => applyEvent(ledger, { t: 'settled', uuid: 'b', moved: '11', at }));
});

test('whatever happens, the balance is what the movements make of it and never below zero', () => {
  const step = fc.record({
    direction: fc.constantFrom<Direction>('in', 'out', 'out-all'),
    amount: fc.bigInt({ min: 0n, max: 2000n }),
    good: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const ledger = joined();
      steps.forEach(({ direction, amount, good }, index) => {
        if (refuseMove(ledger, { memberId: 'minji', direction, amount }) !== null) return;
        const uuid = `u${index}`;
        applyEvent(ledger, intended(uuid, direction, String(amount)));
        const settled: LedgerEvent = { t: 'settled', uuid, moved: String(amount), at };
        applyEvent(ledger, good ? settled : { t: 'refused', uuid, reason: 'no', at });
        const member = ledger.members.get('minji');
        assert.ok(member && member.balance >= 0n);
        assert.equal(member.balance, balanceOfMovements(member));
      });
    }),
    { verbose: 1 },
  );
});

test('every event survives its way through the journal', () => {
  const events: LedgerEvent[] = [
    { t: 'joined', name: '민지', gift: '1000', at },
    intended('a', 'out', '7'),
    { t: 'settled', uuid: 'a', moved: '7', at },
    { t: 'refused', uuid: 'a', reason: 'no', at },
  ];
  for (const event of events) assert.deepEqual(ledgerEventOf(JSON.parse(JSON.stringify(event))), event);
  assert.throws(() => ledgerEventOf({ t: 'settled', uuid: 'a', moved: '-7', at }));
});

test('when a movement is decided', () => {
  const first = { direction: 'in', amount: 5n, before: 0 } as const;
  const again = { ...first, before: 1 };
  const moved = { kind: 'ok', value: { amount: 5n, balance: 5n, transactionId: '1' } } as const;
  const refused = { kind: 'refused', status: 403, message: 'POT' } as const;
  assert.deepEqual(judgeMove(first, moved), { kind: 'settled', moved: 5n });
  assert.deepEqual(judgeMove(first, refused), { kind: 'refused', reason: 'POT' });
  assert.deepEqual(judgeMove(again, refused), { kind: 'refused-if-door-open', reason: 'POT' });
  assert.deepEqual(judgeMove(first, { kind: 'busy', retryAfterMs: 700 }), { kind: 'repeat', afterMs: 700 });
  assert.equal(judgeMove(again, { kind: 'unknown', reason: 'time-out' }).kind, 'repeat');
  assert.equal(judgeMove(first, { ...refused, status: 404 }).kind, 'repeat');
  assert.equal(judgeMove({ ...first, amount: 6n }, moved).kind, 'repeat', 'an answer about another amount');
  const back = { kind: 'ok', value: { amount: -5n, balance: 0n, transactionId: '1' } } as const;
  assert.deepEqual(judgeMove({ direction: 'out-all', amount: 0n, before: 0 }, back), {
    kind: 'settled',
    moved: 5n,
  });
});
