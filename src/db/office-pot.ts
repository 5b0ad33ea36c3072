/**
 * Requests for POT as rows. What may become of one is core/office/pot.ts's to say; whoever changes one holds its row.
 * Amounts are minor units.
 */
import { type AgentId, type TransferId, trusted, trustedOrNull } from '../core/ids.ts';
import type { Currency } from '../core/money.ts';
import type { PotKind, PotRequest, PotState } from '../core/office/pot.ts';
import { POT_REQUEST_DAYS } from '../core/office/pot.ts';
import { type Query, texts } from './connect.ts';

export interface StoredPotRequest extends PotRequest {
  readonly id: number;
  readonly agentId: AgentId;
  /** Null: the house. */
  readonly uplineId: AgentId | null;
  readonly amount: bigint;
  readonly currency: Currency;
  /** What the ledger knows it by. */
  readonly ledgerKey: string;
  readonly trouble: string | null;
}

const columns = (
  db: Query,
) => db`r.id, r.agent_id, r.upline_id, r.kind, r.state, r.needed, r.asked_by, r.amount, r.currency, r.trying, r.trouble,
  r.expires_at <= now() as overdue, ${ledgerKey(db)} as ledger_key,
  (select coalesce(json_agg(person order by p.at, person), '[]') from pot_approval p where p.request_id = r.id) as approved_by`;

/** The key of request `r` in the ledger. */
const ledgerKey = (db: Query) => db`'pot-request-' || r.id || '-' || r.ledger_key`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toRequest(row: any): StoredPotRequest {
  return {
    id: Number(row.id),
    agentId: trusted(row.agent_id),
    uplineId: trustedOrNull(row.upline_id),
    kind: row.kind,
    state: row.state,
    needed: row.needed,
    askedBy: row.asked_by,
    approvedBy: row.approved_by,
    amount: row.amount,
    currency: row.currency,
    trying: row.trying,
    trouble: row.trouble,
    overdue: row.overdue,
    ledgerKey: row.ledger_key,
  };
}

export interface NewPotRequest {
  readonly agentId: AgentId;
  readonly uplineId: AgentId | null;
  readonly currency: Currency;
  readonly kind: PotKind;
  readonly amount: bigint;
  readonly note: string;
  readonly pageKey: string;
  readonly askedBy: string;
  readonly state: PotState;
  readonly needed: 1 | 2;
  readonly trying: boolean;
}

/** The id, or null when this person has made one under the key before. */
export async function addPotRequest(db: Query, made: NewPotRequest): Promise<number | null> {
  const { agentId, uplineId, currency, kind, amount, note, pageKey, askedBy, state, needed, trying } = made;
  const [row] = await db`
    insert into pot_request (agent_id, upline_id, kind, amount, currency, note, page_key, state, needed, asked_by, trying, expires_at)
    values (${agentId}, ${uplineId}, ${kind}, ${amount}, ${currency}, ${note}, ${pageKey}, ${state}, ${needed}, ${askedBy}, ${trying},
      now() + make_interval(days => ${POT_REQUEST_DAYS}))
    on conflict (asked_by, page_key) do nothing returning id`;
  return row === undefined ? null : Number(row.id);
}

export async function findPotRequestByKey(
  db: Query,
  askedBy: string,
  pageKey: string,
): Promise<StoredPotRequest | null> {
  const [row] =
    await db`select ${columns(db)} from pot_request r where r.asked_by = ${askedBy} and r.page_key = ${pageKey}`;
  return row === undefined ? null : toRequest(row);
}

/** Holds the row for the transaction under way; null when there is none. */
export async function lockPotRequest(db: Query, id: number): Promise<StoredPotRequest | null> {
  await db`select 1 from pot_request where id = ${id} for update`;
  const [row] = await db`select ${columns(db)} from pot_request r where r.id = ${id}`;
  return row === undefined ? null : toRequest(row);
}

/** Null: there is none. */
export async function currencyOfPotRequest(db: Query, id: number): Promise<Currency | null> {
  const [row] = await db`select currency from pot_request where id = ${id}`;
  return row?.currency ?? null;
}

/** How many wait for somebody: of those an agent has asked, or of its upline's own acts. */
export async function countOpenPotRequests(
  db: Query,
  { agentId, kinds }: { readonly agentId: AgentId; readonly kinds: readonly PotKind[] },
): Promise<number> {
  const [row] = await db`
    select count(*)::int as count from pot_request where agent_id = ${agentId} and state in ('asked', 'approved') and kind = any(${texts(kinds)}::text[])`;
  return row?.count ?? 0;
}

export async function addApproval(db: Query, id: number, person: string): Promise<void> {
  await db`insert into pot_approval (request_id, person) values (${id}, ${person})`;
}

/** Writes down what has become of a request that is still open. */
export async function savePotRequest(
  db: Query,
  { id, state, needed, trying }: Pick<StoredPotRequest, 'id' | 'state' | 'needed' | 'trying'>,
  more: { readonly by: string | null; readonly reason?: string; readonly trouble?: string },
): Promise<void> {
  const { by, reason = null, trouble = null } = more;
  await db`
    update pot_request set state = ${state}, needed = ${needed}, trying = ${trying}, reason = ${reason}, trouble = coalesce(${trouble}::text, trouble),
      ended_by = case when ${state} in ('asked', 'approved') then null else ${by}::text end, ended_at = case when ${state} in ('asked', 'approved') then null else clock_timestamp() end
    where id = ${id}`;
}

/** Lets its page key stand for another request. */
export async function freePageKey(db: Query, id: number): Promise<void> {
  await db`update pot_request set page_key = page_key || ' ' || id where id = ${id}`;
}

/** What the ledger has moved is carried out, whatever else has become of it. False: it was written down before. */
export async function completePotRequest(
  db: Query,
  { id, by, transferId }: { readonly id: number; readonly by: string; readonly transferId: TransferId },
): Promise<boolean> {
  const rows = await db`
    update pot_request r set state = 'carried_out', trying = false, trouble = null, ended_by = ${by}, ended_at = clock_timestamp(), transfer_id = ${transferId},
      transfer_at = (select i.at from idempotency i where i.scope = r.agent_id and i.key = ${ledgerKey(db)})
    where r.id = ${id} and r.transfer_id is null returning 1 as done`;
  return rows.length > 0;
}

/** Ends what nobody has decided in time. What the ledger may have is left alone. */
export async function expirePotRequests(db: Query): Promise<void> {
  await db`update pot_request r set state = 'expired', ended_at = clock_timestamp()
    where r.state in ('asked', 'approved') and r.expires_at <= now() and not r.trying
      and not exists (select 1 from idempotency i where i.scope = r.agent_id and i.key = ${ledgerKey(db)})`;
}

const HEALED_MAX = 20;

/** Those whose try at the ledger nobody has written the end of, but for those that somebody holds this moment. */
export async function unfinishedPotRequests(db: Query): Promise<number[]> {
  const rows = await db`
    select id from pot_request where state in ('asked', 'approved') and trying order by id limit ${HEALED_MAX} for update skip locked`;
  return rows.map((row) => Number(row.id));
}

// ---- a second person ------------------------------------------------------------------------------------------

export interface FourEyes {
  /** Null: the house. */
  readonly agentId: AgentId | null;
  readonly currency: Currency;
  readonly above: bigint;
  readonly setBy: string;
  readonly setAt: string;
}

const owner = (db: Query, agentId: AgentId | null) =>
  agentId === null ? db`agent_id is null` : db`agent_id = ${agentId}`;

export async function fourEyesOf(db: Query, agentId: AgentId | null): Promise<FourEyes[]> {
  const rows = await db`
    select currency, above, set_by, wire_time(set_at) as set_at from pot_four_eyes where ${owner(db, agentId)} order by currency`;
  return rows.map((row) => ({
    agentId,
    currency: row.currency,
    above: row.above,
    setBy: row.set_by,
    setAt: row.set_at,
  }));
}

/** Sets the amount, or (null) lifts it. Returns what it was. */
export async function setFourEyes(
  db: Query,
  {
    agentId,
    currency,
    above,
    setBy,
  }: Pick<FourEyes, 'agentId' | 'currency' | 'setBy'> & { above: bigint | null },
): Promise<bigint | null> {
  const [before] =
    await db`delete from pot_four_eyes where ${owner(db, agentId)} and currency = ${currency} returning above`;
  if (above !== null)
    await db`insert into pot_four_eyes (agent_id, currency, above, set_by) values (${agentId}, ${currency}, ${above}, ${setBy})`;
  return before?.above ?? null;
}
