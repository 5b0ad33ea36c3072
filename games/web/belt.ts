/**
 * One turning reel. The belt is endless: symbol `i` stands at `position - i` rows from the top, so a growing
 * position moves symbols down. Landing writes the outcome onto the belt ahead and eases to it.
 */
export type Belt = {
  /** Rows the belt has moved. */
  position: number;
  /** Rows a second, for blur. */
  speed: number;
  resting: boolean;
  symbolAt(index: number): number;
  rest(symbols: readonly number[]): void;
  start(now: number): void;
  land(symbols: readonly number[], now: number): void;
  /** Moves on to `now`. A landed belt waits there to be put to rest. */
  step(now: number): void;
};

const SPEED = 24;
const RUN_UP_MS = 220;
/** From the start of a landing to its end. */
export const LANDING_MS = 620;
const ROWS_AHEAD = 5;

function easeOutBack(t: number): number {
  const c = 1.25;
  return 1 + (c + 1) * (t - 1) ** 3 + c * (t - 1) ** 2;
}

/** A belt over a reel's strip. */
export function newBelt(strip: readonly number[]): Belt {
  const written = new Map<number, number>();
  let startedAt = 0;
  let startedFrom = 0;
  let landing: { from: number; to: number; at: number } | null = null;

  const write = (at: number, symbols: readonly number[]): void => {
    symbols.forEach((symbol, row) => {
      written.set(at - row, symbol);
    });
  };

  const belt: Belt = {
    position: 2,
    speed: 0,
    resting: true,
    symbolAt(index) {
      const onStrip = ((-index % strip.length) + strip.length) % strip.length;
      return written.get(index) ?? strip[onStrip] ?? 6;
    },
    rest(symbols) {
      belt.position = Math.round(belt.position);
      written.clear();
      write(belt.position, symbols);
      belt.resting = true;
      belt.speed = 0;
      landing = null;
    },
    start(now) {
      belt.resting = false;
      startedAt = now;
      startedFrom = belt.position;
      landing = null;
    },
    land(symbols, now) {
      const to = Math.ceil(belt.position) + ROWS_AHEAD;
      write(to, symbols);
      landing = { from: belt.position, to, at: now };
    },
    step(now) {
      if (belt.resting) return;
      if (landing === null) {
        const t = Math.max(0, now - startedAt);
        const run = t < RUN_UP_MS ? (t * t) / (2 * RUN_UP_MS) : t - RUN_UP_MS / 2;
        const pull = t < RUN_UP_MS ? -0.22 * Math.sin((t / RUN_UP_MS) * Math.PI) : 0;
        belt.position = startedFrom + (run / 1000) * SPEED + pull;
        belt.speed = t < RUN_UP_MS ? 0 : SPEED;
        return;
      }
      const t = Math.min(1, Math.max(0, now - landing.at) / LANDING_MS);
      belt.position = landing.from + (landing.to - landing.from) * easeOutBack(t);
      belt.speed = t < 0.3 ? SPEED * (1 - t * 2) : 0;
    },
  };
  return belt;
}
