/** The store and the naive model, held against each other. */
import assert from 'node:assert/strict';
import { ACCOUNT } from '../../src/core/chart.ts';
import type { Ground } from './cast.ts';

/** What the model counts anew equals what the rows have summed. */
export function assertAgrees({ store, model, cast }: Ground): void {
  for (const { id, accountId } of cast.players) {
    const { balance, reserved, overdraft } = store.accounts.get(accountId)!;
    const exposure = model.exposure(id);
    assert.equal(balance, model.balance(id), 'balance');
    assert.equal(reserved, exposure, 'exposure');
    assert.equal(overdraft, exposure > balance ? exposure - balance : 0n, 'the shortage has its name');
    assert.equal(store.players.get(id)!.credit, model.credit(id), 'credit');
  }
  for (const id of cast.sessions) {
    const { pool } = store.sessions.get(id)!;
    assert.deepEqual(pool, { rain: model.poolGain(id, 'RAIN'), dry: model.poolGain(id, 'NO_RAIN') }, 'pool');
  }
  const { players, krain, book } = model.result();
  assert.equal(players + krain + book, 0n);
  assert.equal(store.sumOf(ACCOUNT.rainPool), book, "the book's profit and loss");
  assert.equal(store.sumOf(ACCOUNT.krainClearing), krain, "K-Rain's");
}
