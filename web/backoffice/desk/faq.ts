/** Questions often asked, as the API tells them. */
import type { ThreadCategory } from '../../../src/core/office/thread.ts';
import type { Language } from '../texts/languages.ts';

export interface FaqWords {
  readonly question: string;
  readonly answer: string;
}

export interface Faq {
  readonly id: number;
  readonly category: ThreadCategory;
  readonly rank: number;
  readonly texts: Readonly<Partial<Record<Language, FaqWords>>>;
  readonly published: boolean;
  /** In the reader's language, or in one there is. */
  readonly question: string;
  readonly answer: string;
}
