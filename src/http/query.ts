/**
 * Query strings and urlencoded bodies, decoded by byte: what is not UTF-8 is found and named, never mangled.
 * Raw bytes above 0x7f in the request line never get here: the HTTP parser refuses them.
 */
export type Parameters = ReadonlyMap<string, unknown>;

export interface Decoded {
  readonly values: Map<string, unknown>;
  /** Names of parameters that were not valid UTF-8. */
  readonly undecodable: Set<string>;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes bytes as UTF-8; null when they are something else. A leading BOM is dropped. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** Parses `a=1&b=2` given as latin1 text (one character a byte). The last of equal names holds. */
export function parseUrlencoded(latin1: string, into: Decoded): void {
  for (const pair of latin1.split('&')) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decodePart(cut < 0 ? pair : pair.slice(0, cut));
    const value = cut < 0 ? '' : decodePart(pair.slice(cut + 1));
    if (name === null) into.undecodable.add('?');
    else if (value === null) into.undecodable.add(name);
    else into.values.set(name, value);
  }
}

const PLAIN = /^[\w.~!*'():@$,;/ -]*$/;

function decodePart(latin1: string): string | null {
  if (PLAIN.test(latin1)) return latin1;
  const spaced = latin1.replaceAll('+', ' ');
  const bytes = Buffer.from(
    spaced.replace(/%([0-9a-fA-F]{2})/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return decodeUtf8(bytes);
}

/**
 * Parses a JSON object. When the bytes are not UTF-8 the structure, which is ASCII, is read all the same, so that
 * the parameter that carries them can be named. Returns false when it is not a JSON object.
 */
export function parseJsonObject(bytes: Buffer, into: Decoded): boolean {
  const text = decodeUtf8(bytes);
  const object = parseObject(text ?? bytes.toString('latin1'));
  if (object === null) return false;
  for (const [name, value] of Object.entries(object)) {
    if (text === null && typeof value === 'string' && decodeUtf8(Buffer.from(value, 'latin1')) === null)
      into.undecodable.add(name);
    else into.values.set(name, value);
  }
  if (text === null && into.undecodable.size === 0) into.undecodable.add('?');
  return true;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
