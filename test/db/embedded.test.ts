/**
 * The embedded server as a hub meets it: first and second start, a killed hub, a killed server, two hubs at once,
 * folders that root's PostgreSQL account cannot reach. Every server is a real one in a folder of its own.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { EventEmitter, on, once } from 'node:events';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import postgres from 'postgres';
import {
  type EmbeddedOptions,
  type EmbeddedServer,
  findEmbedded,
  startEmbedded,
} from '../../src/db/embedded.ts';
import {
  copyNative,
  hydrate,
  isAlive,
  locateNative,
  markOf,
  withStartLock,
} from '../../src/db/embedded-files.ts';

const ROOT = process.getuid?.() === 0;
const NOBODY = 65534;
const WAIT_MS_MAX = 30_000;
const SOURCE = new URL('../../src/db/embedded.ts', import.meta.url).href;
const HUB = `
  const { startEmbedded } = await import(process.argv[1]);
  const server = await startEmbedded({ dataDir: process.argv[2] });
  console.log(JSON.stringify({ pid: server.pid, url: server.url, owns: server.ownsProcess }));
  process.stdin.on('data', async () => { await server.stop(); process.exit(); });
`;

interface Hub {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly url: string;
  readonly owns: boolean;
}

/** A folder of one test; what was begun in it is ended last-in-first-out before it is removed. */
class Place {
  readonly dir: string;
  readonly log = new EventEmitter();
  readonly lines: string[] = [];
  readonly #endings: (() => unknown)[] = [];

  constructor(dir: string) {
    this.dir = dir;
  }

  get dataDir(): string {
    return join(this.dir, 'data');
  }

  atEnd(ending: () => unknown): void {
    this.#endings.unshift(ending);
  }

  /** Resolves with the next log line that has these words. */
  async said(words: RegExp): Promise<void> {
    for await (const [line] of on(this.log, 'line', { signal: AbortSignal.timeout(WAIT_MS_MAX) })) {
      if (words.test(String(line))) return;
    }
  }

  async start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedServer> {
    const onLog = (line: string): void => {
      this.lines.push(line);
      this.log.emit('line', line);
    };
    const server = await startEmbedded({ dataDir: this.dataDir, onLog, ...options });
    this.atEnd(() => server.stop());
    return server;
  }

  async end(): Promise<void> {
    for (const ending of this.#endings) await ending();
    await fs.rm(this.dir, { recursive: true });
  }
}

async function freshPlace(t: TestContext): Promise<Place> {
  const place = new Place(await fs.mkdtemp(join(tmpdir(), 'croupier-embedded-')));
  await fs.chmod(place.dir, 0o755);
  t.after(() => place.end());
  return place;
}

/** A hub in a process of its own, as far as `startEmbedded` having returned there. */
async function hubProcess(place: Place, account: object = {}): Promise<Hub> {
  const stdio = ['pipe', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, ['--input-type=module', '-e', HUB, SOURCE, place.dataDir], {
    stdio: [...stdio],
    ...account,
  });
  place.atEnd(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(() => assert.fail('the hub process ended before its server was up'));
  ended.catch(() => {});
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  return { process: child, ...JSON.parse(String(line)) };
}

async function endHub(hub: Hub, how: 'kill' | 'stop'): Promise<void> {
  const ended = once(hub.process, 'exit');
  if (how === 'kill') hub.process.kill('SIGKILL');
  else hub.process.stdin?.write('stop\n');
  await ended;
}

async function withSql<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  return work(sql).finally(() => sql.end({ timeout: 1 }));
}

const dead = async (pid: number): Promise<boolean> => (await markOf(pid)) === null;
test('first start, clean stop, second start on the same port with the data', async (t) => {
  const place = await freshPlace(t);
  const { dataDir } = place;
  assert.equal(await findEmbedded(dataDir), null);
  const first = await place.start();
  assert.match(first.url, /^postgres:\/\/croupier:[\w-]{32}@127\.0\.0\.1:\d+\/croupier$/);
  assert.equal(first.dataDir, dataDir);
  assert.equal(first.ownsProcess, true);
  assert.equal(await findEmbedded(dataDir), first.url);
  assert.equal((await fs.stat(join(dataDir, 'connection.json'))).mode & 0o777, 0o600);
  const guessed = first.url.replace(/:[^:@]+@/, ':password@');
  await assert.rejects(
    withSql(guessed, (sql) => sql`select 1`),
    /password authentication failed/,
  );
  await withSql(first.url, (sql) => sql`create table note as select 7 as n`);
  await first.stop();
  assert.ok(await dead(first.pid));
  assert.equal(await findEmbedded(dataDir), null);

  const startedAt = performance.now();
  const second = await place.start();
  t.diagnostic(`second start ${Math.round(performance.now() - startedAt)} ms`);
  assert.equal(second.url, first.url);
  assert.deepEqual([...(await withSql(second.url, (sql) => sql`select n from note`))], [{ n: 7 }]);
});

test('durability settings are as PostgreSQL ships them and cannot be given', async (t) => {
  const place = await freshPlace(t);
  const { dataDir } = place;
  for (const name of [
    'fsync',
    'synchronous_commit',
    'full_page_writes',
    'listen_addresses',
    'Fsync',
    'full-page-writes',
  ]) {
    await assert.rejects(startEmbedded({ dataDir, settings: { [name]: 'off' } }), /not for changing/);
  }
  const server = await place.start({ settings: { max_connections: '20' } });
  const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'max_connections'];
  const rows = await withSql(
    server.url,
    (sql) => sql`select name, setting from pg_settings where name in ${sql(names)} order by name`,
  );
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row.name, row.setting])), {
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    max_connections: '20',
    synchronous_commit: 'on',
  });
});

test('the server of a killed hub is adopted, watched and stopped', { timeout: 60_000 }, async (t) => {
  const place = await freshPlace(t);
  const { dataDir } = place;
  const hub = await hubProcess(place);
  await endHub(hub, 'kill');
  assert.equal(await findEmbedded(dataDir), hub.url);
  const heir = await place.start();
  assert.deepEqual([heir.pid, heir.url, heir.ownsProcess], [hub.pid, hub.url, true]);
  const back = place.said(/is back/);
  process.kill(heir.pid, 'SIGKILL');
  await back;
  assert.notEqual(heir.pid, hub.pid);
  assert.equal(await findEmbedded(dataDir), hub.url);
  await heir.stop();
  assert.ok(await dead(heir.pid));
});

test('a killed server comes back on its port with everything that was committed', {
  timeout: 60_000,
}, async (t) => {
  const place = await freshPlace(t);
  const server = await place.start();
  const { pid, url } = server;
  await withSql(url, (sql) => sql`create table note (n int primary key)`);
  await withSql(url, (sql) => sql`insert into note select generate_series(1, 1000)`);
  const back = place.said(/is back/);
  process.kill(pid, 'SIGKILL');
  await back;
  assert.notEqual(server.pid, pid);
  assert.equal(server.url, url);
  assert.deepEqual(
    [...(await withSql(url, (sql) => sql`select count(*)::int as n from note`))],
    [{ n: 1000 }],
  );
  assert.ok(place.lines.some((line) => /ended unexpectedly/.test(line)));
});

test('a server killed under a busy connection comes back too', { timeout: 60_000 }, async (t) => {
  const place = await freshPlace(t);
  const { pid, url } = await place.start();
  const notices = new EventEmitter();
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => notices.emit('busy') });
  place.atEnd(() => sql.end({ timeout: 1 }));
  const busy = sql
    .unsafe(`do $$ begin raise notice 'busy'; perform sum(n) from generate_series(1, 8000000) n; end $$`)
    .catch(() => null);
  await once(notices, 'busy');
  const back = place.said(/is back/);
  process.kill(pid, 'SIGKILL');
  await back;
  await withSql(url, (again) => again`select 1`);
  await busy;
});

test('of two hubs at once one starts the server, the other shares it and never stops it', {
  timeout: 60_000,
}, async (t) => {
  const place = await freshPlace(t);
  const { dataDir } = place;
  const hubs = await Promise.all([hubProcess(place), hubProcess(place)]);
  const [owner, guest] = hubs[0].owns ? hubs : [hubs[1], hubs[0]];
  assert.deepEqual([owner.owns, guest.owns], [true, false]);
  assert.deepEqual([guest.pid, guest.url], [owner.pid, owner.url]);
  await endHub(guest, 'stop');
  assert.equal(await findEmbedded(dataDir), owner.url);
  await endHub(owner, 'stop');
  assert.ok(await dead(owner.pid));
});

test('a guest whose host stops keeps its database, and then owns it', { timeout: 60_000 }, async (t) => {
  const place = await freshPlace(t);
  const host = await hubProcess(place);
  const guest = await place.start();
  assert.deepEqual([guest.pid, guest.ownsProcess], [host.pid, false]);
  const back = place.said(/is back/);
  await endHub(host, 'stop');
  await back;
  assert.deepEqual([guest.url, guest.ownsProcess], [host.url, true]);
  await guest.stop();
  assert.ok(await dead(guest.pid));
});

test('a creation that was cut short is begun again', async (t) => {
  const place = await freshPlace(t);
  const { dataDir } = place;
  await fs.mkdir(join(dataDir, 'pg', 'base'), { recursive: true });
  await fs.writeFile(join(dataDir, 'pg', 'PG_VERSION'), '18\n');
  await fs.writeFile(join(dataDir, 'initialising'), '');
  const server = await place.start();
  await withSql(server.url, (sql) => sql`select 1`);
  assert.ok(!existsSync(join(dataDir, 'initialising')));
});

test('a cluster without its connection file is left alone', async (t) => {
  const place = await freshPlace(t);
  const { dataDir } = place;
  await (await place.start()).stop();
  await fs.rename(join(dataDir, 'connection.json'), join(dataDir, 'aside'));
  await assert.rejects(startEmbedded({ dataDir }), /connection\.json is gone/);
  await fs.rename(join(dataDir, 'aside'), join(dataDir, 'connection.json'));
  await place.start();
});

test('a server that cannot start says why in its own words', async (t) => {
  const place = await freshPlace(t);
  const { dataDir } = place;
  await assert.rejects(
    startEmbedded({ dataDir, settings: { shared_buffers: 'plenty' } }),
    /invalid value for parameter "shared_buffers"/,
  );
});

test('a port taken in the meantime is changed for another', async (t) => {
  const place = await freshPlace(t);
  const first = await place.start();
  await first.stop();
  const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
  await once(squatter, 'listening');
  place.atEnd(() => squatter.close());
  const second = await place.start();
  assert.notEqual(second.url, first.url);
});

test('the lock of a dead process is broken, that of a living one waited for', async (t) => {
  const { dir } = await freshPlace(t);
  await fs.writeFile(join(dir, 'start.lock'), JSON.stringify({ pid: process.pid, started: 'before' }));
  const order: string[] = [];
  let second: Promise<unknown> = Promise.resolve();
  await withStartLock(dir, async () => {
    second = withStartLock(dir, async () => order.push('second'));
    for (let turn = 0; turn < 200; turn += 1) await fs.stat(dir); // Time enough for one that does not wait.
    order.push('first');
  });
  await second;
  assert.deepEqual(order, ['first', 'second']);
  assert.deepEqual(await fs.readdir(dir), []);
});

test('a platform without programs is told about DATABASE_URL', () => {
  for (const platform of ['win32-x64', 'linux-riscv64'])
    assert.throws(() => locateNative(platform), /DATABASE_URL/);
});

test('the mark of a process is not that of a later one with its number', async () => {
  const mark = await markOf(process.pid);
  assert.ok(await isAlive(mark));
  assert.equal(await isAlive({ pid: process.pid, started: 'before' }), false);
  assert.equal(await markOf(process.pid, 'postgres'), process.platform === 'linux' ? null : mark);
});

test('as root, data and programs out of reach of PostgreSQL are kept elsewhere', {
  skip: !ROOT,
}, async (t) => {
  const place = await freshPlace(t);
  const { dir, lines } = place;
  const closed = join(dir, 'closed');
  await fs.mkdir(closed, { mode: 0o700 });
  const options = {
    dataDir: join(closed, 'data'),
    stateDir: join(dir, 'state'),
    onLog: (line: string) => lines.push(line),
  };
  const first = await place.start(options);
  assert.ok(first.dataDir.startsWith(join(dir, 'state', 'data-')));
  assert.equal(lines.filter((line) => line.includes('cannot reach')).length, 1);
  assert.ok(!existsSync(join(closed, 'data')));
  assert.equal(await findEmbedded(options.dataDir, options.stateDir), first.url);
  await first.stop();
  await fs.chmod(closed, 0o755);
  const second = await place.start(options);
  assert.equal(second.dataDir, first.dataDir, 'the database that exists is kept to');
});

test('a data folder several levels deep that has to be made stays where it was wanted', async (t) => {
  const place = await freshPlace(t);
  const dataDir = join(place.dir, 'one', 'two', 'data');
  const server = await place.start({ dataDir });
  assert.equal(server.dataDir, dataDir);
});

test('programs without their library links are made whole', async (t) => {
  const native = join((await freshPlace(t)).dir, 'native');
  await fs.mkdir(join(native, 'lib'), { recursive: true });
  await fs.writeFile(join(native, 'lib', 'libx.so.1.2'), 'x');
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
  await fs.writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  assert.equal(await hydrate(native), true);
  assert.equal(await fs.readlink(join(native, 'lib', 'libx.so.1')), 'libx.so.1.2');
});

test('copied programs run for anybody, whoever copies at the same time', { skip: !ROOT }, async (t) => {
  const { dir } = await freshPlace(t);
  const state = join(dir, 'state');
  const copies = await Promise.all([copyNative(locateNative(), state), copyNative(locateNative(), state)]);
  assert.equal(copies[0], copies[1]);
  assert.equal((await fs.readdir(state)).length, 1);
  const said = execFileSync(join(copies[0], 'bin', 'postgres'), ['--version'], {
    uid: NOBODY,
    gid: NOBODY,
    cwd: dir,
  });
  assert.match(said.toString(), /PostgreSQL/);
});

test('as root, a state folder that others can write to is not trusted', { skip: !ROOT }, async (t) => {
  const { dir } = await freshPlace(t);
  await fs.mkdir(join(dir, 'closed'), { mode: 0o700 });
  await fs.mkdir(join(dir, 'state'));
  await fs.chmod(join(dir, 'state'), 0o777);
  const options = { dataDir: join(dir, 'closed', 'data'), stateDir: join(dir, 'state') };
  await assert.rejects(startEmbedded(options), /nobody else can write/);
});

test('without root it runs under its own account', { skip: !ROOT, timeout: 60_000 }, async (t) => {
  const place = await freshPlace(t);
  await fs.chown(place.dir, NOBODY, NOBODY);
  const hub = await hubProcess(place, { uid: NOBODY, gid: NOBODY, cwd: place.dir });
  assert.equal((await fs.stat(`/proc/${hub.pid}`)).uid, NOBODY);
  await endHub(hub, 'stop');
  assert.ok(await dead(hub.pid));
});
