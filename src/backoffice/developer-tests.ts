/**
 * The test page: one packet at a time to an agent's callback address, as the hub would send it, and what the hub would
 * make of the answer. Nothing is booked here; the operator moves the money of the user that is named.
 */
import { Type } from 'typebox';
import {
  isTestId,
  nextTestId,
  PACKET_KINDS,
  TEST_PACKETS,
  type Tried,
  tryBalance,
  tryPacket,
} from '../callbacks/try-out.ts';
import { ANSWER_CLASSES } from '../core/delivery.ts';
import type { AgentRecord } from '../db/agent.ts';
import { takeTurn } from '../db/pace.ts';
import { findPlayer } from '../db/player.ts';
import { recordAct } from './act.ts';
import { withSeamlessAgent } from './developer-own.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, route } from './route.ts';
import { Line, Minor, MinorGiven, Nullable } from './shapes.ts';

const TURN_MS = 500;
/** An operator knows its users by name; of one the hub does not know this is said to be the id. */
const NO_PLAYER = 1;

const Headers = Type.Array(Type.Tuple([Type.String(), Type.String()]));
const TriedShape = Type.Object({
  request: Type.Object({
    method: Type.Enum(['GET', 'POST']),
    url: Type.String(),
    headers: Headers,
    body: Nullable(Type.String()),
  }),
  status: Nullable(Type.Integer({ description: 'null: nothing was answered' })),
  headers: Headers,
  body: Nullable(Type.String()),
  elapsedMs: Type.Integer(),
  class: Type.Enum([...ANSWER_CLASSES]),
  verdict: Type.Enum(['accepted', 'refused', 'unavailable', 'unknown', 'delivered', 'again']),
  balance: Nullable(Minor),
});

export const DEVELOPER_TESTS = [
  route({
    method: 'POST',
    path: '/developer/:agentId/test-packets',
    operationId: 'sendTestPacket',
    summary: "Sends one packet to the agent's callback address: a real operator moves money of the user",
    group: 'developer',
    permission: 'developer',
    body: Type.Object(
      {
        packet: Type.Enum(['balance', ...TEST_PACKETS]),
        username: Line(3, 64),
        amount: Type.Optional(MinorGiven),
        refererId: Type.Optional(Type.Integer({ description: 'id of the test packet it answers' })),
        again: Type.Optional(Type.Integer({ description: 'id of a test packet, to be sent again' })),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      id: Nullable(Type.Integer()),
      currency: Type.String(),
      before: Nullable(TriedShape),
      sent: TriedShape,
      after: Nullable(TriedShape),
    }),
    handle: (call, { params, body }) => withSeamlessAgent(call, params, (agent) => send(call, agent, body)),
  }),
];

interface Wish {
  readonly packet: 'balance' | (typeof TEST_PACKETS)[number];
  readonly username: string;
  readonly amount?: string;
  readonly refererId?: number;
  readonly again?: number;
}

async function send(call: OfficeCall, agent: AgentRecord, wish: Wish) {
  const problem = problemOf(agent, wish);
  if (problem !== null) return refuse('invalid_request', { fields: problem });
  if (agent.callbackUrl === null) return refuse('refused', { detail: 'no callback address is set' });
  const waitMs = await takeTurn(call.sql, `test-packet/${agent.id}`, TURN_MS);
  if (waitMs > 0) return refuse('too_many', { retryAfterMs: waitMs });
  const { reach } = call.outreach;
  const operator = await call.outreach.operatorOf(agent.id);
  const { packet, username, amount = '0', refererId = null, again } = wish;
  const id = packet === 'balance' ? null : (again ?? (await nextTestId(call.sql)));
  const more = { packet, username, amount, id, refererId };
  // Before it is sent: whatever the operator does with it has a line.
  await recordAct(call, call.sql, {
    action: 'developer.test_packet',
    subject: agent.username,
    agentId: agent.id,
    more,
  });
  const { currency } = agent;
  const before = await tryBalance(operator, username, reach);
  if (packet === 'balance' || id === null)
    return ok({ id, currency, before: null, sent: shown(before), after: null });
  const playerId = (await findPlayer(call.sql, agent.id, username))?.id ?? NO_PLAYER;
  const facts = { packet, username, playerId, id, refererId, amount: BigInt(amount) };
  const sent = await tryPacket(operator, { ...facts, before: before.balance ?? 0n }, reach);
  const after = await tryBalance(operator, username, reach);
  return ok({ id, currency, before: shown(before), sent: shown(sent), after: shown(after) });
}

/** What is wrong, by field; null: nothing. Only test packets can be answered or repeated: never a transaction. */
function problemOf({ currency }: AgentRecord, wish: Wish): Record<string, string> | null {
  const { packet, amount, refererId, again } = wish;
  if (packet === 'balance') return null;
  const { sign, refers } = PACKET_KINDS[packet];
  if (sign !== 0n && amount === undefined)
    return { amount: `an amount in minor units of ${currency} is needed` };
  if (refers && refererId === undefined) return { refererId: 'it answers a test packet: name it' };
  if (refererId !== undefined && !isTestId(refererId)) return { refererId: 'no id of a test packet' };
  if (again !== undefined && !isTestId(again)) return { again: 'no id of a test packet' };
  return null;
}

function shown({ request, answer, answerHeaders, elapsedMs, class: found, verdict, balance }: Tried) {
  const answered = answer.kind === 'answered';
  return {
    request,
    status: answered ? answer.status : null,
    headers: answerHeaders,
    body: answered ? answer.body : null,
    elapsedMs,
    class: found,
    verdict,
    balance: balance === null ? null : balance.toString(),
  };
}
