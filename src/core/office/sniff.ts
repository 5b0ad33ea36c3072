/** What a file is, by its bytes alone: what it was declared as, and its name, are not believed. Pure. */

const TYPES = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'text/csv': 'csv',
} as const;

export type FileType = keyof typeof TYPES;

export const FILE_TYPES = Object.keys(TYPES) as readonly FileType[];

/** What may be shown in the page itself. */
export const isImage = (type: string): boolean => type.startsWith('image/');

const SIGNATURES: readonly (readonly [FileType, readonly (readonly [offset: number, bytes: string])[]])[] = [
  ['image/png', [[0, '\x89PNG\r\n\x1a\n']]],
  ['image/jpeg', [[0, '\xff\xd8\xff']]],
  ['image/gif', [[0, 'GIF87a']]],
  ['image/gif', [[0, 'GIF89a']]],
  [
    'image/webp',
    [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  ],
  ['application/pdf', [[0, '%PDF-']]],
];

/** Pages and drawings that a browser would run. */
const MARKUP = /<(!doctype|\?xml|html|svg|head|body|script|iframe|object|embed|math)\b|<!--/i;
const MARKUP_WITHIN = 4096;

/** The type, or null for what is not taken: anything else, pages and drawings with scripts among it. */
export function sniff(bytes: Uint8Array, name: string): FileType | null {
  if (bytes.length === 0) return null;
  const known = SIGNATURES.find(([, parts]) => parts.every(([offset, part]) => stands(bytes, offset, part)));
  if (known !== undefined) return known[0];
  const text = textOf(bytes);
  if (text === null || MARKUP.test(text.slice(0, MARKUP_WITHIN)) || text.trimStart().startsWith('<'))
    return null;
  return /\.csv$/i.test(name) ? 'text/csv' : 'text/plain';
}

function stands(bytes: Uint8Array, offset: number, part: string): boolean {
  return [...part].every((letter, index) => bytes[offset + index] === letter.charCodeAt(0));
}

/** As UTF-8 without control characters, or null. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells other bytes from text
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** The name it is kept and handed out by: no path, and the ending of what it is. */
export function safeName(name: string, type: FileType): string {
  const base = (name.split(/[\\/]/).at(-1) ?? '').replace(/["<>:|?*]/g, '_').trim();
  const ending = TYPES[type];
  const fits = ENDINGS[type].test(base);
  const kept = base === '' || base.startsWith('.') ? 'file' : base;
  return fits ? kept : `${kept}.${ending}`;
}

const ENDINGS: Readonly<Record<FileType, RegExp>> = {
  'image/png': /\.png$/i,
  'image/jpeg': /\.jpe?g$/i,
  'image/webp': /\.webp$/i,
  'image/gif': /\.gif$/i,
  'application/pdf': /\.pdf$/i,
  'text/plain': /\.(txt|log|md|json)$/i,
  'text/csv': /\.csv$/i,
};
