/** Checks of what stands in a packet: texts, ids, amounts, fields. Whatever it says, money moves by `amount`, once. */
import type { Check } from './check.ts';
import { accepted, again, bet, cancel, promoWin, several, still, win } from './check.ts';

/** The longest texts a studio may name its games and rounds by. */
const TITLE = '아주 긴 이름의 놀이 '.repeat(24).slice(0, 256);
const ROUND = 'r'.repeat(128);

export const PACKET_CHECKS: readonly Check[] = [
  {
    id: 'details-null',
    title: 'Details may be null',
    proves: 'A promo_win and a bet whose details are null are accepted.',
    costs:
      'Who reads details.game without looking answers 500: the win is sent again and again, and never paid.',
    severity: 'must',
    steps: [
      accepted(promoWin('promotion', 800n, { game: null })),
      accepted(bet('bet', 300n, { game: null })),
    ],
  },
  {
    id: 'title-korean',
    title: 'Korean and Chinese titles are accepted',
    proves: 'Bet and win of a game with a Korean and Chinese title, as UTF-8 without escapes, are accepted.',
    costs: 'A column that is not UTF-8 answers 500 to every bet of such a game: it can’t be played at yours.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n, { game: { title: '스피드 바카라 한국어 · 極速百家樂', vendor: 'dowinn' } })),
      accepted(
        win('win', 'bet', {
          amount: 700n,
          game: { title: '스피드 바카라 한국어 · 極速百家樂', vendor: 'dowinn' },
        }),
      ),
    ],
  },
  {
    id: 'title-emoji',
    title: 'Emoji, quotes and markup in titles are accepted',
    proves: 'A title with emoji, quotes, backslash, markup and a line separator is taken as text.',
    costs: 'A three-byte UTF-8 column or SQL put together by hand fails: bets void, wins not paid, or worse.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n, { game: { title: `🍀💰 "Lucky" O'Neil's \\ <b>&amp;</b>; --\u2028%s` } })),
      accepted(
        win('win', 'bet', {
          amount: 700n,
          game: { title: `🍀💰 "Lucky" O'Neil's \\ <b>&amp;</b>; --\u2028%s` },
        }),
      ),
    ],
  },
  {
    id: 'texts-long',
    title: 'Long titles and round ids are accepted',
    proves: 'A title of 256 characters, a game id and a round id of 128 are accepted.',
    costs:
      'A column that is too short refuses the win of a bet it took, or cuts the id and mixes up two rounds.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n, { round: ROUND, game: { title: TITLE, id: 'g'.repeat(128) } })),
      accepted(
        win('win', 'bet', { amount: 700n, round: ROUND, game: { title: TITLE, id: 'g'.repeat(128) } }),
      ),
      accepted(bet('bet 2', 500n, { round: `${ROUND.slice(1)}s` })),
    ],
  },
  {
    id: 'ids-64-bit',
    title: 'Ids beyond 32 bits are kept whole',
    proves: 'Two transactions whose ids are equal in their lower 32 bits both count.',
    costs:
      'The hub’s ids begin at three thousand million: cut to 32 bits, a later bet passes for an older one, free of charge.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n)),
      accepted(bet('bet 2', 600n, { round: 'next', idBelow: { label: 'bet', distance: 2 ** 51 } })),
    ],
  },
  {
    id: 'ids-last-digit',
    title: 'Ids that differ in the last digit are two',
    proves:
      'Ten neighbouring ids just below 2^53 are ten transactions, and each is known again when repeated.',
    costs:
      'An id that passes through a short float or an exponent equals its neighbours: their money is dropped.',
    severity: 'must',
    steps: [
      accepted(...several(10, (n) => promoWin(`promotion ${n}`, 11n))),
      ...[1, 2, 10].map((n) => again(`promotion ${n}`)),
    ],
  },
  {
    id: 'referer-exact',
    title: 'A cancel finds its bet by the exact id',
    proves: 'A bet is taken; the cancel of the next id, which never came, gives nothing back; the bet wins.',
    costs: 'A referer_id that is rounded gives back the stake of another bet, which goes on and wins.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 900n)),
      still(cancel('cancel', 'never came', { amount: 900n })),
      accepted(win('win', 'bet', { amount: 1300n })),
    ],
  },
  {
    id: 'amount-once',
    title: 'The amount stands twice in a packet and counts once',
    proves: '`amount` and `transaction.amount` are the same signed change: it is added once.',
    costs:
      'Who adds both, or subtracts a bet that is negative already, is off by twice the amount at each bet.',
    severity: 'must',
    steps: [accepted(bet('bet', 777n)), accepted(win('win', 'bet', { amount: 333n }))],
  },
  {
    id: 'decimals',
    title: 'Decimals are exact',
    proves:
      'Thirty small amounts that binary fractions can’t hold (0.10, 0.70, the smallest unit) add up exactly.',
    costs:
      'Sums in floating point drift by the smallest unit, and comparing them refuses a player’s last bet.',
    severity: 'must',
    skip: ({ decimals }) => (decimals === 0 ? 'the currency has no decimals' : null),
    steps: several(10, (n) => bet(`dime ${n}`, 10n, { round: `dime ${n}` }))
      .concat(several(10, (n) => bet(`bet ${n}`, 70n, { round: `round ${n}` })))
      .concat(several(10, (n) => win(`win ${n}`, `bet ${n}`, { amount: 1n, round: `round ${n}` })))
      .map((packet) => accepted(packet)),
  },
  {
    id: 'smallest-unit',
    title: 'The smallest unit counts',
    proves: 'A bet and a win of the currency’s smallest unit move exactly that.',
    costs: 'Who rounds amounts or has a least stake of his own loses or gives away the rest at every round.',
    severity: 'must',
    steps: [accepted(bet('bet', 1n)), accepted(win('win', 'bet', { amount: 3n }))],
  },
  {
    id: 'target-balance',
    title: 'The balance in the packet is not taken over',
    proves: 'A packet whose target.balance is not your figure moves your balance by its amount all the same.',
    costs: 'The hub’s figure lags behind your cash desk: who copies it wipes out deposits and withdrawals.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n, { targetBalance: 123_456_700n })),
      accepted(win('win', 'bet', { amount: 600n, targetBalance: 0n })),
    ],
  },
  {
    id: 'fields-unknown',
    title: 'Fields you don’t know are ignored',
    proves: 'A packet with further fields in every object is accepted.',
    costs: 'A field added by a later version of the hub stops all bets at yours until you have released.',
    severity: 'should',
    steps: [
      accepted(bet('bet', 500n, { extra: { added_later: { list: [1, 'two', null] } } })),
      accepted(win('win', 'bet', { amount: 700n, extra: { added_later: true } })),
    ],
  },
];
