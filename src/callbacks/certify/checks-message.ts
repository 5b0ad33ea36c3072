/** Checks of the rest that has happened already: promotions, corrections, cuts of wins that were too high. */
import type { Check } from './check.ts';
import {
  accepted,
  acceptedUnread,
  adjust,
  again,
  all,
  bet,
  correct,
  exceedCredit,
  promoWin,
  sameAs,
  win,
} from './check.ts';

export const MESSAGE_CHECKS: readonly Check[] = [
  {
    id: 'promo-win',
    title: 'A promotion’s win is paid, once',
    proves: 'A promo_win belongs to no bet and has no referer_id: it is paid, and once when it is repeated.',
    costs:
      'The vendor pays tournaments and jackpots by it: refused, the player waits; repeated, you pay twice.',
    severity: 'must',
    steps: [accepted(promoWin('promotion', 5000n)), again('promotion')],
  },
  {
    id: 'adjust-plus',
    title: 'A correction upwards is booked, once',
    proves: 'An adjust with a positive amount is paid, and once when it is repeated.',
    costs:
      'A round settled wrong is put right by it: the player never gets what was short, or gets it twice.',
    severity: 'must',
    steps: [accepted(adjust('correction', 321n)), again('correction')],
  },
  {
    id: 'adjust-minus',
    title: 'A correction downwards is booked, once',
    proves: 'An adjust with a negative amount is taken, and once when it is repeated.',
    costs: 'Who drops the sign pays again what was paid in error, instead of taking it back.',
    severity: 'must',
    steps: [accepted(adjust('correction', -321n)), again('correction')],
  },
  {
    id: 'adjust-of-a-win',
    title: 'A correction may name what it corrects',
    proves: 'An adjust whose referer_id is a win moves its own amount, and leaves the win as it is.',
    costs: 'Who undoes the named transaction, or books the difference to it, is off by the whole win.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n)),
      accepted(win('win', 'bet', { amount: 900n })),
      accepted(correct('correction', 'win', { amount: -150n })),
    ],
  },
  {
    id: 'exceed-credit',
    title: 'The cut of a win that exceeds the limit is taken, once',
    proves: 'After a win an exceed_credit takes back what was above the limit; repeated, nothing more.',
    costs: 'The hub has cut the win: what you don’t take back of it you have paid beyond your own limit.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n)),
      accepted(win('win', 'bet', { amount: 4000n })),
      accepted(exceedCredit('cut', 'win', { amount: 1000n })),
      again('cut'),
    ],
  },
  {
    id: 'types-apart',
    title: 'Everything else of a round counts beside bet and win',
    proves: 'In one round a bet, a win, a promo_win, an adjust and an exceed_credit all count.',
    costs:
      'Who keeps one entry a round and side drops the later ones: the balance drifts away from the hub’s.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n)),
      accepted(win('win', 'bet', { amount: 2000n })),
      accepted(promoWin('promotion', 2000n)),
      accepted(adjust('correction', 2000n)),
      accepted(exceedCredit('cut', 'win', { amount: 2000n })),
    ],
  },
  {
    id: 'debt',
    title: 'What has happened is booked even when the balance does not cover it',
    proves: 'A correction downwards comes when the player has staked all: it is answered 200, and counts.',
    costs:
      'Refused, it is sent until the cut-off and then lies on the list, while the player goes on with the money.',
    severity: 'should',
    steps: [
      accepted(bet('bet', all)),
      acceptedUnread(adjust('correction', -300n)),
      accepted(win('win', 'bet', { amount: sameAs('bet') })),
    ],
  },
];
