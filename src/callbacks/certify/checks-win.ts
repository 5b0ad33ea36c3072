/** Checks of what brings money: wins of every shape. They have happened already, and are sent until answered 200. */
import type { Check } from './check.ts';
import { accepted, again, bet, copies, still, win } from './check.ts';

const DAY_MS = 86_400_000;

export const WIN_CHECKS: readonly Check[] = [
  {
    id: 'win-exact',
    title: 'A win brings exactly its amount',
    proves: 'A win is answered 200 and the balance rises by its amount, visible in the next balance.',
    costs: 'A player paid less complains with the round in his hand; one paid more has your money.',
    severity: 'must',
    steps: [accepted(bet('bet', 500n)), accepted(win('win', 'bet', { amount: 1239n }))],
  },
  {
    id: 'win-zero',
    title: 'A win of 0 is answered 200',
    proves: 'A lost round ends by a win of 0: it is accepted, moves nothing, and is accepted again.',
    costs:
      'A refused zero win is sent again until the cut-off, and every later win and bet of that player waits behind it.',
    severity: 'must',
    steps: [accepted(bet('bet', 500n)), still(win('win', 'bet', { amount: 0n })), again('win')],
  },
  {
    id: 'win-repeat',
    title: 'A repeated win is paid once',
    proves: 'The same win sent again, byte for byte, is answered 200 and pays nothing more.',
    costs: 'When your 200 is lost on its way the hub sends the win again: you pay it twice or more.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n)),
      accepted(win('win', 'bet', { amount: 1500n })),
      again('win'),
      again('win'),
    ],
  },
  {
    id: 'win-repeat-at-once',
    title: 'A win that comes ten times at once is paid once',
    proves: 'Ten copies of one win, all at the same moment, pay its amount once.',
    costs: 'The repeat of a slow win meets the first still at work: both find no entry yet, and both pay.',
    severity: 'must',
    steps: [accepted(bet('bet', 500n)), copies(10, win('win', 'bet', { amount: 1500n })), again('win')],
  },
  {
    id: 'win-repeat-later',
    title: 'A win repeated after other transactions is paid once',
    proves: 'A win sent again when later bets and wins have been processed pays nothing more.',
    costs: 'Who remembers only a player’s last transaction pays an older win a second time.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n)),
      accepted(win('win', 'bet', { amount: 900n })),
      accepted(bet('next bet', 300n, { round: 'next' })),
      accepted(win('next win', 'next bet', { amount: 400n, round: 'next' })),
      again('win'),
      again('bet'),
    ],
  },
  {
    id: 'wins-several',
    title: 'Several wins of one round are all paid',
    proves:
      'Free spins: after one bet come wins with ids of their own, also of equal amount, also a 0 between.',
    costs: 'Who takes one win a round keeps the player’s free spins; the hub has paid them from your POT.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n)),
      accepted(win('win 1', 'bet', { amount: 300n })),
      accepted(win('win 2', 'bet', { amount: 300n })),
      still(win('win 3', 'bet', { amount: 0n })),
      accepted(win('win 4', 'bet', { amount: 700n })),
    ],
  },
  {
    id: 'wins-crossed',
    title: 'Rounds may overlap',
    proves: 'Two rounds are open at once, and the second one ends first: both wins are paid.',
    costs: 'Who knows only the latest round of a player refuses the win of the other one.',
    severity: 'must',
    steps: [
      accepted(bet('bet 1', 500n, { round: 'first' })),
      accepted(bet('bet 2', 400n, { round: 'second' })),
      accepted(win('win 2', 'bet 2', { amount: 800n, round: 'second' })),
      accepted(win('win 1', 'bet 1', { amount: 900n, round: 'first' })),
    ],
  },
  {
    id: 'bundle-win',
    title: 'Several bets of a round, one win',
    proves: 'A round of three bets ends by one win, which refers to the first of them.',
    costs: 'Who expects a win for each bet, or one bet a round, refuses bets or the win of live tables.',
    severity: 'must',
    steps: [
      accepted(bet('bet 1', 100n)),
      accepted(bet('bet 2', 200n)),
      accepted(bet('bet 3', 300n)),
      accepted(win('win', 'bet 1', { amount: 1100n })),
    ],
  },
  {
    id: 'win-of-yesterday',
    title: 'A win delivered late is paid',
    proves:
      'A win whose processed_at is a day old is accepted: that is how it comes after an outage of yours.',
    costs: 'After an outage the wins of that time are refused, listed, and paid by hand.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 500n, { ageMs: DAY_MS })),
      accepted(win('win', 'bet', { amount: 900n, ageMs: DAY_MS })),
    ],
  },
  {
    id: 'win-large',
    title: 'A very large win is exact',
    proves: 'A win beyond 2^32 arrives to the last digit, and so does the bet that stakes it again.',
    costs: 'A jackpot in a field that is too small is cut, rounded, or becomes a debt.',
    severity: 'must',
    steps: [
      accepted(bet('bet', 100n)),
      accepted(win('win', 'bet', { amount: 500_000_000_123n })),
      accepted(bet('next bet', 500_000_000_007n, { round: 'next' })),
    ],
  },
];
