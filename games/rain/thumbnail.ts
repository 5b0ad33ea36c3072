/** The game's picture in a lobby: a cloud over hills at dusk, and rain. */

const DROPS = [
  [58, 176],
  [92, 196],
  [126, 178],
  [160, 200],
  [194, 180],
  [228, 198],
  [76, 226],
  [112, 240],
  [148, 232],
  [184, 244],
  [218, 228],
] as const;

export function thumbnailSvg(): string {
  const drops = DROPS.map(([x, y]) => `<path d="M${x} ${y}l-7 22"/>`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300">
<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#16233f"/><stop offset="1" stop-color="#3c6b8c"/></linearGradient>
<linearGradient id="cloud" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#f4f8fb"/><stop offset="1" stop-color="#a9c0d2"/></linearGradient></defs>
<rect width="300" height="300" fill="url(#sky)"/>
<circle cx="214" cy="80" r="34" fill="#ffd35c"/>
<path d="M0 262q70-38 150-10t150-16v64H0z" fill="#12304a"/><path d="M0 280q90-26 170-6t130-4v30H0z" fill="#0b2033"/>
<path d="M84 158a36 36 0 0 1 6-71a52 52 0 0 1 98-10a40 40 0 0 1 28 81z" fill="url(#cloud)"/>
<g stroke="#8fd3ff" stroke-width="6" stroke-linecap="round">${drops}</g>
</svg>`;
}
