/**
 * How long it takes from a move of the odds to the pages: a hub with a thousand players on its live line, whose sockets
 * are in a process of their own. The clock runs from before the statement that moves the odds to each page's having
 * them. `node bench/live-section.ts [sockets]` runs it alone.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { trusted, type VisitId } from '../src/core/ids.ts';
import { connect, numbers, type Sql } from '../src/db/connect.ts';
import { startEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { openVault } from '../src/engine/seal.ts';
import { makeAccess } from '../src/kbook/player-tokens.ts';
import { startServer } from './children.ts';
import type { LiveNotes, LiveSaid } from './load/live-sockets.ts';
import { createDatabase, SECRET_KEY } from './setup.ts';

export interface LiveSection {
  readonly serverUrl: string;
  readonly sockets: number;
  /** Moves of the odds; each of all open sessions at once. */
  readonly moves: number;
  readonly onProgress: (line: string) => void;
}

export interface LiveRow {
  readonly name: 'live';
  readonly title: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Moves that did not reach a page. */
  readonly errors: number;
}

/** What a site has open at a time. */
const SESSIONS = 4;
const WARM_UP = 3;
const EVERY_MS = 500;
const ARRIVE_MS_MAX = 5000;
const CREDIT = 100_000;

export async function runLive(section: LiveSection): Promise<LiveRow[]> {
  const { serverUrl, sockets, moves, onProgress } = section;
  const url = await createDatabase(serverUrl, 'bench_live');
  const sql = connect(url, { max: 2, name: 'bench', statementTimeoutMs: 0 });
  let pages: ChildProcess | null = null;
  try {
    const { access, sessions } = await fill(sql, sockets);
    const env = { DATABASE_URL: url, SECRET_KEY, PORT: '0', HOST: '127.0.0.1', DEMO: 'off' };
    const hub = await startServer({ program: 'src/main.ts', env });
    try {
      pages = fork(fileURLToPath(new URL('load/live-sockets.ts', import.meta.url)), {
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      await ask(pages, { port: hub.port, access });
      onProgress(`${sockets.toLocaleString('en')} pages on the line`);
      const movedAt = await moveOdds(sql, { sessions, moves });
      await delay(ARRIVE_MS_MAX / 5);
      const said = await ask(pages, 'tell');
      const row = rowOf(said.kind === 'notes' ? said.notes : {}, { movedAt, sessions, sockets });
      onProgress(lineOf(row));
      return [row];
    } finally {
      pages?.disconnect();
      await hub.stop();
    }
  } finally {
    await sql.end();
  }
}

async function ask(pages: ChildProcess, message: object | string): Promise<LiveSaid> {
  const answer = once(pages, 'message');
  const ended = once(pages, 'exit').then(() => Promise.reject(new Error('the pages ended')));
  pages.send(message);
  const [said] = await Promise.race([answer, ended]);
  ended.catch(() => {});
  return said as LiveSaid;
}

/** Players with a visit each, their access tokens, and open sessions of their site. */
async function fill(sql: Sql, players: number): Promise<{ access: string[]; sessions: number[] }> {
  await migrate(sql);
  const visits = await sql`
    with operator as (insert into book_operator (name, cert_hash, cert_hint) values ('bench', '\\x01', 'x') returning id),
    player as (insert into book_player (operator_id, vendor_type, user_id, account_id, credit, min_bet, max_bet, max_exposure)
      select o.id, 'CPS_USD', 'u' || n, nextval('account_id_seq'), ${CREDIT}, 10000, 500000, 5000000
      from operator o, generate_series(1, ${players}::int) n returning id, operator_id, account_id),
    credit as (insert into account (id, agent_id, kind, owner_id, currency, balance)
      select account_id, operator_id, 4, id, 'USD', ${CREDIT} from player)
    insert into book_visit (player_id, login_hash, login_expires_at, ip, opened_at)
    select id, sha256(id::text::bytea), now(), '127.0.0.1', now() from player returning id`;
  const sessions = await sql`
    insert into rain_session (site, currency, type, game_date, opens_at, closes_at, starts_at, ends_at, status, market, quote, odds_rain, odds_dry, quote_until)
    select 'CPS', 'USD', 'NOON', date '2001-01-01' + n, now() - interval '1 hour', now() + interval '1 day', now() + interval '1 day',
      now() + interval '2 days', 'OPEN', 'OPEN', 1, 2000, 2000, now() + interval '1 day' from generate_series(1, ${SESSIONS}::int) n returning id`;
  const vault = openVault(SECRET_KEY);
  const expiresAt = Date.now() + 3_600_000;
  return {
    access: visits.map(({ id }) => makeAccess(vault, { visitId: trusted<VisitId>(id), expiresAt })),
    sessions: sessions.map(({ id }) => Number(id)),
  };
}

interface Moves {
  readonly sessions: readonly number[];
  readonly moves: number;
}

/** Epoch ms at which each quote began its way. */
async function moveOdds(sql: Sql, { sessions, moves }: Moves): Promise<ReadonlyMap<number, number>> {
  const movedAt = new Map<number, number>();
  for (let move = 0; move < WARM_UP + moves; move++) {
    const quote = move + 2;
    if (move >= WARM_UP) movedAt.set(quote, performance.timeOrigin + performance.now());
    await sql`update rain_session set quote = ${quote}, odds_rain = 2000 + ${move}, quote_until = now() + interval '1 day'
      where id = any(${numbers(sessions)}::bigint[])`;
    await delay(EVERY_MS);
  }
  return movedAt;
}

interface Measured {
  readonly movedAt: ReadonlyMap<number, number>;
  readonly sessions: readonly number[];
  readonly sockets: number;
}

function rowOf(notes: LiveNotes, { movedAt, sessions, sockets }: Measured): LiveRow {
  const times: number[] = [];
  let missing = 0;
  for (const [quote, from] of movedAt) {
    for (const session of sessions) {
      const arrived = notes[`${session}/${quote}`] ?? [];
      missing += sockets - arrived.length;
      for (const at of arrived) times.push(at - from);
    }
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const title = `odds move → ${sockets.toLocaleString('en')} pages`;
  return { name: 'live', title, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), errors: missing };
}

function lineOf({ title, p50Ms, p99Ms, maxMs, errors }: LiveRow): string {
  const verdict = errors === 0 ? '' : `, ${errors} NEVER ARRIVED`;
  return `${title}: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, longest ${maxMs.toFixed(0)} ms${verdict}`;
}

if (import.meta.main) {
  const folder = await mkdtemp(join(tmpdir(), 'croupier-bench-'));
  await chmod(folder, 0o755);
  const server = await startEmbedded({ dataDir: join(folder, 'data') });
  try {
    const onProgress = (line: string) => void process.stdout.write(`  ${line}\n`);
    await runLive({
      serverUrl: server.url,
      sockets: Number(process.argv[2] ?? 1000),
      moves: 30,
      onProgress,
    });
  } finally {
    await server.stop();
    await rm(server.dataDir, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}
