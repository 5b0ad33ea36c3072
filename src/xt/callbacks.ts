/**
 * Calls by which an agent with a seamless wallet sees what its server has not been told yet, and acts on it (contract xt
 * §5). Only its own: another agent's callbacks are unknown to it.
 */
import { type Acted, actOnCallbacks } from '../callbacks/act.ts';
import type { CallbackAct, CallbackActOutcome } from '../core/callback-types.ts';
import { type PlayerId, type TransferId, trusted } from '../core/ids.ts';
import {
  attemptsAt,
  type CallbackFilter,
  type CallbackSeen,
  findCallback,
  listCallbacks,
} from '../db/callback-view.ts';
import { findPlayer } from '../db/player.ts';
import { type Call, type CallResult, invalid } from './context.ts';
import type { SimpleProblem } from './fields.ts';
import { writeAttempt, writeCallback } from './wire.ts';

/** Most attempts shown of one callback, the newest. */
const ATTEMPTS_MAX = 100;

interface ListValues {
  readonly state: CallbackFilter;
  readonly username: string | null;
  readonly after_id: number | null;
  readonly page: number;
  readonly perPage: number;
  readonly order: 'asc' | 'desc';
}

export async function list(call: Call, values: ListValues): Promise<CallResult> {
  const { state, username, after_id: beyondId, page, perPage: limit, order } = values;
  let playerId: PlayerId | null = null;
  if (username !== null) {
    const player = await findPlayer(call.sql, call.agent.id, username);
    if (player === null) return invalid('username', 'selected');
    playerId = player.id;
  }
  const where = { state, order, limit, offset: (page - 1) * limit, beyondId, playerId };
  const callbacks = await listCallbacks(call.sql, { ...where, agentId: call.agent.id });
  return { body: { data: callbacks.map(writeCallback) } };
}

export async function show(call: Call, values: { transaction_id: number }): Promise<CallResult> {
  const callback = await findOwn(call, values);
  if (callback === null) return invalid('transaction_id', 'selected');
  const attempts = await attemptsAt(call.sql, callback.id, ATTEMPTS_MAX);
  const history = attempts.map((attempt) => writeAttempt(attempt, call.language));
  return { body: { data: { ...writeCallback(callback), history } } };
}

export const resend = (call: Call, values: { transaction_id: number; reason: string | null }) =>
  act(call, values, 'resend');
export const resolve = (call: Call, values: { transaction_id: number; reason: string }) =>
  act(call, values, 'resolve');

const REFUSALS: Readonly<Record<Extract<CallbackActOutcome, { ok: false }>['code'], SimpleProblem>> = {
  unknown_callback: 'callback_ended',
  bet_in_flight: 'callback_asking',
  already_resolved: 'callback_resolved',
};

async function act(
  call: Call,
  values: { transaction_id: number; reason: string | null },
  kind: CallbackAct['act'],
): Promise<CallResult> {
  const callback = await findOwn(call, values);
  if (callback === null) return invalid('transaction_id', 'selected');
  const refusal = await submit(call, callback, { act: kind, reason: values.reason ?? '' });
  if (refusal !== null) return invalid('transaction_id', REFUSALS[refusal]);
  return { body: { data: writeCallback((await findOwn(call, values)) ?? callback) } };
}

async function submit(
  call: Call,
  callback: Acted & Pick<CallbackSeen, 'agent' | 'username'>,
  wish: Pick<CallbackAct, 'act' | 'reason'>,
): Promise<keyof typeof REFUSALS | null> {
  const by = `agent:${call.agent.username}`;
  const detail = { agent: callback.agent, player: callback.username, ip: call.ip };
  const [outcome] = await actOnCallbacks(call, [callback], { ...wish, by, detail });
  return outcome === undefined || outcome.ok ? null : outcome.code;
}

function findOwn(
  call: Call,
  { transaction_id: id }: { transaction_id: number },
): Promise<CallbackSeen | null> {
  return findCallback(call.sql, trusted<TransferId>(id), call.agent.id);
}
