/**
 * What becomes of a bet in CHECK when K-Rain's answer contradicts its order, and nobody but people can say what it
 * means. They have its statement before them; a ruling counts when two different persons say the same. Until then each
 * may change its mind.
 */
import { isPerson, isSame } from './finding.ts';

/** taken: as the statement says. Amounts are minor units, odds thousandths. */
export type Ruling =
  | { readonly fate: 'taken'; readonly stake: bigint; readonly odds: number; readonly win: bigint }
  | { readonly fate: 'failed' };
export const RULED_FATES = ['taken', 'failed'] as const satisfies readonly Ruling['fate'][];
export type RuledFate = (typeof RULED_FATES)[number];

export interface RulingWord {
  readonly by: string;
  readonly ruling: Ruling;
}

export type RulingDecision =
  | {
      readonly ok: true;
      /** Two persons say so. */
      readonly counts: boolean;
      readonly standing: readonly string[];
      /** Who says otherwise. */
      readonly against: readonly string[];
    }
  | { readonly ok: false; readonly code: 'not_a_person' };

/** `words`: what was said before, of each person the last. */
export function decideRuling(words: readonly RulingWord[], said: RulingWord): RulingDecision {
  if (!isPerson(said.by)) return { ok: false, code: 'not_a_person' };
  const all = [said, ...words.filter(({ by }) => isPerson(by) && !isSame(by, said.by))];
  const alike = all.filter(({ ruling }) => isSameRuling(ruling, said.ruling));
  return {
    ok: true,
    counts: alike.length >= 2,
    standing: alike.map(({ by }) => by),
    against: all.filter((each) => !alike.includes(each)).map(({ by }) => by),
  };
}

export function isSameRuling(a: Ruling, b: Ruling): boolean {
  if (a.fate === 'failed' || b.fate === 'failed') return a.fate === b.fate;
  return a.stake === b.stake && a.odds === b.odds && a.win === b.win;
}
