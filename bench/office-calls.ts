/** Which calls of the back office are measured: its lists and their totals with the usual filters, and statistics. */
import type { OfficeRoute } from '../src/backoffice/route.ts';
import type { AgentId } from '../src/core/ids.ts';
import type { Sql } from '../src/db/connect.ts';
import { AGENTS, type FilledOffice } from './office-fill.ts';

/** What addresses and filters name: things of an agent everybody measured sees. */
export interface Things {
  readonly from: Date;
  readonly to: Date;
  readonly ids: Readonly<Record<string, string>>;
  readonly filters: Readonly<Record<string, string>>;
}

export interface OfficeListCall {
  readonly path: string;
  readonly calls: readonly { readonly where: string; readonly path: string }[];
  orderOf(path: string): string;
}

const DAY_MS = 86_400_000;
/** Filters that are looked at, and those looked at together. */
const FILTERS = [
  'agent',
  'player',
  'vendor',
  'game',
  'state',
  'kind',
  'type',
  'begins',
  'actor',
  'action',
  'blocked',
  'overdue',
  'minAmount',
];

export async function readThings(
  sql: Sql,
  { from, to, agents }: Pick<FilledOffice, 'from' | 'to' | 'agents'>,
): Promise<Things> {
  const root = agents[0] as AgentId;
  const leaf = agents[AGENTS.roots + AGENTS.middle] as AgentId;
  const [player] =
    await sql`select player_id as id from transfer where agent_id = ${leaf} and player_id is not null order by at desc limit 1`;
  const [game] = await sql`select id, vendor_id from game order by id limit 1`;
  return {
    from,
    to,
    ids: { agentId: String(leaf), playerId: String(player?.id) },
    filters: {
      agent: String(leaf),
      subtree: String(root),
      player: String(player?.id),
      vendor: String(game?.vendor_id),
      game: String(game?.id),
      begins: 'player0',
      actor: 'person 7',
      action: 'limit',
      minStake: '3500',
      minAmount: '9000',
    },
  };
}

/** Lists that are there without something of the rain book's: its lists are its own. */
export function listsOf(routes: readonly OfficeRoute[], things: Things): OfficeListCall[] {
  const lists = routes.filter(({ method, query }) => method === 'GET' && fieldsOf(query).has('after'));
  return lists.flatMap((route) => {
    const path = route.path.replace(/:(\w+)/g, (whole, name: string) => things.ids[name] ?? whole);
    if (path.includes(':') || path.startsWith('/rain/')) return [];
    const fields = fieldsOf(route.query);
    const orders = choicesOf(route.query, 'order');
    const filters = filtersOf(route, things);
    const totals = routes.find((each) => each.method === 'GET' && each.path === `${route.path}/totals`);
    const withOrders = orders.map((order) => ({ where: order, path: addressOf(path, { order }) }));
    const withFilters = filters.map((filter) => ({
      where: JSON.stringify(filter),
      path: addressOf(path, filter),
    }));
    const counted = [{}, ...filters].map((filter) => ({
      where: `totals ${JSON.stringify(filter)}`,
      path: addressOf(`${path}/totals`, filter),
    }));
    return [
      {
        path: route.path,
        calls: [...withOrders, ...withFilters, ...(totals === undefined || fields.size === 0 ? [] : counted)],
        orderOf: (asked: string) => new URLSearchParams(asked.split('?')[1]).get('order') ?? orders[0] ?? '',
      },
    ];
  });
}

type Filter = Readonly<Record<string, string>>;

/** Each filter by itself, a subtree, a day, and a day of a player and of an agent. */
function filtersOf({ query }: OfficeRoute, { from, to, filters }: Things): Filter[] {
  const fields = fieldsOf(query);
  const middle = new Date(Math.floor((from.getTime() + to.getTime()) / 2 / DAY_MS) * DAY_MS);
  const names = ['from', 'to'].every((name) => fields.has(name))
    ? ['from', 'to']
    : ['createdFrom', 'createdTo'];
  const [since = '', until = ''] = names;
  const day = fields.has(since)
    ? { [since]: middle.toISOString(), [until]: new Date(middle.getTime() + DAY_MS).toISOString() }
    : null;
  const single = FILTERS.filter((name) => fields.has(name)).flatMap((name) => {
    const choices = choicesOf(query, name);
    if (choices.length > 0) return choices.map((choice) => ({ [name]: choice }));
    return filters[name] === undefined ? [] : [{ [name]: filters[name] }];
  });
  const subtree = fields.has('agent') ? [{ agent: filters.subtree ?? '' }] : [];
  const ofSomebody = [...single, ...subtree].filter((each) => 'agent' in each || 'player' in each);
  const least = fields.has('minStake') ? [{ minStake: filters.minStake ?? '' }] : [];
  const days = day === null ? [] : [{}, ...ofSomebody, ...least].map((each) => ({ ...each, ...day }));
  return [...single, ...subtree, ...days] as Filter[];
}

interface Schema {
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
}

const fieldsOf = (query: unknown) => new Set(Object.keys((query as Schema | undefined)?.properties ?? {}));
const choicesOf = (query: unknown, name: string) =>
  (query as Schema | undefined)?.properties?.[name]?.enum ?? [];

function addressOf(path: string, query: Filter): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}

/**
 * A cursor further on: parts that are times lie that share of the month behind the newest (or the oldest), numbers that
 * share of the way to the other end, names at that share of the alphabet.
 */
export function deeper(
  cursor: string,
  { share, order, things }: { readonly share: number; readonly order: string; readonly things: Things },
): string {
  const key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as string[];
  const rising = ['oldest', 'name', 'username', 'rank', 'shown', 'urgency'].includes(order);
  const { from, to } = things;
  const moved = key.map((part) => {
    if (/^\d{4}-\d\d-\d\dT/.test(part)) {
      const way = (to.getTime() - from.getTime()) * share;
      return new Date(rising ? from.getTime() + way : to.getTime() - way).toISOString().replace('Z', '000Z');
    }
    if (/^\d+$/.test(part))
      return rising ? part : String(Math.max(1, Math.floor(Number(part) * (1 - share))));
    return part.replace(/\d+$/, (digits) =>
      String(Math.floor(10 ** digits.length * share)).padStart(digits.length, '0'),
    );
  });
  return Buffer.from(JSON.stringify(moved)).toString('base64url');
}

/** A month by each level, beside the month before, of one agent, of a vendor. */
export function statisticsCalls({ to, filters }: Things): { title: string; path: string }[] {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const month = { from: day(to.getTime() - 30 * DAY_MS), to: day(to.getTime()), zone: 'Asia/Seoul' };
  const vendor = filters.vendor ?? '';
  const game = filters.game ?? '';
  return [
    ...['day', 'hour', 'vendor', 'game', 'agent'].map((by) => ({
      title: `31 days by ${by}`,
      query: { ...month, by },
    })),
    { title: '31 days by day, a vendor', query: { ...month, by: 'day', vendor } },
    { title: '31 days by day, a game', query: { ...month, by: 'day', game } },
    { title: '31 days by agent, a game', query: { ...month, by: 'agent', game } },
    { title: 'one day by game', query: { ...month, from: month.to, by: 'game' } },
  ]
    .map(({ title, query }) => ({ title: `statistics, ${title}`, path: addressOf('/statistics', query) }))
    .concat([{ title: "statistics, today's", path: '/statistics/today' }]);
}
