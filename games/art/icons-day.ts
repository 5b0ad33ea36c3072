/** The four pictures of the orchard, gems, lantern and forest families, on a field of 100 × 100, best first. */
import { circle, type Ink, oval, path, polygon, stroke } from './ink.ts';

export type Icon = (ink: Ink) => string;

const SHINE = 'rgba(255,255,255,.55)';

const melon: Icon = (ink) =>
  path('M6 36A45 45 0 0 0 94 36L88 36A39 39 0 0 1 12 36Z', ink.lin('#2f9e44', '#0b5d22')) +
  path('M10 36A41 41 0 0 0 90 36Z', '#eaffd0') +
  path('M15 36A36 36 0 0 0 85 36Z', ink.lin('#ff5c6c', '#d81e3f')) +
  [
    [32, 46],
    [50, 50],
    [68, 46],
    [41, 60],
    [59, 60],
  ]
    .map(([x, y]) => oval([x!, y!, 2.6, 4], '#3b0d12'))
    .join('') +
  path('M8 32Q50 24 92 32L92 37Q50 31 8 37Z', 'rgba(255,255,255,.35)');

const grapes: Icon = (ink) => {
  const skin = ink.rad('#d9a6ff', '#8b2fc9', '#4a0f78');
  const spots: [number, number][] = [
    [32, 42],
    [50, 40],
    [68, 42],
    [40, 56],
    [59, 56],
    [50, 71],
    [33, 60],
    [67, 60],
    [50, 56],
    [43, 80],
    [56, 83],
  ];
  return (
    stroke('M50 36Q48 22 56 12', '#7a5230', 5) +
    path('M54 24Q70 6 90 20Q78 38 56 30Z', ink.lin('#8ce05a', '#2b8a2b')) +
    spots.map(([x, y]) => circle([x, y, 11.5], skin) + circle([x - 4, y - 4, 2.6], SHINE)).join('')
  );
};

const cherries: Icon = (ink) => {
  const skin = ink.rad('#ff9aa8', '#e3173e', '#8a0322');
  return (
    stroke('M34 62Q38 30 62 14', '#5d7f2a', 4.5) +
    stroke('M68 66Q70 36 62 14', '#5d7f2a', 4.5) +
    path('M60 16Q80 4 94 18Q80 34 60 16Z', ink.lin('#93e45b', '#2c8f33')) +
    circle([31, 70, 20], skin) +
    circle([70, 73, 20], skin) +
    oval([24, 62, 5, 8], SHINE, 'transform="rotate(25 24 62)"') +
    oval([63, 65, 5, 8], SHINE, 'transform="rotate(25 63 65)"')
  );
};

const lemon: Icon = (ink) =>
  `<g transform="rotate(-28 50 52)">${path('M6 52Q18 44 24 34Q50 10 76 34Q82 44 94 52Q82 60 76 70Q50 94 24 70Q18 60 6 52Z', ink.rad('#fff7a8', '#ffd91f', '#d99a00'))}${oval([40, 38, 13, 6], SHINE)}</g>${path('M58 22Q74 4 92 12Q84 30 58 22Z', ink.lin('#7fd34e', '#24802c'))}`;

const crown: Icon = (ink) =>
  path('M12 30L30 50L50 16L70 50L88 30L80 74L20 74Z', ink.lin('#fff0a0', '#ffc21a', '#b97400')) +
  path('M20 74H80V85Q50 91 20 85Z', ink.lin('#ffe27a', '#a86400')) +
  circle([12, 28, 6], ink.rad('#ffd9f0', '#e0218a')) +
  circle([88, 28, 6], ink.rad('#ffd9f0', '#e0218a')) +
  circle([50, 14, 7], ink.rad('#d7f6ff', '#1590e0')) +
  path(polygon({ at: [50, 58], sides: 4, radius: 11 }), ink.rad('#ffc0c8', '#d3123a')) +
  circle([31, 64, 4.5], ink.rad('#c9ffd9', '#109a4a')) +
  circle([69, 64, 4.5], ink.rad('#c9ffd9', '#109a4a'));

const brilliant: Icon = (ink) =>
  path('M26 18H74L94 42L50 90L6 42Z', ink.lin('#e9fdff', '#5fd4ff', '#1673d6')) +
  path('M26 18L34 42L50 18L66 42L74 18Z', 'rgba(255,255,255,.55)') +
  path('M6 42H34L50 90Z', 'rgba(10,60,160,.28)') +
  path('M66 42H94L50 90Z', 'rgba(10,40,120,.42)') +
  path('M34 42H66L50 90Z', 'rgba(255,255,255,.25)') +
  stroke('M6 42H94M34 42L50 90L66 42M26 18L34 42L50 18L66 42L74 18', 'rgba(255,255,255,.6)', 1.6);

const emeraldCut: Icon = (ink) =>
  path('M34 12H66L86 32V68L66 88H34L14 68V32Z', ink.lin('#a8ffd0', '#19c46b', '#02683a')) +
  path('M40 28H60L70 38V62L60 72H40L30 62V38Z', ink.lin('#d8ffe9', '#2bd880', '#0a8c4d')) +
  stroke(
    'M34 12L40 28M66 12L60 28M86 32L70 38M86 68L70 62M66 88L60 72M34 88L40 72M14 68L30 62M14 32L30 38',
    'rgba(255,255,255,.5)',
    1.8,
  ) +
  path('M40 28H60L36 62H30V38Z', 'rgba(255,255,255,.32)');

const ring: Icon = (ink) =>
  `<circle cx="50" cy="62" r="25" fill="none" stroke="${ink.lin('#fff0a0', '#f2ac12', '#9c5c00')}" stroke-width="9"/>` +
  path('M34 14H66L76 26L50 52L24 26Z', ink.lin('#ffc4d6', '#ff2f6d', '#99073a')) +
  path('M34 14L40 26L50 14L60 26L66 14Z', 'rgba(255,255,255,.5)') +
  stroke('M24 26H76M40 26L50 52L60 26', 'rgba(255,255,255,.55)', 1.6);

const lantern: Icon = (ink) =>
  stroke('M50 4V16', '#f7c948', 4) +
  oval([50, 46, 36, 29], ink.rad('#ffb38a', '#ef2b2d', '#8d0710')) +
  stroke('M50 17V75M34 20Q22 46 34 72M66 20Q78 46 66 72', 'rgba(255,220,120,.55)', 2.4) +
  path('M34 14H66V22H34Z', ink.lin('#ffe68a', '#c98500')) +
  path('M34 70H66V78H34Z', ink.lin('#ffe68a', '#c98500')) +
  stroke('M50 78V96M42 78V90M58 78V90', '#f7c948', 3.4) +
  oval([36, 36, 8, 12], 'rgba(255,255,255,.3)');

const ingot: Icon = (ink) =>
  path('M4 44Q14 82 50 82Q86 82 96 44Q86 58 70 58H30Q14 58 4 44Z', ink.lin('#fff2a8', '#ffc323', '#a86400')) +
  oval([50, 48, 26, 19], ink.rad('#fffbd6', '#ffd34d', '#d18a00')) +
  path('M4 44Q14 58 30 58H70Q86 58 96 44Q84 66 50 66Q16 66 4 44Z', 'rgba(255,255,255,.35)') +
  oval([43, 40, 9, 5], SHINE);

const koi: Icon = (ink) =>
  path('M76 30Q98 8 96 34Q94 46 80 44Z', '#ffe9dc') +
  path('M12 66Q20 30 58 28Q84 28 84 40Q82 58 52 68Q30 76 12 66Z', ink.lin('#ffffff', '#ffe3d1', '#ffb38a')) +
  path('M34 40Q46 28 60 29Q62 44 46 52Q36 52 34 40Z', ink.lin('#ff8a3c', '#e2410b')) +
  path('M64 34Q78 30 84 40Q80 50 68 52Z', ink.lin('#ff8a3c', '#e2410b')) +
  path('M12 66Q14 54 24 46Q34 56 26 68Q18 70 12 66Z', '#f0561a') +
  path('M40 68Q42 86 60 84Q58 72 52 66Z', '#ffc4a0') +
  circle([22, 58, 3.2], '#2a0d05') +
  stroke('M52 60Q58 54 60 46M62 58Q68 52 70 46', 'rgba(200,70,10,.5)', 2);

const fan: Icon = (ink) => {
  const ribs = [-60, -40, -20, 0, 20, 40, 60]
    .map((a) => `<path d="M50 84L50 18" stroke="#6b3410" stroke-width="2.2" transform="rotate(${a} 50 84)"/>`)
    .join('');
  return (
    path(
      'M50 84L-2 44A70 66 0 0 1 102 44Z',
      ink.lin('#7de0d0', '#138f8a'),
      'transform="scale(.94) translate(3 2)"',
    ) +
    path('M50 82L22 60A36 34 0 0 1 78 60Z', ink.lin('#fff5d8', '#f0c98a')) +
    ribs +
    circle([34, 38, 7], '#ffd7e4') +
    circle([62, 34, 6], '#ffd7e4') +
    circle([48, 30, 5], '#ff8fb4') +
    circle([50, 84, 5], '#f7c948')
  );
};

const fox: Icon = (ink) =>
  path(
    'M12 10L38 30H62L88 10Q94 46 84 62L50 94L16 62Q6 46 12 10Z',
    ink.lin('#ffb24d', '#f26b1d', '#b53c06'),
  ) +
  path('M16 62Q34 52 46 72L50 94Z', '#fff6ea') +
  path('M84 62Q66 52 54 72L50 94Z', '#fff6ea') +
  path('M18 20L34 34Q24 40 22 46Z', '#5a1d08') +
  path('M82 20L66 34Q76 40 78 46Z', '#5a1d08') +
  oval([35, 54, 4.6, 5.6], '#26100a') +
  oval([65, 54, 4.6, 5.6], '#26100a') +
  circle([36.5, 52, 1.6], '#fff') +
  circle([66.5, 52, 1.6], '#fff') +
  path('M44 84Q50 80 56 84L50 93Z', '#26100a');

const owl: Icon = (ink) =>
  path(
    'M20 14Q34 24 50 22Q66 24 80 14Q90 40 84 66Q76 94 50 94Q24 94 16 66Q10 40 20 14Z',
    ink.lin('#c58b55', '#7c4a24', '#42220c'),
  ) +
  oval([50, 72, 22, 20], ink.lin('#f6dfb8', '#d1a468')) +
  stroke('M38 66L42 71L46 66M54 66L58 71L62 66M46 78L50 83L54 78', '#8a5a2b', 2.6) +
  circle([34, 42, 17], '#fff1d2') +
  circle([66, 42, 17], '#fff1d2') +
  circle([34, 42, 11.5], ink.rad('#ffe27a', '#f29a0c')) +
  circle([66, 42, 11.5], ink.rad('#ffe27a', '#f29a0c')) +
  circle([35, 42, 6], '#1d0f06') +
  circle([65, 42, 6], '#1d0f06') +
  circle([37, 39.6, 2], '#fff') +
  circle([67, 39.6, 2], '#fff') +
  path('M44 52H56L50 63Z', '#f7a51c');

const toadstool: Icon = (ink) =>
  path('M36 52Q42 70 34 90H66Q58 70 64 52Z', ink.lin('#fffaf0', '#e0c9a6')) +
  path('M6 54Q10 12 50 10Q90 12 94 54Q50 66 6 54Z', ink.rad('#ff8f7a', '#e3261f', '#8b0a10')) +
  path('M6 54Q50 66 94 54Q86 62 50 63Q14 62 6 54Z', 'rgba(70,0,10,.35)') +
  oval([32, 34, 8, 7], '#fff') +
  oval([58, 24, 9, 7], '#fff') +
  oval([75, 42, 7, 6], '#fff') +
  oval([50, 46, 6, 4.6], '#fff') +
  oval([19, 47, 4.6, 4], '#fff');

const acorn: Icon = (ink) =>
  path('M22 44Q22 76 50 94Q78 76 78 44Z', ink.rad('#ffd08a', '#c87a2c', '#7a3f0e')) +
  path('M14 42Q16 20 50 20Q84 20 86 42Q86 50 78 50H22Q14 50 14 42Z', ink.lin('#a8753f', '#5d3512')) +
  stroke('M50 20Q50 12 58 6', '#5d3512', 6) +
  stroke('M24 34L34 46M38 26L54 48M56 24L72 48M76 30L80 42', 'rgba(40,18,4,.4)', 2.4) +
  path('M58 8Q74 0 86 10Q76 22 58 8Z', ink.lin('#a0e060', '#3b8f2a')) +
  oval([36, 60, 5, 11], 'rgba(255,255,255,.4)');

export const DAY_ICONS: Readonly<Record<'orchard' | 'gems' | 'lantern' | 'forest', readonly Icon[]>> = {
  orchard: [melon, grapes, cherries, lemon],
  gems: [crown, brilliant, emeraldCut, ring],
  lantern: [lantern, ingot, koi, fan],
  forest: [fox, owl, toadstool, acorn],
};
