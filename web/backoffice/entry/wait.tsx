/** How long one is still locked out, counted down. */
import { useEffect, useState } from 'react';
import { Refused } from '../api.ts';
import { formatSpan } from '../kit/clock.ts';
import { useRefusalText, useT } from '../kit/text.ts';
import { useLanguage } from '../language.tsx';

/** Milliseconds until one may try again; 0 = now. */
export function useWait(error: unknown): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const wait = error instanceof Refused && error.code === 'locked' ? (error.retryAfterMs ?? 0) : 0;
    const until = performance.now() + wait;
    setLeft(wait);
    if (wait === 0) return;
    const timer = setInterval(() => {
      const next = Math.max(0, until - performance.now());
      setLeft(next);
      if (next === 0) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}

/** The refusal; a lock says how much is left of it, and when it is over. */
export function WaitText({ error, wait }: { readonly error: unknown; readonly wait: number }) {
  const t = useT();
  const say = useRefusalText();
  const { locale } = useLanguage();
  if (!(error instanceof Refused) || error.code !== 'locked') return say(error);
  return wait > 0 ? t('refusals.locked', { wait: formatSpan(wait, locale) }) : t('entry.lock_over');
}
