/** The language spoken now, and how it is changed. The person's own wish comes with who they are; before that, the browser's. */
import { useLocaleState } from 'ra-core';
import polyglotI18nProvider from 'ra-i18n-polyglot';
import {
  CATALOGUES,
  isLanguage,
  LANGUAGES,
  type Language,
  languageOf,
  OWN_NAMES,
  TAGS,
} from './texts/languages.ts';

const KEPT = 'croupier.office.language';

export function firstLanguage(): Language {
  return languageOf([localStorage.getItem(KEPT), ...navigator.languages]);
}

/** What the provider asks for; it would have all of react-admin's texts, of which we have those that are shown. */
type GetMessages = Parameters<typeof polyglotI18nProvider>[0];

/** The page's texts for react-admin, beginning with a language whose catalogue is here already. */
export async function textsIn(first: Language) {
  const messages = new Map([[first, await CATALOGUES[first]()]]);
  tellDocument(first);
  return polyglotI18nProvider(
    (language) => {
      const found = isLanguage(language) ? language : 'en';
      tellDocument(found);
      // What is there already must be answered at once: the provider asks for its first language so.
      return (messages.get(found) ?? CATALOGUES[found]()) as ReturnType<GetMessages>;
    },
    first,
    LANGUAGES.map((locale) => ({ locale, name: OWN_NAMES[locale] })),
  );
}

function tellDocument(language: Language): void {
  document.documentElement.lang = TAGS[language].html;
}

export function useLanguage() {
  const [spoken, speak] = useLocaleState();
  const language = languageOf([spoken]);
  return {
    language,
    /** What Intl is asked for. */
    locale: TAGS[language].locale,
    speak(next: Language) {
      localStorage.setItem(KEPT, next);
      speak(next);
    },
  };
}
