/** The session's two machines, every status with every act, told once more by a table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decideAct,
  marketOf,
  type SessionAct,
  type SessionState,
} from '../../../src/core/book/session-machine.ts';
import { GAME_STATUSES, type GameStatus } from '../../../src/core/book/types.ts';
import { type Instant, trusted } from '../../../src/core/ids.ts';

const [OPENS, CLOSES, ENDS] = [1000, 2000, 3000].map((at) => trusted<Instant>(at));
const at = (ms: number) => trusted<Instant>(ms);

function session(status: GameStatus, changed: Partial<SessionState> = {}): SessionState {
  const isResulted = status === 'SETTLED' || status === 'VOID';
  return {
    status,
    result: status === 'VOID' ? 'VOID' : isResulted ? 'RAIN' : 'NOT_AVAILABLE',
    version: isResulted ? 1 : 0,
    opensAt: OPENS!,
    closesAt: CLOSES!,
    endsAt: ENDS!,
    quoteUntil: null,
    ...changed,
  };
}
function said(state: SessionState, act: SessionAct, now: number): string {
  const after = decideAct(state, act, at(now));
  return after.ok ? `${after.status} ${after.result} ${after.version}` : after.code;
}

const NO_RAIN = 'NO_RAIN';
/** Of each act: an instant that suits it, then what becomes of READY, OPEN, CLOSE, SUSPEND, UNSETTLED, SETTLED, VOID. */
const TABLE: readonly (readonly [act: SessionAct, now: number, ...after: string[]])[] = [
  [
    { kind: 'open' },
    1500,
    'OPEN NOT_AVAILABLE 0',
    'already',
    'wrong_status',
    'wrong_status',
    'wrong_status',
    'wrong_status',
    'wrong_status',
  ],
  [
    { kind: 'suspend' },
    1500,
    'wrong_status',
    'SUSPEND NOT_AVAILABLE 0',
    'wrong_status',
    'already',
    'wrong_status',
    'wrong_status',
    'wrong_status',
  ],
  [
    { kind: 'resume' },
    1500,
    'wrong_status',
    'wrong_status',
    'wrong_status',
    'OPEN NOT_AVAILABLE 0',
    'wrong_status',
    'wrong_status',
    'wrong_status',
  ],
  [
    { kind: 'close' },
    2000,
    'CLOSE NOT_AVAILABLE 0',
    'CLOSE NOT_AVAILABLE 0',
    'already',
    'CLOSE NOT_AVAILABLE 0',
    'wrong_status',
    'wrong_status',
    'wrong_status',
  ],
  [
    { kind: 'close_early' },
    1500,
    'CLOSE NOT_AVAILABLE 0',
    'CLOSE NOT_AVAILABLE 0',
    'already',
    'CLOSE NOT_AVAILABLE 0',
    'wrong_status',
    'wrong_status',
    'wrong_status',
  ],
  [
    { kind: 'end' },
    3000,
    'wrong_status',
    'wrong_status',
    'UNSETTLED NOT_AVAILABLE 0',
    'wrong_status',
    'already',
    'wrong_status',
    'wrong_status',
  ],
  [
    { kind: 'result', result: NO_RAIN },
    3000,
    'UNSETTLED NO_RAIN 1',
    'UNSETTLED NO_RAIN 1',
    'UNSETTLED NO_RAIN 1',
    'UNSETTLED NO_RAIN 1',
    'UNSETTLED NO_RAIN 1',
    'has_result',
    'has_result',
  ],
  [
    { kind: 'correct', result: NO_RAIN },
    3000,
    'no_result',
    'no_result',
    'no_result',
    'no_result',
    'no_result',
    'UNSETTLED NO_RAIN 2',
    'UNSETTLED NO_RAIN 2',
  ],
  [
    { kind: 'void' },
    0,
    'UNSETTLED VOID 1',
    'UNSETTLED VOID 1',
    'UNSETTLED VOID 1',
    'UNSETTLED VOID 1',
    'UNSETTLED VOID 1',
    'UNSETTLED VOID 2',
    'same_result',
  ],
  [
    { kind: 'settled', version: 1, left: 0 },
    3000,
    'wrong_status',
    'wrong_status',
    'wrong_status',
    'wrong_status',
    'no_result',
    'wrong_status',
    'wrong_status',
  ],
];
for (const [act, now, ...after] of TABLE) {
  test(`every status: ${act.kind}`, () => {
    assert.deepEqual(
      GAME_STATUSES.map((status) => said(session(status), act, now)),
      after,
    );
  });
}

test('acts wait for their instant and are not late', () => {
  const table: readonly (readonly [GameStatus, SessionAct, now: number, code: string])[] = [
    ['READY', { kind: 'open' }, 999, 'too_early'],
    ['READY', { kind: 'open' }, 1000, 'OPEN NOT_AVAILABLE 0'],
    ['READY', { kind: 'open' }, 2000, 'too_late'],
    ['OPEN', { kind: 'suspend' }, 2000, 'too_late'],
    ['SUSPEND', { kind: 'resume' }, 1999, 'OPEN NOT_AVAILABLE 0'],
    ['SUSPEND', { kind: 'resume' }, 2000, 'too_late'],
    ['OPEN', { kind: 'close' }, 1999, 'too_early'],
    ['CLOSE', { kind: 'end' }, 2999, 'too_early'],
    ['UNSETTLED', { kind: 'result', result: 'RAIN' }, 2999, 'too_early'],
    // Voided while it was still to come: what the rain was is known only afterwards.
    ['VOID', { kind: 'correct', result: 'RAIN' }, 2999, 'too_early'],
    ['OPEN', { kind: 'result', result: 'RAIN' }, 2999, 'too_early'],
  ];
  for (const [status, act, now, code] of table)
    assert.equal(said(session(status), act, now), code, `${status} ${act.kind} at ${now}`);
});

test('a result being settled: settled only under its own version and whole, and may be corrected', () => {
  const resulted = session('UNSETTLED', { result: 'RAIN', version: 2 });
  const table: readonly (readonly [act: SessionAct, after: string])[] = [
    [{ kind: 'settled', version: 2, left: 0 }, 'SETTLED RAIN 2'],
    [{ kind: 'settled', version: 2, left: 1 }, 'positions_left'],
    [{ kind: 'settled', version: 1, left: 0 }, 'other_version'],
    [{ kind: 'result', result: 'RAIN' }, 'has_result'],
    [{ kind: 'correct', result: 'RAIN' }, 'same_result'],
    [{ kind: 'correct', result: 'NO_RAIN' }, 'UNSETTLED NO_RAIN 3'],
    [{ kind: 'void' }, 'UNSETTLED VOID 3'],
  ];
  for (const [act, after] of table) assert.equal(said(resulted, act, 3000), after, JSON.stringify(act));
  const voided = session('UNSETTLED', { result: 'VOID', version: 1 });
  assert.equal(said(voided, { kind: 'settled', version: 1, left: 0 }, 0), 'VOID VOID 1');
});

test('the market follows the game and the odds', () => {
  const byOdds = (odds: 'fresh' | 'missing') =>
    GAME_STATUSES.map((status) => marketOf(status, odds)).join(' ');
  assert.equal(byOdds('fresh'), 'CLOSE OPEN CLOSE SUSPEND CLOSE CLOSE CLOSE');
  assert.equal(byOdds('missing'), 'CLOSE SUSPEND CLOSE SUSPEND CLOSE CLOSE CLOSE');
  const market = (state: SessionState, act: SessionAct, now: number) => {
    const after = decideAct(state, act, at(now));
    return after.ok ? after.market : after.code;
  };
  assert.equal(market(session('READY'), { kind: 'open' }, 1500), 'SUSPEND');
  assert.equal(market(session('SUSPEND', { quoteUntil: at(1500) }), { kind: 'resume' }, 1500), 'SUSPEND');
  assert.equal(market(session('SUSPEND', { quoteUntil: at(1501) }), { kind: 'resume' }, 1500), 'OPEN');
  assert.equal(market(session('OPEN', { quoteUntil: at(1501) }), { kind: 'suspend' }, 1500), 'SUSPEND');
  assert.equal(market(session('OPEN', { quoteUntil: at(1501) }), { kind: 'void' }, 1500), 'CLOSE');
});
