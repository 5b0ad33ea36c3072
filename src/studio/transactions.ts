/** Money: items in, results out, in the same order. */
import { setTimeout as pause } from 'node:timers/promises';
import { type TransferId, trusted } from '../core/ids.ts';
import { isPending } from '../core/ledger-callback.ts';
import type { ItemAnswer } from '../core/ledger-types.ts';
import { findAnswer, putDetail as storeDetail } from '../db/idempotency.ts';
import { readItems, toCommand, toResult } from './items.ts';
import { refuse, type StudioReply } from './replies.ts';
import type { StudioCall } from './routes.ts';
import { checks, DETAIL_BYTES_MAX, ITEMS_MAX, isTooDeep, type WireItem } from './wire.ts';

export async function transact(call: StudioCall): Promise<StudioReply> {
  const items = itemsOf(call.body);
  if ('status' in items) {
    await call.writer.submitAll([], call.nonce);
    return items;
  }
  const context = { ...call, studioId: call.studio.id };
  const commands = await Promise.all(items.map((item) => toCommand(context, item)));
  const outcomes = await call.outreach.play.items(commands, call.nonce);
  const operatorMs = outcomes.reduce((most, outcome) => Math.max(most, outcome.operatorMs), 0);
  return {
    status: 200,
    operatorMs,
    body: { results: outcomes.map((outcome, index) => toResult(items[index]?.id ?? '', outcome)) },
  };
}

function itemsOf(body: unknown): WireItem[] | StudioReply {
  if (!checks.transactions.Check(body)) return refuse('invalid_request', 'transactions: one item or more');
  if (body.transactions.length > ITEMS_MAX) return refuse('too_many_items');
  const items = readItems(body.transactions);
  return typeof items === 'string' ? refuse('invalid_request', items) : items;
}

const DECIDED_MS_MAX = 5000;
const POLL_MS = 50;

/** A definite answer after a time-out. */
export async function showTransaction(call: StudioCall): Promise<StudioReply> {
  const id = call.params.id ?? '';
  const until = Date.now() + DECIDED_MS_MAX;
  for (;;) {
    const kept = await findKept(call, id);
    if (kept === null) return refuse('unknown_transaction');
    const answer = kept.outcome as ItemAnswer;
    if (!isPending(answer)) return { status: 200, body: toResult(id, { answer, replayed: true }) };
    // Its operator is being asked: a definite answer is on its way.
    if (Date.now() > until) return refuse('retry');
    await pause(POLL_MS);
  }
}

export async function putDetail(call: StudioCall): Promise<StudioReply> {
  if (isTooDeep(call.body)) return refuse('invalid_request', 'the detail is nested too deeply');
  const json = JSON.stringify(call.body);
  if (json === undefined) return refuse('invalid_request', 'the detail is missing');
  if (Buffer.byteLength(json) > DETAIL_BYTES_MAX) return refuse('too_large');
  const kept = await findKept(call, call.params.id ?? '');
  // Its operator is being asked: whether there will be a transaction is not known yet.
  if (isPending(kept?.outcome)) return refuse('retry');
  if (kept === null || kept.transferId === null) return refuse('unknown_transaction');
  const stored = await storeDetail(call.sql, {
    transferId: trusted<TransferId>(kept.transferId),
    at: kept.at,
    json,
  });
  return stored ? { status: 200, body: {} } : refuse('detail_expired');
}

/** A NUL can't be part of any id, and the store would not take it. */
function findKept(call: StudioCall, id: string) {
  return id.includes('\u0000') ? null : findAnswer(call.sql, call.studio.id, id);
}
