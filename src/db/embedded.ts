/**
 * PostgreSQL as a child of the hub, so that one command runs everything.
 *
 * Invariants: a commit that was acknowledged is on the disk (nothing here loosens fsync, synchronous_commit or
 * full_page_writes, and a new cluster is synced before its URL is handed out). Only the handle whose mark is in
 * `connection.json` stops the server. Whoever finds the server dead starts it under the start lock and becomes
 * its owner; a handle that is not the owner leaves that to a living owner first.
 *
 * The server is in a session of its own and logs to a file, so it outlives a killed hub and misses the
 * terminal's Ctrl-C; the next hub finds it and adopts it.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as files from './embedded-files.ts';
import {
  answers,
  createDatabase,
  end,
  freePort,
  HOST,
  processOptions,
  run,
  shutDown,
  USER,
  urlOf,
} from './embedded-process.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Receives one line per fact worth knowing; never a password. */
  readonly onLog?: (line: string) => void;
  /** PostgreSQL settings over ours; those that guard durability or the address are refused. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where programs and data go when root's PostgreSQL account cannot reach the usual places. */
  readonly stateDir?: string;
}

export interface EmbeddedServer {
  /** postgres://croupier:…@127.0.0.1:<port>/croupier; stays the same across restarts. */
  readonly url: string;
  /** Where the data really is. */
  readonly dataDir: string;
  readonly pid: number;
  /** False when the server of another living process was adopted. */
  readonly ownsProcess: boolean;
  /** Stops watching and, if owned, shuts the server down and waits for its end. */
  stop(): Promise<void>;
}

interface Hub {
  readonly place: files.Placement;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  readonly handle: string;
  connection: files.Connection;
  server: files.ProcessMark;
  owns: boolean;
  stopping: boolean;
  unwatch: () => void;
  reviving: Promise<void>;
}

const READY_POLL_MS = 10;
const WATCH_MS = 200;
const BLOCKED_MS_MAX = 20_000;
const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 5_000;
const OWNER_GRACE_MS = 20_000;
const SETTLE_MS_MAX = 600_000;
const RECOVERY_REPORT_MS = 10_000;

const DEFAULTS: Readonly<Record<string, string>> = {
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  max_connections: '200',
  jit: 'off',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};
const GUARDED = new Set(
  (
    'fsync synchronous_commit full_page_writes listen_addresses port unix_socket_directories data_directory ' +
    'config_file hba_file ident_file password_encryption log_destination logging_collector'
  ).split(' '),
);
/** The dead server's backends, or a neighbour on the port, are still there: worth another try. */
const BLOCKED = /lock file .* already exists|shared memory block .* in use|could not (bind|create any TCP)/;

/**
 * Starts the server of a data directory, creating it the first time, or adopts the one that already runs.
 * Watches it from then on and starts it again on the same port when it dies. Throws with PostgreSQL's last log
 * lines when it cannot start, and with a hint to DATABASE_URL when this platform has no programs.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const log = options.onLog ?? (() => {});
  const settings = checkedSettings(options.settings ?? {});
  const place = await files.placeEmbedded({
    dataDir: options.dataDir,
    stateDir: options.stateDir ?? files.STATE_DIR_DEFAULT,
    log,
  });
  const hub: Hub = {
    place,
    settings,
    log,
    handle: randomBytes(8).toString('hex'),
    connection: { password: randomBytes(24).toString('base64url'), port: 0, owner: null },
    server: { pid: 0, started: '' },
    owns: false,
    stopping: false,
    unwatch: () => {},
    reviving: Promise.resolve(),
  };
  await files.withStartLock(place.dataDir, () => openServer(hub));
  watch(hub);
  let stopped: Promise<void> | null = null;
  return {
    url: urlOf(hub.connection),
    dataDir: place.dataDir,
    get pid() {
      return hub.server.pid;
    },
    get ownsProcess() {
      return hub.owns;
    },
    stop: () => {
      stopped ??= close(hub);
      return stopped;
    },
  };
}

/** URL of a server already running in dataDir (or in the place its data was moved to), or null. Starts nothing. */
export async function findEmbedded(dataDir: string, stateDir?: string): Promise<string | null> {
  for (const place of [dataDir, files.movedDataDir(dataDir, stateDir)]) {
    const connection = await files.readConnection(place);
    const found = connection === null ? null : await files.readPostmaster(place);
    if (connection === null || found === null || !found.ready) continue;
    const current = { ...connection, port: found.port };
    if (await answers(current, place).catch(() => false)) return urlOf(current);
  }
  return null;
}

function checkedSettings(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const name of Object.keys(given)) {
    if (/^[a-z_][a-z0-9_.]*$/.test(name) && !GUARDED.has(name)) continue;
    throw new Error(`the setting ${name} of the embedded PostgreSQL is not for changing`);
  }
  return { ...DEFAULTS, ...given };
}

/** Adopts or starts, the first time creates. The caller holds the start lock. */
async function openServer(hub: Hub): Promise<void> {
  const { dataDir } = hub.place;
  await clearUnfinished(dataDir);
  const known = await files.readConnection(dataDir);
  hub.connection = known ?? hub.connection;
  if (await adopt(hub)) return;
  const fresh = !existsSync(join(files.pgDirOf(dataDir), 'PG_VERSION'));
  if (!fresh && known === null)
    throw new Error(`connection.json is gone from ${dataDir}: put it back, it has the password`);
  if (fresh) await initialise(hub);
  await start(hub, await freePort(hub.connection.port));
  if (!fresh) return;
  try {
    await Promise.all([
      createDatabase(hub.connection),
      run(hub.place, ['initdb', '--sync-only', '-D', files.pgDirOf(dataDir)]),
    ]);
    await fs.rm(files.initialisingMarkOf(dataDir));
    await files.syncFolder(dataDir);
  } catch (error) {
    await shutDown(dataDir);
    throw error;
  }
}

/** Throws away a cluster whose making was cut short: nobody was ever given its URL. */
async function clearUnfinished(dataDir: string): Promise<void> {
  if (!existsSync(files.initialisingMarkOf(dataDir))) return;
  await shutDown(dataDir);
  await fs.rm(files.pgDirOf(dataDir), { recursive: true, force: true, maxRetries: 5 });
  await fs.rm(files.initialisingMarkOf(dataDir));
}

async function initialise({ place, connection }: Hub): Promise<void> {
  const pgDir = files.pgDirOf(place.dataDir);
  await fs.writeFile(files.initialisingMarkOf(place.dataDir), '', { flag: 'wx', flush: true });
  await files.writeConnection(place, connection);
  await files.syncFolder(place.dataDir);
  await fs.mkdir(pgDir, { mode: 0o700 }).catch(() => {});
  const passwordFile = `${pgDir}.password.${randomBytes(6).toString('hex')}`;
  await fs.writeFile(passwordFile, connection.password, { flag: 'wx', mode: 0o600 });
  try {
    for (const path of [pgDir, passwordFile]) {
      if (place.account !== null) await fs.lchown(path, place.account.uid, place.account.gid);
    }
    const access = ['-U', USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    // No sync here: `--sync-only` runs beside the first start, before anybody gets the URL.
    await run(place, ['initdb', '-D', pgDir, ...access, '--encoding=UTF8', '--locale=C', '--no-sync']);
  } finally {
    await fs.rm(passwordFile, { force: true });
  }
}

/** Takes a running server over, and its ownership if the former owner is dead; false if none runs. */
async function adopt(hub: Hub): Promise<boolean> {
  const { dataDir } = hub.place;
  const found = await settled(dataDir);
  const server = found === null ? null : await files.markOf(found.pid, 'postgres');
  if (found === null || server === null) return false;
  const current = { ...hub.connection, port: found.port };
  const known = await answers(current, dataDir).catch((error: unknown) => {
    throw new Error(`PostgreSQL (pid ${found.pid}) runs in ${dataDir} but does not let us in`, {
      cause: error,
    });
  });
  if (!known)
    throw new Error(
      `PostgreSQL (pid ${found.pid}) on port ${found.port} serves another folder than ${dataDir}`,
    );
  hub.owns = current.owner?.handle === hub.handle || !(await files.isAlive(current.owner));
  hub.connection = hub.owns ? { ...current, owner: await ownerMark(hub) } : current;
  if (hub.owns) await files.writeConnection(hub.place, hub.connection);
  hub.server = server;
  hub.log(
    `PostgreSQL already runs (pid ${found.pid}, port ${found.port}): ${hub.owns ? 'taken over' : 'shared'}`,
  );
  return true;
}

/** Waits out a server that is starting or ending: a ready one, or null. */
async function settled(dataDir: string): Promise<files.Postmaster | null> {
  const deadline = performance.now() + SETTLE_MS_MAX;
  for (;;) {
    const found = await files.readPostmaster(dataDir);
    if (found === null || found.ready) return found;
    if (performance.now() > deadline)
      throw new Error(`PostgreSQL (pid ${found.pid}) in ${dataDir} does not get ready`);
    await delay(READY_POLL_MS);
  }
}

async function ownerMark({ handle }: Hub): Promise<files.Owner> {
  const mark = await files.markOf(process.pid);
  return { pid: process.pid, started: mark?.started ?? '', handle };
}

/** Starts the server on that port and becomes its owner; waits for what a dead one left behind to go. */
async function start(hub: Hub, port: number): Promise<void> {
  const deadline = performance.now() + BLOCKED_MS_MAX;
  for (let backoffMs = BACKOFF_MS_MIN; ; backoffMs = Math.min(backoffMs * 2, 1_000)) {
    const failure = await launch(hub, port);
    if (failure === null) break;
    if (!BLOCKED.test(failure) || performance.now() > deadline || hub.stopping) {
      throw new Error(`PostgreSQL did not start in ${hub.place.dataDir}; its last lines:\n${failure}`);
    }
    await delay(backoffMs);
  }
  hub.connection = { ...hub.connection, port, owner: await ownerMark(hub) };
  hub.owns = true;
  await files.writeConnection(hub.place, hub.connection);
}

/** One attempt: null once the server is ready, else its last log lines. */
async function launch(hub: Hub, port: number): Promise<string | null> {
  const { place } = hub;
  await files.removeForeignLock(place.dataDir);
  const args = await serverArguments(hub, port);
  const logFile = await files.openLog(place.dataDir);
  const from = (await logFile.stat()).size;
  const options = processOptions(place);
  const stdio: StdioOptions = ['ignore', logFile.fd, logFile.fd];
  const child = spawn(join(place.nativeDir, 'bin', 'postgres'), args, { ...options, detached: true, stdio });
  try {
    await once(child, 'spawn');
    const server = await ready(hub, child);
    if (server === null) return await files.readLog(logFile, from);
    child.unref();
    hub.server = server;
    return null;
  } finally {
    await logFile.close();
  }
}

async function serverArguments({ place, settings }: Hub, port: number): Promise<string[]> {
  const base = ['-D', files.pgDirOf(place.dataDir)];
  const lz4 = [...base, '-C', 'wal_compression', '-c', 'wal_compression=lz4'];
  const walCompression = await run(place, ['postgres', ...lz4]).then(
    () => 'lz4',
    () => 'off',
  );
  const address = { listen_addresses: HOST, port: String(port), unix_socket_directories: '' };
  const all = { wal_compression: walCompression, ...settings, ...address };
  return [...base, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Waits as long as the child lives: recovery after a crash takes what it takes, and says so. */
async function ready(hub: Hub, child: ChildProcess): Promise<files.ProcessMark | null> {
  let reportAt = performance.now() + RECOVERY_REPORT_MS;
  while (child.exitCode === null && child.signalCode === null) {
    const found = await files.readPostmaster(hub.place.dataDir);
    if (found?.ready && found.pid === child.pid) return files.markOf(found.pid, 'postgres');
    if (performance.now() > reportAt) {
      hub.log('PostgreSQL is still starting (recovering)');
      reportAt += RECOVERY_REPORT_MS;
    }
    await delay(READY_POLL_MS);
  }
  return null;
}

/** Looks at the process itself, so that an adopted server is watched just as one of our own. */
function watch(hub: Hub): void {
  const { server } = hub;
  const look = async (): Promise<void> => {
    if (await files.isAlive(server)) return;
    clearInterval(timer);
    if (!hub.stopping && hub.server === server) hub.reviving = revive(hub);
  };
  const timer = setInterval(look, WATCH_MS).unref();
  hub.unwatch = () => clearInterval(timer);
}

/** Brings a dead server back on its port, however long it takes. Never rejects. */
async function revive(hub: Hub): Promise<void> {
  const { log, place } = hub;
  const since = performance.now();
  log(
    `PostgreSQL (pid ${hub.server.pid}) ended unexpectedly: starting it again on port ${hub.connection.port}`,
  );
  hub.server = { pid: 0, started: '' };
  for (let backoffMs = BACKOFF_MS_MIN; !hub.stopping; backoffMs = Math.min(backoffMs * 2, BACKOFF_MS_MAX)) {
    if (!existsSync(files.pgDirOf(place.dataDir)))
      return log(`${place.dataDir} is gone: PostgreSQL stays down`);
    try {
      if (await files.withStartLock(place.dataDir, () => reopen(hub, since))) {
        log(`PostgreSQL is back (pid ${hub.server.pid}) after ${Math.round(performance.now() - since)} ms`);
        return watch(hub);
      }
    } catch (error) {
      log(String(error));
    }
    await delay(backoffMs);
  }
}

/** True once the server runs; false while it is the owner's turn to start it. */
async function reopen(hub: Hub, since: number): Promise<boolean> {
  hub.connection = (await files.readConnection(hub.place.dataDir)) ?? hub.connection;
  if (await adopt(hub)) return true;
  const { owner, port } = hub.connection;
  const patient = performance.now() - since < OWNER_GRACE_MS;
  if (patient && owner?.handle !== hub.handle && (await files.isAlive(owner))) return false;
  await start(hub, port);
  return true;
}

async function close(hub: Hub): Promise<void> {
  const { dataDir } = hub.place;
  hub.stopping = true;
  hub.unwatch();
  await hub.reviving;
  if (!existsSync(dataDir)) return end(hub.server);
  await files.withStartLock(dataDir, async () => {
    const known = (await files.readConnection(dataDir)) ?? hub.connection;
    if (known.owner?.handle !== hub.handle && (await files.isAlive(known.owner))) return;
    await shutDown(dataDir);
    await files.writeConnection(hub.place, { ...known, owner: null });
  });
}
