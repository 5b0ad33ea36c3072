/** The list of all checks, in the order in which they run, and how much money an account needs for one. */
import { type Check, signed } from './check.ts';
import { BALANCE_CHECKS } from './checks-balance.ts';
import { BET_CHECKS } from './checks-bet.ts';
import { CALL_CHECKS } from './checks-call.ts';
import { CANCEL_CHECKS } from './checks-cancel.ts';
import { MESSAGE_CHECKS } from './checks-message.ts';
import { PACKET_CHECKS } from './checks-packet.ts';
import { WIN_CHECKS } from './checks-win.ts';

export const CHECKS: readonly Check[] = [
  ...BALANCE_CHECKS,
  ...BET_CHECKS,
  ...WIN_CHECKS,
  ...CANCEL_CHECKS,
  ...MESSAGE_CHECKS,
  ...PACKET_CHECKS,
  ...CALL_CHECKS,
];

/** The balance a check has to begin with, in minor units: so low may it take the account, on its way. */
export function needOf({ steps, needs = 0n }: Check): bigint {
  let [moved, lowest] = [0n, -needs];
  for (const step of steps) {
    if (step.kind !== 'send' || step.moves === 'nothing') continue;
    for (const { type, amount } of step.packets) {
      // What is drawn from the balance needs one at least.
      if (typeof amount === 'bigint') moved += signed(type, amount);
      else if (lowest === 0n) lowest = -1n;
      if (moved < lowest) lowest = moved;
    }
  }
  return -lowest;
}

/** The checks as a table in Markdown, as docs/integrate-operator.md shows it. */
export function checksTable(): string {
  const rows = CHECKS.map(
    ({ id, severity, title, proves, costs }) =>
      `| \`${id}\` | ${severity} | ${title}. ${proves} | ${costs} |`,
  );
  return [
    '| check | | what it proves | how failing costs money |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
