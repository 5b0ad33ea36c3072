/**
 * A player's credit account in the book. It promises (`reserved`) the sum of its positions' exposure; what it holds
 * beyond that can be withdrawn or exposed. Only a correction may leave it short: `overdraft` then names the shortage,
 * and shrinks as money comes.
 */
import type { AccountId } from '../ids.ts';
import type { Batch } from '../ledger.ts';
import type { Account } from '../ledger-types.ts';
import { exposureOf } from './exposure.ts';
import type { BookBalance, GameResult, Position } from './types.ts';

export function balanceOf(batch: Batch, accountId: AccountId): BookBalance {
  const { balance, reserved } = batch.account(accountId);
  return { balance, exposure: reserved };
}

/** What can be withdrawn or exposed; never below zero. */
export function spendable(batch: Batch, accountId: AccountId): bigint {
  const left = batch.available(accountId);
  return left < 0n ? 0n : left;
}

/** Brings a position's exposure, and what its account promises, up to what the position now says. */
export function restate(batch: Batch, position: Position, result: GameResult): void {
  const account = batch.account(position.accountId);
  const exposure = exposureOf(position, result);
  account.reserved += exposure - position.exposure;
  position.exposure = exposure;
  batch.touch(account);
  batch.book.setPosition(position);
}

/** Allows an account to be so much short of what it promises, and no more. Before the money moves, and after. */
export function nameShortage(batch: Batch, account: Account, delta = 0n): void {
  const short = account.reserved - (account.balance + delta);
  const overdraft = short > 0n ? short : 0n;
  if (overdraft === account.overdraft) return;
  account.overdraft = overdraft;
  batch.touch(account);
}
