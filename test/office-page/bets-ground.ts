/** Rounds of every kind for the pages that explain them: a table of baccarat, a slot, a cut win, a seamless one, an open one. */
import assert from 'node:assert/strict';
import { trusted } from '../../src/core/ids.ts';
import { setLimit } from '../../src/db/limit.ts';
import type { OfficeRig } from '../office/rig.ts';
import { openOperator, seamlessAgent, seat } from '../seamless/rig.ts';

export interface FilledRounds {
  /** Transactions of them. */
  readonly baccarat: number;
  readonly slot: number;
  readonly cut: number;
  readonly seamless: number;
  readonly openGame: number;
  readonly openRound: string;
}

const BACCARAT = {
  data: {
    gameType: 'baccarat',
    table: { id: 't7', name: 'Speed Baccarat A' },
    dealer: { name: 'Mina' },
    participants: [
      {
        playerId: 'player-a',
        playerGameId: 'g-1',
        bets: [
          { code: 'BAC_Player', stake: 10_000, payout: 10_000 },
          { code: 'BAC_Tie', stake: 1000, payout: 9000 },
          { code: 'BAC_PlayerPair', stake: 500, payout: 0 },
        ],
      },
    ],
    result: {
      player: { cards: ['TD', '3H', '6S'], score: 9 },
      banker: { cards: ['AS', '8C'], score: 9 },
      outcome: 'Tie',
    },
  },
};

const SLOT = {
  game: 'dragon-gate',
  stake: '1000',
  staked: '1500',
  won: '6200',
  steps: [
    {
      kind: 'spin',
      cost: '1000',
      stops: [1, 2, 3, 4, 5],
      window: [
        ['lotus', 'wild', 'ace', 'king', 'gate'],
        ['dragon', 'dragon', 'dragon', 'queen', 'ace'],
        ['ten', 'king', 'gate', 'ace', 'ten'],
      ],
      multiplier: 1,
      lines: [{ line: 1, length: 3, rows: '111', win: '1200' }],
      scatters: 2,
      scatterWin: '0',
      win: '1200',
    },
    {
      kind: 'respin',
      cost: '500',
      reel: 4,
      stops: [1, 2, 3, 9, 5],
      window: [
        ['lotus', 'wild', 'ace', 'dragon', 'gate'],
        ['dragon', 'dragon', 'dragon', 'dragon', 'ace'],
        ['ten', 'king', 'gate', 'ace', 'ten'],
      ],
      multiplier: 2,
      lines: [{ line: 1, length: 4, rows: '1111', win: '2500' }],
      scatters: 0,
      scatterWin: '0',
      win: '5000',
    },
  ],
};

export async function fillRounds(rig: OfficeRig): Promise<FilledRounds> {
  const { world, agents, sql } = rig;
  const studio = await world.studio('evolution', 'Asia Gaming', 'CQ9');
  await agents.a.post('/user/add-balance', { username: 'player-a', amount: 900_000 });
  await setLimit(sql, { agentId: trusted<never>(agents.a.id) }, { maxWin: 30_000n, maxBet: 100_000n });
  await setLimit(sql, { agentId: trusted<never>(agents.root.id) }, { maxBet: 50_000n });
  const play = async (vendor: string, items: readonly Record<string, unknown>[]): Promise<number[]> => {
    const { session, game } = await world.play(agents.a, studio, {
      username: 'player-a',
      vendor,
      balance: 0,
    });
    const results = [];
    for (const item of items) {
      const [result] = await studio.transact({ currency: 'KRW', session, game, ...item });
      assert.equal(result.status, 'accepted', JSON.stringify(result));
      results.push(Number(result.transactionId));
    }
    return results;
  };
  const [baccarat = 0] = await play('Asia Gaming', [
    { id: 'ag-1', type: 'bet', amount: '10000', round: 'AG-20261121-001', detail: BACCARAT },
    { id: 'ag-2', type: 'bet', amount: '1000', round: 'AG-20261121-001' },
    { id: 'ag-3', type: 'bet', amount: '500', round: 'AG-20261121-001' },
    { id: 'ag-4', type: 'win', amount: '19000', round: 'AG-20261121-001', closesRound: true },
  ]);
  const [slot = 0] = await play('CQ9', [
    { id: 'cq-b0', type: 'bet', amount: '1000', round: 'cq-77', detail: SLOT },
    { id: 'cq-w0', type: 'win', amount: '1200', round: 'cq-77' },
    { id: 'cq-b1', type: 'bet', amount: '500', round: 'cq-77' },
    { id: 'cq-w1', type: 'win', amount: '5000', round: 'cq-77', closesRound: true },
  ]);
  const [, cut = 0] = await play('evolution', [
    { id: 'ev-b', type: 'bet', amount: '4000', round: 'ev-1' },
    { id: 'ev-w', type: 'win', amount: '48000', round: 'ev-1', closesRound: true },
    { id: 'ev-a', type: 'adjust_debit', amount: '70', round: 'ev-1', reference: 'ev-w' },
  ]);
  const [cancelled = 0] = await play('evolution', [
    { id: 'ev-c', type: 'bet', amount: '250', round: 'ev-2' },
    { id: 'ev-cc', type: 'cancel', round: 'ev-2', reference: 'ev-c' },
  ]);
  assert.ok(cancelled > 0);
  await play('evolution', [{ id: 'ev-o', type: 'bet', amount: '700', round: 'ev-open' }]);
  const [game] = await sql`select id from game where public_id = 'evolution-game'`;
  return {
    baccarat,
    slot,
    cut,
    seamless: await playSeamless(rig, studio),
    openGame: game?.id,
    openRound: 'ev-open',
  };
}

async function playSeamless(
  { world }: OfficeRig,
  studio: Parameters<typeof seat>[1]['studio'],
): Promise<number> {
  const operator = await openOperator();
  try {
    const agent = await seamlessAgent(world, operator, {
      username: 'branch-seamless',
      parent: 'trunk-root',
      pot: 1_000_000n,
    });
    const place = await seat(world, { agent, studio });
    const bet = await place.send('s1', 'bet', { amount: '500' });
    await place.send('s2', 'win', { amount: '1200', closesRound: true });
    return Number(bet.transactionId);
  } finally {
    await operator.close();
  }
}
