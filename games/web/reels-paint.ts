/** How the reels are drawn: backs, symbols, smears of fast symbols, glow and lines. Knows nothing of time passing. */
import type { Belt } from './belt.ts';

export type Highlight = {
  /** Cells (reel * 3 + row) that win. */
  cells: ReadonlySet<number>;
  /** Lines to draw: their number and rows on each reel, and how many reels they cover. */
  lines: readonly { number: number; rows: readonly number[]; length: number }[];
};

export const REELS = 5;
export const ROWS = 3;
const SMEAR_STEPS = 25;
const FAST_ROWS = 8;
const LINE_HUES = [48, 190, 320, 120, 15, 265, 90, 210, 345, 170] as const;

type Screen = { cell: { w: number; h: number }; scale: number };

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

/** A canvas and what is drawn on it at one size. */
export type Surface = {
  canvas: HTMLCanvasElement;
  draw: CanvasRenderingContext2D;
  screen: Screen;
  images: readonly HTMLImageElement[];
  sprites: readonly HTMLCanvasElement[];
  smears: readonly HTMLCanvasElement[];
  layers: ReturnType<typeof layersOf>;
};

/** One moment of the reels. */
export type Moment = {
  belts: readonly Belt[];
  highlight: Highlight | null;
  /** -1…1, the beat of winning symbols. */
  wave: number;
  /** Reels that are waited for with two scatters in sight. */
  tense: ReadonlySet<number>;
};

/** A surface for a canvas; it shows nothing until it has pictures and a size. */
export function newSurface(canvas: HTMLCanvasElement): Surface {
  const screen: Screen = { cell: { w: 60, h: 60 }, scale: 1 };
  const draw = canvas.getContext('2d')!;
  return { canvas, draw, screen, images: [], sprites: [], smears: [], layers: layersOf(screen) };
}

/** Gives the surface its pictures. */
export function dressSurface(surface: Surface, images: readonly HTMLImageElement[]): void {
  surface.images = images;
  surface.sprites = spriteSheet(images, surface.screen);
  surface.smears = smeared(surface.sprites);
}

/** Gives the surface a size in CSS pixels. */
export function sizeSurface(surface: Surface, width: number, height: number): void {
  const { canvas } = surface;
  const scale = Math.min(3, devicePixelRatio || 1);
  surface.screen = { cell: { w: width / REELS, h: height / ROWS }, scale };
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  surface.layers = layersOf(surface.screen);
  dressSurface(surface, surface.images);
}

type Place = { x: number; y: number; size: number; alpha: number };

function paintSprite({ draw }: Surface, sprite: HTMLCanvasElement | undefined, at: Place): void {
  if (sprite === undefined) return;
  const height = (at.size * sprite.height) / sprite.width;
  draw.globalAlpha = at.alpha;
  draw.drawImage(sprite, at.x - at.size / 2, at.y - height / 2, at.size, height);
  draw.globalAlpha = 1;
}

function paintGlow({ draw, screen, layers }: Surface, at: { x: number; y: number; alpha: number }): void {
  const { w, h } = screen.cell;
  draw.globalAlpha = at.alpha;
  draw.drawImage(layers.glow, at.x - w / 2, at.y - h / 2, w, h);
  draw.globalAlpha = 1;
}

function paintReel(surface: Surface, moment: Moment, reel: number): void {
  const belt = moment.belts[reel]!;
  const { w, h } = surface.screen.cell;
  const size = Math.min(w, h) * 0.97;
  const top = Math.floor(belt.position) + 1;
  for (let index = top; index > top - ROWS - 2; index -= 1) {
    const symbol = belt.symbolAt(index);
    const row = belt.position - index;
    const x = (reel + 0.5) * w;
    const y = (row + 0.5) * h;
    if (belt.speed > FAST_ROWS) {
      paintSprite(surface, surface.smears[symbol], { x, y, size, alpha: 1 });
      continue;
    }
    const wins = moment.highlight?.cells.has(reel * ROWS + Math.round(row)) ?? false;
    if (wins) paintGlow(surface, { x, y, alpha: 0.75 + 0.25 * moment.wave });
    const grown = wins ? size * (1 + 0.07 * moment.wave) : size;
    const alpha = moment.highlight !== null && !wins ? 0.32 : 1;
    paintSprite(surface, surface.sprites[symbol], { x, y, size: grown, alpha });
  }
}

/** Draws a moment. */
export function paintReels(surface: Surface, moment: Moment): void {
  const { draw, screen, layers } = surface;
  const { w, h } = screen.cell;
  const paintLayer = (layer: HTMLCanvasElement): void => draw.drawImage(layer, 0, 0, w * REELS, h * ROWS);
  draw.setTransform(screen.scale, 0, 0, screen.scale, 0, 0);
  draw.clearRect(0, 0, w * REELS, h * ROWS);
  paintLayer(layers.back);
  for (const reel of moment.tense) {
    draw.fillStyle = reelShade(draw, screen, 'rgb(150 116 20 / .8)');
    draw.fillRect(reel * w, 0, w, h * ROWS);
  }
  for (let reel = 0; reel < REELS; reel += 1) paintReel(surface, moment, reel);
  paintLayer(layers.shade);
  for (const line of moment.highlight?.lines ?? []) paintLine(draw, screen, line);
}
