/**
 * A store in memory that does for `decide` what the database does: loads the picture a batch names, writes its
 * changes, and refuses what the schema's constraints would. Ids are drawn without gaps, so that every split of a
 * stream draws the same ones.
 */

import { emptyBookPicture } from '../../src/core/book/desk.ts';
import type { Callback } from '../../src/core/callback-types.ts';
import { mayNotGoNegative } from '../../src/core/chart.ts';
import { type AccountId, type Instant, type TransferId, trusted } from '../../src/core/ids.ts';
import { decide } from '../../src/core/ledger.ts';
import { isPending } from '../../src/core/ledger-callback.ts';
import {
  type Account,
  type Changes,
  type Command,
  type ItemAnswer,
  type KnownRound,
  type Outcome,
  type Picture,
  type Reservation,
  roundKeyText,
  type Stored,
  storedKeyText,
  type Transfer,
} from '../../src/core/ledger-types.ts';
import { type Names, namesOf } from '../../src/db/ledger-names.ts';
import { type Cast, FIRST_ID } from './cast.ts';

export class MemoryStore {
  readonly cast: Cast;
  readonly accounts = new Map<AccountId, Account>();
  readonly rounds = new Map<string, KnownRound>();
  readonly stored = new Map<string, Stored>();
  readonly reservations = new Map<TransferId, Reservation>();
  readonly callbacks = new Map<TransferId, Callback>();
  readonly attempts: Changes['callbacks']['attempts'][number][] = [];
  readonly transfers: Transfer[] = [];
  readonly details = new Map<TransferId, string>();
  /** Callbacks the last batch has taken on. */
  due: readonly Callback[] = [];
  private nextId = FIRST_ID;

  constructor(cast: Cast) {
    this.cast = cast;
    for (const { id, kind, currency } of cast.accounts) {
      this.accounts.set(id, {
        id,
        kind,
        currency,
        balance: 0n,
        reserved: 0n,
        overdraft: 0n,
        known: null,
        pacedAt: null,
      });
    }
  }

  /** One batch: prefetch, decide, persist. `delivers` is false where nobody would deliver what is taken on. */
  run(commands: readonly Command[], now: Instant, { delivers = true } = {}): Outcome[] {
    const picture = this.load(namesOf(commands));
    const at = new Date(now).toISOString().replace('Z', '000Z');
    const { outcomes, changes } = decide({
      picture,
      commands,
      now,
      at,
      firstId: trusted(this.nextId),
      delivers,
    });
    this.write(changes);
    this.due = changes.callbacks.due;
    return outcomes;
  }

  /** Copies, as rows read from a database are: what a batch does to its picture is not yet written. */
  private load(names: Names): Picture {
    const { agents, players, sessions, limits } = this.cast;
    const stored = pick(this.stored, names.stored.keys(), (row) => ({
      ...row,
      outcome: structuredClone(row.outcome),
    }));
    return {
      accounts: pick(this.accounts, names.accounts, (row) => ({ ...row })),
      agents: new Map(agents.filter((each) => names.agents.has(each.id)).map((each) => [each.id, each])),
      players: new Map(
        players
          .filter((each) => names.players.has(each.id))
          .map((each) => [each.id, { ...each, excludedUntil: null, coolingUntil: null }]),
      ),
      sessions: new Map(
        sessions.filter((each) => names.sessions.has(each.id)).map((each) => [each.id, each]),
      ),
      rounds: pick(this.rounds, this.roundKeys(names), (row) => structuredClone(row)),
      stored,
      reservations: pick(this.reservations, names.reservations, (row) => ({ ...row })),
      callbacks: this.loadCallbacks(names),
      limits: names.limits ? limits : [],
      book: emptyBookPicture(),
    };
  }

  /** The first three of each line, and those named. */
  private loadCallbacks(names: Names): Map<TransferId, Callback> {
    const loaded = pick(this.callbacks, names.callbacks, (row) => ({ ...row }));
    const open = [...this.callbacks.values()].filter(({ state }) => state === 'asking' || state === 'due');
    for (const playerId of names.lines) {
      const line = open.filter((each) => each.playerId === playerId).sort((a, b) => a.id - b.id);
      for (const row of line.slice(0, 3 + names.callbacks.size))
        if (!loaded.has(row.id)) loaded.set(row.id, { ...row });
    }
    return loaded;
  }

  /** The rounds named, and those the bets that are referred to stand in. */
  private roundKeys(names: Names): string[] {
    const keys = [...names.rounds.keys()];
    for (const id of names.referenced.keys()) {
      const bet = (this.stored.get(id)?.outcome as ItemAnswer | null | undefined)?.bet;
      if (bet) keys.push(roundKeyText({ ...bet, ref: bet.round }));
    }
    return keys;
  }

  private write(changes: Changes): void {
    for (const transfer of changes.transfers) this.insert(transfer);
    for (const account of changes.accounts) {
      if (!mayNotGoNegative(account.kind)) throw new Error(`account ${account.id} is folded, not written`);
      if (account.balance < 0n || account.reserved < 0n || account.reserved > account.balance)
        throw new Error(`account ${account.id}: ${account.balance} reserved ${account.reserved}`);
      this.accounts.set(account.id, { ...account });
    }
    assertOnce(changes.rounds.map(roundKeyText));
    assertOnce(changes.accounts.map(({ id }) => id));
    assertOnce(changes.reservations.map(({ id }) => id));
    for (const round of changes.rounds) this.rounds.set(roundKeyText(round), structuredClone(round));
    for (const row of changes.stored) this.keep(row);
    for (const row of changes.reservations) {
      this.reservations.set(row.id, { ...row });
      this.nextId = Math.max(this.nextId, row.id + 2);
    }
    this.writeCallbacks(changes.callbacks);
    for (const { transferId, detail } of changes.details) this.details.set(transferId, detail);
  }

  private writeCallbacks({ added, changed, removed, attempts }: Changes['callbacks']): void {
    for (const id of removed) if (!this.callbacks.delete(id)) throw new Error(`no callback ${id}`);
    for (const row of changed) {
      if (!this.callbacks.has(row.id)) throw new Error(`no callback ${row.id}`);
      this.callbacks.set(row.id, { ...row });
    }
    for (const row of added) {
      if (this.callbacks.has(row.id)) throw new Error(`callback ${row.id} exists`);
      this.callbacks.set(row.id, { ...row });
    }
    this.attempts.push(...attempts);
    assertOnce(
      [...this.callbacks.values()].filter(({ state }) => state === 'asking').map(({ playerId }) => playerId),
    );
  }

  /** Accounts without a lock are folded at once here: nobody can see the difference. */
  private insert(transfer: Transfer): void {
    if (transfer.amount < 0n || transfer.debit === transfer.credit) throw new Error('an impossible transfer');
    if (transfer.id < this.nextId && this.transfers.some(({ id }) => id === transfer.id))
      throw new Error(`transfer ${transfer.id} exists`);
    this.transfers.push(transfer);
    this.nextId = Math.max(this.nextId, transfer.id + 2);
    for (const [id, delta] of [
      [transfer.debit, -transfer.amount],
      [transfer.credit, transfer.amount],
    ] as const) {
      const account = this.accounts.get(id);
      if (account === undefined) throw new Error(`no account ${id}`);
      if (!mayNotGoNegative(account.kind)) account.balance += delta;
    }
  }

  private keep(row: Stored): void {
    const key = storedKeyText(row.scope, row.key);
    const held = this.stored.get(key);
    if (held !== undefined && !row.persisted) throw new Error(`the answer of ${key} exists`);
    if (held !== undefined && held.content !== '' && !isPending(held.outcome))
      throw new Error(`the answer of ${key} was given`);
    this.stored.set(key, { ...row, outcome: structuredClone(row.outcome), persisted: true });
  }
}

/** A statement writes a row once. */
function assertOnce(keys: readonly unknown[]): void {
  if (new Set(keys).size < keys.length) throw new Error(`a row is written twice: ${keys}`);
}

function pick<K, V>(from: ReadonlyMap<K, V>, keys: Iterable<K>, copy: (value: V) => V): Map<K, V> {
  const found = new Map<K, V>();
  for (const key of keys) {
    const value = from.get(key);
    if (value !== undefined) found.set(key, copy(value));
  }
  return found;
}
