/** Making elements. Text always goes in as text, never as markup. */

type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>;
type Child = Node | string | null;

/** An element with attributes, `on…` listeners and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (typeof value === 'boolean') element.toggleAttribute(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const NS = 'http://www.w3.org/2000/svg';

const GLYPHS = {
  sound: 'M4 9v6h4l6 5V4L8 9zM17 8a5 5 0 0 1 0 8M19.5 5.5a9 9 0 0 1 0 13',
  mute: 'M4 9v6h4l6 5V4L8 9zM17 9.5l5 5M22 9.5l-5 5',
  info: 'M12 11v6M12 7.5v.01M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18z',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M14 5l-7 7l7 7',
  skip: 'M5 5l9 7l-9 7zM18 5v14',
  spin: 'M20 12a8 8 0 1 1-2.6-5.9M20 3v4.6h-4.6',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
} as const;

/** A line icon. */
export function glyph(name: keyof typeof GLYPHS): SVGSVGElement {
  const svg = document.createElementNS(NS, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'glyph');
  const path = document.createElementNS(NS, 'path');
  path.setAttribute('d', GLYPHS[name]);
  svg.append(path);
  return svg;
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** True when the player's system asks for little motion. */
export function calmMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
