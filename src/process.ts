/** The process around a hub: start, what it prints, and how it ends. */
import type { AddressInfo } from 'node:net';
import { type Config, ConfigError, readConfig, settingsHelp } from './config.ts';
import { type Database, masterKeyOf, openDatabase } from './database.ts';
import { connect } from './db/connect.ts';
import { migrate } from './db/migrate.ts';
import { type Demo, startDemo } from './demo.ts';
import { type Outside, startOutside } from './demo-outside.ts';
import { type Hub, openHub } from './hub.ts';
import { openOffice } from './office.ts';
import type { RainSettings } from './rain/rain.ts';

const DRAIN_MS_MAX = 30_000;
/** How long readiness says no before the door is shut: balancers look about every second. */
const DRAIN_NOTICE_MS = 1000;

/** What has been started so far, and the start itself while it is under way. */
interface Running {
  database?: Database;
  hub?: Hub;
  /** The demo's stand-ins for what is outside, while they come up and after. */
  outside?: Promise<Outside>;
  demo?: Demo;
  starting?: Promise<void>;
}

export async function runHub(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`Usage: npm start [-- --help]\n\nRuns the hub.\n\n${settingsHelp()}`);
    return;
  }
  const config = configOrExit();
  const running: Running = {};
  stopOnSignals(running);
  running.starting = start(config, running);
  await running.starting;
}

async function start(config: Config, running: Running): Promise<void> {
  try {
    if (config.demo) running.outside = startingOutside(config);
    running.database = await openDatabase(config, (line) => process.stderr.write(`database: ${line}\n`));
    await prepare(running.database.url);
    const secretKey = await masterKeyOf(config, running.database.url);
    const { lanes, retentionDays, trustProxy, publicUrl, logLevel } = config;
    running.hub = await openHub({
      databaseUrl: running.database.url,
      secretKey,
      lanes,
      retentionDays,
      trustProxy,
      publicUrl,
      demo: config.demo,
      logLevel,
      outreach: {
        client: { allowLoopback: !config.production, allowedNetworks: config.callbackNetworks },
      },
      rain: await rainOf(config, running),
    });
    await running.hub.server.listen({ port: config.port, host: config.host });
    const url = addressOf(running.hub, config);
    process.stdout.write(
      `Croupier listens on ${url}\n  operator API   ${url}/api\n  studio API     ${url}/studio/v1\n  developer      ${url}/developer\n`,
    );
    if (config.demo) {
      running.demo = await startDemo({
        office: openOffice(running.hub),
        book: running.hub.book,
        hubUrl: addressOf(running.hub, { ...config, publicUrl: null }),
        host: config.host,
        dataDir: config.dataDir,
      });
      const lines = [...running.demo.lines, ...((await running.outside)?.lines ?? [])];
      process.stdout.write(lines.map((line) => `  ${line}\n`).join(''));
    }
    process.stdout.write('Ready. Stop with Ctrl-C.\n');
  } catch (error) {
    process.stderr.write(
      `croupier could not start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    await stopAll(running);
    process.exit(1);
  }
}

/** Its failure is told where it is waited for, not before. */
function startingOutside(config: Config): Promise<Outside> {
  const starting = startOutside(config.dataDir);
  starting.catch(() => {});
  return starting;
}

/** What is set, and in the demo stand-ins for what is not. */
async function rainOf({ krain, weatherUrl }: Config, running: Running): Promise<RainSettings> {
  const outside = await running.outside;
  return { krain: krain ?? outside?.krain ?? null, weatherUrl: weatherUrl ?? outside?.weatherUrl ?? null };
}

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`croupier: ${error.message}\n`);
    process.exit(2);
  }
}

async function prepare(url: string): Promise<void> {
  const sql = connect(url, { max: 1, name: 'migrate', statementTimeoutMs: 0 });
  try {
    await migrate(sql);
  } finally {
    await sql.end();
  }
}

function addressOf(hub: Hub, config: Config): string {
  if (config.publicUrl !== null) return config.publicUrl;
  const { port } = hub.server.server.address() as AddressInfo;
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * SIGTERM and Ctrl-C drain: answer what is in flight, then close. During the start they wait for it to end, so that
 * nothing just begun is left behind. A second signal ends at once.
 */
function stopOnSignals(running: Running): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      setTimeout(() => process.exit(1), DRAIN_MS_MAX).unref();
      Promise.resolve(running.starting)
        .then(() => stopAll(running))
        .then(
          () => process.exit(0),
          () => process.exit(1),
        );
    });
  }
}

async function stopAll(running: Running): Promise<void> {
  try {
    await running.demo?.close();
    await running.hub?.close(DRAIN_NOTICE_MS);
    await (await running.outside?.catch(() => undefined))?.close();
  } finally {
    await running.database?.stop();
  }
}
