/** What is said about why a row is on one side only; what is under way; and that the hub is never held up. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ANSWER_CLASSES, type AnswerClass } from '../../src/core/delivery.ts';
import { trusted } from '../../src/core/ids.ts';
import { attemptNote, DEMANDED, FEED_CODES, type NoteCode, noteText } from '../../src/core/reconcile.ts';
import { partitionOf } from '../../src/db/partition.ts';
import { compareExport } from '../../src/db/reconcile.ts';
import {
  type Exported,
  FIRST_ID,
  instant,
  type LedgerRow,
  type Shown,
  shownRows,
  writeLedger,
} from './ledger.ts';
import { OWNERS, openRig, type Rig } from './rig.ts';

let rig: Rig;
before(async () => {
  rig = await openRig();
  const day = new Date(AT).toISOString().slice(0, 10);
  await rig.sql.unsafe(`create table if not exists ${partitionOf('callback_attempt', new Date(AT))} partition of callback_attempt
    for values from ('${day} 00:00:00+00') to ('${day} 24:00:00+00')`);
});
after(() => rig.close());
beforeEach(() => writeLedger(rig.sql, LEDGER, OWNERS.seamless));

const AT = Date.now() - 60_000;
const idOf = (index: number) => FIRST_ID + 2 * index;
const row = (index: number, kind: LedgerRow['kind'], rest: Partial<LedgerRow> = {}): LedgerRow => ({
  id: idOf(index),
  atUs: AT * 1000 + index,
  step: 0,
  kind,
  amount: 100n,
  refererId: null,
  ...rest,
});
/** A bet, its win, a bet whose answer was lost with its cancel in one batch, a bet that ends the window. */
const LEDGER: readonly LedgerRow[] = [
  row(0, 'bet'),
  row(1, 'win'),
  row(2, 'bet'),
  row(3, 'cancel', { atUs: AT * 1000 + 2, step: 1, refererId: idOf(2) }),
  row(4, 'bet'),
];
const SHOWN = shownRows(LEDGER);
const without = (...indices: number[]): Shown[] =>
  SHOWN.filter(({ id }) => !indices.some((index) => BigInt(idOf(index)) === id));

const { agentId, playerId } = OWNERS.seamless;

async function callback(id: number, state: 0 | 1 | 2 | 3): Promise<void> {
  await rig.sql`insert into callback (id, agent_id, player_id, code, amount, after, at, state, next_at, reason)
    values (${id}, ${agentId}, ${playerId}, 21, 100, 0, now(), ${state}, 'infinity', ${state === 3 ? 'by hand' : null})`;
}

async function attempt(
  id: number,
  n: number,
  answer: { class: AnswerClass; status: number | null },
): Promise<void> {
  await rig.sql`insert into callback_attempt (callback_id, at, agent_id, player_id, n, class, status, elapsed_ms, request, answer)
    values (${id}, ${new Date(AT + n)}, ${agentId}, ${playerId}, ${n}, ${answer.class}, ${answer.status}, 5, '{}', '')`;
}

const notes = ({ findings }: Awaited<ReturnType<Rig['compare']>>) =>
  findings.map(({ kind, id, note }) => [kind, Number(id), note?.code ?? null, note?.status ?? null]);

test('a row that is missing there: what became of its delivery', async () => {
  const table: [state: 1 | 2 | 3 | null, code: NoteCode | null][] = [
    [1, 'not_delivered_yet'],
    [2, 'listed'],
    [3, 'resolved'],
    [null, null],
  ];
  for (const [state, code] of table) {
    await writeLedger(rig.sql, LEDGER, OWNERS.seamless);
    if (state !== null) await callback(idOf(1), state);
    assert.deepEqual(notes(await rig.compare('seamless', without(1))), [
      ['missing_there', idOf(1), code, null],
    ]);
  }
  await attempt(idOf(1), 1, { class: 'failed', status: 500 });
  assert.deepEqual(notes(await rig.compare('seamless', without(1))), [
    ['missing_there', idOf(1), null, null],
  ]);
  await attempt(idOf(1), 2, { class: 'accepted', status: 200 });
  const found = await rig.compare('seamless', without(1));
  assert.deepEqual(notes(found), [['missing_there', idOf(1), 'delivered', 200]]);
  const [finding] = found.findings;
  assert.match(noteText(finding!.note!), /^the hub was told status 200 at 20\d\d-.*\.\d{6}Z$/);
  assert.deepEqual([finding?.type, finding?.username, finding?.round], ['win', 'p2006', `r${idOf(1)}`]);
});

test('a row that is missing here: what the hub was told', async () => {
  const stranger = { id: BigInt(idOf(9)), amount: -70n };
  const table: [answer: { class: AnswerClass; status: number | null } | null, code: NoteCode | null][] = [
    [null, null],
    [{ class: 'refused', status: 403 }, 'refused'],
    [{ class: 'failed', status: 500 }, 'refused'],
    [{ class: 'redirected', status: 302 }, 'refused'],
    [{ class: 'circuit_open', status: null }, 'not_sent'],
  ];
  for (const [answer, code] of table) {
    await writeLedger(rig.sql, LEDGER, OWNERS.seamless);
    if (answer !== null) await attempt(idOf(9), 1, answer);
    const found = await rig.compare('seamless', [...SHOWN, stranger]);
    assert.deepEqual(notes(found), [['missing_here', idOf(9), code, answer?.status ?? null]]);
  }
  await writeLedger(rig.sql, LEDGER, OWNERS.seamless);
  await rig.sql`insert into reservation (id, agent_id, debit_account, credit_account, amount, code, owner, state, created_at, ended_at)
    values (${idOf(9)}, ${agentId}, 1, 2, 70, 20, 'callback', 2, now(), now())`;
  assert.deepEqual(notes(await rig.compare('seamless', [...SHOWN, stranger])), [
    ['missing_here', idOf(9), 'void', null],
  ]);
});

test('a bet that is being asked about is no difference yet', async () => {
  await callback(idOf(9), 0);
  const found = await rig.compare('seamless', [...SHOWN, { id: BigInt(idOf(9)), amount: -70n }]);
  assert.deepEqual(notes(found), [['under_way', idOf(9), null, null]]);
  assert.equal(found.matched, SHOWN.length);
});

test('a bet that never arrived and its cancel are a void pair, unless the cancel was paid out', async () => {
  const zeroed = (shown: readonly Shown[]): Exported[] =>
    shown.map(({ id, amount }) => ({ id, amount: id === BigInt(idOf(3)) ? 0n : amount }));
  const pair = [['void_pair', idOf(2), null, null]];
  assert.deepEqual(notes(await rig.compare('seamless', without(2, 3))), pair);
  assert.deepEqual(notes(await rig.compare('seamless', zeroed(without(2)))), pair);
  assert.deepEqual(notes(await rig.compare('seamless', without(2))), [
    ['missing_there', idOf(2), 'cancel_there', null],
  ]);
  assert.deepEqual(notes(await rig.compare('seamless', without(3))), [
    ['missing_there', idOf(3), null, null],
  ]);
  // The operator has both by polling where the wallet is the hub's.
  await writeLedger(rig.sql, LEDGER, OWNERS.transfer);
  assert.deepEqual(notes(await rig.compare('transfer', without(2, 3))), [
    ['missing_there', idOf(2), null, null],
    ['missing_there', idOf(3), null, null],
  ]);
});

test('the window without --from and --to: from the first exported row to the last, batch mates left out', async () => {
  const batch = [0, 1, 2, 3].map((index) => row(index, 'win', { atUs: AT * 1000, step: index }));
  await writeLedger(rig.sql, batch, OWNERS.seamless);
  const shown = shownRows(batch);
  const found = await rig.compare('seamless', [shown[1]!, shown[2]!]);
  assert.deepEqual([found.findings, found.matched, found.window?.toInclusive], [[], 2, true]);
  const none = await rig.compare('seamless', [{ id: 1n, amount: 5n }]);
  assert.deepEqual([notes(none), none.window], [[['missing_here', 1, null, null]], null]);
});

test("the causer's row is known by its own id, without its user's row too", async () => {
  await writeLedger(rig.sql, [row(0, 'add')], OWNERS.transfer);
  const found = await rig.compare('transfer', [{ id: BigInt(idOf(0) + 1), amount: -100n }]);
  assert.deepEqual([found.matched, notes(found)], [1, [['missing_there', idOf(0), null, null]]]);
});

test('rows younger than the reading are not asked for', async () => {
  const late = row(5, 'win', { atUs: (Date.now() + 600_000) * 1000 });
  await writeLedger(rig.sql, [...LEDGER, late], OWNERS.seamless);
  const [from, to] = [instant((AT - 600_000) * 1000), instant((AT + 3_600_000) * 1000)];
  assert.deepEqual((await rig.compare('seamless', SHOWN, { from, to })).findings, []);
  assert.deepEqual(notes(await rig.compare('seamless', without(1), { from, to })), [
    ['missing_there', idOf(1), null, null],
  ]);
});

test('neither loading nor comparing holds a transaction number: feeds of the running hub would wait for it', async () => {
  const held = async () =>
    (
      await rig.sql`select pid from pg_stat_activity where datname = current_database() and application_name = 'croupier reconcile' and backend_xid is not null`
    ).length;
  const seen: number[] = [];
  const stop = () => held().then((count) => void seen.push(count));
  async function* rows() {
    yield [{ line: 1, id: 1n, amount: 5n }];
    await stop();
    yield [{ line: 2, id: 2n, amount: 5n }];
    await stop();
  }
  const agent = { id: trusted<never>(agentId), wallet: 'seamless', username: 'x' } as const;
  await compareExport(rig.url, { agent, rows: rows(), from: null, to: null, onFindings: stop });
  assert.deepEqual(seen, [0, 0, 0]);
});

/** Resolves when the comparison waits for others, which the last thing it asked shows. */
async function waitsForOthers(): Promise<void> {
  for (;;) {
    const [asked] =
      await rig.sql`select query from pg_stat_activity where datname = current_database() and application_name = 'croupier reconcile'`;
    if (asked?.query.includes('backend_xid')) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a transfer that is being committed is waited for', async () => {
  let commit = () => {};
  const committed = new Promise<void>((resolve) => {
    commit = resolve;
  });
  const id = idOf(7);
  const writing = rig.sql.begin(async (tx) => {
    await tx`insert into transfer (id, at, step, agent_id, player_id, code, debit_account, credit_account, amount)
      values (${id}, ${new Date(AT)}, 5, ${agentId}, ${playerId}, 21, 1, 2, 100)`;
    await committed;
  });
  const agent = { id: trusted<never>(agentId), wallet: 'seamless', username: 'x' } as const;
  const kinds: string[] = [];
  async function* rows() {
    yield [...SHOWN, { id: BigInt(id), amount: 100n }].map((each, line) => ({ ...each, line }));
  }
  await compareExport(rig.url, {
    agent,
    rows: rows(),
    from: null,
    to: null,
    onStage: (stage) => void (stage === 'read' ? waitsForOthers().then(commit) : commit()),
    onFindings: async (page) => void kinds.push(...page.map(({ kind }) => kind)),
  });
  await writing;
  assert.deepEqual(kinds, []);
});

test('notes are said for every class of answer', () => {
  for (const name of ANSWER_CLASSES)
    for (const kind of ['missing_there', 'missing_here', 'different_amount'] as const) {
      const note = attemptNote(kind, { class: name, status: null, at: 'x' });
      assert.ok(note === null || noteText(note) !== '');
      assert.equal(kind === 'different_amount' && note !== null, false);
    }
});

test('who must have which rows', () => {
  assert.deepEqual(DEMANDED.seamless, [20, 21, 22, 23, 24, 25, 26, 27, 31]);
  assert.deepEqual(DEMANDED.transfer, [10, 11, 12, 20, 21, 22, 23, 24, 25, 26, 27, 31]);
  assert.deepEqual(FEED_CODES.twinned, [10, 11, 12]);
});
