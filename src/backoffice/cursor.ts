/** Where a page of a list begins, as it travels in addresses: the key of a row, unreadable on purpose. */
import { DAY_PATTERN } from './shapes.ts';

const PARTS_MAX = 6;

export function toCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Null for what was not made here: the shape of each part is its list's to check. */
export function fromCursor(text: string, parts: readonly CursorPart[]): readonly string[] | null {
  try {
    const key: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(key) || key.length !== parts.length || key.length > PARTS_MAX) return null;
    return key.every((part, index) => typeof part === 'string' && PATTERNS[parts[index] ?? 'text'].test(part))
      ? key
      : null;
  } catch {
    return null;
  }
}

export type CursorPart = 'bigint' | 'timestamptz' | 'text' | 'date';
const PATTERNS: Readonly<Record<CursorPart, RegExp>> = {
  bigint: /^-?\d{1,18}$/,
  timestamptz: new RegExp(`^${DAY_PATTERN}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{6}Z$`),
  date: new RegExp(`^${DAY_PATTERN}$`),
  text: /^[^\p{Cc}\p{Cs}]{0,300}$/u,
};
