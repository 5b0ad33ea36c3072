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
import { type Result, runSchedule } from './simulation/schedule.ts';

const SCHEDULES = 2000 * Number(process.env.RUNS ?? 1);
const LINES_SHOWN = 400;

test('a schedule is the same each time', async () => {
  const seed = randomInt(2 ** 31);
  const [one, other] = [await runSchedule(seed), await runSchedule(seed)];
  assert.equal(one.digest, other.digest);
  assert.equal(one.events, other.events);
});

/** The failure of a schedule, with its seed and what happened. */
async function explain({ plan, failure }: Result): Promise<never> {
  const lines: string[] = [];
  const again = await runSchedule(plan.seed, (line) => lines.push(line));
  process.stdout.write(`${[lines[0], ...lines.slice(1).slice(-LINES_SHOWN)].join('\n')}\n`);
  process.stdout.write(`SEED=${plan.seed} node --test test/seamless/simulation.test.ts repeats it\n`);
  throw again.failure ?? failure;
}

test('money is right and every bet has one answer, whatever fails', { timeout: 600_000 }, async () => {
  if (process.env.SEED !== undefined) {
    const result = await runSchedule(Number(process.env.SEED), (line) => process.stdout.write(`${line}\n`));
    if (result.failure !== null) throw result.failure;
    return;
  }
  const first = randomInt(2 ** 31);
  const total: Record<string, number> = {};
  let [events, items] = [0, 0];
  for (let nth = 0; nth < SCHEDULES; nth++) {
    const result = await runSchedule((first + nth * 7919) % 2 ** 31);
    if (result.failure !== null) await explain(result);
    events += result.events;
    items += result.items;
    for (const [what, count] of Object.entries(result.counts)) total[what] = (total[what] ?? 0) + count;
  }
  process.stdout.write(`${SCHEDULES} schedules, ${items} ids, ${events} events: ${JSON.stringify(total)}\n`);
});
