/** Symbols every slot has: the wild, the scatter and the five low ones, in two styles. Letters are drawn, not set. */
import type { LowStyle } from '../catalogue/symbols.ts';
import type { Icon } from './icons-day.ts';
import { circle, hsl, type Ink, path, polygon, stroke } from './ink.ts';

const WORD_WILD = 'M12 44L17 66L23 52L29 66L34 44M42 44V66M52 44V66H64M72 44V66H76Q88 64 88 55Q88 46 76 44Z';
const WORD_FREE =
  'M14 46V66M14 46H27M14 56H24M36 66V46H44Q51 47 51 52Q51 57 44 57H36M44 57L51 66M72 46H60V66H72M60 56H70M92 46H80V66H92M80 56H90';

function banner(ink: Ink, word: string, colours: readonly [string, string, string]): string {
  return (
    path('M2 38H98L93 55L98 72H2L7 55Z', ink.lin(...colours)) +
    stroke('M5 41H95M5 69H95', 'rgba(255,240,190,.85)', 1.8) +
    stroke(word, 'rgba(60,10,0,.55)', 8) +
    stroke(word, '#fff8dc', 5)
  );
}

/** The wild: a gold burst under a banner. */
export const wildMark: Icon = (ink) =>
  path(
    polygon({ at: [50, 50], sides: 12, radius: 48, inner: 36 }),
    ink.rad('#fffbd6', '#ffcf33', '#d07a00'),
  ) +
  circle([50, 50, 33], ink.rad('#fff3b0', '#ffb31a', '#b85c00')) +
  path(polygon({ at: [50, 27], sides: 5, radius: 13, inner: 5.5 }), '#fffef0') +
  path(polygon({ at: [50, 84], sides: 5, radius: 7, inner: 3 }), '#fffef0') +
  banner(ink, WORD_WILD, ['#ff6a5c', '#d3162f', '#86041c']);

/** The scatter: a glowing orb in the game's hue. */
export function scatterMark(hue: number): Icon {
  return (ink) =>
    path(
      polygon({ at: [50, 50], sides: 8, radius: 49, inner: 38, turn: 22.5 }),
      ink.lin('#fff2b8', '#e0a21a', '#8a5200'),
    ) +
    circle([50, 50, 38], ink.rad(hsl(hue + 150, 100, 88), hsl(hue + 170, 85, 52), hsl(hue + 190, 90, 18))) +
    path(polygon({ at: [50, 28], sides: 4, radius: 14, inner: 4.5 }), '#ffffff') +
    path(polygon({ at: [30, 36], sides: 4, radius: 7, inner: 2 }), 'rgba(255,255,255,.85)') +
    path(polygon({ at: [70, 36], sides: 4, radius: 7, inner: 2 }), 'rgba(255,255,255,.85)') +
    banner(ink, WORD_FREE, [hsl(hue + 210, 80, 62), hsl(hue + 215, 85, 40), hsl(hue + 220, 90, 20)]);
}

const LOW_HUES = [352, 28, 138, 205, 275] as const;

const SUITS = [
  'M50 84Q12 58 12 36Q14 16 32 16Q44 16 50 30Q56 16 68 16Q86 16 88 36Q88 58 50 84Z',
  'M50 10L82 50L50 90L18 50Z',
  'M50 12Q66 14 66 30Q66 34 64 38Q86 34 88 54Q86 72 66 70Q58 68 54 62Q54 78 62 88H38Q46 78 46 62Q42 68 34 70Q14 72 12 54Q14 34 36 38Q34 34 34 30Q34 14 50 12Z',
  'M50 10Q84 36 88 56Q86 74 68 72Q58 70 54 64Q54 78 62 88H38Q46 78 46 64Q42 70 32 72Q14 74 12 56Q16 36 50 10Z',
  polygon({ at: [50, 54], sides: 5, radius: 44, inner: 19 }),
] as const;

/** A suit cut from coloured glass. */
function suitMark(n: number): Icon {
  const hue = LOW_HUES[n]!;
  return (ink) =>
    `<g transform="translate(50 51) scale(.8) translate(-50 -50)">${path(SUITS[n]!, ink.lin(hsl(hue, 90, 78), hsl(hue, 80, 52), hsl(hue, 85, 28)), `stroke="${hsl(hue, 70, 88)}" stroke-width="4" stroke-linejoin="round"`)}<g transform="translate(50 48) scale(.66) translate(-50 -50)">${path(SUITS[n]!, 'rgba(255,255,255,.22)')}</g></g>`;
}

const CUTS = [
  { sides: 6, turn: 0 },
  { sides: 4, turn: 0 },
  { sides: 8, turn: 22.5 },
  { sides: 3, turn: 0 },
  { sides: 5, turn: 36 },
] as const;

/** A faceted stone; every one has its own cut and colour. */
function stoneMark(n: number): Icon {
  const hue = LOW_HUES[n]!;
  const { sides, turn } = CUTS[n]!;
  const at: readonly [number, number] = [50, sides === 3 ? 58 : 50];
  const radius = sides === 3 ? 44 : 40;
  const table = polygon({ at, sides, radius: radius * 0.55, turn });
  return (ink) => {
    const spokes = Array.from({ length: sides }, (_, i) => {
      const a = (i / sides) * 2 * Math.PI - Math.PI / 2 + (turn * Math.PI) / 180;
      const point = (r: number): string =>
        `${(at[0] + r * Math.cos(a)).toFixed(1)} ${(at[1] + r * Math.sin(a)).toFixed(1)}`;
      return `M${point(radius * 0.55)}L${point(radius)}`;
    }).join('');
    return (
      path(
        polygon({ at, sides, radius, turn }),
        ink.lin(hsl(hue, 90, 74), hsl(hue, 82, 46), hsl(hue, 90, 24)),
        `stroke="${hsl(hue, 80, 82)}" stroke-width="3" stroke-linejoin="round"`,
      ) +
      stroke(spokes, 'rgba(255,255,255,.5)', 2) +
      path(
        table,
        ink.lin(hsl(hue, 100, 88), hsl(hue, 85, 58)),
        'stroke="rgba(255,255,255,.6)" stroke-width="2"',
      )
    );
  };
}

/** The five low symbols. */
export function lowMarks(style: LowStyle): Icon[] {
  return LOW_HUES.map((_, n) => (style === 'suits' ? suitMark(n) : stoneMark(n)));
}
