/**
 * Random streams through the ledger writer into a real database, one submitter a player, against the naive model;
 * afterwards the audit must hold and the hourly sums must be the transfers'. `SEED=<n>` repeats a run's streams.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { CODE } from '../../src/core/chart.ts';
import type { TransferId } from '../../src/core/ids.ts';
import type { Command, Outcome } from '../../src/core/ledger-types.ts';
import { audit } from '../../src/db/audit.ts';
import type { Sql } from '../../src/db/connect.ts';
import { foldTransfers } from '../../src/db/rollup.ts';
import type { LedgerWriter } from '../../src/engine/ledger-writer.ts';
import type { Cast, CastPlayer } from '../model/cast.ts';
import { SEED } from '../model/seed.ts';
import { anyStep, type Performance, perform, type Step } from '../model/steps.ts';
import { openStage, type Stage } from './stage.ts';

const RICH = 1_000_000_000n;

/** The steps of one player whose answers depend on nobody else's. */
function ownSteps(nth: number): Step[] {
  const stream = fc.array(anyStep, { minLength: 150, maxLength: 220, size: 'max' });
  const [steps] = fc.sample(stream, { seed: SEED + nth, numRuns: 1 }) as [Step[]];
  return steps.filter((each) => each.step !== 'pot' && each.step !== 'wait' && each.step !== 'repeat');
}

/** The cast as that player sees it, with ids that are nobody else's. */
function alone(cast: Cast, player: CastPlayer): Cast {
  return { ...cast, players: [player], agents: cast.agents.filter(({ id }) => id === player.agentId) };
}

function named<C extends Command>(command: C, player: CastPlayer): C {
  const own = (text: string | null) => (text === null ? null : `${player.id}:${text}`);
  if (command.kind === 'studio_item') {
    const { id, reference, content } = command;
    return { ...command, id: own(id), reference: own(reference), content: `${content} ${player.id}` };
  }
  return 'key' in command && typeof command.key !== 'object'
    ? { ...command, key: own(command.key) }
    : command;
}

/** Submits a player's commands in order, some alone, some together; returns the answers with the model's ids. */
async function submitInOrder(
  writer: LedgerWriter,
  player: CastPlayer,
  { segments, expected }: Performance,
): Promise<Outcome[]> {
  const commands = segments.flatMap((segment) => segment.commands);
  const real = new Map<TransferId, TransferId>();
  const outcomes: Outcome[] = [];
  for (let from = 0; from < commands.length; ) {
    let size = 1;
    while (size < 1 + (from % 5) && isFree(commands[from + size])) size++;
    const chunk = commands.slice(from, from + size).map((command) => realised(command, player, real));
    const answers: Outcome[] = await writer.submitAll(chunk);
    for (const [offset, answer] of answers.entries()) {
      const told = expected[from + offset]!;
      if ('reservationId' in answer && 'reservationId' in told)
        real.set(told.reservationId, answer.reservationId);
    }
    outcomes.push(...answers);
    from += size;
  }
  return outcomes;
}

/** Ending a reservation needs its id first. */
function isFree(command: Command | undefined): boolean {
  return command !== undefined && command.kind !== 'post' && command.kind !== 'void';
}

function realised(command: Command, player: CastPlayer, real: ReadonlyMap<TransferId, TransferId>): Command {
  const own = named(command, player);
  if (own.kind !== 'post' && own.kind !== 'void') return own;
  return { ...own, reservationId: real.get(own.reservationId) ?? own.reservationId };
}

/** Without what depends on others: ids, and balances of shared accounts. */
function comparable(outcome: Outcome): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...outcome };
  for (const id of ['transferId', 'reservationId']) if (typeof shown[id] === 'number') shown[id] = 'an id';
  delete shown.debitBalance;
  delete shown.creditBalance;
  if ('answer' in outcome) {
    const { transactionId } = outcome.answer;
    shown.answer = { ...outcome.answer, transactionId: transactionId === null ? null : 'an id' };
  }
  return shown;
}

async function assertSameMoney(sql: Sql, player: CastPlayer, { model }: Performance): Promise<void> {
  for (const id of [player.walletId, player.pointsId]) {
    const [account] = await sql`select balance, reserved from account where id = ${id}`;
    assert.deepEqual(
      [account?.balance, account?.reserved],
      [model.balance(id), model.promised.get(id) ?? 0n],
      `account ${id}`,
    );
  }
  const rows =
    await sql`select code, amount from transfer where debit_account = ${player.walletId} or credit_account = ${player.walletId} order by at, id`;
  const told = model.rows.filter((row) => row.debit === player.walletId || row.credit === player.walletId);
  assert.deepEqual(
    rows.map(({ code, amount }) => [code, amount]),
    told.map(({ code, amount }) => [code, amount]),
  );
}

async function assertHolds(sql: Sql): Promise<void> {
  const report = await audit(sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
}

/** What the hourly sums must be, added up here from the rows themselves. */
async function assertSums(sql: Sql): Promise<void> {
  const sums = new Map<string, bigint[]>();
  for (const row of await sql`select agent_id, game_id, code, amount from transfer where game_id is not null`) {
    const key = `${row.agent_id} ${row.game_id}`;
    const sum = sums.get(key) ?? [0n, 0n, 0n, 0n, 0n, 0n, 0n];
    sums.set(key, sum);
    const add = (at: number, more: bigint) => {
      sum[at] = (sum[at] ?? 0n) + more;
    };
    if (row.code === CODE.bet) add(0, 1n);
    if (row.code === CODE.bet) add(1, row.amount);
    const won = row.code === CODE.win || row.code === CODE.promoWin;
    if (won) add(2, 1n);
    if (won) add(3, row.amount);
    if (row.code === CODE.exceedCredit) add(3, 0n - row.amount);
    if (row.code === CODE.cancel) add(4, 1n);
    if (row.code === CODE.cancel) add(5, row.amount);
    if (row.code === CODE.charge || row.code === CODE.adjustDebit) add(6, row.amount);
    if (row.code === CODE.adjustCredit) add(6, 0n - row.amount);
  }
  const folded =
    await sql`select agent_id, game_id, sum(bets)::bigint as bets, sum(bet_sum)::bigint as bet_sum, sum(wins)::bigint as wins,
      sum(win_sum)::bigint as win_sum, sum(cancels)::bigint as cancels, sum(cancel_sum)::bigint as cancel_sum, sum(other_sum)::bigint as other_sum
    from rollup_hour group by 1, 2`;
  const stored = folded.map((r): [string, bigint[]] => [
    `${r.agent_id} ${r.game_id}`,
    [r.bets, r.bet_sum, r.wins, r.win_sum, r.cancels, r.cancel_sum, r.other_sum],
  ]);
  assert.deepEqual(new Map(stored.toSorted()), new Map([...sums].toSorted()));
}

async function playAll(t: TestContext, stage: Stage): Promise<void> {
  t.diagnostic(`SEED=${SEED}`);
  const { cast, sql } = stage;
  const transfer = cast.players.filter((player) => player.agentId !== 1005);
  const folding = foldWhile(sql);
  try {
    await Promise.all(transfer.map((player, nth) => playOne(stage, player, ownSteps(nth))));
  } finally {
    await folding.stop();
  }
  await assertHolds(sql);
  while ((await foldTransfers(sql)) > 0);
  await assertHolds(sql);
  await assertSums(sql);
}

async function playOne(
  { cast, writer, sql }: Stage,
  player: CastPlayer,
  steps: readonly Step[],
): Promise<void> {
  const performance = perform(alone(cast, player), steps, RICH);
  const outcomes = await submitInOrder(writer, player, performance);
  assert.deepEqual(outcomes.map(comparable), performance.expected.map(comparable));
  await assertSameMoney(sql, player, performance);
}

/** Folds again and again beside the writers. */
function foldWhile(sql: Sql): { stop(): Promise<void> } {
  let going = true;
  const loop = (async () => {
    while (going) await foldTransfers(sql);
  })();
  return {
    async stop() {
      going = false;
      await loop;
    },
  };
}

for (const [lanes, batchMax] of [
  [1, 256],
  [2, 7],
  [4, 3],
] as const) {
  test(`streams of five players through ${lanes} lanes of ${batchMax}`, async (t) => {
    const stage = await openStage({ lanes, batchMax });
    try {
      await playAll(t, stage);
    } finally {
      await stage.close();
    }
  });
}
