/**
 * What people do about requests for POT. The row of a request is held while somebody acts on it, also while the ledger
 * is asked: so two approvers, a second click or another node come one after the other. That the ledger was asked is
 * written down before (`trying`); whoever looks next finds out what became of a try nobody has written the end of, by
 * asking again under the same key.
 */
import { ACCOUNT } from '../core/chart.ts';
import type { AgentId } from '../core/ids.ts';
import {
  actOnPot,
  afterTry,
  directionOf,
  isOpen,
  isOwnAct,
  newPotRequest,
  POT_KINDS,
  type PotAct,
  type PotKind,
  type PotRefusal,
} from '../core/office/pot.ts';
import { isTool } from '../core/office/tool.ts';
import { type AgentRecord, findAgentById } from '../db/agent.ts';
import { record } from '../db/audit.ts';
import type { Query } from '../db/connect.ts';
import { findAnswer } from '../db/idempotency.ts';
import {
  addApproval,
  addPotRequest,
  completePotRequest,
  countOpenPotRequests,
  currencyOfPotRequest,
  expirePotRequests,
  findPotRequestByKey,
  fourEyesOf,
  freePageKey,
  lockPotRequest,
  type StoredPotRequest,
  savePotRequest,
  unfinishedPotRequests,
} from '../db/office-pot.ts';
import { LedgerFault } from '../engine/ledger-writer.ts';
import { transferPot } from '../office.ts';
import { recordAct } from './act.ts';
import { type OfficeReply, refuse } from './replies.ts';
import type { OfficeCall, Principal } from './route.ts';

/** That wait for somebody: of an agent's own, and of its upline's acts on it. */
const OPEN_MAX = 50;

export interface PotWish {
  readonly agent: AgentRecord;
  readonly kind: PotKind;
  readonly amount: bigint;
  readonly note: string;
  /** Drawn by the page for each form: the same again is the same request. */
  readonly key: string;
}

type Tx = Parameters<Parameters<OfficeCall['sql']['begin']>[1]>[0];
type Done = { readonly id: number } | { readonly refused: OfficeReply };

/** Asks for POT, or gives or takes it. The same key again changes nothing and is answered by the same request. */
export async function makePotRequest(call: OfficeCall, wish: PotWish): Promise<Done> {
  const { sql, principal } = call;
  const { agent, kind, amount, note, key: pageKey } = wish;
  const { id: agentId, parentId: uplineId, currency } = agent;
  const askedBy = principal.person;
  const needed = await approvalsFor(sql, principal, { uplineId, currency, amount });
  if (isOwnAct(kind) && needed === 2 && isTool(askedBy)) return { refused: REFUSALS.same_person };
  const made = newPotRequest(kind, askedBy, needed);
  const id = await sql.begin(async (tx) => {
    const kinds = POT_KINDS.filter((each) => isOwnAct(each) === isOwnAct(kind));
    if ((await countOpenPotRequests(tx, { agentId, kinds })) >= OPEN_MAX) return 'too_many';
    const added = await addPotRequest(tx, { ...made, agentId, uplineId, currency, amount, note, pageKey });
    if (added === null) return null;
    if (isOwnAct(kind)) await addApproval(tx, added, askedBy);
    const after = { amount: amount.toString(), currency, needed };
    const more = { requestId: added };
    await recordAct(call, tx, { action: `pot.${kind}`, subject: agent.username, agentId, after, more });
    return added;
  });
  if (id === 'too_many') return { refused: refuse('too_many') };
  if (id !== null) return made.trying ? carryOut(call, id) : { id };
  const known = await findPotRequestByKey(sql, askedBy, pageKey);
  // Refused by the ledger this moment, which freed the key.
  if (known === null) return makePotRequest(call, wish);
  const same = known.agentId === agentId && known.kind === kind && known.amount === amount;
  if (!same) return { refused: refuse('conflict') };
  return known.trying ? carryOut(call, known.id) : { id: known.id };
}

/** How many must approve: two above the amount its upline has set, or the house when one of the house acts. */
async function approvalsFor(
  db: Query,
  { scope }: Principal,
  { uplineId, currency, amount }: Pick<StoredPotRequest, 'uplineId' | 'currency' | 'amount'>,
): Promise<1 | 2> {
  const owners = scope.kind === 'house' && uplineId !== null ? [uplineId, null] : [uplineId];
  const rules = [];
  for (const owner of owners) rules.push(...(await fourEyesOf(db, owner)));
  return rules.some((rule) => rule.currency === currency && amount > rule.above) ? 2 : 1;
}

/** Whether this person's side decides about the request. The house may finish what it may begin. */
export function decides(
  { scope }: Principal,
  { uplineId, kind }: { readonly uplineId: AgentId | number | null; readonly kind: PotKind },
): boolean {
  if (scope.kind === 'house') return uplineId === null || isOwnAct(kind);
  return Number(uplineId) === Number(scope.agentId);
}

type PersonsAct = Exclude<PotAct['act'], 'expire'>;

/** One person's act on one request, which the caller has been seen to see. */
export async function actOnRequest(
  call: OfficeCall,
  { id, act, reason }: { readonly id: number; readonly act: PersonsAct; readonly reason: string | null },
): Promise<Done> {
  const decided = await call.sql.begin((tx) => decideLocked(call, tx, { id, act, reason }));
  if ('refused' in decided) return decided;
  return decided.trying ? carryOut(call, id) : { id };
}

async function decideLocked(
  call: OfficeCall,
  tx: Tx,
  { id, act, reason }: { readonly id: number; readonly act: PersonsAct; readonly reason: string | null },
): Promise<{ readonly trying: boolean } | { readonly refused: OfficeReply }> {
  const { person } = call.principal;
  const request = await lockPotRequest(tx, id);
  if (request === null) return { refused: refuse('not_found') };
  if (act !== 'withdraw' && !decides(call.principal, request))
    return { refused: refuse('refused', { detail: 'only its upline decides it' }) };
  // The ledger's word goes before ours: it may have moved the money for somebody who could not write it down.
  if (isOpen(request.state) && (await findAnswer(tx, request.agentId, request.ledgerKey)) !== null) {
    if (!request.trying) await savePotRequest(tx, { ...request, trying: true }, { by: null });
    return { trying: true };
  }
  const agent = await agentOf(tx, request.agentId);
  const needed = await approvalsFor(tx, call.principal, request);
  const decision = actOnPot(request, act === 'approve' ? { act, person, needed } : { act, person });
  if (!decision.ok) return { refused: REFUSALS[decision.refusal] };
  const next = { ...decision.request, id };
  if (act === 'approve') await addApproval(tx, id, person);
  await savePotRequest(tx, next, { by: person, ...(reason === null ? {} : { reason }) });
  const after = { state: next.state, amount: request.amount.toString(), currency: request.currency };
  await recordAct(call, tx, {
    action: `pot.request.${act}`,
    subject: agent.username,
    agentId: agent.id,
    before: { state: request.state },
    after,
    reason,
    more: { requestId: id },
  });
  return { trying: next.trying };
}

const REFUSALS: Readonly<Record<PotRefusal, OfficeReply>> = {
  over: refuse('conflict', { detail: 'the request is over' }),
  under_way: refuse('conflict', { detail: 'the ledger is being asked this moment' }),
  same_person: refuse('second_person_needed'),
  not_the_asker: refuse('refused', { detail: 'only who asked withdraws it' }),
  not_approved: refuse('conflict', { detail: 'it is not approved yet' }),
};

async function agentOf(db: Query, id: AgentId): Promise<AgentRecord> {
  const agent = await findAgentById(db, id);
  if (agent === null) throw new Error(`agent ${id} is gone`);
  return agent;
}

/**
 * Moves the money of an approved request, exactly once, and writes it down. When the ledger refuses, a request stays
 * approved with the trouble said, and an act of the upline is off. Rejects with a LedgerFault: it is tried again at the
 * next look.
 */
export async function carryOut(
  call: Pick<OfficeCall, 'sql' | 'writer' | 'directory'>,
  id: number,
): Promise<Done> {
  const currency = await currencyOfPotRequest(call.sql, id);
  if (currency === null) return { refused: refuse('not_found') };
  // Now, not while a connection is held: all of them might be, each waiting for another one.
  await call.directory.houseAccount(ACCOUNT.outside, currency);
  const ended = await call.sql.begin(async (tx) => {
    const request = await lockPotRequest(tx, id);
    if (request === null) throw new Error(`request ${id} is gone`);
    return isOpen(request.state) && request.trying ? tryLedger(call, tx, request) : request;
  });
  if (ended.state === 'withdrawn' && ended.trouble !== null) return { refused: refuse('pot_too_low') };
  return { id };
}

async function tryLedger(
  { writer, directory }: Pick<OfficeCall, 'writer' | 'directory'>,
  tx: Tx,
  request: StoredPotRequest,
): Promise<Pick<StoredPotRequest, 'state' | 'trouble'>> {
  const { id, kind, amount, ledgerKey: key } = request;
  const agent = await agentOf(tx, request.agentId);
  const upline = agent.parentId === null ? null : await agentOf(tx, agent.parentId);
  const outcome = await transferPot(
    { writer, directory },
    { agent, upline, direction: directionOf(kind), amount, key, ip: null },
  );
  const by = request.approvedBy.at(-1) ?? request.askedBy;
  if (!outcome.ok) {
    if (outcome.code !== 'balance_too_low') throw new Error(`request ${id}: the ledger said ${outcome.code}`);
    const next = { ...afterTry(request, 'refused'), id };
    await savePotRequest(tx, next, { by, trouble: 'pot_too_low' });
    // The form is still open: sent again, it is a new act.
    if (!isOpen(next.state)) await freePageKey(tx, id);
    return { state: next.state, trouble: 'pot_too_low' };
  }
  const { transferId } = outcome;
  if (await completePotRequest(tx, { id, by, transferId }))
    await record(tx, {
      actor: by,
      action: 'pot.request.carry_out',
      subject: agent.username,
      detail: {
        agentId: agent.id,
        requestId: id,
        kind,
        amount: amount.toString(),
        transactionId: transferId,
      },
    });
  return { state: 'carried_out', trouble: null };
}

type Tidied = Pick<OfficeCall, 'sql' | 'writer' | 'directory'>;

/**
 * Before a list: ends what time has ended, and what a crash has left half done. What cannot be finished now stays as it
 * is, and keeps no other from being seen; its own page says why.
 */
export async function tidyPotRequests(call: Tidied): Promise<void> {
  await expirePotRequests(call.sql);
  for (const id of await unfinishedPotRequests(call.sql)) await carryOut(call, id).catch(() => {});
}

/** Before a look at one. A ledger that is away is let be. */
export async function tidyPotRequest(call: Tidied, id: number): Promise<void> {
  await expirePotRequests(call.sql);
  try {
    await carryOut(call, id);
  } catch (error) {
    if (!(error instanceof LedgerFault)) throw error;
  }
}
