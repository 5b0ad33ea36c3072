/**
 * Checks of what takes back: cancels of bets that were taken, that never came, that come late, of whole bundles.
 * A cancel refers to a bet, and gives back what was taken for it and not given back yet.
 */
import type { Check } from './check.ts';
import {
  accepted,
  again,
  againUnread,
  bet,
  cancel,
  copies,
  ineffective,
  ineffectiveUnread,
  oneMoreThanAll,
  refused,
  several,
  still,
  win,
} from './check.ts';

export const CANCEL_CHECKS: readonly Check[] = [
  {
    id: 'cancel-exact',
    title: 'A cancel gives the stake back',
    proves: 'A bet that was taken is cancelled: the balance is again what it was.',
    costs: 'The round did not take place: a stake that stays with you is the player’s money.',
    severity: 'must',
    steps: [accepted(bet('bet', 1000n)), accepted(cancel('cancel', 'bet', { amount: 1000n }))],
  },
  {
    id: 'cancel-unknown',
    title: 'A cancel of a bet that never came is answered 200',
    proves:
      'The cancel of an id you have never seen is accepted and moves nothing, also when it is repeated.',
    costs:
      'Every bet that was lost on its way makes one: paid out, it is money for nothing; refused, it blocks the player until the cut-off.',
    severity: 'must',
    steps: [still(cancel('cancel', 'bet', { amount: 1000n })), again('cancel')],
  },
  {
    id: 'cancel-before-bet',
    title: 'A bet that comes after its cancel takes nothing',
    proves: 'The cancelled id is remembered: when the bet arrives late, and again, nothing moves.',
    costs: 'The bet is off everywhere else: the stake is gone without a round, and nothing gives it back.',
    severity: 'must',
    steps: [
      still(cancel('cancel', 'bet', { amount: 1000n })),
      ineffective(bet('bet', 1000n)),
      ineffective(bet('bet', 1000n)),
      again('cancel'),
    ],
  },
  {
    id: 'cancel-and-bet-at-once',
    title: 'A bet and its cancel at the same moment cancel each other out',
    proves: 'Five bets and their cancels are sent at once, in whatever order they arrive: nothing has moved.',
    costs:
      'A bet that takes more than 2 s is cancelled while it is at work: a race decides who loses the stake.',
    severity: 'must',
    steps: [
      ineffectiveUnread(
        ...several(5, (n) => bet(`bet ${n}`, 300n, { round: `round ${n}` })),
        ...several(5, (n) => cancel(`cancel ${n}`, `bet ${n}`, { amount: 300n, round: `round ${n}` })),
      ),
      ...[1, 2, 3, 4].map((n) => againUnread(`cancel ${n}`)),
      again('cancel 5'),
    ],
  },
  {
    id: 'cancel-repeat',
    title: 'A repeated cancel gives back once',
    proves: 'The same cancel sent again, byte for byte, is answered 200 and gives nothing more.',
    costs:
      'When your 200 is lost on its way the hub sends the cancel again: each time is a stake from your pocket.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 1000n)),
      accepted(cancel('cancel', 'bet', { amount: 1000n })),
      again('cancel'),
      again('cancel'),
    ],
  },
  {
    id: 'cancel-repeat-at-once',
    title: 'A cancel that comes ten times at once gives back once',
    proves: 'Ten copies of one cancel, all at the same moment, give the stake back once.',
    costs: 'The repeat of a slow cancel meets the first still at work, and both give the stake back.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 1000n)),
      copies(10, cancel('cancel', 'bet', { amount: 1000n })),
      again('cancel'),
    ],
  },
  {
    id: 'cancelled-bet-repeat',
    title: 'A cancelled bet stays cancelled',
    proves: 'A bet that was taken and cancelled takes nothing when it comes again.',
    costs:
      'The copy of a slow request takes a stake for a bet that was given back, and nothing cancels it again.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 1000n)),
      accepted(cancel('cancel', 'bet', { amount: 1000n })),
      ineffective(bet('bet', 1000n)),
    ],
  },
  {
    id: 'cancel-refused-bet',
    title: 'A cancel of a refused bet gives nothing',
    proves: 'A bet refused for lack of money is cancelled after all: answered 200, and nothing moves.',
    costs:
      'Your refusal may be lost on its way: then the hub cancels what you never took, and you give it away.',
    severity: 'must',
    steps: [
      refused(bet('bet', oneMoreThanAll)),
      still(cancel('cancel', 'bet', { amount: ({ amountOf }) => amountOf('bet') })),
    ],
  },
  {
    id: 'bundle-cancel',
    title: 'Several bets of a round, one cancel',
    proves: 'A round of three bets is cancelled by one cancel of their sum, which refers to the first.',
    costs: 'Who gives back only the first bet keeps the rest of the player’s stakes.',
    severity: 'must',
    steps: [
      accepted(bet('bet 1', 100n)),
      accepted(bet('bet 2', 200n)),
      accepted(bet('bet 3', 300n)),
      accepted(cancel('cancel', 'bet 1', { amount: 600n })),
      again('cancel'),
    ],
  },
  {
    id: 'bundle-cancel-one',
    title: 'One bet of a bundle is cancelled, the others stand',
    proves: 'Of two bets in a round the second is cancelled alone (its answer was lost); the first one wins.',
    costs: 'Who cancels the whole round gives back a stake that is still in play, or refuses its win.',
    severity: 'must',
    steps: [
      accepted(bet('bet 1', 700n)),
      accepted(bet('bet 2', 200n)),
      accepted(cancel('cancel', 'bet 2', { amount: 200n })),
      accepted(win('win', 'bet 1', { amount: 1500n })),
    ],
  },
  {
    id: 'cancel-rebet',
    title: 'After a cancel the same round takes bets again',
    proves: 'Bet, cancel, bet again and win, all in one round: the second bet counts.',
    costs: 'Who closes the round by the cancel refuses the second bet, or pays its win without a stake.',
    severity: 'must',
    steps: [
      accepted(bet('bet 1', 400n)),
      accepted(cancel('cancel', 'bet 1', { amount: 400n })),
      accepted(bet('bet 2', 500n)),
      accepted(win('win', 'bet 2', { amount: 800n })),
    ],
  },
  {
    id: 'cancel-rebet-cancel',
    title: 'A second bundle of the same round is cancelled on its own',
    proves: 'Two bundles follow each other in one round; each has its cancel, each cancel its sum.',
    costs: 'Who dedupes cancels by the round keeps the stakes of the second bundle.',
    severity: 'must',
    steps: [
      accepted(bet('bet 1', 100n)),
      accepted(bet('bet 2', 200n)),
      accepted(cancel('cancel 1', 'bet 1', { amount: 300n })),
      accepted(bet('bet 3', 400n)),
      accepted(bet('bet 4', 500n)),
      accepted(cancel('cancel 2', 'bet 3', { amount: 900n })),
    ],
  },
  {
    id: 'cancel-twice',
    title: 'A second cancel of the same bets gives nothing',
    proves:
      'A cancel with an id of its own, of bets that have been given back: answered 200, and nothing moves.',
    costs:
      'The hub never sends one; but who would pay it trusts the amount on the wire more than his own books.',
    severity: 'should',
    steps: [
      accepted(bet('bet 1', 100n)),
      accepted(bet('bet 2', 200n)),
      accepted(cancel('cancel 1', 'bet 1', { amount: 300n })),
      still(cancel('cancel 2', 'bet 1', { amount: 300n })),
    ],
  },
];
