/** The languages of the page, and how one is chosen: the player's own wish, the link's, the browser's, English. */
import { en, type Words } from './en.ts';

export const LANGUAGES = ['en', 'ko', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** English comes with the page, the others when they are spoken. Rejects when they cannot be fetched. */
export const CATALOGUES: Readonly<Record<Language, () => Promise<Words>>> = {
  en: async () => en,
  ko: async () => (await import('./ko.ts')).ko,
  zh: async () => (await import('./zh.ts')).zh,
};

/** What stands in `lang`, and what Intl is asked for. */
export const TAGS: Readonly<Record<Language, { readonly html: string; readonly locale: string }>> = {
  en: { html: 'en', locale: 'en-GB' },
  ko: { html: 'ko', locale: 'ko-KR' },
  zh: { html: 'zh-Hant', locale: 'zh-TW' },
};

/** Each language in its own words. */
export const OWN_NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어', zh: '繁體中文' };

export function languageOf(wishes: readonly (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const found = LANGUAGES.find((language) => wish?.toLowerCase().split(/[-_]/)[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}

export type Values = Readonly<Record<string, string | number>>;

/** The text with its {places} filled. */
export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
