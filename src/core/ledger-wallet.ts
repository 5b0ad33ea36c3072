/** Money between an agent's POT and its players' wallets (contract xt §2), and other single moves. */
import { CODE } from './chart.ts';
import type { TransferId } from './ids.ts';
import type { Batch } from './ledger.ts';
import type {
  Account,
  Move,
  MoveOutcome,
  WalletOutcome,
  WalletRefusal,
  WalletTransfer,
} from './ledger-types.ts';

/** One add/sub a second for a user (contract xt §1). */
export const WALLET_PACE_MS = 1000;

const WALLET_CODE = {
  add: CODE.addBalance,
  subtract: CODE.subBalance,
  subtract_all: CODE.subBalanceAll,
} as const;

/** Answers as they are kept: JSON has no bigint. */
interface KeptMoney {
  readonly transferId: TransferId;
  readonly amount: string;
  readonly balance: string;
  readonly other: string;
}

/** Moves between POT and wallet. The first answer of a uuid is kept only when money moved: a refusal may be retried. */
export function transferWallet(batch: Batch, command: WalletTransfer): WalletOutcome {
  const content = `${command.direction}|${command.playerId}|${command.direction === 'subtract_all' ? '' : command.amount}`;
  const stored = command.key === null ? undefined : batch.stored(command.agentId, command.key);
  if (stored !== undefined) {
    if (stored.content !== content) return refuse('key_reused');
    const kept = stored.outcome as KeptMoney;
    return {
      ok: true,
      transferId: kept.transferId,
      balance: BigInt(kept.balance),
      amount: BigInt(kept.amount),
      replayed: true,
    };
  }
  const agent = batch.picture.agents.get(command.agentId);
  if (agent === undefined) throw new Error(`agent ${command.agentId} was not prefetched`);
  if (agent.wallet === 'seamless') return refuse('wallet_is_seamless');
  const wallet = batch.account(command.walletId);
  if (agent.pacing) {
    const waitMs = pacingWaitMs(batch, wallet);
    if (waitMs > 0) return refuse('too_soon', waitMs);
    wallet.pacedAt = batch.now;
    batch.touch(wallet);
  }
  const adding = command.direction === 'add';
  const amount = command.direction === 'subtract_all' ? batch.available(command.walletId) : command.amount;
  if (adding && batch.available(command.potId) < amount) return refuse('agent_balance_too_low');
  if (!adding && batch.available(command.walletId) < amount) return refuse('user_balance_too_low');
  // From here on it must succeed.
  const { agentId, playerId, ip } = command;
  const debit = adding ? command.potId : command.walletId;
  const credit = adding ? command.walletId : command.potId;
  const { id: transferId } = batch.post({
    code: WALLET_CODE[command.direction],
    agentId,
    playerId,
    debit,
    credit,
    amount,
    ip,
  });
  const outcome = {
    ok: true,
    transferId,
    balance: wallet.balance,
    amount: adding ? amount : -amount,
    replayed: false,
  } as const;
  if (command.key !== null) {
    const kept: KeptMoney = {
      transferId,
      amount: outcome.amount.toString(),
      balance: outcome.balance.toString(),
      other: '',
    };
    batch.store({ scope: agentId, key: command.key, content, outcome: kept, transferId });
  }
  return outcome;
}

function pacingWaitMs(batch: Batch, wallet: Account): number {
  return wallet.pacedAt === null ? 0 : Math.max(0, wallet.pacedAt + WALLET_PACE_MS - batch.now);
}

function refuse(code: WalletRefusal, retryAfterMs = 0): WalletOutcome {
  return { ok: false, code, retryAfterMs };
}

/** A single transfer between two accounts the edge has resolved. Zero is refused, but for 'all' of an empty account. */
export function move(batch: Batch, command: Move): MoveOutcome {
  const content = `${command.code}|${command.debit}|${command.credit}|${command.amount}`;
  const stored = command.key === null ? undefined : batch.stored(command.agentId, command.key);
  if (stored !== undefined) {
    if (stored.content !== content) return { ok: false, code: 'key_reused' };
    const kept = stored.outcome as KeptMoney;
    const [debitBalance, creditBalance] = [BigInt(kept.balance), BigInt(kept.other)];
    return {
      ok: true,
      transferId: kept.transferId,
      debitBalance,
      creditBalance,
      amount: BigInt(kept.amount),
      replayed: true,
    };
  }
  const debited = batch.picture.accounts.get(command.debit);
  const amount = command.amount === 'all' ? batch.available(command.debit) : command.amount;
  if (amount < 0n || (amount === 0n && command.amount !== 'all'))
    return { ok: false, code: 'invalid_amount' };
  if (debited !== undefined && batch.available(command.debit) < amount)
    return { ok: false, code: 'balance_too_low' };
  const { code, agentId, playerId, debit, credit, ip } = command;
  const { id: transferId } = batch.post({ code, agentId, playerId, debit, credit, amount, ip });
  const debitBalance = batch.picture.accounts.get(debit)?.balance ?? 0n;
  const creditBalance = batch.picture.accounts.get(credit)?.balance ?? 0n;
  if (command.key !== null) {
    const kept: KeptMoney = {
      transferId,
      amount: amount.toString(),
      balance: debitBalance.toString(),
      other: creditBalance.toString(),
    };
    batch.store({ scope: agentId, key: command.key, content, outcome: kept, transferId });
  }
  return { ok: true, transferId, debitBalance, creditBalance, amount, replayed: false };
}
