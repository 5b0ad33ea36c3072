/** A program beside the hub: started, waited for until it says it is ready, and started again should it die. */
import { type ChildProcess, fork } from 'node:child_process';

const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;
const REST_MS = 1000;

export interface Program {
  readonly url: string;
  /** Of a program that is several. */
  readonly sites: readonly Site[];
  stop(): Promise<void>;
}

export interface Site {
  readonly url: string;
  readonly callbackUrl: string | null;
}

const portOf = (site: Pick<Site, 'url'> | undefined) => (site === undefined ? '0' : new URL(site.url).port);

/** `path` is from the root of the package. It gets these settings and no others of this process. */
export function startProgram(path: string, env: Readonly<Record<string, string>>): Promise<Program> {
  let child: ChildProcess;
  let stopping = false;
  return new Promise((ready, fail) => {
    const timer = setTimeout(() => fail(new Error(`${path} did not get ready`)), READY_MS_MAX);
    const stop = async () => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await exited;
      clearTimeout(force);
    };
    const start = (ports: { PORT: string; SECOND_PORT?: string }) => {
      const { PATH = '', HOME = '', LANG = '', LOG_LEVEL = '' } = process.env;
      child = fork(new URL(`../${path}`, import.meta.url), {
        env: { PATH, HOME, LANG, ...(LOG_LEVEL === '' ? {} : { LOG_LEVEL }), ...env, ...ports },
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      // It comes back where it was: its addresses are known outside.
      let again = ports;
      child.on('message', (message: { type?: string; url?: string; sites?: readonly Site[] }) => {
        const { type, url, sites = [] } = message;
        if (type !== 'ready' || typeof url !== 'string') return;
        again = { PORT: portOf({ url }), SECOND_PORT: portOf(sites[1]) };
        clearTimeout(timer);
        ready({ url, sites, stop });
      });
      child.once('exit', () => {
        if (!stopping) setTimeout(() => !stopping && start(again), REST_MS);
      });
    };
    start({ PORT: env.PORT ?? '0' });
  });
}
