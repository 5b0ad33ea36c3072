/**
 * The seller as a process of its own between two APIs of one real hub: it is a studio of the hub and an operator of
 * the hub's rain book. Both lines can be bad, and the process can be killed.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Status } from '../../games/rain/status.ts';
import { audit } from '../../src/db/audit.ts';
import { createStudioWithSecret } from '../../src/office.ts';
import { type BookGround, type BookOperatorClient, openBook } from '../kbook/rig.ts';
import { openWorld, type TestAgent, type World } from '../world.ts';
import { type BadLine, openBadLine } from './bad-line.ts';
import { eventually, openAt, type Page, pageOf } from './shop.ts';

const MAIN = join(import.meta.dirname, '../../games/rain/main.ts');

export type Market = {
  world: World;
  book: BookGround;
  operator: BookOperatorClient;
  toHub: BadLine;
  toBook: BadLine;
  /** The seller as it runs now. */
  child(): ChildProcess;
  url(): string;
  /** Starts it, after it was killed or before it ever ran. */
  start(): Promise<void>;
  /** Launches the game for a user and opens its page. */
  visit(agent: TestAgent, username: string): Promise<Page>;
  status(): Promise<Status>;
  /** Nothing of anybody's is between, nothing is stuck. */
  quiet(): Promise<void>;
  /** What the player has at the book. */
  credit(player: string): Promise<{ currentBalance: number; exposureAmount: number }>;
  bet(player: string, wish: { stake: bigint; session: Parameters<BookGround['settle']>[0] }): Promise<void>;
  close(): Promise<void>;
};

async function startChild(env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(MAIN, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', LOG_LEVEL: 'fatal', FEED_MS: '100', ...env },
  });
  const [message] = (await once(child, 'message')) as [{ type: string; url: string }];
  if (message.type !== 'ready') throw new Error('the seller did not get ready');
  return { child, url: message.url };
}

export async function openMarket(): Promise<Market> {
  const world = await openWorld();
  const book = openBook(world);
  const operator = await book.operator();
  const studio = await createStudioWithSecret(world.office, {
    name: 'rain-studio',
    vendors: ['kbook'],
    actor: 'test',
  });
  const [toHub, toBook] = await Promise.all([openBadLine(world.url), openBadLine(world.url)]);
  const folder = mkdtempSync(join(tmpdir(), 'rain-market-'));
  const env = {
    HUB_URL: toHub.url,
    STUDIO_KEY: studio.key,
    STUDIO_SECRET: studio.secret,
    STUDIO_DATA_DIR: folder,
    BOOK_URL: toBook.url,
    BOOK_CERT_CODE: operator.certCode,
  };
  let running: Awaited<ReturnType<typeof startChild>> | null = null;
  const url = () => running?.url ?? '';
  const status = async () => (await (await fetch(`${url()}/status`)).json()) as Status;
  return {
    world,
    book,
    operator,
    toHub,
    toBook,
    child: () => running!.child,
    url,
    async start() {
      running = await startChild(env);
    },
    async visit(agent, username) {
      const launched = await agent.get('/game-launch-link', { username, vendor: 'kbook', game_id: 'rain' });
      if (launched.status !== 200) throw new Error(`launch failed: ${launched.text}`);
      const token = new URL(launched.body.link).searchParams.get('token') ?? '';
      // As the page does: said again under the same id until there is an answer.
      const open = () => openAt(url(), { token, opening: `opening-${username}` }).catch(() => null);
      const opened = await eventually(open, (answer) => answer !== null && answer.status < 500);
      if (opened?.status !== 200) throw new Error(`the page was not opened: ${opened?.body.code}`);
      return pageOf(url, opened.body.key);
    },
    status,
    async quiet() {
      const told = () => status().catch(() => null);
      await eventually(told, (now) => now !== null && (now.stays.open === 0 || now.stuck.length > 0));
    },
    credit: (player) => operator.done('getCreditBalance', { userId: `r${player}` }),
    async bet(player, { stake, session }) {
      const who = { operatorId: operator.id, vendorType: 'CPS_USD', userId: `r${player}` };
      const key = await world.hub.book.player(who);
      if (key === null) throw new Error('the book does not know the player');
      await book.bet(key, { session, type: 'RAIN', stake });
    },
    async close() {
      const child = running?.child;
      if (child !== undefined && child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await Promise.all([toHub.close(), toBook.close()]);
      await world.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What the agent's feed says of a player: types and sums, in the currency's unit, oldest first. */
export async function feedOf(
  agent: TestAgent,
  username: string,
): Promise<{ type: string; amount: number }[]> {
  const pad = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const window = { start: pad(Date.now() - 3_500_000), end: pad(Date.now() + 60_000) };
  const answer = await agent.get('/transactions', { ...window, page: 1, perPage: 1000, order: 'asc' });
  if (answer.status !== 200) throw new Error(answer.text);
  const rows = answer.body.data as { type: string; amount: number; user: { username: string } }[];
  return rows
    .filter((row) => row.user.username === username && !row.type.startsWith('causer.'))
    .map(({ type, amount }) => ({ type, amount }));
}

export async function auditOf({ hub }: World): Promise<string[]> {
  const report = await audit(hub.sql);
  return report.checks.flatMap((check) => check.findings.map((finding) => `${check.name}: ${finding}`));
}
