/** In which language programs are shown: chosen once, kept for all of them. */

import Tab from '@mui/material/Tab';
import MuiTabs from '@mui/material/Tabs';
import { useStore } from 'ra-core';
import { useT } from '../kit/text.ts';
import { LANGUAGES, type SnippetLanguage } from './snippets.ts';

export function useLanguageOfCode(): [SnippetLanguage, (language: SnippetLanguage) => void] {
  const [kept, keep] = useStore<string>('developer.language', 'curl');
  return [LANGUAGES.find((each) => each === kept) ?? 'curl', keep];
}

interface LanguagesProps<Language extends string> {
  readonly languages: readonly Language[];
  readonly names: Readonly<Record<Language, string>>;
  readonly value: Language;
  readonly onChange: (language: Language) => void;
}

export function Languages<Language extends string>({
  languages,
  names,
  value,
  onChange,
}: LanguagesProps<Language>) {
  const t = useT();
  return (
    <MuiTabs
      value={value}
      onChange={(_event, next: Language) => onChange(next)}
      aria-label={t('developer.language')}
      variant="scrollable"
      scrollButtons="auto"
      allowScrollButtonsMobile
    >
      {languages.map((each) => (
        <Tab key={each} value={each} label={names[each]} />
      ))}
    </MuiTabs>
  );
}
