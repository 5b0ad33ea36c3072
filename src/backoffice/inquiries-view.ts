/** How threads are shown, and which side of one the caller is on. */
import { type Static, Type } from 'typebox';
import { may } from '../core/office/roles.ts';
import {
  ABOUT_KINDS,
  actsOf,
  CATEGORIES,
  PRIORITIES,
  THREAD_ACTS,
  THREAD_STATES,
  type ThreadAct,
  type ThreadSide,
} from '../core/office/thread.ts';
import type { ShownMessage, Thread, Viewer } from '../db/office-thread.ts';
import type { Principal } from './route.ts';
import { At, Id, Line, Nullable, Text } from './shapes.ts';

export const FILES_MAX = 5;
export const TEXT_MAX = 10_000;
export const SUBJECT_MAX = 200;

export const IdNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
export const Category = Type.Enum([...CATEGORIES]);
export const Priority = Type.Enum([...PRIORITIES]);
export const ThreadText = Text(0, TEXT_MAX);
export const Files = Type.Optional(
  Type.Array(IdNumber, {
    maxItems: FILES_MAX,
    uniqueItems: true,
    description: 'ids of files that were put before',
  }),
);
export const About = Type.Object(
  { kind: Type.Enum([...ABOUT_KINDS]), id: Id },
  { additionalProperties: false },
);

export const Opening = {
  subject: Line(1, SUBJECT_MAX),
  category: Category,
  priority: Type.Optional(Priority),
  player: Type.Optional(IdNumber),
  about: Type.Optional(About),
  text: ThreadText,
  attachments: Files,
};
export type OpeningGiven = Static<ReturnType<typeof openingShape>>;
const openingShape = () => Type.Object(Opening);

export const ThreadShape = Type.Object({
  id: Type.Integer(),
  kind: Type.Enum(['inquiry', 'desk']),
  agentId: Type.Integer(),
  agent: Type.String({ description: 'whose people ask' }),
  withHouse: Type.Boolean({ description: 'the house is the one who answers' }),
  answererId: Nullable(Type.Integer()),
  answerer: Nullable(Type.String({ description: 'its upline; not told to the people of the agent' })),
  playerId: Nullable(Type.Integer()),
  player: Nullable(Type.String()),
  aboutKind: Nullable(Type.Enum([...ABOUT_KINDS])),
  aboutId: Nullable(Type.String()),
  subject: Type.String(),
  category: Category,
  priority: Priority,
  state: Type.Enum([...THREAD_STATES]),
  assignee: Nullable(
    Type.String({ description: 'who of the house looks after it; shown to the house alone' }),
  ),
  openedBy: Type.String(),
  openedAt: At,
  answeredAt: Nullable(At),
  activityAt: At,
  messages: Type.Integer(),
  unread: Type.Boolean(),
});

export const ThreadDetail = Type.Object({
  thread: ThreadShape,
  side: Nullable(Type.Enum(['asker', 'answerer'], { description: 'null: only looks on' })),
  acts: Type.Array(Type.Enum([...THREAD_ACTS]), { description: 'what the caller may do now' }),
  messages: Type.Array(
    Type.Object({
      id: Type.Integer(),
      at: At,
      by: Type.String(),
      mine: Type.Boolean(),
      side: Type.Enum(['asker', 'answerer']),
      internal: Type.Boolean(),
      act: Type.Enum([...THREAD_ACTS]),
      text: Type.String({ description: 'plain' }),
      attachments: Type.Array(
        Type.Object({ id: Type.Integer(), name: Type.String(), type: Type.String(), size: Type.Integer() }),
      ),
    }),
  ),
});

export function viewerOf({ person, scope, role }: Principal): Viewer {
  return {
    person,
    agentId: scope.kind === 'agent' ? scope.agentId : null,
    answers: may(role, 'answer'),
  };
}

/** Null: only looks on. */
export function sideOf(
  { agentId, answers }: Viewer,
  thread: Pick<Thread, 'agentId' | 'answererId'>,
): ThreadSide | null {
  if (agentId !== null && thread.agentId === agentId) return 'asker';
  return answers && thread.answererId === agentId ? 'answerer' : null;
}

export function threadDetail(viewer: Viewer, thread: Thread, messages: readonly ShownMessage[]) {
  const side = sideOf(viewer, thread);
  const acts: readonly ThreadAct[] = side === null ? [] : actsOf(thread, side);
  return { thread, side, acts, messages };
}
