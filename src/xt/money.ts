/** Calls that move money: each is one command to the ledger writer. */
import { CODE } from '../core/chart.ts';
import type { WalletRefusal, WalletTransfer } from '../core/ledger-types.ts';
import { type AmountRefusal, decimalsOf, parseAmount, toWireNumber } from '../core/money.ts';
import { foldName } from '../db/agent.ts';
import type { PlayerKey } from '../db/player.ts';
import { type Call, type CallResult, invalid } from './context.ts';
import type { SimpleProblem } from './fields.ts';

interface TransferValues {
  readonly username: string;
  readonly amount: number | string;
  readonly uuid: string | null;
}

export const addBalance = (call: Call, values: TransferValues) => transfer(call, 'add', values);
export const subBalance = (call: Call, values: TransferValues) => transfer(call, 'subtract', values);
export const subBalanceAll = (call: Call, values: Omit<TransferValues, 'amount'>) =>
  transfer(call, 'subtract_all', values);

const AMOUNT_PROBLEMS: Readonly<Record<AmountRefusal, SimpleProblem>> = {
  not_a_number: 'amount',
  too_many_decimals: 'amount_decimals',
  not_positive: 'amount_positive',
  too_large: 'amount_large',
};

const REFUSALS: Readonly<Record<WalletRefusal, CallResult>> = {
  key_reused: invalid('uuid', 'uuid_reused'),
  wallet_is_seamless: invalid('username', 'seamless'),
  too_soon: { refusal: 'too_soon' },
  agent_balance_too_low: { refusal: 'agent_balance_too_low' },
  user_balance_too_low: { refusal: 'user_balance_too_low' },
};

async function transfer(
  call: Call,
  direction: WalletTransfer['direction'],
  values: Omit<TransferValues, 'amount'> & { amount?: number | string },
): Promise<CallResult> {
  const { id: agentId, potId, currency } = call.agent;
  const parsed =
    direction === 'subtract_all' ? ({ ok: true, amount: 0n } as const) : parseAmount(values.amount, currency);
  if (!parsed.ok) return invalid('amount', AMOUNT_PROBLEMS[parsed.refusal]);
  if (direction !== 'subtract_all' && parsed.amount < 10n ** BigInt(decimalsOf(currency)))
    return { problems: { amount: [{ code: 'min', bound: 1 }] } };
  const player = await findKey(call, values.username);
  if (player === null) return invalid('username', 'selected');
  const outcome = await call.writer.submit({
    kind: 'wallet_transfer',
    direction,
    agentId,
    playerId: player.id,
    walletId: player.walletId,
    potId,
    amount: parsed.amount,
    key: values.uuid,
    ip: call.ip,
  });
  if (!outcome.ok)
    return outcome.retryAfterMs > 0
      ? { refusal: 'too_soon', retryAfterMs: outcome.retryAfterMs }
      : REFUSALS[outcome.code];
  return { body: writeMoved(call, player, { ...outcome, cached: outcome.replayed }) };
}

/** All of the user's points become balance; 0 where there are none. */
export async function exchangePoints(
  call: Call,
  values: { username: string; uuid: string | null },
): Promise<CallResult> {
  const player = await findKey(call, values.username);
  if (player === null) return invalid('username', 'selected');
  if (call.agent.wallet === 'seamless') return invalid('username', 'seamless');
  const { id: playerId, walletId: credit, pointsId: debit } = player;
  const outcome = await call.writer.submit({
    kind: 'move',
    code: CODE.pointsExchange,
    agentId: call.agent.id,
    playerId,
    debit,
    credit,
    locked: [debit, credit],
    amount: 'all',
    key: values.uuid,
    ip: call.ip,
  });
  if (!outcome.ok) return invalid('uuid', 'uuid_reused');
  return {
    body: writeMoved(call, player, { ...outcome, balance: outcome.creditBalance, cached: outcome.replayed }),
  };
}

function findKey(call: Call, username: string): Promise<PlayerKey | null> {
  return call.directory.playerByName(call.agent.id, foldName(username));
}

function writeMoved(
  call: Call,
  player: PlayerKey,
  moved: { balance: bigint; amount: bigint; transferId: number; cached: boolean },
) {
  const { currency } = call.agent;
  return {
    username: player.username,
    balance: toWireNumber(moved.balance, currency),
    amount: toWireNumber(moved.amount, currency),
    transaction_id: moved.transferId,
    cached: moved.cached,
  };
}
