/** What waits for whoever asks, and how much of it is new: read from the store, so every node says the same. */
import { Type } from 'typebox';
import { may } from '../core/office/roles.ts';
import type { ThreadKind } from '../core/office/thread.ts';
import { WAITING_KINDS, type WaitingKind } from '../core/office/waiting.ts';
import { unreadNotices } from '../db/office-notice.ts';
import { countNews, waitingThreads } from '../db/office-thread-list.ts';
import {
  overdueRounds,
  type Waits,
  waitingCallbacks,
  waitingOrders,
  waitingResults,
} from '../db/office-waiting.ts';
import { viewerOf } from './inquiries-view.ts';
import { readerOf } from './notices.ts';
import { potWaiting } from './pot.ts';
import { ok } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, Nullable } from './shapes.ts';

const COUNT_MAX = 100;

const news = (call: OfficeCall, kind: ThreadKind) =>
  countNews(call.sql, { viewer: viewerOf(call.principal), kind }, COUNT_MAX);

const threads = (call: OfficeCall, kind: ThreadKind) =>
  waitingThreads(call.sql, { viewer: viewerOf(call.principal), kind }, COUNT_MAX);

async function callbacks(call: OfficeCall): Promise<Waits | null> {
  const { principal, sql } = call;
  if (!may(principal.role, 'callbacks')) return null;
  const agents = principal.scope.kind === 'house' ? null : ((await agentsOf(call)) ?? []);
  return waitingCallbacks(sql, agents, COUNT_MAX);
}

/** Null: nothing of the kind ever waits for such a role. */
const READ: Readonly<Record<WaitingKind, (call: OfficeCall) => Promise<Waits | null>>> = {
  pot_requests: potWaiting,
  inquiries: (call) => threads(call, 'inquiry'),
  desk: (call) => threads(call, 'desk'),
  notices: ({ sql, principal }) => unreadNotices(sql, readerOf(principal), COUNT_MAX),
  callbacks,
  round_orders: async ({ sql, principal }) =>
    may(principal.role, 'rounds') ? waitingOrders(sql, principal.person, COUNT_MAX) : null,
  rain_findings: async ({ sql, principal }) =>
    may(principal.role, 'rain') ? waitingResults(sql, principal.person, COUNT_MAX) : null,
  open_rounds: async ({ sql, principal }) =>
    may(principal.role, 'rounds') ? overdueRounds(sql, COUNT_MAX) : null,
};

export const WAITING: readonly OfficeRoute[] = [
  route({
    method: 'GET',
    path: '/unread',
    operationId: 'countUnread',
    summary: 'How much is new for the caller, each counted to a hundred',
    group: 'my page',
    permission: 'self',
    answer: Type.Object({
      inquiries: Type.Integer(),
      desk: Type.Integer(),
      notices: Type.Integer(),
      pot: Type.Integer(),
    }),
    async handle(call) {
      const { sql, principal } = call;
      const [inquiries, desk, notices, pot] = await Promise.all([
        news(call, 'inquiry'),
        news(call, 'desk'),
        unreadNotices(sql, readerOf(principal), COUNT_MAX),
        potWaiting(call),
      ]);
      return ok({ inquiries, desk, notices: notices.count, pot: pot?.count ?? 0 });
    },
  }),
  route({
    method: 'GET',
    path: '/waiting',
    operationId: 'listWaiting',
    summary:
      'What waits for the caller, each counted to a hundred; nothing is left out that could wait for the role',
    group: 'my page',
    permission: 'self',
    answer: Type.Object({
      waiting: Type.Array(
        Type.Object({
          what: Type.Enum([...WAITING_KINDS]),
          count: Type.Integer(),
          more: Type.Boolean(),
          oldest: Nullable(At),
        }),
      ),
    }),
    async handle(call) {
      const read = await Promise.all(
        WAITING_KINDS.map(async (what) => ({ what, waits: await READ[what](call) })),
      );
      return ok({ waiting: read.flatMap(({ what, waits }) => (waits === null ? [] : [{ what, ...waits }])) });
    },
  }),
];
