/** Callback addresses: which texts are one, and what is called below it. */

export interface CallbackUrl {
  /** Scheme, host and port: what is connected to. */
  readonly origin: string;
  /** The path in front of `/balance` and `/changeBalance`, without a slash at its end. */
  readonly path: string;
}

export type CallbackUrlRefusal = 'not_http' | 'has_credentials' | 'has_query' | 'has_fragment';

const LENGTH_MAX = 2000;

/** Reads a callback address. Host spellings (decimal, hex, octal, full width) are made plain on the way. */
export function parseCallbackUrl(
  text: string,
): ({ readonly ok: true } & CallbackUrl) | { readonly ok: false; readonly refusal: CallbackUrlRefusal } {
  const url = text.length <= LENGTH_MAX && URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '')
    return { ok: false, refusal: 'not_http' };
  if (url.username !== '' || url.password !== '') return { ok: false, refusal: 'has_credentials' };
  // An empty query or fragment leaves no trace in the parsed parts.
  if (text.includes('#')) return { ok: false, refusal: 'has_fragment' };
  if (text.includes('?')) return { ok: false, refusal: 'has_query' };
  return { ok: true, origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}
