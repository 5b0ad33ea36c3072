/** How long it takes from nothing to the first answer, and from a stopped hub to the next. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from './children.ts';
import { exchange } from './load/connection.ts';
import { median } from './targets.ts';

export interface StartSection {
  readonly folder: string;
  readonly tries: number;
  readonly onProgress: (line: string) => void;
}

export interface StartRow {
  readonly name: string;
  readonly title: string;
  readonly times: readonly number[];
  readonly medianMs: number;
}

const HEALTH = 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';

/**
 * Cold means a new folder: no database, no compiled code kept from before. The second start has both. With the demo
 * the first answer comes before the demo's own programs run, so that its end is told too.
 */
export async function runStart({ folder, tries, onProgress }: StartSection): Promise<StartRow[]> {
  const times = {
    cold: [] as number[],
    second: [] as number[],
    demo: [] as number[],
    demoReady: [] as number[],
  };
  for (let round = 0; round < tries; round++) {
    const [place, other] = [join(folder, `start-${round}`), join(folder, `start-demo-${round}`)];
    await mkdir(place);
    await mkdir(other);
    times.cold.push((await startOnce(place, 'off')).answeredMs);
    times.second.push((await startOnce(place, 'off')).answeredMs);
    await rm(place, { recursive: true, force: true });
    const demo = await startOnce(other, 'on');
    times.demo.push(demo.answeredMs);
    times.demoReady.push(demo.readyMs);
    await rm(other, { recursive: true, force: true });
    onProgress(
      `start: cold ${ms(times.cold)}, second ${ms(times.second)}, with demo ${ms(times.demo)}, demo ready ${ms(times.demoReady)}`,
    );
  }
  return [
    row('start-cold', 'cold start, embedded database', times.cold),
    row('start-second', 'second start', times.second),
    row('start-demo', 'cold start with the demo', times.demo),
    row('start-demo-ready', 'cold start until the demo is ready', times.demoReady),
  ];
}

const ms = (times: readonly number[]) => `${Math.round(times.at(-1) ?? 0)} ms`;

function row(name: string, title: string, times: readonly number[]): StartRow {
  return { name, title, times, medianMs: median(times) };
}

/** Times from the start of the process to the first answer, and until it says that all of it is ready. */
async function startOnce(
  place: string,
  demo: 'on' | 'off',
): Promise<{ answeredMs: number; readyMs: number }> {
  const startedAt = performance.now();
  const server = await startServer({
    program: 'src/main.ts',
    env: {
      DATA_DIR: join(place, 'data'),
      NODE_COMPILE_CACHE: join(place, 'compiled'),
      PORT: '0',
      HOST: '127.0.0.1',
      DEMO: demo,
    },
  });
  const ready = server.said(/^Ready\./m);
  try {
    const { status } = await exchange(server.port, HEALTH);
    if (status !== 200) throw new Error(`the health route answered ${status}`);
    const answeredMs = performance.now() - startedAt;
    await ready;
    return { answeredMs, readyMs: performance.now() - startedAt };
  } finally {
    await server.stop();
  }
}
