/** Users as the back office lists them: pages by key over one agent's tree or all, and what is written about a user. */
import type { Fragment } from 'postgres';
import type { AgentId, PlayerId } from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';
import { isActOf } from './office-audit.ts';
import { mayPlay } from './player.ts';

/** Null: all agents there are. */
export type Agents = readonly AgentId[] | null;

export interface PlayerFilter {
  readonly agents: Agents;
  readonly player?: string | undefined;
  readonly begins?: string | undefined;
  readonly blocked?: boolean | undefined;
  /** Self-excluded or cooling off now. */
  readonly excluded?: boolean | undefined;
  readonly createdFrom?: string | undefined;
  readonly createdTo?: string | undefined;
  readonly seenFrom?: string | undefined;
  readonly seenTo?: string | undefined;
}

/** Amounts are minor units as text. */
export interface PlayerLine {
  readonly [key: string]: unknown;
  readonly id: number;
  readonly username: string;
  readonly usernameKey: string;
  readonly nickname: string;
  readonly agent: number;
  readonly agentName: string;
  readonly currency: string;
  readonly wallet: 'transfer' | 'seamless';
  /** Of a seamless user: what its operator holds, as far as is known here. */
  readonly balance: string;
  readonly points: string;
  readonly state: 'active' | 'blocked' | 'excluded' | 'cooling';
  readonly createdAt: string;
  readonly seenAt: string | null;
}

const nameKey = (db: Query) => db`(p.username_key collate "C")`;
const isExcluded = (db: Query) =>
  db`(p.excluded_until > now() or p.cooling_until > now()) and (p.excluded_until is not null or p.cooling_until is not null)`;

function conditions(db: Query, filter: PlayerFilter): Fragment {
  const { player, begins, blocked, excluded, createdFrom, createdTo, seenFrom, seenTo } = filter;
  const prefix = (begins ?? '').normalize('NFKC').toLowerCase();
  return db`true
    ${player === undefined ? db`` : db`and p.id = ${player}::bigint`}
    ${prefix === '' ? db`` : db`and ${nameKey(db)} >= ${prefix} and ${nameKey(db)} < ${prefix + LAST}`}
    ${blocked === undefined ? db`` : blocked ? db`and p.blocked_at is not null` : db`and p.blocked_at is null`}
    ${excluded === undefined ? db`` : excluded ? db`and ${isExcluded(db)}` : db`and (${isExcluded(db)}) is not true`}
    ${createdFrom === undefined ? db`` : db`and p.created_at >= ${createdFrom}::text::timestamptz`}
    ${createdTo === undefined ? db`` : db`and p.created_at < ${createdTo}::text::timestamptz`}
    ${seenFrom === undefined ? db`` : db`and p.last_access_at >= ${seenFrom}::text::timestamptz`}
    ${seenTo === undefined ? db`` : db`and p.last_access_at < ${seenTo}::text::timestamptz`}`;
}

/** Behind everything a name can begin with: the last code point there is, in the order of bytes. */
const LAST = '\u{10ffff}';

/** Ids of a page. Each agent's part is read by index and cut, so that the tree costs by its agents, not by its users. */
function pageOf(db: Query, filter: PlayerFilter, page: KeysetPage & { readonly by: 'id' | 'name' }) {
  const columns =
    page.by === 'id'
      ? [{ column: db`p.id`, type: 'bigint' } as const]
      : [{ column: nameKey(db), type: 'text' } as const, { column: db`p.id`, type: 'bigint' } as const];
  const { where, order, limit } = keyset(db, page, columns);
  const rows = (whose: Fragment) =>
    db`select p.id, p.username_key from player p where ${whose} and ${conditions(db, filter)} and ${where} ${order} ${limit}`;
  const { agents } = filter;
  const found =
    agents === null || filter.player !== undefined
      ? rows(agents === null ? db`true` : db`p.agent_id = any(${numbers(agents)}::bigint[])`)
      : db`select * from (select p.id, p.username_key from unnest(${numbers(agents)}::bigint[]) a (id)
          cross join lateral (${rows(db`p.agent_id = a.id`)}) p) p ${order} ${limit}`;
  return { found, order };
}

/** A page of users by id (that is, by when they were made) or by name. */
export async function pageOfPlayers(
  db: Query,
  filter: PlayerFilter,
  page: KeysetPage & { readonly by: 'id' | 'name' },
): Promise<PlayerLine[]> {
  const { found, order } = pageOf(db, filter, page);
  const rows = await db`
    with page as materialized (${found})
    select p.id, p.username, p.username_key, coalesce(p.nickname, p.username) as nickname, a.id as agent, a.username as agent_name,
      a.currency, a.wallet, coalesce(w.known, w.balance) as balance, t.balance as points,
      case when p.blocked_at is not null then 'blocked' when p.excluded_until > now() then 'excluded'
        when p.cooling_until > now() then 'cooling' else 'active' end as state,
      wire_time(p.created_at) as created_at, wire_time(p.last_access_at) as seen_at
    from page join player p on p.id = page.id join agent a on a.id = p.agent_id
    join account w on w.id = p.wallet_account_id join account t on t.id = p.points_account_id ${order}`;
  return rows.map(toLine);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toLine(row: any): PlayerLine {
  return {
    id: Number(row.id),
    username: row.username,
    usernameKey: row.username_key,
    nickname: row.nickname,
    agent: Number(row.agent),
    agentName: row.agent_name,
    currency: row.currency,
    wallet: row.wallet,
    balance: String(row.balance),
    points: String(row.points),
    state: row.state,
    createdAt: row.created_at,
    seenAt: row.seen_at,
  };
}

/** Most users that totals look at. */
export const PLAYERS_COUNTED_MAX = 100_000;

export interface PlayerSums {
  readonly count: number;
  /** There are more users than were counted; the sums are of those that were. */
  readonly more: boolean;
  readonly sums: readonly {
    readonly currency: string;
    readonly count: number;
    readonly balance: string;
    readonly points: string;
  }[];
}

/** How many users there are under a filter, and what they hold, by currency. */
export async function sumPlayers(db: Query, filter: PlayerFilter): Promise<PlayerSums> {
  const whose = filter.agents === null ? db`true` : db`p.agent_id = any(${numbers(filter.agents)}::bigint[])`;
  const rows = await db`
    with counted as (select p.wallet_account_id, p.points_account_id from player p where ${whose} and ${conditions(db, filter)}
      limit ${PLAYERS_COUNTED_MAX + 1})
    select w.currency, count(*)::int as count, sum(coalesce(w.known, w.balance))::text as balance, sum(t.balance)::text as points
    from counted c join account w on w.id = c.wallet_account_id join account t on t.id = c.points_account_id
    group by w.currency order by w.currency`;
  const count = rows.reduce((all, row) => all + row.count, 0);
  return {
    count: Math.min(count, PLAYERS_COUNTED_MAX),
    more: count > PLAYERS_COUNTED_MAX,
    sums: rows.map(({ currency, count: each, balance, points }) => ({
      currency,
      count: each,
      balance,
      points,
    })),
  };
}

export interface NoteLine {
  readonly [key: string]: unknown;
  readonly id: number;
  readonly person: string;
  readonly houseOnly: boolean;
  readonly text: string;
  readonly at: string;
}

export async function addNote(
  db: Query,
  note: { playerId: PlayerId; person: string; houseOnly: boolean; text: string },
): Promise<number> {
  const [row] = await db`insert into player_note (player_id, person, house_only, text)
    values (${note.playerId}, ${note.person}, ${note.houseOnly}, ${note.text}) returning id`;
  return Number(row?.id);
}

/** Notes on a user; what the house wrote for itself only for the house. */
export async function pageOfNotes(
  db: Query,
  query: { playerId: PlayerId; forHouse: boolean },
  page: KeysetPage,
): Promise<NoteLine[]> {
  const { where, order, limit } = keyset(db, page, [{ column: db`n.id`, type: 'bigint' }]);
  const rows = await db`select n.id, n.person, n.house_only, n.text, wire_time(n.at) as at from player_note n
    where n.player_id = ${query.playerId} and (${query.forHouse} or not n.house_only) and ${where} ${order} ${limit}`;
  return rows.map((row) => ({
    id: Number(row.id),
    person: row.person,
    houseOnly: row.house_only,
    text: row.text,
    at: row.at,
  }));
}

export interface SessionLine {
  readonly [key: string]: unknown;
  readonly id: number;
  readonly game: string | null;
  readonly title: string | null;
  readonly vendor: string | null;
  readonly state: 'token' | 'open' | 'ended';
  readonly issuedAt: string;
  readonly openedAt: string | null;
  readonly endedAt: string | null;
  readonly expiresAt: string;
  readonly endReason: string | null;
}

/** A user's launches: tokens not opened yet, open sessions, ended ones; newest by id. */
export async function pageOfSessions(
  db: Query,
  query: { playerId: PlayerId; open: boolean },
  page: KeysetPage,
): Promise<SessionLine[]> {
  const { where, order, limit } = keyset(db, page, [{ column: db`s.id`, type: 'bigint' }]);
  const rows = await db`
    select s.id, g.public_id as game, g.title, v.name as vendor,
      case when s.ended_at is not null or s.expires_at <= now() then 'ended' when s.opened_at is null then 'token' else 'open' end as state,
      wire_time(s.issued_at) as issued_at, wire_time(s.opened_at) as opened_at, wire_time(s.expires_at) as expires_at,
      wire_time(coalesce(s.ended_at, case when s.expires_at <= now() then s.expires_at end)) as ended_at,
      coalesce(s.end_reason, case when s.expires_at <= now() then 'expired' end) as end_reason
    from session s left join game g on g.id = s.game_id left join vendor v on v.id = g.vendor_id
    where s.player_id = ${query.playerId} and (not ${query.open} or (s.ended_at is null and s.expires_at > now())) and ${where} ${order} ${limit}`;
  return rows.map((row) => ({
    id: Number(row.id),
    game: row.game,
    title: row.title,
    vendor: row.vendor,
    state: row.state,
    issuedAt: row.issued_at,
    openedAt: row.opened_at,
    endedAt: row.ended_at,
    expiresAt: row.expires_at,
    endReason: row.end_reason,
  }));
}

export interface LimitLine {
  /** Whose it is. */
  readonly agentId: number;
  /** Null: an upline above what the caller sees. */
  readonly agent: number | null;
  readonly agentName: string | null;
  readonly vendorId: number | null;
  readonly vendor: string | null;
  readonly gameId: number | null;
  readonly game: string | null;
  /** It is this user's alone. */
  readonly own: boolean;
  readonly maxBet: string | null;
  readonly maxWin: string | null;
}

const seen = (db: Query, top: AgentId | null) =>
  top === null ? db`true` : db`u.path @> array[${top}::bigint]`;

/** All rows of the user's agent and those above it that bind the user in some game, from the top of the tree. */
export async function limitsThatBind(
  db: Query,
  { playerId, top }: { playerId: PlayerId; top: AgentId | null },
): Promise<LimitLine[]> {
  const rows = await db`
    select case when ${seen(db, top)} then l.agent_id end as agent, case when ${seen(db, top)} then u.username end as agent_name, l.vendor_id, coalesce(v.name, gv.name) as vendor, l.game_id, g.title as game, l.agent_id,
      l.player_id is not null as own, l.max_bet::text, l.max_win::text
    from player p join agent a on a.id = p.agent_id join bet_limit l on l.agent_id = any(a.path) and (l.player_id is null or l.player_id = p.id)
    join agent u on u.id = l.agent_id left join vendor v on v.id = l.vendor_id left join game g on g.id = l.game_id left join vendor gv on gv.id = g.vendor_id
    where p.id = ${playerId} order by cardinality(u.path), l.id`;
  return rows.map((row) => ({
    agentId: Number(row.agent_id),
    agent: row.agent === null ? null : Number(row.agent),
    agentName: row.agent_name,
    vendorId: row.vendor_id,
    vendor: row.vendor,
    gameId: row.game_id,
    game: row.game,
    own: row.own,
    maxBet: row.max_bet,
    maxWin: row.max_win,
  }));
}

export interface AuditLine {
  readonly [key: string]: unknown;
  readonly n: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly detail: unknown;
}

/**
 * Lines of the audit trail about a user. `peopleOf`: of acts of these agents' own people everything is told, of others'
 * what was done; null: of all acts everything.
 */
export async function pageOfPlayerAudit(
  db: Query,
  { subject, peopleOf }: { subject: string; peopleOf: Agents },
  page: KeysetPage,
): Promise<AuditLine[]> {
  const { where, order, limit } = keyset(db, page, [{ column: db`l.n`, type: 'bigint' }]);
  const rows = await db`select l.n, wire_time(l.at) as at, l.actor, l.action,
      case when ${isActOf(db, peopleOf)} then l.detail else l.detail - array(select k from jsonb_object_keys(l.detail) k
        where k not in ('agentId', 'before', 'after')) end as detail
    from audit_log l where l.subject = ${subject} and (${peopleOf === null} or l.detail ? 'agentId') and ${where} ${order} ${limit}`;
  return rows.map((row) => ({
    n: Number(row.n),
    at: row.at,
    actor: row.actor,
    action: row.action,
    detail: row.detail,
  }));
}

/** The user's protection, locked: what an act changes it from. */
export async function lockProtection(db: Query, playerId: PlayerId) {
  const [row] = await db`select wire_time(p.blocked_at) as blocked_at, p.block_reason,
      case when p.excluded_until = 'infinity' then 'for good' else wire_time(p.excluded_until) end as excluded_until,
      wire_time(p.cooling_until) as cooling_until, ${mayPlay(db)} as may_play
    from player p where p.id = ${playerId} for update`;
  if (row === undefined) throw new Error(`user ${playerId} is gone`);
  return {
    blockedAt: row.blocked_at as string | null,
    blockReason: row.block_reason as string | null,
    excludedUntil: row.excluded_until as string | null,
    coolingUntil: row.cooling_until as string | null,
    mayPlay: row.may_play as boolean,
  };
}
