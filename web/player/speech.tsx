/** The language the page speaks, at hand everywhere below `SpeechProvider`: its words and its ways to write numbers. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { majorOf } from '../shared/money.ts';
import {
  type MoneyStyle,
  minutesText,
  moneyText,
  oddsText,
  shortMoneyText,
  signedText,
  spanOf,
} from './format.ts';
import { en, type Words } from './words/en.ts';
import { CATALOGUES, fill, type Language, TAGS, type Values } from './words/language.ts';

/** A language and its words. */
export interface Spoken {
  readonly language: Language;
  readonly words: Words;
}

export interface Speech {
  readonly language: Language;
  readonly locale: string;
  readonly say: (word: keyof Words, values?: Values) => string;
  /** Amounts: a number is in the currency's unit, a bigint in minor units. */
  readonly money: (amount: number | bigint) => string;
  readonly signed: (amount: number | bigint) => string;
  readonly short: (amount: number | bigint) => string;
  readonly odds: (odds: number) => string;
  /** How long it is until something: 2 h 05 min, 4:31. */
  readonly span: (ms: number) => string;
}

export function speechOf({ language, words }: Spoken, style: MoneyStyle): Speech {
  const { locale } = TAGS[language];
  const say = (word: keyof Words, values?: Values) => fill(words[word], values);
  const unit = (amount: number | bigint) =>
    typeof amount === 'bigint' ? majorOf(amount, style.decimals) : amount;
  return {
    language,
    locale,
    say,
    money: (amount) => moneyText(locale, unit(amount), style),
    signed: (amount) => signedText(locale, unit(amount), style),
    short: (amount) => shortMoneyText(locale, unit(amount), style),
    odds: (odds) => oddsText(locale, odds),
    span(ms) {
      const span = spanOf(ms);
      const { hours, minutes } = span;
      if (hours >= 24) return say('spanDays', { d: Math.floor(hours / 24), h: hours % 24 });
      return hours > 0 ? say('spanHours', { h: hours, m: minutes }) : minutesText(span);
    },
  };
}

const SpeechContext = createContext<Speech | null>(null);

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === null) throw new Error('no language above');
  return speech;
}

export function SpeechProvider({
  spoken,
  style,
  children,
}: {
  readonly spoken: Spoken;
  readonly style: MoneyStyle;
  readonly children: ReactNode;
}) {
  const { currency, decimals } = style;
  const speech = useMemo(() => speechOf(spoken, { currency, decimals }), [spoken, currency, decimals]);
  useEffect(() => {
    document.documentElement.lang = TAGS[spoken.language].html;
    document.title = speech.say('title');
  }, [spoken, speech]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

const AGAIN_MS = 5_000;

/** The wanted language as soon as its words are here; until then the last one, at first none. */
export function useSpoken(wanted: Language): Spoken | null {
  const [spoken, setSpoken] = useState<Spoken | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const read = async () => {
      try {
        const words = await CATALOGUES[wanted]();
        if (!gone) setSpoken({ language: wanted, words });
      } catch {
        if (gone) return;
        setSpoken((now) => now ?? { language: 'en', words: en });
        timer = setTimeout(read, AGAIN_MS);
      }
    };
    void read();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return spoken;
}
