/** Whole pictures of a game: its symbols, its backdrop, its thumbnail. They follow from the game alone. */
import type { Game, SlotGame } from '../catalogue/games.ts';
import { lowStyleOf } from '../catalogue/symbols.ts';
import type { FamilyName } from '../catalogue/words.ts';
import { SCATTER, WILD } from '../slot/model.ts';
import { DAY_ICONS, type Icon } from './icons-day.ts';
import { NIGHT_ICONS } from './icons-night.ts';
import { circle, hsl, newInk, path, polygon, stroke } from './ink.ts';
import { lowMarks, scatterMark, wildMark } from './marks.ts';
import { scenery } from './scenery.ts';

const ICONS: Readonly<Record<FamilyName, readonly Icon[]>> = { ...DAY_ICONS, ...NIGHT_ICONS };

function iconOf(game: SlotGame, symbol: number): Icon {
  if (symbol === WILD) return wildMark;
  if (symbol === SCATTER) return scatterMark(game.hue);
  if (symbol <= 5) return ICONS[game.family][symbol - 2]!;
  return lowMarks(lowStyleOf(game))[symbol - 6]!;
}

function svg(box: string, inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}">${inside}</svg>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** One symbol of a slot, 200 × 200. */
export function symbolSvg(game: SlotGame, symbol: number): string {
  const ink = newInk('g');
  const body = iconOf(game, symbol)(ink);
  const shade =
    '<filter id="s" x="-20%" y="-20%" width="140%" height="140%"><feDropShadow dx="0" dy="2" stdDeviation="2.2" flood-color="#000" flood-opacity=".55"/></filter>';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200" viewBox="-7 -7 114 114">${ink.defs()}<defs>${shade}</defs><g filter="url(#s)">${body}</g></svg>`;
}

/** The scene behind the reels, 1600 × 1000; the page shows the part that fits. */
export function backdropSvg(game: Game): string {
  const family = game.kind === 'slot' ? game.family : 'lantern';
  const hue = game.kind === 'slot' ? game.hue : 215;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 1000" preserveAspectRatio="xMidYMax slice">${scenery(family, hue)}</svg>`;
}

/** Breaks a title into lines of a thumbnail, the longest as short as can be. */
function titleLines(title: string): string[] {
  const words = title.split(' ');
  if (title.length <= 12 || words.length < 2) return [title];
  const cuts = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(' '), words.slice(i + 1).join(' ')]);
  const longest = (lines: string[]): number => Math.max(...lines.map((line) => line.length));
  return cuts.reduce((best, cut) => (longest(cut) < longest(best) ? cut : best));
}

function titleText(title: string, hue: number): string {
  const lines = titleLines(title);
  const size = Math.min(38, 258 / (0.6 * Math.max(...lines.map((line) => line.length))));
  const base = 282 - (lines.length - 1) * size * 1.02;
  const font = `font-family="Georgia,'Times New Roman',serif" font-weight="700" font-size="${size.toFixed(1)}" text-anchor="middle"`;
  return lines
    .map((line, i) => {
      const y = (base + i * size * 1.02).toFixed(1);
      return `<text x="150" y="${y}" ${font} stroke="${hsl(hue, 70, 8)}" stroke-width="7" stroke-linejoin="round" fill="none">${escaped(line)}</text><text x="150" y="${y}" ${font} fill="url(#title)">${escaped(line)}</text>`;
    })
    .join('');
}

const TITLE_GOLD =
  '<defs><linearGradient id="title" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fffbe0"/><stop offset=".55" stop-color="#ffd965"/><stop offset="1" stop-color="#e89a1c"/></linearGradient><radialGradient id="glow"><stop offset="0" stop-color="#fff6cf" stop-opacity=".95"/><stop offset="1" stop-color="#fff6cf" stop-opacity="0"/></radialGradient><linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".8"/></linearGradient></defs>';

function rays(hue: number): string {
  return Array.from({ length: 16 }, (_, i) => {
    const turn = i * 22.5;
    return `<path d="M150 118L132 -150H168Z" fill="${hsl(hue + 40, 90, 75)}" opacity=".16" transform="rotate(${turn} 150 118)"/>`;
  }).join('');
}

function frame(hue: number): string {
  return `<rect x="4" y="4" width="292" height="292" rx="22" fill="none" stroke="${hsl(hue + 40, 85, 68)}" stroke-width="4"/><rect x="9" y="9" width="282" height="282" rx="18" fill="none" stroke="#fff" stroke-opacity=".25" stroke-width="1.5"/>`;
}

function placed(
  icon: Icon,
  at: { prefix: string; x: number; y: number; size: number; turn: number },
): string {
  const ink = newInk(at.prefix);
  const body = icon(ink);
  return `${ink.defs()}<g transform="translate(${at.x} ${at.y}) rotate(${at.turn}) scale(${at.size / 100}) translate(-50 -50)">${body}</g>`;
}

function slotThumbnail(game: SlotGame): string {
  const icons = ICONS[game.family];
  const hero = game.hue % 4;
  const scene = `<g transform="translate(-20 0) scale(.3)">${scenery(game.family, game.hue)}</g>`;
  return (
    TITLE_GOLD +
    `<rect width="300" height="300" fill="${hsl(game.hue, 60, 18)}"/>` +
    scene +
    rays(game.hue) +
    '<circle cx="150" cy="118" r="120" fill="url(#glow)"/>' +
    placed(icons[(hero + 1) % 4]!, { prefix: 'a', x: 68, y: 148, size: 82, turn: -14 }) +
    placed(icons[(hero + 2) % 4]!, { prefix: 'b', x: 232, y: 148, size: 82, turn: 14 }) +
    placed(icons[hero]!, { prefix: 'h', x: 150, y: 108, size: 150, turn: 0 }) +
    '<rect y="170" width="300" height="130" fill="url(#dusk)"/>' +
    titleText(game.title.en, game.hue) +
    frame(game.hue)
  );
}

const CHIP_HUES: Readonly<Record<string, number>> = {
  baccarat: 350,
  roulette: 140,
  dragontiger: 18,
  blackjack: 205,
  sicbo: 275,
};

function chip(at: readonly [number, number], hue: number, size: number): string {
  const [x, y] = at;
  const marks = Array.from(
    { length: 8 },
    (_, i) =>
      `<rect x="${x - size * 0.08}" y="${y - size}" width="${size * 0.16}" height="${size * 0.22}" fill="#fff" transform="rotate(${i * 45} ${x} ${y})"/>`,
  ).join('');
  return (
    circle([x, y + 4, size], 'rgba(0,0,0,.4)') +
    circle([x, y, size], hsl(hue, 70, 45)) +
    marks +
    circle([x, y, size * 0.72], hsl(hue, 75, 34), 'stroke="#fff" stroke-width="2"') +
    path(polygon({ at: [x, y], sides: 4, radius: size * 0.42 }), hsl(hue, 60, 80))
  );
}

function tableThumbnail(game: Game): string {
  const hue = CHIP_HUES[game.type] ?? 215;
  const card = (turn: number, x: number): string =>
    `<g transform="rotate(${turn} ${x} 150)"><rect x="${x - 42}" y="52" width="84" height="120" rx="9" fill="#fdfbf5" stroke="#d9d2c0"/><g transform="translate(${x - 22} 88) scale(.44)">${path('M50 84Q12 58 12 36Q14 16 32 16Q44 16 50 30Q56 16 68 16Q86 16 88 36Q88 58 50 84Z', hsl(hue, 75, 42))}</g></g>`;
  return (
    TITLE_GOLD +
    `<rect width="300" height="300" fill="${hsl(hue + 10, 45, 14)}"/>` +
    `<ellipse cx="150" cy="210" rx="240" ry="120" fill="${hsl(150, 55, 22)}" stroke="${hsl(40, 60, 45)}" stroke-width="6"/>` +
    '<circle cx="150" cy="110" r="120" fill="url(#glow)" opacity=".35"/>' +
    card(-14, 122) +
    card(12, 180) +
    chip([72, 168], hue, 30) +
    chip([232, 172], hue + 60, 26) +
    '<rect y="170" width="300" height="130" fill="url(#dusk)"/>' +
    titleText(game.title.en, hue) +
    frame(hue)
  );
}

function lobbyThumbnail(game: Game): string {
  const hue = [...game.vendor].reduce((n, c) => (n * 31 + c.charCodeAt(0)) % 360, 7);
  const arch = 'M70 214V120A80 80 0 0 1 230 120V214Z';
  return (
    TITLE_GOLD +
    `<rect width="300" height="300" fill="${hsl(hue, 55, 13)}"/>` +
    rays(hue) +
    path(arch, hsl(hue, 60, 28)) +
    '<circle cx="150" cy="140" r="90" fill="url(#glow)"/>' +
    stroke('M70 214V120A80 80 0 0 1 230 120V214', '#ffd965', 7) +
    stroke('M52 218H248', '#ffd965', 9) +
    chip([112, 190], hue + 150, 26) +
    chip([190, 184], hue + 40, 32) +
    path(polygon({ at: [150, 118], sides: 5, radius: 38, inner: 16 }), '#fff6cf') +
    '<rect y="170" width="300" height="130" fill="url(#dusk)"/>' +
    titleText(game.title.en, hue) +
    frame(hue)
  );
}

/** The thumbnail in a game list, 300 × 300, with the title on it. */
export function thumbnailSvg(game: Game): string {
  const inside =
    game.kind === 'slot'
      ? slotThumbnail(game)
      : game.kind === 'table'
        ? tableThumbnail(game)
        : lobbyThumbnail(game);
  const clipped = `<defs><clipPath id="card"><rect width="300" height="300" rx="24"/></clipPath></defs><g clip-path="url(#card)">${inside}</g>`;
  return svg('0 0 300 300', clipped).replace('<svg ', '<svg width="300" height="300" ');
}
