/** Changes of the player's own settings: one call each, answered with the player as it is now. */
import type { Exclusion, OwnLimitsView, PasswordHint, PlayerView } from '../../src/kbook/player-wire.ts';
import type { Answer } from './calls.ts';
import type { Engine } from './engine.ts';
import { ask } from './keys.ts';
import type { Language } from './words/language.ts';

export type Changed =
  | { readonly kind: 'ok'; readonly player: PlayerView }
  | { readonly kind: 'refused'; readonly code: string; readonly hint: PasswordHint | null }
  | { readonly kind: 'silent' };

async function change(engine: Engine, path: string, body: unknown): Promise<Changed> {
  const answer: Answer<PlayerView> = await ask<PlayerView>(engine.keys, { path, body });
  if (answer.kind === 'silent') return answer;
  if (answer.kind === 'refused') {
    const hint = answer.code === '2004' ? (answer.data as PasswordHint | null) : null;
    return { kind: 'refused', code: answer.code, hint };
  }
  const player = answer.data;
  engine.page.turn((now) => (now.book === null ? now : { ...now, book: { ...now.book, player } }));
  return { kind: 'ok', player };
}

export function changeLimits(engine: Engine, own: OwnLimitsView): Promise<Changed> {
  return change(engine, 'limits', own);
}
export function changeLanguage(engine: Engine, language: Language): Promise<Changed> {
  return change(engine, 'language', { language });
}
export function exclude(engine: Engine, span: Exclusion): Promise<Changed> {
  return change(engine, 'exclude', { for: span });
}
/** Null `next` takes the password away. */
export function changePassword(
  engine: Engine,
  words: { readonly current: string | null; readonly next: string | null },
): Promise<Changed> {
  return change(engine, 'password', words);
}
