/**
 * What staff and operators see of callbacks: those that are kept, outstanding or resolved by hand, and of those that
 * have ended what is left, the transfer and the attempts. Reads, and the audit trail of what was done about them.
 */
import type { Fragment } from 'postgres';
import { CALLBACK_STATES, type CallbackState } from '../core/callback-types.ts';
import { CODE, FEED, type TransferCode } from '../core/chart.ts';
import type { AnswerClass } from '../core/delivery.ts';
import {
  type AccountId,
  type AgentId,
  type PlayerId,
  type TransferId,
  trusted,
  trustedOrNull,
} from '../core/ids.ts';
import type { Currency } from '../core/money.ts';
import { numbers, type Query } from './connect.ts';

/**
 * How a callback ended that is no longer kept. accepted, refused: a question. taken_back: a question whose answer nobody
 * knows, booked with the cancel that takes it back. delivered: a message.
 */
export type EndedState = 'accepted' | 'refused' | 'taken_back' | 'delivered';

export interface CallbackSeen {
  readonly id: TransferId;
  readonly agentId: AgentId;
  readonly agent: string;
  readonly currency: Currency;
  readonly playerId: PlayerId;
  readonly username: string;
  readonly walletId: AccountId;
  /** XT's row type. */
  readonly type: string;
  /** Signed, as the player's balance moves; minor units. */
  readonly amount: bigint;
  /** The player's balance after it, as the operator is told; null when it was refused. */
  readonly after: bigint | null;
  readonly refererId: TransferId | null;
  readonly game: {
    readonly id: string;
    readonly type: string;
    readonly round: string;
    readonly title: string;
    readonly vendor: string;
  } | null;
  readonly externalId: string | null;
  readonly at: string;
  readonly state: CallbackState | EndedState;
  /** How often it was tried in vain since it was booked or put back. */
  readonly attempts: number;
  /** When it is looked after next; null: it waits behind others, or nobody will. */
  readonly nextAt: string | null;
  readonly resolution: { readonly by: string; readonly reason: string } | null;
  readonly last: Pick<AttemptSeen, 'at' | 'class' | 'status'> | null;
}

export interface AttemptSeen {
  readonly n: number;
  readonly at: string;
  readonly class: AnswerClass;
  readonly status: number | null;
  readonly elapsedMs: number;
  readonly request: string;
  /** The first of what came back. */
  readonly answer: string;
}

/** outstanding: all that are not resolved. */
export const CALLBACK_FILTERS = [...CALLBACK_STATES, 'outstanding'] as const;
export type CallbackFilter = (typeof CALLBACK_FILTERS)[number];

export interface CallbackQuery {
  readonly state: CallbackFilter;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly agentId?: AgentId | null;
  readonly playerId?: PlayerId | null;
  readonly olderThanMs?: number;
  /** Beyond this id in the order asked for. */
  readonly beyondId?: number | null;
  readonly offset?: number;
}

/** As the database numbers it. */
const RESOLVED = CALLBACK_STATES.indexOf('resolved');

/** Kept callbacks in the order of ids, which is the order in which they came to be. */
export async function listCallbacks(db: Query, query: CallbackQuery): Promise<CallbackSeen[]> {
  const { state, order, limit, agentId, playerId, olderThanMs, beyondId, offset = 0 } = query;
  const stands =
    state === 'outstanding' ? db`state < ${RESOLVED}` : db`state = ${CALLBACK_STATES.indexOf(state)}`;
  const beyond = order === 'asc' ? db`id > ${beyondId ?? 0}::bigint` : db`id < ${beyondId ?? 0}::bigint`;
  const by = order === 'asc' ? db`order by id` : db`order by id desc`;
  const rows = await db`${seenCallbacks(
    db,
    db`select * from callback where ${stands}
      ${agentId == null ? db`` : db`and agent_id = ${agentId}`} ${playerId == null ? db`` : db`and player_id = ${playerId}`}
      ${olderThanMs === undefined ? db`` : db`and at <= now() - make_interval(secs => ${olderThanMs / 1000})`}
      ${beyondId == null ? db`` : db`and ${beyond}`} ${by} limit ${limit} offset ${offset}`,
  )} ${by}`;
  return rows.map(toCallbackSeen);
}

/** A callback of the agent, or of any; null when there never was one of that id. */
export async function findCallback(
  db: Query,
  id: TransferId,
  agentId: AgentId | null,
): Promise<CallbackSeen | null> {
  const whose = agentId === null ? db`` : db`and agent_id = ${agentId}`;
  // First what is kept: one that ends between the two reads is found by the second.
  const [kept] = await db`${seenCallbacks(db, db`select * from callback where id = ${id} ${whose}`)}`;
  if (kept !== undefined) return toCallbackSeen(kept);
  const [ended] = await db`${seenCallbacks(db, endedCallback(db, id, agentId))}`;
  return ended === undefined ? null : toCallbackSeen(ended);
}

/** At most `limit` attempts at a callback, the newest, in the order of time. */
export async function attemptsAt(db: Query, id: TransferId, limit: number): Promise<AttemptSeen[]> {
  const rows =
    await db`select n, wire_time(at) as at_text, class, status, elapsed_ms, request, answer from callback_attempt
    where callback_id = ${id} order by at desc, n desc limit ${limit}`;
  return rows.reverse().map((row) => ({
    n: row.n,
    at: row.at_text,
    class: row.class,
    status: row.status,
    elapsedMs: row.elapsed_ms,
    request: row.request,
    answer: row.answer,
  }));
}

/** Callbacks with names and their last attempt; `of` gives their rows. */
export const seenCallbacks = (db: Query, of: Fragment) => db`
  select c.id, c.agent_id, c.player_id, c.code, c.amount, c.after, c.referer_id, c.round, c.external_id, c.state, c.attempts,
    c.resolved_by, c.reason, wire_time(c.at) as at_text, case when isfinite(c.next_at) then wire_time(c.next_at) end as next_text,
    ${endedColumns(db)}, a.username as agent, a.currency, p.username, p.wallet_account_id,
    g.public_id, g.type as game_type, g.title, v.name as vendor, l.class, l.status, wire_time(l.at) as last_text
  from (${of}) c join agent a on a.id = c.agent_id join player p on p.id = c.player_id
  left join game g on g.id = c.game_id left join vendor v on v.id = g.vendor_id
  left join lateral (select class, status, at from callback_attempt where callback_id = c.id and at >= c.at order by at desc, n desc limit 1) l on true`;

/** Of a kept callback the state says it; of an ended one what is left. */
const endedColumns = (
  db: Query,
) => db`exists (select from transfer b where c.state is null and b.agent_id = c.agent_id and b.at = c.at
    and b.referer_id = c.id and b.code = ${CODE.cancel} and b.external_id is null) as taken_back,
  c.state is null and c.after is null as refused`;

/**
 * A callback that is kept no longer, as a row like those that are. A question's promise tells its agent, also of one that
 * was refused; a message has its attempts. Without either, all operators' transfers are looked through by index.
 */
const endedCallback = (db: Query, id: TransferId, agentId: AgentId | null) => db`
  with tried as (select agent_id, player_id from callback_attempt where callback_id = ${id} limit 1),
  asked as (select agent_id, code, amount, created_at from reservation where id = ${id} and owner = 'callback' and state > 0),
  owner as (select agent_id from tried union select agent_id from asked),
  booked as (select * from transfer where id = ${id} and player_before is not null and agent_id = any(array(
    select agent_id from owner union all select id from agent where wallet = 'seamless' and not exists (select from owner))) limit 1),
  ended as (
    select id, agent_id, player_id, code, amount, referer_id, game_id, round, external_id, at,
      player_before + case when code = any(${DEBITS}::smallint[]) then -amount else amount end as after from booked
    union all select ${id}::bigint, a.agent_id, t.player_id, a.code, a.amount, null, null, null, null, a.created_at, null
      from asked a join tried t on t.agent_id = a.agent_id where not exists (select from booked))
  select ended.*, null::smallint as state, 0 as attempts, 'infinity'::timestamptz as next_at, null as resolved_by, null as reason
  from ended where ${agentId === null ? db`true` : db`agent_id = ${agentId}`}`;

const DEBITS = numbers(
  Object.entries(FEED)
    .filter(([, { side }]) => side === 'debit')
    .map(([code]) => Number(code)),
);

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
export function toCallbackSeen(row: any): CallbackSeen {
  const { side, type } = FEED[row.code as TransferCode];
  return {
    id: trusted(row.id),
    agentId: trusted(row.agent_id),
    agent: row.agent,
    currency: row.currency,
    playerId: trusted(row.player_id),
    username: row.username,
    walletId: trusted(row.wallet_account_id),
    type: type ?? '',
    amount: side === 'debit' ? -row.amount : row.amount,
    after: row.after,
    refererId: trustedOrNull(row.referer_id),
    game: toGame(row),
    externalId: row.external_id,
    at: row.at_text,
    state: stateOf(row),
    attempts: row.attempts,
    nextAt: row.next_text,
    resolution: row.reason === null ? null : { by: row.resolved_by ?? '', reason: row.reason },
    last: row.class === null ? null : { at: row.last_text, class: row.class, status: row.status },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toGame(row: any): CallbackSeen['game'] {
  if (row.public_id === null) return null;
  const { public_id: id, game_type: type, round, title, vendor } = row;
  return { id, type, round: round ?? '', title, vendor };
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function stateOf(row: any): CallbackSeen['state'] {
  if (row.state !== null) return CALLBACK_STATES[row.state as 0 | 1 | 2 | 3];
  if (row.refused) return 'refused';
  if (row.code !== CODE.bet && row.code !== CODE.charge) return 'delivered';
  return row.taken_back ? 'taken_back' : 'accepted';
}

/** One line of the audit trail for each callback that was acted on. */
export async function recordActs(
  db: Query,
  ids: readonly TransferId[],
  act: { actor: string; action: string; detail: Readonly<Record<string, unknown>> },
): Promise<void> {
  await db`insert into audit_log (actor, action, subject, detail)
    select ${act.actor}, ${act.action}, 'callback ' || id, ${JSON.stringify(act.detail)}::text::jsonb from unnest(${numbers(ids)}::bigint[]) n (id)`;
}
