/** Notices as the API tells them: to be read, and as written. */
import type { Language } from '../texts/languages.ts';

export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly text: string;
  readonly language: Language;
  readonly by: 'house' | 'upline' | 'own';
  readonly pinned: boolean;
  readonly mustConfirm: boolean;
  readonly fromAt: string;
  readonly untilAt: string | null;
  readonly readAt: string | null;
  readonly confirmedAt: string | null;
  readonly unread: boolean;
}

export interface NoticeWords {
  readonly title: string;
  readonly text: string;
}

export type Audience = 'all' | 'subtree' | 'staff';

export interface WrittenNotice {
  readonly id: number;
  readonly agent: string | null;
  readonly audience: Audience;
  readonly targetId: number | null;
  readonly target: string | null;
  readonly texts: Readonly<Partial<Record<Language, NoticeWords>>>;
  readonly language: Language;
  readonly title: string;
  readonly fromAt: string;
  readonly untilAt: string | null;
  readonly pinned: boolean;
  readonly mustConfirm: boolean;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly withdrawnAt: string | null;
  readonly reads: number;
  readonly confirmations: number;
}
