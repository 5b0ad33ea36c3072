/**
 * HTML as a tagged template that escapes everything put into it.
 * Invariant: the only text that reaches a page unescaped is the literal part of a template in this code base.
 */
const trusted: unique symbol = Symbol('trusted html');

export interface Html {
  readonly [trusted]: string;
}

export type Part = Html | string | number | bigint | null | undefined | false | readonly Part[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => entities[mark] ?? mark);
}

/** Builds a piece of a page. Strings are escaped; null, undefined and false vanish; lists are joined. */
export function html(literals: TemplateStringsArray, ...parts: Part[]): Html {
  let text = literals[0] ?? '';
  parts.forEach((part, index) => {
    text += render(part) + (literals[index + 1] ?? '');
  });
  return { [trusted]: text };
}

/** The text of a finished page. */
export function toText(page: Html): string {
  return page[trusted];
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'object') return isList(part) ? part.map(render).join('') : part[trusted];
  return escapeHtml(String(part));
}

function isList(part: Html | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}
