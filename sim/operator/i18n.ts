/** The words of the site: Korean first, English and Traditional Chinese beside it. A key missing in one is a type error. */
import { en } from './words/en.ts';
import { ko, type Words } from './words/ko.ts';
import { zh } from './words/zh.ts';

export type WordKey = keyof Words;

export const languages = { ko: '한국어', en: 'English', zh: '繁體中文' } as const;
export type Language = keyof typeof languages;

const words: Record<Language, Words> = { ko, en, zh };
export const htmlLang: Record<Language, string> = { ko: 'ko', en: 'en', zh: 'zh-Hant' };

/** Korean unless another language was chosen. */
export function languageOf(text: string): Language {
  return text === 'en' || text === 'zh' ? text : 'ko';
}

export type Say = (key: WordKey, fill?: Readonly<Record<string, string | number>>) => string;

/** The words of one language; `{name}` in them is filled. The result is plain text, not HTML. */
export function sayIn(language: Language): Say {
  return (key, fill = {}) =>
    words[language][key].replace(/\{(\w+)\}/g, (mark, name: string) => String(fill[name] ?? mark));
}

/** The name of a game type; a type unknown here is shown as the hub calls it. */
export function typeName(language: Language, type: string): string {
  const named: Readonly<Record<string, string>> = words[language];
  return named[`type_${type}`] ?? type;
}
