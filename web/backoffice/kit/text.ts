/** Texts of the catalogues, and the words of refusals. */
import { useTranslate } from 'ra-core';
import { Refused } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { formatSpan } from './clock.ts';

/** `t('players.block_text', { name })`: the text of a key in the language spoken, with its %{places} filled. */
export function useT(): (key: string, values?: Readonly<Record<string, string | number>>) => string {
  return useTranslate();
}

/** What a failure says to a person. */
export function useRefusalText(): (error: unknown) => string {
  const t = useT();
  const { locale } = useLanguage();
  return (error) => {
    if (!(error instanceof Refused)) return t('refusals.internal');
    const { code, detail, retryAfterMs } = error;
    const wait = retryAfterMs === null ? '' : formatSpan(retryAfterMs, locale);
    const words = t(`refusals.${code}`, { wait, _: t('refusals.other', { code }) });
    return detail === null ? words : `${words} (${detail})`;
  };
}
