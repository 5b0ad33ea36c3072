/** The four pictures of the ocean, cosmos, desert and sweets families, on a field of 100 × 100, best first. */
import type { Icon } from './icons-day.ts';
import { circle, oval, path, polygon, stroke } from './ink.ts';

const SHINE = 'rgba(255,255,255,.55)';

const turtle: Icon = (ink) => {
  const skin = ink.lin('#9be07a', '#3f9a4c');
  return (
    path('M30 30Q8 12 6 30Q10 46 30 44Z', skin) +
    path('M70 30Q92 12 94 30Q90 46 70 44Z', skin) +
    path('M30 74Q14 92 10 80Q14 66 30 64Z', skin) +
    path('M70 74Q86 92 90 80Q86 66 70 64Z', skin) +
    oval([50, 16, 13, 14], skin) +
    circle([45, 12, 2.4], '#123') +
    circle([55, 12, 2.4], '#123') +
    oval([50, 56, 32, 35], ink.rad('#7be0c0', '#178a72', '#06463c')) +
    path(polygon({ at: [50, 56], sides: 6, radius: 15 }), ink.lin('#b6f2a0', '#4aa05a')) +
    stroke(
      'M50 41V22M63 48.5L78 40M63 63.5L78 73M50 71V90M37 63.5L22 73M37 48.5L22 40',
      'rgba(220,255,220,.6)',
      2.6,
    ) +
    oval([38, 38, 8, 6], 'rgba(255,255,255,.35)')
  );
};

const scallop: Icon = (ink) =>
  path('M50 90Q16 78 8 46Q14 14 50 12Q86 14 92 46Q84 78 50 90Z', ink.lin('#ffe3ec', '#ff8fb0', '#c43a72')) +
  stroke(
    'M50 88V16M50 88Q34 60 28 22M50 88Q20 66 13 40M50 88Q66 60 72 22M50 88Q80 66 87 40',
    'rgba(255,255,255,.65)',
    3,
  ) +
  path('M34 88Q50 78 66 88Q58 96 50 96Q42 96 34 88Z', '#c43a72') +
  circle([50, 66, 14], ink.rad('#ffffff', '#fbeaf3', '#c9a9c4')) +
  circle([45, 61, 3.6], '#fff');

const reefFish: Icon = (ink) =>
  path('M74 50L98 26Q92 50 98 74Z', ink.lin('#ffd34d', '#f28c0f')) +
  path('M36 24Q54 4 70 28Z', ink.lin('#ffd34d', '#f28c0f')) +
  path('M40 78Q54 94 66 74Z', '#f28c0f') +
  path('M4 52Q22 20 52 22Q76 28 82 50Q76 74 52 80Q22 82 4 52Z', ink.lin('#7fd6ff', '#2489e8', '#0d3c9c')) +
  path('M36 24Q44 50 36 79Q28 77 24 73Q32 50 26 30Z', '#ffffff') +
  path('M62 25Q70 50 62 78L54 80Q60 50 54 22Z', '#ffffff') +
  circle([18, 46, 6.5], '#fff') +
  circle([17, 46, 3.6], '#10203a') +
  stroke('M8 58Q14 62 19 60', '#0d3c9c', 2.4);

const starfish: Icon = (ink) =>
  `<path d="${polygon({ at: [50, 54], sides: 5, radius: 44, inner: 20 })}" fill="${ink.rad('#ffe0a0', '#ff8a3d', '#c23d12')}" stroke="#ff9d52" stroke-width="8" stroke-linejoin="round"/>` +
  [
    [50, 24],
    [50, 38],
    [76, 46],
    [63, 50],
    [66, 78],
    [58, 66],
    [34, 78],
    [42, 66],
    [24, 46],
    [37, 50],
    [50, 55],
  ]
    .map(([x, y]) => circle([x!, y!, 3.2], '#fff0cf'))
    .join('');

const rocket: Icon = (ink) =>
  `<g transform="rotate(38 50 50)">${[
    path('M38 76Q50 112 62 76Z', ink.lin('#fff2a0', '#ff8a1c', '#e2261f')),
    path('M30 52L14 74V86L34 74Z', ink.lin('#ff6b7a', '#b3123f')),
    path('M70 52L86 74V86L66 74Z', ink.lin('#ff6b7a', '#b3123f')),
    path('M50 -4Q74 22 70 60L62 80H38L30 60Q26 22 50 -4Z', ink.lin('#ffffff', '#dfe6f5', '#93a3c7')),
    path('M50 -4Q62 10 66 24H34Q38 10 50 -4Z', ink.lin('#ff7d8a', '#d11a4b')),
    circle([50, 42, 11], '#4a5b86'),
    circle([50, 42, 8], ink.rad('#d5f6ff', '#2aa3ee', '#0c4a9c')),
    path('M36 66H64L62 80H38Z', '#7485ad'),
  ].join('')}</g>`;

const planet: Icon = (ink) =>
  `<g transform="rotate(-20 50 50)">${[
    `<path d="M2 50A48 13 0 0 1 98 50" fill="none" stroke="#d9a7ff" stroke-width="7" opacity=".8"/>`,
    circle([50, 50, 29], ink.rad('#ffdf9e', '#f0863f', '#92301a')),
    stroke('M24 40Q50 48 76 38M22 54Q50 62 78 52M30 68Q50 72 70 66', 'rgba(255,235,200,.45)', 4),
    `<path d="M2 50A48 13 0 0 0 98 50" fill="none" stroke="${ink.lin('#fbe6ff', '#b06cf2')}" stroke-width="7"/>`,
  ].join('')}</g>${oval([38, 36, 8, 5], SHINE)}`;

const comet: Icon = (ink) =>
  path('M96 6Q62 20 44 44L58 60Q84 40 96 6Z', ink.lin('#9fe8ff', '#2a7fe8')) +
  path('M88 2Q56 18 36 42L48 52Q74 30 88 2Z', 'rgba(255,255,255,.55)') +
  path('M98 20Q82 48 58 64L50 56Q80 42 98 20Z', '#6b5cff') +
  `<path d="${polygon({ at: [34, 64], sides: 5, radius: 30, inner: 14, turn: -14 })}" fill="${ink.rad('#fffbd0', '#ffd640', '#e08a00')}" stroke="#ffe27a" stroke-width="4" stroke-linejoin="round"/>`;

const moon: Icon = (ink) =>
  path('M64 8A44 44 0 1 0 92 66A36 36 0 0 1 64 8Z', ink.rad('#ffffff', '#e9ecff', '#8d98d8')) +
  circle([30, 44, 6], 'rgba(110,120,190,.4)') +
  circle([44, 70, 8], 'rgba(110,120,190,.4)') +
  circle([26, 64, 4], 'rgba(110,120,190,.4)') +
  path(polygon({ at: [76, 32], sides: 4, radius: 13, inner: 4 }), '#fff3b0');

const scarab: Icon = (ink) =>
  stroke('M26 34L8 22M22 54L4 54M26 72L10 86M74 34L92 22M78 54L96 54M74 72L90 86', '#d39a1a', 5) +
  oval([50, 24, 17, 15], ink.lin('#ffe27a', '#c98a10')) +
  oval([50, 60, 31, 34], ink.rad('#7df0ff', '#0f8fb0', '#043c58')) +
  stroke('M50 28V94', '#ffd75e', 3.4) +
  stroke('M20 48Q50 34 80 48', '#ffd75e', 3.4) +
  circle([43, 18, 3.4], '#20120a') +
  circle([57, 18, 3.4], '#20120a') +
  path('M32 62Q38 50 46 54V82Q34 78 32 62Z', 'rgba(255,255,255,.22)') +
  circle([50, 8, 8], ink.rad('#fff2b0', '#ff9a1c'));

const sandCat: Icon = (ink) =>
  path(
    'M22 8L38 26H62L78 8Q86 30 82 52L70 76Q50 90 30 76L18 52Q14 30 22 8Z',
    ink.lin('#3d4a78', '#1c2547', '#0c1128'),
  ) +
  path('M26 16L36 28L27 34Z', '#f7c948') +
  path('M74 16L64 28L73 34Z', '#f7c948') +
  path('M24 46Q36 36 44 50Q34 56 24 46Z', '#ffe27a') +
  path('M76 46Q64 36 56 50Q66 56 76 46Z', '#ffe27a') +
  oval([35, 47, 2.4, 5], '#10121e') +
  oval([65, 47, 2.4, 5], '#10121e') +
  path('M45 62H55L50 69Z', '#f7c948') +
  path('M46 22H54L52 38H48Z', '#f7c948') +
  path('M20 78Q50 98 80 78L84 92Q50 106 16 92Z', ink.lin('#ffe88a', '#d18f0a')) +
  circle([50, 92, 5], ink.rad('#ffc0c8', '#d3123a'));

const pyramid: Icon = (ink) =>
  circle([66, 30, 22], ink.rad('#fff6c8', '#ffb52e', '#f0731a')) +
  path('M46 22L92 86H4Z', ink.lin('#ffe6a3', '#e0a545')) +
  path('M46 22L92 86H56Z', ink.lin('#c98a35', '#8a5216')) +
  stroke('M30 48L52 48M22 60L54 60M13 73L55 73', 'rgba(140,85,20,.45)', 2.6) +
  path('M46 22L56 36L49 40L38 34Z', '#fff7d6');

const vase: Icon = (ink) =>
  stroke('M32 24Q10 26 16 46Q20 54 28 52M68 24Q90 26 84 46Q80 54 72 52', '#b65a1e', 6) +
  path(
    'M36 8H64L60 24Q86 40 76 66Q68 84 60 92H40Q32 84 24 66Q14 40 40 24Z',
    ink.lin('#f2a25c', '#cf6426', '#7a2e0c'),
  ) +
  path('M22 46Q50 56 78 46L79 58Q50 68 21 58Z', '#1d5f7a') +
  stroke('M24 53L32 50L40 57L50 52L60 57L68 50L76 53', '#ffe2a0', 2.8) +
  path('M36 8H64L63 14H37Z', '#ffd08a') +
  oval([36, 40, 5, 10], 'rgba(255,255,255,.35)');

const lollipop: Icon = (ink) =>
  path('M46 60H54V98H46Z', ink.lin('#ffffff', '#cfd6e6')) +
  circle([50, 38, 34], ink.rad('#ffd6ec', '#ff5aa5', '#b3126a')) +
  stroke('M50 38Q58 30 62 40Q60 54 46 52Q32 44 38 28Q52 12 70 26Q84 48 64 64', '#fff', 5.5) +
  oval([34, 22, 8, 5], SHINE, 'transform="rotate(-30 34 22)"');

const cupcake: Icon = (ink) =>
  path('M20 56H80L70 94H30Z', ink.lin('#7fd3ff', '#2a78d8')) +
  stroke('M34 58L38 92M50 58V93M66 58L62 92', 'rgba(255,255,255,.5)', 3) +
  path(
    'M12 56Q8 42 24 40Q22 24 40 24Q46 10 58 22Q76 22 76 40Q92 42 88 56Q70 66 50 60Q30 66 12 56Z',
    ink.lin('#fff3f8', '#ffb0d2', '#f06aa8'),
  ) +
  circle([50, 14, 9], ink.rad('#ff9aa8', '#e3173e', '#8a0322')) +
  [
    [30, 46, '#ffd640'],
    [48, 36, '#5ad1ff'],
    [66, 46, '#8ce05a'],
    [56, 52, '#ff6b6b'],
    [38, 54, '#9d6bff'],
  ]
    .map(
      ([x, y, c]) =>
        `<rect x="${x}" y="${y}" width="7" height="3" rx="1.5" fill="${c}" transform="rotate(30 ${x} ${y})"/>`,
    )
    .join('');

const donut: Icon = (ink) =>
  circle([50, 52, 42], ink.rad('#ffdf9e', '#d98f3d', '#8c4f14')) +
  path(
    'M50 12A40 40 0 0 1 90 50Q86 58 80 56Q76 72 64 70Q58 86 46 80Q36 88 30 74Q16 76 18 62Q8 58 10 50A40 40 0 0 1 50 12Z',
    ink.lin('#ff9ecb', '#f2559b', '#b5216a'),
  ) +
  circle([50, 50, 14], '#6b3410') +
  circle([50, 52, 12.5], ink.lin('#2a1408', '#5a2c10')) +
  [
    [30, 30, '#fff'],
    [50, 22, '#ffe14d'],
    [70, 32, '#6be0ff'],
    [76, 48, '#fff'],
    [24, 50, '#8ce05a'],
    [36, 68, '#ffe14d'],
    [62, 64, '#fff'],
  ]
    .map(
      ([x, y, c]) =>
        `<rect x="${x}" y="${y}" width="8" height="3.4" rx="1.7" fill="${c}" transform="rotate(${Number(x) * 7} ${x} ${y})"/>`,
    )
    .join('');

const bonbon: Icon = (ink) =>
  path('M26 50L4 30Q2 50 4 70Z', ink.lin('#c9a6ff', '#7a35e0')) +
  path('M74 50L96 30Q98 50 96 70Z', ink.lin('#c9a6ff', '#7a35e0')) +
  circle([50, 50, 28], ink.rad('#eadcff', '#9a5cf5', '#4a15a8')) +
  path('M34 27Q46 50 34 73Q26 68 24 60Q32 50 24 40Q28 30 34 27Z', 'rgba(255,255,255,.75)') +
  path('M56 22.6Q68 50 56 77.4L46 78Q58 50 46 22Z', 'rgba(255,255,255,.75)') +
  oval([42, 34, 7, 4], SHINE);

export const NIGHT_ICONS: Readonly<Record<'ocean' | 'cosmos' | 'desert' | 'sweets', readonly Icon[]>> = {
  ocean: [turtle, scallop, reefFish, starfish],
  cosmos: [rocket, planet, comet, moon],
  desert: [scarab, sandCat, pyramid, vase],
  sweets: [cupcake, lollipop, donut, bonbon],
};
