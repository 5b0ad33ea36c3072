/** The languages of the page and how one is chosen. A catalogue is fetched when its language is spoken. */

export const LANGUAGES = ['en', 'ko', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words. */
export const OWN_NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어', zh: '繁體中文' };

/** What stands in `lang`, and what Intl is asked for. */
export const TAGS: Readonly<Record<Language, { readonly html: string; readonly locale: string }>> = {
  en: { html: 'en', locale: 'en-GB' },
  ko: { html: 'ko', locale: 'ko-KR' },
  zh: { html: 'zh-Hant', locale: 'zh-TW' },
};

/** The same keys in the same places, every one a text: what a catalogue of another language must be. */
export type Texts<English> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Texts<English[Key]>;
};

/** As react-admin takes them. */
interface Catalogue {
  readonly [key: string]: Catalogue | string;
}

export const CATALOGUES: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => (await import('./en/index.ts')).default,
  ko: async () => (await import('./ko/index.ts')).default,
  zh: async () => (await import('./zh/index.ts')).default,
};

export function isLanguage(text: string | null | undefined): text is Language {
  return LANGUAGES.some((each) => each === text);
}

/** The first wish that can be met; English else. */
export function languageOf(wishes: readonly (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const found = LANGUAGES.find((language) => wish?.toLowerCase().split(/[-_]/)[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}
