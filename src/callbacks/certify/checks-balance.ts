/** Checks of `GET balance`: it decides whether a session starts, and what the player is shown. */
import type { Check, Finding } from './check.ts';
import { accepted, bet, probeOnly } from './check.ts';
import { type Stand, shownAnswer } from './stand.ts';

/** Upper for lower case and the reverse. */
const swapCase = (text: string) =>
  [...text]
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');

export const BALANCE_CHECKS: readonly Check[] = [
  {
    id: 'balance-known',
    title: 'The balance of a known user',
    proves: 'A user you know gets 200 and {"balance":n}, n a number or a numeric text.',
    costs: 'Without a balance no session starts: nobody plays.',
    severity: 'must',
    always: true,
    steps: [probeOnly(isReadable)],
  },
  {
    id: 'balance-decimals',
    title: 'The balance has no more decimals than the currency',
    proves: 'The balance is a whole number of the smallest unit: 10.5 or "10.50", never 10.500000000000002.',
    costs: 'The hub cuts off what is too fine: 0.29999999999999998 is shown and staked as 0.29.',
    severity: 'should',
    steps: [probeOnly(hasFewDecimals)],
  },
  {
    id: 'balance-unknown',
    title: 'An unknown user is refused',
    proves:
      'The balance of a name you don’t know is answered by 404 or the like, not by 200 and a balance of 0.',
    costs: 'A session starts for somebody who has no account with you, and whom you can never charge.',
    severity: 'must',
    always: true,
    steps: [probeOnly((stand) => isUnknown(stand, `no-such-${stand.seed}`, { statusMax: 599 }))],
  },
  {
    id: 'balance-encoding',
    title: 'Encoded names are decoded as UTF-8',
    proves: 'A name with Korean letters, a space, & and + is unknown to you, and no reason for a 5xx.',
    costs:
      'Players with Korean names get errors in place of games; after ten the hub leaves you alone for a while.',
    severity: 'should',
    steps: [probeOnly((stand) => isUnknown(stand, `없는 사람 &=+%-${stand.seed}`, { statusMax: 499 }))],
  },
  {
    id: 'username-case',
    title: 'Usernames are the same in any case',
    proves: 'The balance and a bet under the name with its case swapped are the same user’s.',
    costs:
      'The hub takes Kim and kim for one player: with two accounts at yours, one plays with the other’s money.',
    severity: 'should',
    skip: ({ username }) =>
      swapCase(username) === username ? 'the username has no letters with case' : null,
    steps: [probeOnly(isSameInAnyCase), accepted(bet('bet', 300n, { username: swapCase }))],
  },
];

async function isReadable(stand: Stand): Promise<Finding | null> {
  const reading = await stand.look();
  if (reading.balance !== null) return null;
  return { expected: '200 and {"balance":n}', got: shownAnswer(reading.exchange) };
}

async function isUnknown(
  stand: Stand,
  username: string,
  { statusMax }: { statusMax: 499 | 599 },
): Promise<Finding | null> {
  const { exchange } = await stand.look(username);
  const { answer } = exchange;
  if (answer.kind === 'answered' && answer.status >= 400 && answer.status <= statusMax) return null;
  return { expected: `404 or the like for the unknown user ${username}`, got: shownAnswer(exchange) };
}

async function isSameInAnyCase(stand: Stand): Promise<Finding | null> {
  const username = swapCase(stand.settings.username);
  const { balance, exchange } = await stand.look(username);
  if (balance === stand.expected) return null;
  return {
    expected: `the balance of ${username}: ${stand.shown(stand.expected)}`,
    got: shownAnswer(exchange),
  };
}

async function hasFewDecimals(stand: Stand): Promise<Finding | null> {
  const { exchange } = await stand.look();
  const body = exchange.answer.kind === 'answered' ? exchange.answer.body : '';
  const digits = /"balance"\s*:\s*"?-?\d+(?:\.(\d+))?(e[+-]?\d+)?/i.exec(body);
  const significant = digits?.[1]?.replace(/0+$/, '') ?? '';
  const { decimals } = stand.settings;
  if (digits !== null && digits[2] === undefined && significant.length <= decimals) return null;
  return { expected: `a balance with at most ${decimals} decimals`, got: shownAnswer(exchange) };
}
