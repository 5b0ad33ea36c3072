/** What studios tell of a round, understood where its shape is known; and a round's rows as a tree. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detailOfRound, type Round } from '../../games/round.ts';
import { cameTo, chainOf, type RoundRowGiven } from '../../web/backoffice/bets/chain.ts';
import { isOnLine, isPush, readDetail } from '../../web/backoffice/bets/detail.ts';
import { whyOf } from '../../web/backoffice/statement/words.ts';

const BACCARAT = {
  gameType: 'baccarat',
  table: { id: 't1', name: 'Speed A' },
  dealer: { name: 'Mina' },
  participants: [
    {
      playerId: '12',
      playerGameId: 'g',
      bets: [
        { code: 'BAC_Player', stake: 1000, payout: 1000 },
        { code: 'BAC_Tie', stake: 100, payout: 900 },
        { code: 'BAC_PlayerPair', stake: 50, payout: 0 },
      ],
    },
  ],
  result: {
    player: { cards: ['TD', '9H'], score: 9 },
    banker: { cards: ['AS', '3C', '5D'], score: 9 },
    outcome: 'Tie',
  },
};

test('baccarat is read with hands, bets, and what a tie gives back', () => {
  for (const given of [BACCARAT, { data: BACCARAT }]) {
    const read = readDetail(JSON.stringify(given));
    assert.ok(read.kind === 'baccarat');
    assert.deepEqual(
      [read.player.cards, read.banker.score, read.table, read.dealer],
      [['TD', '9H'], 9, 'Speed A', 'Mina'],
    );
    const pushed = read.participants[0]?.bets.map((bet) => isPush(read, bet));
    assert.deepEqual(pushed, [true, false, false]);
  }
});

test('a slot of the built-in studio is read as it tells itself, with the symbols that won', () => {
  const spin = {
    stops: [0, 0, 0, 0, 0],
    window: Array.from({ length: 15 }, (_, place) => place % 3),
    lineWins: [{ line: 4, symbol: 0, length: 3, win: 250n }],
    multiplier: 2,
    scatters: 1,
    scatterWin: 0n,
    win: 500n,
  };
  const step = {
    spinId: 's',
    kind: 'spin',
    cost: 100n,
    reel: null,
    spin,
  } as unknown as Round['steps'][number];
  const round = { game: 'g', stake: 100n, staked: 100n, won: 500n, steps: [step] } as unknown as Round;
  const read = readDetail(JSON.stringify(detailOfRound(round, ['cherry', 'plum', 'bell'])));
  assert.ok(read.kind === 'slot');
  const [only] = read.steps;
  assert.ok(only !== undefined);
  assert.deepEqual([only.window.length, only.window[0]?.length, only.multiplier, only.win], [3, 5, 2, '500']);
  const framed = only.window.flatMap((row, at) => row.map((_symbol, reel) => isOnLine(only, at, reel)));
  assert.equal(framed.filter(Boolean).length, 3);
});

test('anything else stays as it came, whatever it is', () => {
  const table: [text: string, value: unknown][] = [
    ['{"reels":[1,2]}', { reels: [1, 2] }],
    ['"text"', 'text'],
    ['null', null],
    ['not json', 'not json'],
    [
      JSON.stringify({ ...BACCARAT, result: { ...BACCARAT.result, player: { cards: ['ZZ'], score: 1 } } }),
      undefined,
    ],
    ['{"staked":"1","won":"1","steps":[{"window":5}]}', undefined],
    ['{"staked":"1","won":"1","steps":[]}', undefined],
  ];
  for (const [text, value] of table)
    assert.deepEqual(readDetail(text), {
      kind: 'other',
      value: value === undefined ? JSON.parse(text) : value,
    });
});

const row = (id: number, what: string, amount: string, refererId: number | null = null): RoundRowGiven => ({
  ...{ id, what, amount, refererId, at: '', before: null, after: null, potBefore: null, potAfter: null },
  ...{ externalId: 'x', ip: null, inRound: true, callback: null, detail: null },
});

test('rows stand below what they answer, and come to what they come to', () => {
  const rows = [
    row(1, 'bet', '-100'),
    row(3, 'bet', '-50'),
    row(5, 'win', '900', 1),
    row(7, 'exceedCredit', '-400', 5),
    row(9, 'adjustDebit', '-1', 999),
    row(11, 'charge', '-2'),
  ];
  const ids = (links: ReturnType<typeof chainOf>): unknown[] =>
    links.map(({ row: { id }, answers }) => (answers.length === 0 ? id : [id, ...ids(answers)]));
  assert.deepEqual(ids(chainOf(rows)), [[1, [5, 7]], 3, 9, 11]);
  assert.deepEqual(cameTo(rows), {
    ...{ staked: 150n, paid: 500n, refunded: 0n, corrected: -1n, tips: 2n, net: 347n },
  });
});

test('every row has its sentence', () => {
  const said = (what: string, rest: object = {}) =>
    whyOf({ id: 1, what, amount: '5', refererId: 3, externalId: 'x', wallet: 'transfer', ...rest })[0].slice(
      14,
    );
  const table: [said: string, why: string][] = [
    [said('bet'), 'bet'],
    [said('bet', { wallet: 'seamless' }), 'bet_seamless'],
    [said('bet', { wallet: 'seamless', taken: true }), 'bet_unanswered'],
    [said('win', { amount: '0' }), 'lost'],
    [said('win', { externalId: null }), 'win_by_hand'],
    [said('cancel', { externalId: null }), 'cancel_by_hand'],
    [said('cancel', { externalId: null, taken: true }), 'cancel_unanswered'],
    [said('adjustDebit'), 'adjustDebit'],
    [said('adjustDebit', { refererId: null }), 'adjustDebit_alone'],
    [said('potGive'), 'potGive'],
  ];
  for (const [found, why] of table) assert.equal(found, why);
});
