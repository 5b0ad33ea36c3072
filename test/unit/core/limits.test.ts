import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Instant, trusted } from '../../../src/core/ids.ts';
import { effectiveLimits, type LimitRow, mayNotPlay } from '../../../src/core/limits.ts';

const row = (wish: {
  agent: number;
  vendor?: number;
  game?: number;
  player?: number;
  bet?: bigint;
  win?: bigint;
}): LimitRow => ({
  agentId: trusted(wish.agent),
  vendorId: wish.vendor === undefined ? null : trusted(wish.vendor),
  gameId: wish.game === undefined ? null : trusted(wish.game),
  playerId: wish.player === undefined ? null : trusted(wish.player),
  maxBet: wish.bet ?? null,
  maxWin: wish.win ?? null,
});

/** Player 9 of agent 2, whose upline is 1, in game 7 of vendor 5. */
const scope = {
  path: [trusted<LimitRow['agentId']>(1), trusted<LimitRow['agentId']>(2)],
  vendorId: trusted<NonNullable<LimitRow['vendorId']>>(5),
  gameId: trusted<NonNullable<LimitRow['gameId']>>(7),
  playerId: trusted<NonNullable<LimitRow['playerId']>>(9),
};

test('the narrowest of the limits that fit holds', () => {
  const table: [why: string, rows: LimitRow[], maxBet: bigint | null, maxWin: bigint | null][] = [
    ['no limit', [], null, null],
    ['its agent’s', [row({ agent: 2, bet: 10n, win: 20n })], 10n, 20n],
    ['an upline’s', [row({ agent: 1, bet: 10n })], 10n, null],
    ['an upline’s is narrower', [row({ agent: 2, bet: 10n }), row({ agent: 1, bet: 4n })], 4n, null],
    ['an upline’s is wider', [row({ agent: 1, bet: 10n }), row({ agent: 2, bet: 4n })], 4n, null],
    ['another agent’s', [row({ agent: 3, bet: 1n })], null, null],
    ['zero forbids', [row({ agent: 2, bet: 0n }), row({ agent: 1, bet: 5n })], 0n, null],
    ['its vendor’s', [row({ agent: 2, vendor: 5, bet: 3n }), row({ agent: 2, bet: 9n })], 3n, null],
    [
      'a wider one of the vendor lifts nothing',
      [row({ agent: 2, vendor: 5, bet: 9n }), row({ agent: 2, bet: 3n })],
      3n,
      null,
    ],
    ['another vendor’s', [row({ agent: 2, vendor: 6, bet: 3n })], null, null],
    ['its game’s', [row({ agent: 2, game: 7, win: 3n })], null, 3n],
    ['another game’s', [row({ agent: 2, game: 8, win: 3n })], null, null],
    ['its own', [row({ agent: 1, player: 9, bet: 2n })], 2n, null],
    ['another player’s', [row({ agent: 1, player: 8, bet: 2n })], null, null],
    ['all parts must fit', [row({ agent: 2, vendor: 5, game: 8, player: 9, bet: 2n })], null, null],
    ['bet and win from different rows', [row({ agent: 2, bet: 2n }), row({ agent: 1, win: 8n })], 2n, 8n],
  ];
  for (const [why, rows, maxBet, maxWin] of table)
    assert.deepEqual(effectiveLimits(rows, scope), { maxBet, maxWin }, why);
});

test('a player may not play while blocked, excluded or cooling off', () => {
  const at = (ms: number) => trusted<Instant>(ms);
  const free = { blocked: false, excludedUntil: null, coolingUntil: null };
  const table: [Parameters<typeof mayNotPlay>[0], boolean][] = [
    [free, false],
    [{ ...free, blocked: true }, true],
    [{ ...free, excludedUntil: at(101) }, true],
    [{ ...free, excludedUntil: at(100) }, false],
    [{ ...free, coolingUntil: at(101) }, true],
    [{ ...free, coolingUntil: at(100) }, false],
    [{ ...free, coolingUntil: at(1), excludedUntil: at(999) }, true],
  ];
  for (const [protection, expected] of table) assert.equal(mayNotPlay(protection, at(100)), expected);
});
