/** Threads as the API tells them: inquiries and the service desk's. */
import type {
  AboutKind,
  ThreadAct,
  ThreadCategory,
  ThreadKind,
  ThreadPriority,
  ThreadSide,
  ThreadState,
} from '../../../src/core/office/thread.ts';
import { CATEGORIES, PRIORITIES } from '../../../src/core/office/thread.ts';
import type { Choice } from '../kit/fields.tsx';
import type { Tone } from '../kit/values.tsx';

export interface Thread {
  readonly id: number;
  readonly kind: ThreadKind;
  readonly agentId: number;
  readonly agent: string;
  readonly withHouse: boolean;
  readonly answerer: string | null;
  readonly playerId: number | null;
  readonly player: string | null;
  readonly aboutKind: AboutKind | null;
  readonly aboutId: string | null;
  readonly subject: string;
  readonly category: ThreadCategory;
  readonly priority: ThreadPriority;
  readonly state: ThreadState;
  readonly assignee: string | null;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly answeredAt: string | null;
  readonly activityAt: string;
  readonly messages: number;
  readonly unread: boolean;
}

export interface Attached {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

export interface Message {
  readonly id: number;
  readonly at: string;
  readonly by: string;
  readonly mine: boolean;
  readonly side: ThreadSide;
  readonly internal: boolean;
  readonly act: ThreadAct;
  readonly text: string;
  readonly attachments: readonly Attached[];
}

export interface ThreadDetail {
  readonly thread: Thread;
  /** Null: only looks on. */
  readonly side: ThreadSide | null;
  readonly acts: readonly ThreadAct[];
  readonly messages: readonly Message[];
}

/** News come by themselves within this. */
export const EVERY_MS = 30_000;

export const TEXT_MAX = 10_000;

export const STATE_TONES: Readonly<Record<ThreadState, Tone>> = {
  open: 'warn',
  answered: 'good',
  new: 'warn',
  in_work: 'info',
  waiting: 'idle',
  solved: 'good',
  closed: 'idle',
};

export const PRIORITY_TONES: Readonly<Record<ThreadPriority, Tone>> = {
  urgent: 'bad',
  high: 'warn',
  normal: 'idle',
  low: 'idle',
};

export const CATEGORY_CHOICES: readonly Choice[] = CATEGORIES.map((value) => ({
  value,
  label: `inquiries.category.${value}`,
}));
export const PRIORITY_CHOICES: readonly Choice[] = PRIORITIES.map((value) => ({
  value,
  label: `inquiries.priority.${value}`,
}));

/** Where something a thread is about is shown. */
export const ABOUT_AT: Readonly<Record<AboutKind, (id: string) => string>> = {
  transaction: (id) => `/movements/${id}`,
  round: (id) => `/rounds/${id}`,
  callback: (id) => `/callbacks/${id}`,
  pot_request: (id) => `/pot-requests/${id}`,
};
