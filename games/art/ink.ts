/** A little drawing kit: collects gradients under ids of their own and turns colours and points into SVG. */

export type Ink = {
  /** Top-to-bottom gradient; answers the paint that refers to it. */
  lin(...colours: string[]): string;
  /** Gradient from a light spot outwards. */
  rad(...colours: string[]): string;
  defs(): string;
};

function stops(colours: readonly string[]): string {
  const last = Math.max(1, colours.length - 1);
  return colours
    .map((c, i) => `<stop offset="${((i / last) * 100).toFixed(0)}%" stop-color="${c}"/>`)
    .join('');
}

/** A fresh set of gradients; `prefix` keeps their ids apart within one picture. */
export function newInk(prefix: string): Ink {
  const made: string[] = [];
  const add = (tag: string, colours: readonly string[]): string => {
    const id = `${prefix}${made.length}`;
    const name = tag.split(' ')[0];
    made.push(`<${tag} id="${id}">${stops(colours)}</${name}>`);
    return `url(#${id})`;
  };
  return {
    lin: (...colours) => add('linearGradient x1="0" y1="0" x2="0" y2="1"', colours),
    rad: (...colours) => add('radialGradient cx=".38" cy=".32" r=".75"', colours),
    defs: () => `<defs>${made.join('')}</defs>`,
  };
}

/** Hue in degrees, saturation and lightness in percent, as #rrggbb. */
export function hsl(hue: number, saturation: number, lightness: number): string {
  const s = saturation / 100;
  const l = lightness / 100;
  const a = s * Math.min(l, 1 - l);
  const part = (n: number): string => {
    const k = (((n + hue / 30) % 12) + 12) % 12;
    const value = l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

export function path(d: string, paint: string, more = ''): string {
  return `<path d="${d}" fill="${paint}" ${more}/>`;
}

export function stroke(d: string, colour: string, width: number): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

export function circle([x, y, r]: readonly [number, number, number], paint: string, more = ''): string {
  return `<circle cx="${x}" cy="${y}" r="${r}" fill="${paint}" ${more}/>`;
}

export function oval(
  [x, y, rx, ry]: readonly [number, number, number, number],
  paint: string,
  more = '',
): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${paint}" ${more}/>`;
}

/** A closed polygon of `sides` corners, or with `inner` a star. */
export function polygon(shape: {
  at: readonly [number, number];
  sides: number;
  radius: number;
  inner?: number;
  turn?: number;
}): string {
  const corners = shape.inner === undefined ? shape.sides : shape.sides * 2;
  const points = Array.from({ length: corners }, (_, i) => {
    const radius = shape.inner !== undefined && i % 2 === 1 ? shape.inner : shape.radius;
    const angle = (i / corners) * 2 * Math.PI - Math.PI / 2 + ((shape.turn ?? 0) * Math.PI) / 180;
    const x = shape.at[0] + radius * Math.cos(angle);
    const y = shape.at[1] + radius * Math.sin(angle);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join('L')}Z`;
}
