/** The drawings of the site, as inline SVG. They are decoration: the words beside them carry the meaning. */
import { type Html, html } from '../html.ts';

export type IconName =
  | 'grid'
  | 'wallet'
  | 'clock'
  | 'globe'
  | 'leave'
  | 'play'
  | 'back'
  | 'tab'
  | 'search'
  | 'plus';

const drawings: Record<IconName, Html> = {
  grid: html`<rect x="3" y="3" width="7" height="7" rx="2"/><rect x="14" y="3" width="7" height="7" rx="2"/><rect x="3" y="14" width="7" height="7" rx="2"/><rect x="14" y="14" width="7" height="7" rx="2"/>`,
  wallet: html`<path d="M4 7a3 3 0 0 1 3-3h10v4"/><rect x="3" y="7" width="18" height="13" rx="3"/><circle cx="16.5" cy="13.5" r="1.3"/>`,
  clock: html`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>`,
  globe: html`<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>`,
  leave: html`<path d="M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4M15 8l4 4-4 4M19 12H9"/>`,
  play: html`<path d="M8 5.5v13l11-6.5z" fill="currentColor"/>`,
  back: html`<path d="M15 5l-7 7 7 7"/>`,
  tab: html`<path d="M14 4h6v6M20 4l-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4"/>`,
  search: html`<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>`,
  plus: html`<path d="M12 5v14M5 12h14"/>`,
};

export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${drawings[name]}</svg>`;
}

export function logo(): Html {
  return html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><path d="M21 3.5A13 13 0 1 0 28.5 21 10.5 10.5 0 0 1 21 3.5z"/><path d="M24.5 8l.9 2.3 2.3.9-2.3.9-.9 2.3-.9-2.3-2.3-.9 2.3-.9z"/></svg>`;
}

/** The night scene of the sign-in page and the lobby. */
export function moonScene(): Html {
  return html`<svg class="scene" viewBox="0 0 600 420" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
<defs>
<radialGradient id="moon" cx=".4" cy=".35" r=".8"><stop offset="0" stop-color="#fff6dc"/><stop offset=".6" stop-color="#f4cf85"/><stop offset="1" stop-color="#d99a45"/></radialGradient>
<radialGradient id="halo"><stop offset="0" stop-color="#f4cf85" stop-opacity=".5"/><stop offset="1" stop-color="#f4cf85" stop-opacity="0"/></radialGradient>
<linearGradient id="ridge" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#3b2f7a"/><stop offset="1" stop-color="#141634"/></linearGradient>
</defs>
<circle cx="410" cy="150" r="190" fill="url(#halo)"/><circle cx="410" cy="150" r="82" fill="url(#moon)"/>
<g fill="#d9a75a" opacity=".35"><circle cx="385" cy="128" r="14"/><circle cx="432" cy="172" r="20"/><circle cx="440" cy="118" r="8"/></g>
<g fill="#fff" opacity=".8"><circle cx="70" cy="60" r="1.6"/><circle cx="150" cy="130" r="1.2"/><circle cx="230" cy="46" r="2"/><circle cx="290" cy="110" r="1.2"/><circle cx="545" cy="70" r="1.8"/><circle cx="510" cy="240" r="1.2"/><circle cx="40" cy="190" r="1.4"/><circle cx="190" cy="210" r="1"/></g>
<path d="M0 330C80 270 150 300 230 255s150 40 220 5 110-20 150 10v150H0z" fill="url(#ridge)" opacity=".55"/>
<path d="M0 372c90-50 190-10 280-40s200 20 320-20v108H0z" fill="url(#ridge)"/>
<g class="chips"><ellipse cx="120" cy="392" rx="46" ry="13" fill="#b8313f"/><ellipse cx="120" cy="381" rx="46" ry="13" fill="#e04d58"/><ellipse cx="120" cy="370" rx="46" ry="13" fill="#b8313f"/><ellipse cx="120" cy="359" rx="46" ry="13" fill="#ec6a70"/><ellipse cx="120" cy="359" rx="28" ry="7.5" fill="none" stroke="#fff" stroke-opacity=".75" stroke-width="2" stroke-dasharray="9 6"/>
<ellipse cx="212" cy="398" rx="40" ry="11" fill="#8a6420"/><ellipse cx="212" cy="388" rx="40" ry="11" fill="#f4cf85"/><ellipse cx="212" cy="388" rx="24" ry="6.5" fill="none" stroke="#6d4a10" stroke-opacity=".6" stroke-width="2" stroke-dasharray="8 5"/></g>
</svg>`;
}

/** The picture of a game without one: a colour by its name, and its initial. */
export function placeholder(title: string): Html {
  let sum = 0;
  for (const mark of title) sum += mark.codePointAt(0) ?? 0;
  return html`<span class="no-picture tint-${sum % 8}" aria-hidden="true">${[...title][0] ?? '♠'}</span>`;
}
