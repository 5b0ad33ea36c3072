/** The scene of a family in a hue: sky, a light, and three layers of silhouettes, 1600 × 1000. */
import type { FamilyName } from '../catalogue/words.ts';
import { circle, hsl, path, polygon } from './ink.ts';

type Layer = { hue: number; depth: 0 | 1 | 2; seed: number };

/** A repeatable number in 0…1 that belongs to a place of a picture. */
function noise(n: number): number {
  const x = Math.sin(n * 127.1 + 311.7) * 43_758.5453;
  return x - Math.floor(x);
}

function across(count: number, draw: (x: number, i: number) => string): string {
  return Array.from({ length: count }, (_, i) => draw(((i + 0.5) / count) * 1600, i)).join('');
}

function tone(layer: Layer): string {
  return hsl(layer.hue + layer.depth * 8, 50, [26, 18, 10][layer.depth]!);
}

function hills(layer: Layer, heights: { base: number; swing: number; steps: number }): string {
  const points = Array.from({ length: heights.steps + 1 }, (_, i) => {
    const x = (i / heights.steps) * 1600;
    const y = 1000 - heights.base - noise(layer.seed + i) * heights.swing;
    return { x, y };
  });
  let d = `M0 1000L0 ${points[0]!.y.toFixed(0)}`;
  for (let i = 1; i < points.length; i += 1) {
    const a = points[i - 1]!;
    const b = points[i]!;
    const middle = ((a.x + b.x) / 2).toFixed(0);
    d += `C${middle} ${a.y.toFixed(0)} ${middle} ${b.y.toFixed(0)} ${b.x.toFixed(0)} ${b.y.toFixed(0)}`;
  }
  return path(`${d}L1600 1000Z`, tone(layer));
}

const base = (layer: Layer): number => [330, 220, 90][layer.depth]!;
const land = (layer: Layer): string => hills(layer, { base: base(layer), swing: 110, steps: 7 });

const SILHOUETTES: Readonly<Record<FamilyName, (layer: Layer) => string>> = {
  orchard: (layer) =>
    land(layer) +
    across(9, (x, i) => {
      const y = 1000 - base(layer) - 30 - noise(layer.seed + i * 3) * 60;
      const r = 46 + noise(layer.seed + i) * 40;
      return path(`M${x - 8} ${y}h16v140h-16Z`, tone(layer)) + circle([x, y, r], tone(layer));
    }),
  gems: (layer) =>
    land(layer) +
    across(11, (x, i) => {
      const h = 130 + noise(layer.seed + i * 5) * 240;
      const w = 34 + noise(layer.seed + i) * 34;
      const y = 1000 - base(layer) + 60;
      const lean = (noise(layer.seed + i * 7) - 0.5) * 60;
      return path(
        `M${x - w} ${y}L${x - w * 0.7 + lean} ${y - h}L${x + lean} ${y - h - w}L${x + w * 0.7 + lean} ${y - h}L${x + w} ${y}Z`,
        tone(layer),
      );
    }),
  lantern: (layer) =>
    land(layer) +
    across(6, (x, i) => {
      const y = 1000 - base(layer) - 40 - noise(layer.seed + i) * 70;
      const w = 100 + noise(layer.seed + i * 3) * 50;
      const roof = (dy: number, half: number): string =>
        `M${x - half - 34} ${y + dy}Q${x - half} ${y + dy - 8} ${x - half * 0.5} ${y + dy - 52}H${x + half * 0.5}Q${x + half} ${y + dy - 8} ${x + half + 34} ${y + dy}Z`;
      return [
        roof(0, w),
        `M${x - w * 0.8} ${y}h${w * 1.6}v420h-${w * 1.6}Z`,
        roof(-62, w * 0.66),
        `M${x - w * 0.5} ${y - 62}h${w}v62h-${w}Z`,
      ]
        .map((shape) => path(shape, tone(layer)))
        .join('');
    }),
  forest: (layer) =>
    land(layer) +
    across(15, (x, i) => {
      const h = 170 + noise(layer.seed + i * 3) * 150;
      const y = 1000 - base(layer) + 60;
      const w = h * 0.27;
      return path(
        `M${x} ${y - h}l${w * 0.6} ${h * 0.4}h-${w * 0.25}l${w * 0.6} ${h * 0.6}h-${w * 1.9}l${w * 0.6} -${h * 0.6}h-${w * 0.25}Z`,
        tone(layer),
      );
    }),
  ocean: (layer) =>
    hills(layer, { base: base(layer), swing: 60, steps: 16 }) +
    across(10, (x, i) =>
      circle(
        [x, 120 + noise(layer.seed + i * 11) * 640, 5 + noise(layer.seed + i) * 16],
        'rgba(255,255,255,.09)',
      ),
    ),
  cosmos: (layer) =>
    land(layer) +
    across(26, (x, i) =>
      path(
        polygon({
          at: [x + noise(layer.seed + i) * 60, noise(layer.seed + i * 13) * 640],
          sides: 4,
          radius: 3 + noise(layer.seed + i * 5) * 9,
          inner: 1.4,
        }),
        'rgba(255,255,255,.75)',
      ),
    ),
  desert: (layer) =>
    (layer.depth === 2
      ? ''
      : across(4, (x, i) => {
          const h = 150 + noise(layer.seed + i * 3) * 170;
          const y = 1000 - base(layer) + 30;
          return path(`M${x} ${y - h}L${x + h * 0.9} ${y}H${x - h * 0.9}Z`, tone(layer));
        })) + hills(layer, { base: base(layer) - 40, swing: 90, steps: 4 }),
  sweets: (layer) =>
    land(layer) +
    across(12, (x, i) => circle([x, 1000 - base(layer) + 10, 70 + noise(layer.seed + i) * 60], tone(layer))),
};

/** Draws the scene. */
export function scenery(family: FamilyName, hue: number): string {
  const sky = `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${hsl(hue - 20, 62, 15)}"/><stop offset=".55" stop-color="${hsl(hue, 58, 34)}"/><stop offset="1" stop-color="${hsl(hue + 34, 66, 52)}"/></linearGradient><radialGradient id="sun"><stop offset="0" stop-color="${hsl(hue + 45, 100, 90)}" stop-opacity=".95"/><stop offset=".25" stop-color="${hsl(hue + 40, 95, 75)}" stop-opacity=".5"/><stop offset="1" stop-color="${hsl(hue + 40, 90, 60)}" stop-opacity="0"/></radialGradient></defs><rect width="1600" height="1000" fill="url(#sky)"/><circle cx="800" cy="480" r="560" fill="url(#sun)"/>`;
  const layers = ([0, 1, 2] as const).map((depth) =>
    SILHOUETTES[family]({ hue, depth, seed: hue + depth * 37 }),
  );
  return sky + layers.join('');
}
