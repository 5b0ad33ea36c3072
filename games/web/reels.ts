/**
 * The reels in motion: start, landing one after another, shining wins. Draws only while something moves; what is
 * drawn follows the clock, and nobody waits for it.
 */
import { type Belt, LANDING_MS, newBelt } from './belt.ts';
import { calmMotion, wait } from './dom.ts';
import type { Pace } from './pace.ts';
import {
  dressSurface,
  type Highlight,
  newSurface,
  paintReels,
  REELS,
  ROWS,
  type Surface,
  sizeSurface,
} from './reels-paint.ts';

export type Reels = {
  canvas: HTMLCanvasElement;
  /** Resolves when the pictures are there, or after a while without them: they are shown when they come. */
  load(): Promise<void>;
  resize(width: number, height: number): void;
  show(window: readonly number[]): void;
  start(only?: number): void;
  /** Lands all turning reels one after another; resolves when the last is at rest. */
  stop(window: readonly number[], tension: 'tense' | 'plain'): Promise<void>;
  highlight(highlight: Highlight | null): void;
  onReelStop(listener: (reel: number) => void): void;
};

const SYMBOLS = 11;
const SCATTER = 1;
const STAGGER_MS = 190;
const START_STAGGER_MS = 40;
const TENSION_MS = 900;
const BEAT_MS = 130;
const PULSE_MS = 1_250;
const LOAD_MS_MAX = 10_000;

function loadImage(source: string): Promise<HTMLImageElement> {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => resolve(image); // an empty cell is drawn; the outcome is in words, too
    image.src = source;
  });
}

type Motion = {
  surface: Surface;
  belts: readonly Belt[];
  highlight: Highlight | null;
  highlightAt: number;
  tense: Set<number>;
  pace: Pace;
  frame: number;
  onStop: (reel: number) => void;
};

/** Winning symbols beat for a while and then rest, so that an idle game costs no power. */
function beats(motion: Motion, now: number): boolean {
  return motion.highlight !== null && !calmMotion() && now - motion.highlightAt < PULSE_MS;
}

function paintNow(motion: Motion, now: number): void {
  const wave = beats(motion, now) ? Math.sin((now - motion.highlightAt) / BEAT_MS) : 0;
  paintReels(motion.surface, { ...motion, wave });
}

function request(motion: Motion): void {
  if (motion.frame === 0) motion.frame = requestAnimationFrame((now) => tick(motion, now));
}

function tick(motion: Motion, now: number): void {
  motion.frame = 0;
  for (const belt of motion.belts) belt.step(now);
  paintNow(motion, now);
  if (motion.belts.some((belt) => !belt.resting) || beats(motion, now)) request(motion);
}

function show(motion: Motion, window: readonly number[]): void {
  motion.belts.forEach((belt, reel) => {
    belt.rest(window.slice(reel * ROWS, reel * ROWS + ROWS));
  });
  request(motion);
}

function start(motion: Motion, only: number | undefined): void {
  motion.highlight = null;
  if (calmMotion()) return;
  const now = performance.now();
  motion.belts.forEach((belt, reel) => {
    if (only === undefined) belt.start(now + reel * START_STAGGER_MS);
    else if (only === reel) belt.start(now);
  });
  request(motion);
}

type Landing = { symbols: readonly number[]; delayMs: number; tense: boolean };

/** Lets a reel turn on for a while and then come to rest; a press of the player ends either. */
async function land(motion: Motion, reel: number, { symbols, delayMs, tense }: Landing): Promise<void> {
  const belt = motion.belts[reel]!;
  const tenseAtMs = delayMs - TENSION_MS + STAGGER_MS;
  const tensing = tense ? setTimeout(() => motion.tense.add(reel), tenseAtMs) : undefined;
  await motion.pace.wait(delayMs);
  clearTimeout(tensing);
  belt.land(symbols, performance.now());
  request(motion);
  await motion.pace.wait(LANDING_MS);
  motion.tense.delete(reel);
  belt.rest(symbols);
  motion.onStop(reel);
  request(motion);
}

/** Lands the turning reels in turn; with two scatters in sight the next ones take their time. */
async function stop(motion: Motion, window: readonly number[], tension: 'tense' | 'plain'): Promise<void> {
  const landings: Promise<void>[] = [];
  let delayMs = 0;
  let scatters = 0;
  motion.belts.forEach((belt, reel) => {
    const symbols = window.slice(reel * ROWS, reel * ROWS + ROWS);
    if (belt.resting) belt.rest(symbols);
    else {
      const tense = tension === 'tense' && scatters >= 2;
      if (tense) delayMs += TENSION_MS;
      landings.push(land(motion, reel, { symbols, delayMs, tense }));
      delayMs += STAGGER_MS;
    }
    if (symbols.includes(SCATTER)) scatters += 1;
  });
  await Promise.all(landings);
}

/** The reels of a game. `symbolUrl` names the picture of a symbol. */
export function newReels(
  strips: readonly (readonly number[])[],
  symbolUrl: (n: number) => string,
  pace: Pace,
): Reels {
  const canvas = document.createElement('canvas');
  canvas.className = 'reels';
  canvas.setAttribute('aria-hidden', 'true');
  const motion: Motion = {
    surface: newSurface(canvas),
    belts: strips.map((strip) => newBelt(strip)),
    highlight: null,
    highlightAt: 0,
    tense: new Set(),
    pace,
    frame: 0,
    onStop: () => undefined,
  };
  return {
    canvas,
    onReelStop(listener) {
      motion.onStop = listener;
    },
    async load() {
      const images = Array.from({ length: SYMBOLS }, (_, n) => loadImage(symbolUrl(n)));
      const dressed = Promise.all(images).then((all) => {
        dressSurface(motion.surface, all);
        request(motion);
      });
      await Promise.race([dressed, wait(LOAD_MS_MAX)]);
    },
    resize(width, height) {
      sizeSurface(motion.surface, width, height);
      paintNow(motion, performance.now());
    },
    show: (window) => show(motion, window),
    start: (only) => start(motion, only),
    async stop(window, tension) {
      if (!calmMotion()) return stop(motion, window, tension);
      show(motion, window);
      motion.onStop(REELS - 1);
    },
    highlight(next) {
      motion.highlight = next;
      motion.highlightAt = performance.now();
      request(motion);
    },
  };
}
