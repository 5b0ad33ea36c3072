/**
 * How long it takes to settle a session of a hundred thousand bets, beside the least anything could take: the same
 * rows written by one SQL statement a table, on a copy of the same data, seconds apart. The hub's way goes through the
 * ledger in small batches, so that players can bet meanwhile. `node bench/settle-section.ts [bets]` runs it alone.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BET_STATUSES } from '../src/core/book/types.ts';
import { ACCOUNT, CODE } from '../src/core/chart.ts';
import type { RainSessionId } from '../src/core/ids.ts';
import { audit } from '../src/db/audit.ts';
import { connect, type Sql } from '../src/db/connect.ts';
import { startEmbedded } from '../src/db/embedded.ts';
import { openBookDirectory } from '../src/engine/book-directory.ts';
import { openLedgerWriter } from '../src/engine/ledger-writer.ts';
import { openSettlement } from '../src/rain/settle.ts';
import { fillSession } from './settle-fill.ts';
import { createDatabase } from './setup.ts';

export interface SettleSection {
  readonly serverUrl: string;
  readonly bets: number;
  /** Pairs of runs. */
  readonly samples: number;
  readonly onProgress: (line: string) => void;
}

export interface SettleRow {
  readonly name: 'settle' | 'settle-bare';
  readonly title: string;
  readonly times: readonly number[];
  readonly medianMs: number;
  /** 1 when the two ways did not come to the same, or the audit does not hold. */
  readonly errors: number;
}

const BETS_EACH = 5;
const FILLED = 'bench_settle';

export async function runSettle(section: SettleSection): Promise<SettleRow[]> {
  const { serverUrl, bets, samples, onProgress } = section;
  onProgress(`filling a session of ${bets.toLocaleString('en')} bets`);
  const url = await createDatabase(serverUrl, FILLED);
  const session = await fillSession(url, { bets, players: Math.ceil(bets / BETS_EACH) });
  const ways = { settle: [] as Way[], 'settle-bare': [] as Way[] };
  for (let sample = 0; sample < samples; sample++) {
    // In turn, so that neither always goes first.
    const names =
      sample % 2 === 0 ? (['settle', 'settle-bare'] as const) : (['settle-bare', 'settle'] as const);
    for (const name of names) {
      const way = await onCopy(serverUrl, (copy) =>
        (name === 'settle' ? settleByHub : settleBare)(copy, session),
      );
      ways[name].push(way);
      onProgress(
        `${TITLES[name]}: ${Math.round(way.elapsedMs)} ms${way.holds ? '' : ', AND IT DOES NOT HOLD'}`,
      );
    }
  }
  const sums = new Set([...ways.settle, ...ways['settle-bare']].map(({ sum }) => sum));
  const isRight = sums.size === 1 && [...ways.settle, ...ways['settle-bare']].every(({ holds }) => holds);
  return (['settle', 'settle-bare'] as const).map((name) => {
    const times = ways[name].map(({ elapsedMs }) => elapsedMs);
    const medianMs = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    return { name, title: TITLES[name], times, medianMs, errors: isRight ? 0 : 1 };
  });
}

const TITLES = {
  settle: 'settle a session of 100,000 bets',
  'settle-bare': 'the same rows by bare SQL, a statement a table',
};

interface Way {
  readonly elapsedMs: number;
  readonly holds: boolean;
  /** Of all that was settled, to be compared. */
  readonly sum: string;
}

/** On a copy of the filled database, which is gone afterwards. */
async function onCopy(serverUrl: string, work: (url: string) => Promise<Way>): Promise<Way> {
  const admin = connect(serverUrl, { max: 1, name: 'bench', statementTimeoutMs: 0 });
  const name = `${FILLED}_copy`;
  try {
    await admin.unsafe(`create database ${name} template ${FILLED}`);
    await admin`checkpoint`;
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return await work(url.href);
  } finally {
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}

async function settleByHub(url: string, session: RainSessionId): Promise<Way> {
  const sql = connect(url, { max: 4, name: 'bench', statementTimeoutMs: 0 });
  const writer = openLedgerWriter({ url, lanes: 1 });
  const directory = await openBookDirectory(sql);
  try {
    const startedAt = performance.now();
    const settled = await openSettlement({ sql, writer, directory }).runOne(session);
    const elapsedMs = performance.now() - startedAt;
    const holds = settled?.done === true && (await audit(sql)).ok;
    return { elapsedMs, holds, sum: await sumOf(sql) };
  } finally {
    await directory.close();
    await writer.close();
    await sql.end();
  }
}

/** All that is known beforehand is known beforehand: no lock is taken, nothing is looked up, nothing checked. */
async function settleBare(url: string, session: RainSessionId): Promise<Way> {
  const sql = connect(url, { max: 1, name: 'bench', statementTimeoutMs: 0 });
  try {
    const startedAt = performance.now();
    await sql.begin(async (tx) => {
      await tx`with house as (select (select id from account where kind = ${ACCOUNT.rainPool}) as pool, (select id from account where kind = ${ACCOUNT.krainClearing}) as krain),
          posts as (select p.player_id, p.operator_id, p.net_rain as amount, p.account_id as credit, h.pool as debit, a.balance as before,
              case when p.net_rain > 0 then ${CODE.bookWin}::smallint else ${CODE.bookLoss}::smallint end as code from book_position p join account a on a.id = p.account_id cross join house h where p.session_id = ${session} and p.net_rain <> 0
            union all select p.player_id, p.operator_id, p.hedge_rain, h.pool, h.krain, null, ${CODE.krainWin}::smallint from book_position p cross join house h where p.session_id = ${session} and p.hedge_rain <> 0)
        insert into transfer (id, at, agent_id, player_id, code, debit_account, credit_account, amount, debit_before, credit_before, external_id)
        select 5000000001 + 2 * row_number() over (), now(), operator_id, player_id, code, case when amount > 0 then debit else credit end, case when amount > 0 then credit else debit end,
          abs(amount), case when amount < 0 then before end, case when amount > 0 then before end, 'session ' || ${session}::bigint from posts`;
      await tx`update book_bet set status = ${BET_STATUSES.indexOf('SETTLED')}, payout = case type when 'RAIN' then win else -stake end, settled_at = now(), updated_at = now()
        where session_id = ${session} and status = ${BET_STATUSES.indexOf('ACTIVE')}`;
      await tx`update account a set balance = a.balance + p.net_rain, reserved = a.reserved - p.exposure from book_position p where p.session_id = ${session} and a.id = p.account_id`;
      await tx`update book_position set version = 1, settled_net = net_rain, settled_hedge = hedge_rain, exposure = 0 where session_id = ${session}`;
      await tx`update rain_session set status = 'SETTLED' where id = ${session}`;
    });
    const elapsedMs = performance.now() - startedAt;
    return { elapsedMs, holds: (await audit(sql)).ok, sum: await sumOf(sql) };
  } finally {
    await sql.end();
  }
}

async function sumOf(sql: Sql): Promise<string> {
  const [row] =
    await sql`select (select sum(payout) from book_bet)::text as payout, (select sum(balance) from account where kind = ${ACCOUNT.credit})::text as credit,
    (select count(*) from transfer)::text as transfers, (select sum(settled_hedge) from book_position)::text as hedge`;
  return JSON.stringify(row);
}

if (import.meta.main) {
  const folder = await mkdtemp(join(tmpdir(), 'croupier-bench-'));
  await chmod(folder, 0o755);
  const server = await startEmbedded({ dataDir: join(folder, 'data') });
  try {
    const onProgress = (line: string) => void process.stdout.write(`  ${line}\n`);
    const bets = Number(process.argv[2] ?? 100_000);
    const rows = await runSettle({ serverUrl: server.url, bets, samples: 3, onProgress });
    const [hub, bare] = rows.map(({ medianMs }) => medianMs);
    const errors = rows.reduce((sum, row) => sum + row.errors, 0);
    process.stdout.write(
      `  ratio ${((hub ?? 0) / (bare ?? 1)).toFixed(2)} (≤ 3)${errors > 0 ? ', NOT THE SAME' : ''}\n`,
    );
  } finally {
    await server.stop();
    await rm(server.dataDir, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}
