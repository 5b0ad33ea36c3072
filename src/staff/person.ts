/** Persons of the staff. Two of them must stand for a result, so one person must never have two names. */
import { WEATHER } from '../core/book/finding.ts';

const CHARACTERS_MAX = 64;

/** A person's name as it is kept and compared, in lower case; null when it is none. The weather source is nobody. */
export function personOf(text: string): string | null {
  const name = text.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();
  const isOne = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@'-]*$/u.test(name) && [...name].length <= CHARACTERS_MAX;
  return isOne && name !== WEATHER ? name : null;
}
