/**
 * The rain book under every schedule of failures: the real ledger core, the real placing and the real reconciler, in
 * virtual time, against players, operators, staff and a way to K-Rain that do their worst. In the end every player's
 * money is what a naive model says, K-Rain's statement is ours, and nothing is left open.
 *
 * `SEED=…` runs one schedule and prints its events; `RUNS=10` runs ten times as many.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { CALL_FAULTS } from './simulation/plan.ts';
import { type Result, runSchedule } from './simulation/schedule.ts';

const SCHEDULES = 1000 * Number(process.env.RUNS ?? 1);
const TIMEOUT_MS = 300_000 * Number(process.env.RUNS ?? 1);
const SEEDS = 2 ** 31;
const LINES_SHOWN = 200;
/** What must have happened for a run to prove anything. */
const MUST_HAPPEN = [
  ...CALL_FAULTS,
  ...['crash', 'corrected', 'void', 'settled in part', 'overdrawn', 'withdrew all', 'in part', 'absent'],
  ...['book_place game_status', 'book_place odds_moved', 'book_place credit_short', 'book_place pool_full'],
  ...['book_place exposure_exceeded', 'book_place TEMP whole', 'book_place ACTIVE', 'book_place again'],
  ...['book_answer CHECK', 'book_answer FAILED', 'book_answer again', 'book_settle posted'],
];

test('one seed is one course of events', async () => {
  const seed = randomInt(SEEDS);
  const [one, other] = [await runSchedule(seed), await runSchedule(seed)];
  assert.equal(one.digest, other.digest, `SEED=${seed}`);
  assert.equal(one.events, other.events, `SEED=${seed}`);
});

test('money is right and every bet has one fate, whatever fails', { timeout: TIMEOUT_MS }, async () => {
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
  print(`rain book: ${SCHEDULES} schedules; ${JSON.stringify(total)}`);
  for (const what of MUST_HAPPEN) assert.ok((total[what] ?? 0) > 0, `${what} never happened`);
});

/** Runs a schedule that failed again, and shows how it came to that. */
async function explain({ plan, failure }: Result): Promise<never> {
  const lines: string[] = [];
  const again = await runSchedule(plan.seed, (line) => lines.push(line));
  for (const line of lines.slice(-LINES_SHOWN)) print(line);
  print(lines[0] ?? '');
  print(`SEED=${plan.seed} shows all of it`);
  throw again.failure ?? failure;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
