/** The studio in the test's own process, against the hub double, with reels that stop where a test wants them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { GAMES, type SlotGame } from '../../games/catalogue/games.ts';
import type { Rng } from '../../games/rng.ts';
import { modelOf } from '../../games/rules.ts';
import { drawSpin, emptyOutcome } from '../../games/slot/evaluate.ts';
import { xoshiro } from '../../games/slot/xoshiro.ts';
import { openStudio, type Studio, type StudioOptions } from '../../games/studio.ts';
import type { WireError, WireView } from '../../games/wire.ts';
import { type HubDouble, startHubDouble } from './hub-double.ts';

export type Answered = { status: number; view: WireView; code: string | null };

export type Table = {
  hub: HubDouble;
  studio: Studio;
  /** What a further studio on the same folder and hub is opened with. */
  settings: StudioOptions;
  folder: string;
  /** The next reels stop so; afterwards they are seeded. */
  stops: number[];
  /** Moves the studio's clock on. */
  later(ms: number): void;
  post(key: string, path: string, body: unknown): Promise<Answered>;
  get(key: string): Promise<Answered>;
  open(token: string, opening?: string): Promise<{ key: string; view: WireView }>;
};

export const SLOT = GAMES.find((game): game is SlotGame => game.kind === 'slot' && game.zeroWins)!;
export const QUIET_SLOT = GAMES.find((game): game is SlotGame => game.kind === 'slot' && !game.zeroWins)!;

let lastId = 0;

export function spinId(): string {
  lastId += 1;
  return `spin-of-test-${lastId}`;
}

/** Stops of a game where the outcome fits. */
export function stopsWhere(
  game: SlotGame,
  fits: (outcome: { units: number; scatters: number }) => boolean,
): number[] {
  const model = modelOf(game);
  const rng = xoshiro(99);
  const out = emptyOutcome(model);
  do drawSpin(model, rng, out);
  while (!fits(out));
  return [...out.stops];
}

export const LOST = stopsWhere(SLOT, (out) => out.units === 0 && out.scatters === 0);
export const WON = stopsWhere(SLOT, (out) => out.units > 0 && out.scatters === 0);
export const FREE = stopsWhere(SLOT, (out) => out.scatters === 3);

async function answered(response: Response): Promise<Answered> {
  const body = (await response.json()) as WireView | WireError;
  if (response.ok) return { status: response.status, view: body as WireView, code: null };
  const { code, view } = body as WireError;
  return { status: response.status, view: view as WireView, code };
}

function scripted(stops: number[]): Rng {
  const seeded = xoshiro(4711);
  return { below: (bound) => stops.shift() ?? seeded.below(bound) };
}

/** Starts a studio and its hub; the test's end takes them away. */
export async function openTable(t: TestContext): Promise<Table> {
  const hub = await startHubDouble();
  const folder = mkdtempSync(join(tmpdir(), 'studio-'));
  const stops: number[] = [];
  let skew = 0;
  const settings: StudioOptions = {
    hubUrl: hub.url,
    key: hub.key,
    secret: hub.secret,
    host: '127.0.0.1',
    port: 0,
    dataDir: folder,
    rng: scripted(stops),
    log: pino({ level: 'silent' }),
    now: () => Date.now() + skew,
    onFatal: (error) => {
      throw error;
    },
    hubTimeoutMs: 1_000,
    betPatienceMs: 60,
    retryMs: { first: 5, most: 20 },
  };
  const studio = await openStudio(settings);
  t.after(async () => {
    await studio.stop();
    await hub.close();
    rmSync(folder, { recursive: true });
  });
  const headers = (key: string) => ({ 'content-type': 'application/json', 'x-studio-session': key });
  return {
    hub,
    studio,
    settings,
    folder,
    stops,
    later: (ms) => {
      skew += ms;
    },
    post: async (key, path, body) =>
      answered(
        await fetch(`${studio.url}/api/${path}`, {
          method: 'POST',
          headers: headers(key),
          body: JSON.stringify(body),
        }),
      ),
    get: async (key) => answered(await fetch(`${studio.url}/api/state`, { headers: headers(key) })),
    open: async (token, opening = 'opening-of-test') => {
      const response = await fetch(`${studio.url}/api/open`, {
        method: 'POST',
        headers: headers(''),
        body: JSON.stringify({ token, opening, language: 'en' }),
      });
      return (await response.json()) as { key: string; view: WireView };
    },
  };
}
