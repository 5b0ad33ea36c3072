/**
 * The course of a thread, as a table: an inquiry between an agent's people and its upline's, or a thread of the service
 * desk between an agent's people and the house. What is not in the table is refused. Pure.
 */

export const THREAD_KINDS = ['inquiry', 'desk'] as const;
export type ThreadKind = (typeof THREAD_KINDS)[number];

/** An inquiry is open until it is answered; the desk's is new, in work, waiting for the agent, solved. Both close. */
export const STATES = {
  inquiry: ['open', 'answered', 'closed'],
  desk: ['new', 'in_work', 'waiting', 'solved', 'closed'],
} as const;
export const THREAD_STATES = ['open', 'answered', 'new', 'in_work', 'waiting', 'solved', 'closed'] as const;
export type ThreadState = (typeof THREAD_STATES)[number];

export type ThreadSide = 'asker' | 'answerer';

export const THREAD_ACTS = [
  'write', // a message both sides see
  'note', // a message only the house sees
  'take', // somebody of the house looks after it: oneself, or whom one hands it to
  'release', // nobody does
  'solve',
  'close',
] as const;
export type ThreadAct = (typeof THREAD_ACTS)[number];

export const CATEGORIES = ['account', 'money', 'bet', 'game', 'player', 'technical', 'other'] as const;
export type ThreadCategory = (typeof CATEGORIES)[number];

/** By urgency, the most urgent first: 0 to 3. */
export const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const;
export type ThreadPriority = (typeof PRIORITIES)[number];

/** What a thread may be about, by an id that people see. */
export const ABOUT_KINDS = ['transaction', 'round', 'callback', 'pot_request'] as const;
export type AboutKind = (typeof ABOUT_KINDS)[number];

type Course = Readonly<
  Partial<
    Record<
      ThreadState,
      Readonly<Partial<Record<ThreadSide, Readonly<Partial<Record<ThreadAct, ThreadState>>>>>>
    >
  >
>;

const INQUIRY: Course = {
  open: {
    asker: { write: 'open', close: 'closed' },
    answerer: { write: 'answered', close: 'closed' },
  },
  answered: {
    asker: { write: 'open', close: 'closed' },
    answerer: { write: 'answered', close: 'closed' },
  },
  // A word more opens it again.
  closed: { asker: { write: 'open' }, answerer: { write: 'answered' } },
};

const DESK: Course = {
  new: {
    asker: { write: 'new', close: 'closed' },
    answerer: { write: 'waiting', note: 'new', take: 'in_work', solve: 'solved', close: 'closed' },
  },
  in_work: {
    asker: { write: 'in_work', close: 'closed' },
    answerer: {
      write: 'waiting',
      note: 'in_work',
      take: 'in_work',
      release: 'new',
      solve: 'solved',
      close: 'closed',
    },
  },
  waiting: {
    asker: { write: 'in_work', close: 'closed' },
    answerer: {
      write: 'waiting',
      note: 'waiting',
      take: 'waiting',
      release: 'waiting',
      solve: 'solved',
      close: 'closed',
    },
  },
  solved: {
    asker: { write: 'in_work', close: 'closed' },
    answerer: { write: 'waiting', note: 'solved', close: 'closed' },
  },
  // For good: what comes up again is a thread of its own.
  closed: { answerer: { note: 'closed' } },
};

const COURSES: Readonly<Record<ThreadKind, Course>> = { inquiry: INQUIRY, desk: DESK };

export interface ThreadAt {
  readonly kind: ThreadKind;
  readonly state: ThreadState;
}

/** The state a side's act leads to; null: that side may not do it there. */
export function afterAct({ kind, state }: ThreadAt, side: ThreadSide, act: ThreadAct): ThreadState | null {
  return COURSES[kind][state]?.[side]?.[act] ?? null;
}

/** What a side may do now. */
export function actsOf(at: ThreadAt, side: ThreadSide): readonly ThreadAct[] {
  return THREAD_ACTS.filter((act) => afterAct(at, side, act) !== null);
}

/** How a thread begins: it is the other side's turn. */
export function firstState(kind: ThreadKind, by: ThreadSide): ThreadState {
  if (kind === 'inquiry') return by === 'asker' ? 'open' : 'answered';
  return by === 'asker' ? 'new' : 'waiting';
}

/** Whether the thread waits for that side. */
export function waitsFor({ kind, state }: ThreadAt, side: ThreadSide): boolean {
  return WAITING[kind][side].includes(state);
}

/** States in which it is a side's turn. */
export const WAITING: Readonly<Record<ThreadKind, Readonly<Record<ThreadSide, readonly ThreadState[]>>>> = {
  inquiry: { asker: ['answered'], answerer: ['open'] },
  desk: { asker: ['waiting', 'solved'], answerer: ['new', 'in_work'] },
};
