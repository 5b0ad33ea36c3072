/**
 * One exchange with an operator about a callback: the packet goes out, what comes back is classed by the one table
 * (src/core/delivery.ts), and both are kept as the attempt's record.
 */
import type { Callback, CallbackAttempt } from '../core/callback-types.ts';
import { FEED } from '../core/chart.ts';
import { type AnswerClass, classOf, MEANING, type OperatorAnswer, readBalance } from '../core/delivery.ts';
import type { AgentId, GameId, PlayerId } from '../core/ids.ts';
import type { OperatorClient } from './client.ts';
import type { Operator } from './operators.ts';
import { changeBalanceBody, type PacketGame } from './wire.ts';

/** Names a packet tells beyond what the ledger knows. They never change once given. */
export interface PacketNames {
  username(playerId: PlayerId): Promise<string>;
  game(gameId: GameId): Promise<Omit<PacketGame, 'round'>>;
}

export interface ExchangeOptions {
  readonly client: Pick<OperatorClient, 'changeBalance' | 'balance' | 'mayAsk' | 'report'>;
  readonly operatorOf: (agentId: AgentId) => Promise<Operator>;
  readonly names: PacketNames;
  /** Told of every call when it has ended. */
  readonly onCall?: (call: CallSeen) => void;
}

/** A call to an operator as it ended. */
export interface CallSeen {
  readonly purpose: 'question' | 'message' | 'balance';
  readonly class: AnswerClass;
  /** From the call to its answer, waiting included. */
  readonly elapsedMs: number;
}

export interface Exchanged {
  readonly class: AnswerClass;
  /** The player's balance by the operator's own word; null unless it is to be believed. */
  readonly balance: bigint | null;
  readonly attempt: CallbackAttempt;
  readonly operator: Operator;
}

export type BalanceAnswer =
  | { readonly ok: true; readonly balance: bigint }
  /** unknown_user: the operator has answered, and not with a balance. unavailable: it could not be asked. */
  | { readonly ok: false; readonly code: 'unknown_user' | 'unavailable' };

export interface Exchange {
  put(callback: Callback, purpose: 'question' | 'message'): Promise<Exchanged>;
  /** Asks what the player holds at its operator, in minor units. */
  balanceOf(player: { id: PlayerId; agentId: AgentId }): Promise<BalanceAnswer>;
  /** False while the operator is left alone. */
  mayAsk(agentId: AgentId): Promise<boolean>;
}

const ANSWER_CHARS_MAX = 512;

export function openExchange({ client, operatorOf, names, onCall }: ExchangeOptions): Exchange {
  async function bodyOf(callback: Callback, { currency }: Operator): Promise<string> {
    const { id, code, refererId, at, playerId, gameId, round, after } = callback;
    const shape = FEED[code];
    const username = await names.username(playerId);
    const game = gameId === null ? null : { ...(await names.game(gameId)), round: round ?? '' };
    return changeBalanceBody({
      username,
      currency,
      amount: shape.side === 'debit' ? -callback.amount : callback.amount,
      transaction: {
        id,
        type: shape.type ?? '',
        refererId,
        at,
        game,
        target: { id: playerId, username, balance: after },
      },
    });
  }

  /** The class, once the operator's health is told of it. */
  function judge(
    operator: Operator,
    answer: OperatorAnswer,
    judged: Parameters<typeof classOf>[1],
  ): AnswerClass {
    const found = classOf(answer, judged);
    const { unwell } = MEANING[found];
    if (unwell !== null) client.report(operator.target, unwell);
    return found;
  }

  return {
    async put(callback, purpose) {
      const operator = await operatorOf(callback.agentId);
      const body = await bodyOf(callback, operator);
      const { answer, request, elapsedMs } = await client.changeBalance(operator.target, body, purpose);
      const balance = operator.slotBooster ? balanceIn(answer, operator) : null;
      const found = judge(operator, answer, { balance, balanceRequired: operator.slotBooster });
      onCall?.({ purpose, class: found, elapsedMs });
      const status = answer.kind === 'answered' ? answer.status : null;
      const attempt = { class: found, status, elapsedMs, request, answer: headOf(answer) };
      return { class: found, balance, attempt, operator };
    },
    async balanceOf({ id, agentId }) {
      const operator = await operatorOf(agentId);
      const { answer, elapsedMs } = await client.balance(operator.target, await names.username(id));
      const balance = balanceIn(answer, operator);
      const found = judge(operator, answer, { balance, balanceRequired: true });
      onCall?.({ purpose: 'balance', class: found, elapsedMs });
      if (found === 'accepted' && balance !== null) return { ok: true, balance };
      return { ok: false, code: answer.kind === 'answered' ? 'unknown_user' : 'unavailable' };
    },
    async mayAsk(agentId) {
      return client.mayAsk((await operatorOf(agentId)).target);
    },
  };
}

function balanceIn(answer: OperatorAnswer, { currency }: Operator): bigint | null {
  return answer.kind === 'answered' && answer.status === 200 ? readBalance(answer.body, currency) : null;
}

/** The client gives no NUL, which no column holds (src/callbacks/call.ts). */
const headOf = (answer: OperatorAnswer) =>
  answer.kind === 'answered' ? answer.body.slice(0, ANSWER_CHARS_MAX) : '';
