/**
 * What the hub knows about why a row is on one side only: how its delivery stands, what the operator was heard to
 * answer. Looked up for a page of findings at a time, in the snapshot they come from.
 */
import type { TransferCode } from '../core/chart.ts';
import type { AnswerClass } from '../core/delivery.ts';
import { attemptNote, type Finding, type FindingKind, feedType, type Note } from '../core/reconcile.ts';
import type { AgentRecord } from './agent.ts';
import { numbers } from './connect.ts';
import type { Tx } from './reconcile.ts';

// biome-ignore lint/suspicious/noExplicitAny: database rows, typed here
type Row = any;
type Agent = Pick<AgentRecord, 'id' | 'wallet' | 'username'>;

/** Findings of rows of the cursor, with names and notes. */
export async function explain(tx: Tx, agent: Agent, rows: readonly Row[]): Promise<Finding[]> {
  const names = await usernames(tx, rows);
  const known = agent.wallet === 'seamless' ? await deliveries(tx, agent, rows) : NOTHING;
  return rows.map((row) => toFinding(row, { agent, names, known }));
}

interface Deliveries {
  /** Of what is outstanding or was given up: the state in table callback. */
  readonly states: ReadonlyMap<bigint, number>;
  readonly attempts: ReadonlyMap<
    bigint,
    { readonly class: AnswerClass; readonly status: number | null; readonly at: string }
  >;
  readonly voids: ReadonlySet<bigint>;
}
const NOTHING: Deliveries = { states: new Map(), attempts: new Map(), voids: new Set() };
const ASKING = 0;

async function usernames(tx: Tx, rows: readonly Row[]): Promise<Map<bigint, string>> {
  const ids = new Set<bigint>(rows.map((row) => row.player_id).filter((id) => id !== null));
  const found = await tx`select id, username from player where id = any(${numbers([...ids])}::bigint[])`;
  return new Map(found.map((row) => [row.id, row.username]));
}

async function deliveries(tx: Tx, agent: Agent, rows: readonly Row[]): Promise<Deliveries> {
  const missing = rows.filter((row) => row.kind === 'missing_there' || row.kind === 'missing_here');
  if (missing.length === 0) return NOTHING;
  const ids = numbers(missing.map((row) => row.id));
  const states =
    await tx`select id, state from callback where agent_id = ${agent.id} and id = any(${ids}::bigint[])`;
  const attempts = await tx`select distinct on (callback_id) callback_id, class, status, wire_time(at) as time
    from callback_attempt where agent_id = ${agent.id} and callback_id = any(${ids}::bigint[]) order by callback_id, at desc, n desc`;
  const voids =
    await tx`select id from reservation where agent_id = ${agent.id} and id = any(${ids}::bigint[]) and state = 2`;
  return {
    states: new Map(states.map((row) => [row.id, row.state])),
    attempts: new Map(
      attempts.map((row) => [row.callback_id, { class: row.class, status: row.status, at: row.time }]),
    ),
    voids: new Set(voids.map((row) => row.id)),
  };
}

interface Context {
  readonly agent: Agent;
  readonly names: ReadonlyMap<bigint, string>;
  readonly known: Deliveries;
}

function toFinding(row: Row, { agent, names, known }: Context): Finding {
  const inHub = row.code !== null;
  // The operator has taken a bet whose answer is on its way: nobody can say yet whether the hub will have it.
  const underWay = row.kind === 'missing_here' && known.states.get(row.id) === ASKING;
  const kind: FindingKind = underWay ? 'under_way' : row.kind;
  const ofAgent = row.twin === 1 || row.player_id === null;
  return {
    kind,
    id: row.id,
    line: row.line,
    here: row.here,
    there: row.there,
    type: inHub ? feedType(row.code as TransferCode, row.twin) : null,
    time: row.time,
    username: !inHub ? null : ofAgent ? agent.username : (names.get(row.player_id) ?? null),
    round: row.round,
    cancelId: row.cancel_id,
    cancelLine: row.cancel_line,
    note: noteOf(row, kind, known),
  };
}

const STATE_NOTES = ['not_delivered_yet', 'not_delivered_yet', 'listed', 'resolved'] as const;

function noteOf({ id, cancel_there: cancelThere }: Row, kind: FindingKind, known: Deliveries): Note | null {
  const plain = (code: Note['code']): Note => ({ code, status: null, at: null });
  const state = known.states.get(id);
  if (kind === 'missing_there' && state !== undefined)
    return plain(STATE_NOTES[state as 0 | 1 | 2 | 3] ?? 'listed');
  if (cancelThere) return plain('cancel_there');
  const attempt = known.attempts.get(id);
  const note = attempt === undefined ? null : attemptNote(kind, attempt);
  return note ?? (kind === 'missing_here' && known.voids.has(id) ? plain('void') : null);
}
