/** One movement whole: both its accounts, what it answers and what answers it, and who or what caused it. */
import { CALLBACK_STATES } from '../core/callback-types.ts';
import { ACCOUNT, type AccountKind } from '../core/chart.ts';
import type { AgentId } from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';
import { isActOf } from './office-audit.ts';
import { type FoundTransfer, whatOf } from './office-bet-round.ts';

export interface Side {
  readonly kind: keyof typeof ACCOUNT;
  /** Whose it is; null: the house's, or somebody's above what the caller sees. */
  readonly owner: number | null;
  readonly name: string | null;
  /** Null: an account that is added up later. */
  readonly before: string | null;
  readonly after: string | null;
}

export async function findMovement(db: Query, found: FoundTransfer, agents: readonly AgentId[]) {
  const [row] = await db`
    select t.*, wire_time(t.at) as at_text, a.username as agent_name, a.currency, p.username, v.name as vendor, g.title as game, b.state as callback_state,
      d.kind as debit_kind, d.owner_id as debit_owner, c.kind as credit_kind, c.owner_id as credit_owner, s.name as studio
    from transfer t join agent a on a.id = t.agent_id join account d on d.id = t.debit_account join account c on c.id = t.credit_account
    left join player p on p.id = t.player_id left join game g on g.id = t.game_id left join vendor v on v.id = g.vendor_id
    left join studio s on s.id = t.studio_id left join callback b on b.id = t.id
    where t.agent_id = ${found.agentId} and t.id = ${found.id} and t.at = ${found.at}::text::timestamptz`;
  if (row === undefined) throw new Error(`transfer ${found.id} is gone`);
  const seamless = row.player_before !== null;
  return {
    id: Number(row.id),
    at: row.at_text as string,
    what: whatOf(row.code),
    amount: String(row.amount),
    currency: row.currency as string,
    agent: Number(row.agent_id),
    agentName: row.agent_name as string,
    player: row.player_id === null ? null : Number(row.player_id),
    username: row.username as string | null,
    playerBefore: seamless ? String(row.player_before) : null,
    vendor: row.vendor as string | null,
    game: row.game as string | null,
    round: row.round as string | null,
    studio: row.studio as string | null,
    externalId: row.external_id as string | null,
    ip: row.ip as string | null,
    callback: !seamless
      ? null
      : row.callback_state === null
        ? 'ended'
        : (CALLBACK_STATES[row.callback_state] ?? null),
    debit: await sideOf(
      db,
      { kind: row.debit_kind, owner: row.debit_owner, before: row.debit_before, by: 0n - row.amount },
      agents,
    ),
    credit: await sideOf(
      db,
      { kind: row.credit_kind, owner: row.credit_owner, before: row.credit_before, by: row.amount },
      agents,
    ),
    answers: row.referer_id === null ? null : await named(db, found, Number(row.referer_id)),
    answeredBy: await answersTo(db, found),
  };
}

interface StoredSide {
  readonly kind: AccountKind;
  readonly owner: bigint;
  readonly before: bigint | null;
  readonly by: bigint;
}

/** POTs above what the caller sees have no name for it. */
async function sideOf(
  db: Query,
  { kind, owner, before, by }: StoredSide,
  agents: readonly AgentId[],
): Promise<Side> {
  const [row] = await (kind === ACCOUNT.pot
    ? db`select id, username as name from agent where id = ${owner} and id = any(${numbers(agents)}::bigint[])`
    : kind === ACCOUNT.wallet || kind === ACCOUNT.points
      ? db`select id, username as name from player where id = ${owner}`
      : kind === ACCOUNT.vendor
        ? db`select id, name from vendor where id = ${owner}`
        : db`select null::bigint as id, null as name`);
  const [name] = Object.entries(ACCOUNT).find(([, each]) => each === kind) ?? ['outside'];
  const hidden = kind === ACCOUNT.pot && row === undefined;
  return {
    kind: name as keyof typeof ACCOUNT,
    owner: row?.id == null ? null : Number(row.id),
    name: row?.name ?? null,
    before: before === null || hidden ? null : String(before),
    after: before === null || hidden ? null : String(before + by),
  };
}

/** A row of the same user that another one names. */
async function named(db: Query, { agentId, playerId }: FoundTransfer, id: number) {
  const [row] = await db`select id, code, amount, wire_time(at) as at from transfer
    where agent_id = ${agentId} and id = ${id} and player_id is not distinct from ${playerId}`;
  return row === undefined ? null : toNamed(row);
}

async function answersTo(db: Query, { id, at, playerId }: FoundTransfer) {
  const rows = await db`select id, code, amount, wire_time(at) as at from transfer t
    where referer_id = ${id} and t.at >= ${at}::text::timestamptz and player_id is not distinct from ${playerId} order by t.at, t.step limit 50`;
  return rows.map(toNamed);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
const toNamed = (row: any) => ({
  id: Number(row.id),
  what: whatOf(row.code),
  amount: String(row.amount),
  at: row.at as string,
});

/**
 * What the transfer was asked for by: the id its agent gave the call, kept at the transfer's own instant. Null: none was
 * given, or it is kept no longer.
 */
export async function keyOf(db: Query, { id, agentId, at }: FoundTransfer): Promise<string | null> {
  const [row] = await db`select key from idempotency
    where at = ${at}::text::timestamptz and scope = ${agentId} and transfer_id = ${id}`;
  return row?.key ?? null;
}

const LATER_S_MAX = 60;

/**
 * The line of the audit trail that names the transfer; it is written right after it. Agents see lines that
 * name one; why others than `peopleOf` did it is not told (null: is).
 */
export async function actOf(
  db: Query,
  { id, at }: FoundTransfer,
  { subjects, peopleOf }: { subjects: readonly string[]; peopleOf: readonly AgentId[] | null },
) {
  const [row] =
    await db`select n, actor, action, case when ${isActOf(db, peopleOf)} then detail ->> 'reason' end as reason, wire_time(at) as at from audit_log l
    where subject = any(array(select jsonb_array_elements_text(${JSON.stringify(subjects)}::text::jsonb)))
      and l.at >= ${at}::text::timestamptz and l.at < ${at}::text::timestamptz + make_interval(secs => ${LATER_S_MAX})
      and detail ->> 'transactionId' = ${String(id)} and (${peopleOf === null} or detail ? 'agentId') order by n limit 1`;
  return row === undefined
    ? null
    : {
        n: Number(row.n),
        actor: row.actor as string,
        action: row.action as string,
        reason: row.reason as string | null,
        at: row.at as string,
      };
}
