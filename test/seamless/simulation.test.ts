/**
 * The seamless wallet under every schedule of failures: the real play, delivery and decision, in virtual time, against
 * operators, studios, staff and a network that do their worst. In the end every operator's balance is what it must be,
 * every transaction id was processed once, and every bet has one answer.
 *
 * `SEED=…` runs one schedule and prints its events; `RUNS=10` runs ten times as many.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { CALL_FAULTS } from './simulation/plan.ts';
import { type Result, runSchedule } from './simulation/schedule.ts';

const SCHEDULES = 1500 * Number(process.env.RUNS ?? 1);
const TIMEOUT_MS = 300_000 * Number(process.env.RUNS ?? 1);
const SEEDS = 2 ** 31;
const LINES_SHOWN = 300;
/** What must have happened for a run to prove anything. */
const MUST_HAPPEN = [
  ...CALL_FAULTS,
  ...['accepted', 'refused', 'unavailable', 'unknown', 'orphan', 'arrived after its cancel'],
  ...['again', 'gone', 'listed', 'resend', 'resolve', 'crash', 'close'],
];

test('one seed is one course of events', async () => {
  const seed = randomInt(SEEDS);
  const [one, other] = [await runSchedule(seed), await runSchedule(seed)];
  assert.equal(one.digest, other.digest, `SEED=${seed}`);
  assert.equal(one.events, other.events, `SEED=${seed}`);
});

test('money is right and every bet has one answer, whatever fails', { timeout: TIMEOUT_MS }, async () => {
  if (process.env.SEED !== undefined) {
    const { failure } = await runSchedule(Number(process.env.SEED), print);
    if (failure !== null) throw failure;
    return;
  }
  const first = randomInt(SEEDS);
  const total: Record<string, number> = {};
  for (let nth = 0; nth < SCHEDULES; nth++) {
    const result = await runSchedule((first + nth) % SEEDS);
    if (result.failure !== null) await explain(result);
    for (const [what, count] of Object.entries(result.counts)) total[what] = (total[what] ?? 0) + count;
  }
  print(`seamless: ${SCHEDULES} schedules; ${JSON.stringify(total)}`);
  for (const what of MUST_HAPPEN) assert.ok((total[what] ?? 0) > 0, `${what} never happened`);
});

/** Runs a schedule that failed again, and shows how it came to that. */
async function explain({ plan, failure }: Result): Promise<never> {
  const lines: string[] = [];
  const again = await runSchedule(plan.seed, (line) => lines.push(line));
  for (const line of lines.filter((each) => !each.includes('{"kind":"wait"}')).slice(-LINES_SHOWN))
    print(line);
  print(lines.find((line) => line.startsWith('{')) ?? '');
  print(`SEED=${plan.seed} shows all of it`);
  throw again.failure ?? failure;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
