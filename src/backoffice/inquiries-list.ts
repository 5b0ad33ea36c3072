/** The list of a kind of threads. */
import { type Static, Type } from 'typebox';
import { CATEGORIES, PRIORITIES, THREAD_STATES, type ThreadKind } from '../core/office/thread.ts';
import { playerBelow, type Thread } from '../db/office-thread.ts';
import { countThreads, listThreads, type ThreadFilter, type ThreadOrder } from '../db/office-thread-list.ts';
import { ThreadShape, viewerOf } from './inquiries-view.ts';
import { type Column, listRoutes, type OfficeList } from './list.ts';
import type { OfficeCall, OfficeRoute } from './route.ts';
import { agentsOf } from './scope.ts';
import { Id, Line } from './shapes.ts';

const COUNT_MAX = 100_000;

const Filter = Type.Object({
  state: Type.Optional(
    Type.Enum([...THREAD_STATES, 'live'], { description: 'live: neither solved nor closed' }),
  ),
  category: Type.Optional(Type.Enum([...CATEGORIES])),
  priority: Type.Optional(Type.Enum([...PRIORITIES])),
  agent: Type.Optional(Id),
  player: Type.Optional(Id),
  begins: Type.Optional(Line(1, 100)),
  side: Type.Optional(
    Type.Enum(['asker', 'answerer'], { description: 'only where the caller’s side asks, or is asked' }),
  ),
  assignee: Type.Optional(Type.Enum(['me', 'nobody'])),
  unread: Type.Optional(Type.Enum(['yes'])),
});

type ThreadRow = Thread & Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column<ThreadRow>[] = [
  { key: 'id', title: 'No.', type: 'number' },
  { key: 'agent', title: 'Agent', type: 'text' },
  { key: 'answerer', title: 'Upline', type: 'text' },
  { key: 'player', title: 'Player', type: 'text' },
  { key: 'subject', title: 'Subject', type: 'text' },
  { key: 'category', title: 'Category', type: 'text' },
  { key: 'priority', title: 'Priority', type: 'text' },
  { key: 'state', title: 'State', type: 'text' },
  { key: 'assignee', title: 'Looked after by', type: 'text' },
  { key: 'openedBy', title: 'Opened by', type: 'text' },
  { key: 'openedAt', title: 'Opened', type: 'instant' },
  { key: 'answeredAt', title: 'First answer', type: 'instant' },
  { key: 'activityAt', title: 'Last activity', type: 'instant' },
  { key: 'messages', title: 'Messages', type: 'number' },
];

const LIVE = THREAD_STATES.filter((state) => state !== 'solved' && state !== 'closed');

async function filterOf(
  call: OfficeCall,
  kind: ThreadKind,
  given: Static<typeof Filter>,
): Promise<ThreadFilter | null> {
  const { state, category = null, priority, agent, player = null, begins = null, side = null } = given;
  const agents = agent === undefined ? null : await agentsOf(call, { agent, below: true });
  if (agent !== undefined && agents === null) return null;
  const { person, scope } = call.principal;
  const above = scope.kind === 'agent' ? scope.agentId : null;
  if (player !== null && (await playerBelow(call.sql, player, above)) === null) return null;
  // Who looks after a thread is not for an agent's people to know, nor to find out.
  const assignee = scope.kind === 'agent' || given.assignee === undefined ? null : given.assignee;
  return {
    kind,
    agents,
    states: state === undefined ? null : state === 'live' ? LIVE : [state],
    category,
    urgency: priority === undefined ? null : PRIORITIES.indexOf(priority),
    playerId: player,
    begins,
    assignee: assignee === 'me' ? person : assignee === 'nobody' ? '' : null,
    side,
    unread: given.unread === 'yes',
  };
}

type Row = ThreadRow;
const KEYS: Readonly<Record<ThreadOrder, (row: Row) => readonly string[]>> = {
  activity: (row) => [row.activityAt, String(row.id)],
  opened: (row) => [String(row.id)],
  urgency: (row) => [String(PRIORITIES.indexOf(row.priority)), row.openedAt, String(row.id)],
};

export function threadList(
  kind: ThreadKind,
  { path, name, summary, group }: Pick<OfficeList<typeof Filter, Row>, 'path' | 'name' | 'summary' | 'group'>,
): OfficeRoute[] {
  const orders = {
    activity: { key: ['timestamptz', 'bigint'], descending: true },
    opened: { key: ['bigint'], descending: false },
    urgency: { key: ['bigint', 'timestamptz', 'bigint'], descending: false },
  } as const satisfies OfficeList<typeof Filter, Row>['orders'] & Record<ThreadOrder, unknown>;
  return listRoutes<typeof Filter, Row>({
    ...{ path, name, summary, group, orders },
    permission: 'look',
    filter: Filter,
    row: ThreadShape,
    columns: COLUMNS,
    async read(call, given, page) {
      const filter = await filterOf(call, kind, given.filter);
      if (filter === null) return null;
      const viewer = viewerOf(call.principal);
      const order = page.order as ThreadOrder;
      return (await listThreads(call.sql, { viewer, filter }, { ...page, order })) as Row[];
    },
    keyOf: (row, order) => KEYS[order as ThreadOrder](row),
    totals: {
      shape: Type.Object({ count: Type.Integer(), more: Type.Boolean() }),
      async read(call, given) {
        const filter = await filterOf(call, kind, given.filter);
        if (filter === null) return null;
        return countThreads(call.sql, { viewer: viewerOf(call.principal), filter }, COUNT_MAX);
      },
    },
  });
}
