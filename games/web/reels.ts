/** The picture of the reels on a canvas: turning belts, winning symbols, lines. Draws only while something moves. */
import { type Belt, newBelt } from './belt.ts';
import { calmMotion } from './dom.ts';

export type Highlight = {
  /** Cells (reel * 3 + row) that win. */
  cells: ReadonlySet<number>;
  /** Lines to draw: their number and rows on each reel, and how many reels they cover. */
  lines: readonly { number: number; rows: readonly number[]; length: number }[];
};

export type Reels = {
  canvas: HTMLCanvasElement;
  load(): Promise<void>;
  resize(width: number, height: number): void;
  show(window: readonly number[]): void;
  start(only?: number): void;
  /** Lands all turning reels one after another; resolves when the last is at rest. */
  stop(window: readonly number[], tense: boolean): Promise<void>;
  highlight(highlight: Highlight | null): void;
  onReelStop: (reel: number) => void;
};

const REELS = 5;
const ROWS = 3;
const SYMBOLS = 11;
const SCATTER = 1;
const STAGGER_MS = 190;
const TENSION_MS = 900;
const SMEAR_STEPS = 25;
const PULSE_MS = 1_250;
const LINE_HUES = [48, 190, 320, 120, 15, 265, 90, 210, 345, 170] as const;

type Screen = { cell: { w: number; h: number }; scale: number };

function loadImage(source: string): Promise<HTMLImageElement> {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => resolve(image); // an empty cell is drawn; the outcome is in words, too
    image.src = source;
  });
}

function paintLine(
  draw: CanvasRenderingContext2D,
  screen: Screen,
  line: { number: number; rows: readonly number[]; length: number },
): void {
  const { w, h } = screen.cell;
  const hue = LINE_HUES[(line.number - 1) % LINE_HUES.length]!;
  const point = (reel: number): [number, number] => [(reel + 0.5) * w, (line.rows[reel]! + 0.5) * h];
  const trace = (): void => {
    draw.beginPath();
    draw.moveTo(0, point(0)[1]);
    for (let reel = 0; reel < REELS; reel += 1) draw.lineTo(...point(reel));
    draw.lineTo(w * REELS, point(REELS - 1)[1]);
  };
  draw.save();
  draw.lineJoin = 'round';
  draw.lineCap = 'round';
  for (const [width, colour] of [
    [h * 0.11, `hsl(${hue} 100% 50% / .25)`],
    [h * 0.055, `hsl(${hue} 100% 55% / .95)`],
    [h * 0.02, 'rgb(255 255 255 / .95)'],
  ] as const) {
    trace();
    draw.lineWidth = width;
    draw.strokeStyle = colour;
    draw.stroke();
  }
  draw.restore();
}

function reelShade(draw: CanvasRenderingContext2D, screen: Screen, middle: string): CanvasGradient {
  const shade = draw.createLinearGradient(0, 0, 0, screen.cell.h * ROWS);
  shade.addColorStop(0, 'rgb(6 8 22 / .92)');
  shade.addColorStop(0.5, middle);
  shade.addColorStop(1, 'rgb(6 8 22 / .92)');
  return shade;
}

function newLayer(screen: Screen, paint: (draw: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const layer = document.createElement('canvas');
  layer.width = Math.round(screen.cell.w * REELS * screen.scale);
  layer.height = Math.round(screen.cell.h * ROWS * screen.scale);
  const draw = layer.getContext('2d')!;
  draw.scale(screen.scale, screen.scale);
  paint(draw);
  return layer;
}

function paintBack(draw: CanvasRenderingContext2D, screen: Screen): void {
  const { w, h } = screen.cell;
  for (let reel = 0; reel < REELS; reel += 1) {
    draw.fillStyle = reelShade(draw, screen, 'rgb(34 38 74 / .78)');
    draw.fillRect(reel * w + 1, 0, w - 2, h * ROWS);
    draw.fillStyle = 'rgb(255 255 255 / .05)';
    draw.fillRect(reel * w + 1, 0, 1, h * ROWS);
  }
}

function paintShade(draw: CanvasRenderingContext2D, screen: Screen): void {
  const { w, h } = screen.cell;
  const shade = draw.createLinearGradient(0, 0, 0, h * ROWS);
  shade.addColorStop(0, 'rgb(0 0 0 / .55)');
  shade.addColorStop(0.09, 'rgb(0 0 0 / 0)');
  shade.addColorStop(0.91, 'rgb(0 0 0 / 0)');
  shade.addColorStop(1, 'rgb(0 0 0 / .55)');
  draw.fillStyle = shade;
  draw.fillRect(0, 0, w * REELS, h * ROWS);
}

/** What never changes between frames, drawn once per size. */
function layersOf(screen: Screen): {
  back: HTMLCanvasElement;
  shade: HTMLCanvasElement;
  glow: HTMLCanvasElement;
} {
  const { w, h } = screen.cell;
  const glow = newLayer({ ...screen, cell: { w: w / REELS, h: h / ROWS } }, (draw) => {
    const light = draw.createRadialGradient(w / 2, h / 2, 0, w / 2, h / 2, Math.max(w, h) * 0.62);
    light.addColorStop(0, 'rgb(255 226 120 / .6)');
    light.addColorStop(1, 'rgb(255 200 60 / 0)');
    draw.fillStyle = light;
    draw.fillRect(0, 0, w, h);
  });
  return {
    back: newLayer(screen, (draw) => paintBack(draw, screen)),
    shade: newLayer(screen, (draw) => paintShade(draw, screen)),
    glow,
  };
}

/** Symbol pictures drawn once at the size they are needed. */
function spriteSheet(images: readonly HTMLImageElement[], screen: Screen): HTMLCanvasElement[] {
  const side = Math.max(8, Math.round(Math.min(screen.cell.w, screen.cell.h) * screen.scale));
  return images.map((image) => {
    const sprite = document.createElement('canvas');
    sprite.width = side;
    sprite.height = side;
    if (image.naturalWidth > 0) sprite.getContext('2d')?.drawImage(image, 0, 0, side, side);
    return sprite;
  });
}

/** The sprites as a fast reel shows them: smeared along its way, twice as tall. */
function smeared(sprites: readonly HTMLCanvasElement[]): HTMLCanvasElement[] {
  return sprites.map((sprite) => {
    const smear = document.createElement('canvas');
    smear.width = sprite.width;
    smear.height = sprite.height * 2;
    const draw = smear.getContext('2d')!;
    draw.globalAlpha = 0.1;
    for (let n = 0; n < SMEAR_STEPS; n += 1) {
      const shift = (n / (SMEAR_STEPS - 1) - 0.5) * 0.62;
      draw.drawImage(sprite, 0, sprite.height * (0.5 + shift));
    }
    return smear;
  });
}

/** The reels of a game. `symbolUrl` names the picture of a symbol. */
export function newReels(strips: readonly (readonly number[])[], symbolUrl: (n: number) => string): Reels {
  const canvas = document.createElement('canvas');
  canvas.className = 'reels';
  canvas.setAttribute('aria-hidden', 'true');
  const draw = canvas.getContext('2d')!;
  const belts: Belt[] = strips.map((strip) => newBelt(strip));
  let screen: Screen = { cell: { w: 60, h: 60 }, scale: 1 };
  let images: HTMLImageElement[] = [];
  let sprites: HTMLCanvasElement[] = [];
  let smears: HTMLCanvasElement[] = [];
  let highlight: Highlight | null = null;
  let highlightAt = 0;
  let frame = 0;
  let layers = layersOf(screen);
  /** Winning symbols beat for a while and then rest, so that an idle game costs no power. */
  const pulses = (now: number): boolean =>
    highlight !== null && !calmMotion() && now - highlightAt < PULSE_MS;
  const tense = new Set<number>();
  const waiting = new Map<number, () => void>();

  const paintSymbol = (symbol: number, at: { x: number; y: number; size: number; alpha: number }): void => {
    const sprite = sprites[symbol];
    if (sprite === undefined) return;
    draw.globalAlpha = at.alpha;
    draw.drawImage(sprite, at.x - at.size / 2, at.y - at.size / 2, at.size, at.size);
    draw.globalAlpha = 1;
  };

  const paintReel = (reel: number, now: number): void => {
    const belt = belts[reel]!;
    const { w, h } = screen.cell;
    const size = Math.min(w, h) * 0.97;
    const top = Math.floor(belt.position) + 1;
    for (let index = top; index > top - ROWS - 2; index -= 1) {
      const symbol = belt.symbolAt(index);
      const row = belt.position - index;
      const x = (reel + 0.5) * w;
      const y = (row + 0.5) * h;
      if (belt.speed > 8) {
        const smear = smears[symbol];
        if (smear !== undefined) draw.drawImage(smear, x - size / 2, y - size, size, size * 2);
        continue;
      }
      const wins = highlight?.cells.has(reel * ROWS + Math.round(row)) ?? false;
      const wave = pulses(now) ? Math.sin((now - highlightAt) / 130) : 0;
      const alpha = highlight !== null && !wins ? 0.32 : 1;
      if (wins) paintGlow(x, y, wave);
      paintSymbol(symbol, { x, y, size: wins ? size * (1 + 0.07 * wave) : size, alpha });
    }
  };

  const paintGlow = (x: number, y: number, wave: number): void => {
    const { w, h } = screen.cell;
    draw.globalAlpha = 0.75 + 0.25 * wave;
    draw.drawImage(layers.glow, x - w / 2, y - h / 2, w, h);
    draw.globalAlpha = 1;
  };

  const paintLayer = (layer: HTMLCanvasElement): void => {
    draw.drawImage(layer, 0, 0, screen.cell.w * REELS, screen.cell.h * ROWS);
  };

  const paint = (now: number): void => {
    draw.setTransform(screen.scale, 0, 0, screen.scale, 0, 0);
    draw.clearRect(0, 0, screen.cell.w * REELS, screen.cell.h * ROWS);
    paintLayer(layers.back);
    for (const reel of tense) {
      draw.fillStyle = reelShade(draw, screen, 'rgb(150 116 20 / .8)');
      draw.fillRect(reel * screen.cell.w, 0, screen.cell.w, screen.cell.h * ROWS);
    }
    for (let reel = 0; reel < REELS; reel += 1) paintReel(reel, now);
    paintLayer(layers.shade);
    for (const line of highlight?.lines ?? []) paintLine(draw, screen, line);
  };

  const tick = (now: number): void => {
    frame = 0;
    belts.forEach((belt, reel) => {
      if (!belt.step(now)) return;
      tense.delete(reel);
      reels.onReelStop(reel);
      waiting.get(reel)?.();
      waiting.delete(reel);
    });
    paint(now);
    const moving = belts.some((belt) => !belt.resting) || pulses(now);
    if (moving) request();
  };
  const request = (): void => {
    if (frame === 0) frame = requestAnimationFrame(tick);
  };

  const landReel = (reel: number, symbols: readonly number[], delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      waiting.set(reel, resolve);
      setTimeout(() => {
        belts[reel]!.land(symbols, performance.now());
        request();
      }, delayMs);
    });

  const reels: Reels = {
    canvas,
    onReelStop: () => undefined,
    async load() {
      images = await Promise.all(Array.from({ length: SYMBOLS }, (_, n) => loadImage(symbolUrl(n))));
      sprites = spriteSheet(images, screen);
      smears = smeared(sprites);
      request();
    },
    resize(width, height) {
      const scale = Math.min(3, devicePixelRatio || 1);
      screen = { cell: { w: width / REELS, h: height / ROWS }, scale };
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      sprites = spriteSheet(images, screen);
      smears = smeared(sprites);
      layers = layersOf(screen);
      paint(performance.now());
    },
    show(window) {
      belts.forEach((belt, reel) => {
        belt.rest(window.slice(reel * ROWS, reel * ROWS + ROWS));
      });
      request();
    },
    start(only) {
      highlight = null;
      if (calmMotion()) return;
      const now = performance.now();
      belts.forEach((belt, reel) => {
        if (only === undefined || only === reel) belt.start(now + (only === undefined ? reel * 40 : 0));
      });
      request();
    },
    async stop(window, tension) {
      if (calmMotion()) {
        reels.show(window);
        reels.onReelStop(REELS - 1);
        return;
      }
      const landings: Promise<void>[] = [];
      let delay = 0;
      let scatters = 0;
      for (let reel = 0; reel < REELS; reel += 1) {
        const symbols = window.slice(reel * ROWS, reel * ROWS + ROWS);
        if (!belts[reel]!.resting) {
          if (tension && scatters >= 2) {
            delay += TENSION_MS;
            setTimeout(() => tense.add(reel), delay - TENSION_MS + STAGGER_MS);
          }
          landings.push(landReel(reel, symbols, delay));
          delay += STAGGER_MS;
        }
        if (symbols.includes(SCATTER)) scatters += 1;
      }
      await Promise.all(landings);
    },
    highlight(next) {
      highlight = next;
      highlightAt = performance.now();
      request();
    },
  };
  return reels;
}
