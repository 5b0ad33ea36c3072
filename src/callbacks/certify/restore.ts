/**
 * Leaves the account as it was found. Bets whose answer was lost are cancelled, as the hub would; what is then missing
 * or too much is moved by plain transactions: a round of its own first, corrections where that does not help.
 */
import { adjust, bet, cancel, type Packet, promoWin, win } from './check.ts';
import type { Stand } from './stand.ts';

/** Brings the player's balance to `home`; returns what it is then. Null: it can't be read. */
export async function restore(stand: Stand, home: bigint): Promise<bigint | null> {
  await cancelLost(stand);
  let balance = await lookTwice(stand);
  for (const [n, way] of WAYS.entries()) {
    if (balance === null || balance === home) return balance;
    const packets = way({ missing: home - balance, balance, n });
    if (packets === null) continue;
    for (const packet of packets) {
      stand.expected = balance;
      await stand.post(stand.write([packet]));
    }
    balance = await lookTwice(stand);
  }
  return balance;
}

async function cancelLost(stand: Stand): Promise<void> {
  for (const label of stand.lostQuestions()) {
    const { amount } = stand.sent(label);
    await stand.post(stand.write([cancel(`take back ${label}`, label, { amount: -amount })]));
  }
}

async function lookTwice(stand: Stand): Promise<bigint | null> {
  return (await stand.look()).balance ?? (await stand.look()).balance;
}

interface Gap {
  /** Below 0: there is too much. */
  readonly missing: bigint;
  readonly balance: bigint;
  readonly n: number;
}
type Way = (gap: Gap) => readonly Packet[] | null;

function roundOf({ missing, stake, n }: { missing: bigint; stake: bigint; n: number }): readonly Packet[] {
  const [label, round] = [`restore ${n}`, 'restore'];
  return [bet(label, stake, { round }), win(`restored ${n}`, label, { amount: missing + stake, round })];
}

/** Tried in this order until the balance is right. Null: not a way out of this. */
const WAYS: readonly Way[] = [
  ({ missing, n }) => (missing < 0n ? [bet(`restore ${n}`, -missing, { round: 'restore' })] : null),
  ({ missing, balance, n }) => (missing > 0n ? roundOf({ missing, stake: balance > 0n ? 1n : 0n, n }) : null),
  ({ missing, n }) => [adjust(`restore ${n}`, missing)],
  ({ missing, n }) => (missing > 0n ? [promoWin(`restore ${n}`, missing)] : null),
];
