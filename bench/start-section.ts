/** How long it takes from nothing to the first answer, and from a stopped hub to the next. */
import { mkdtemp, rm } from 'node:fs/promises';
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
 * Cold means a new folder: no database, no compiled code kept from before. The second start has both. `demo` counts
 * to the same first answer; the demo's own programs come after it.
 */
export async function runStart({ folder, tries, onProgress }: StartSection): Promise<StartRow[]> {
  const times = { cold: [] as number[], second: [] as number[], demo: [] as number[] };
  for (let round = 0; round < tries; round++) {
    const place = await mkdtemp(join(folder, 'start-'));
    times.cold.push(await firstAnswerMs(place, 'off'));
    times.second.push(await firstAnswerMs(place, 'off'));
    await rm(place, { recursive: true, force: true });
    const other = await mkdtemp(join(folder, 'start-'));
    times.demo.push(await firstAnswerMs(other, 'on'));
    await rm(other, { recursive: true, force: true });
    onProgress(`start: cold ${ms(times.cold)}, second ${ms(times.second)}, with demo ${ms(times.demo)}`);
  }
  return [
    row('start-cold', 'cold start, embedded database', times.cold),
    row('start-second', 'second start', times.second),
    row('start-demo', 'cold start with the demo', times.demo),
  ];
}

const ms = (times: readonly number[]) => `${Math.round(times.at(-1) ?? 0)} ms`;

function row(name: string, title: string, times: readonly number[]): StartRow {
  return { name, title, times, medianMs: median(times) };
}

async function firstAnswerMs(place: string, demo: 'on' | 'off'): Promise<number> {
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
  try {
    const { status } = await exchange(server.port, HEALTH);
    if (status !== 200) throw new Error(`the health route answered ${status}`);
    return performance.now() - startedAt;
  } finally {
    await server.stop();
  }
}
