/**
 * The rain book in memory, doing for `decide` what the database does: loads the picture a batch names, writes its
 * changes, settles the bets of settled positions by their own terms, and refuses what the schema's constraints would.
 * Sessions and players are changed beside the ledger too, as staff and operators do: by the maps, between batches.
 */
import assert from 'node:assert/strict';
import { emptyBookPicture } from '../../src/core/book/desk.ts';
import {
  type Bet,
  type BookChanges,
  type BookPicture,
  type BookPlayer,
  type BookSession,
  betKeyText,
  type Position,
  positionKeyText,
  type TransferRecord,
  tsCodeText,
} from '../../src/core/book/types.ts';
import { ACCOUNT } from '../../src/core/chart.ts';
import {
  type AccountId,
  type BetId,
  type BookPlayerId,
  type Instant,
  type RainSessionId,
  trusted,
  type VisitId,
} from '../../src/core/ids.ts';
import { decide } from '../../src/core/ledger.ts';
import type { Account, Changes, Command, Outcome, Picture, Transfer } from '../../src/core/ledger-types.ts';
import { namesOf } from '../../src/db/ledger-names.ts';

const FIRST_ID = 3_000_000_001;

export class BookStore {
  readonly accounts = new Map<AccountId, Account>();
  readonly transfers: Transfer[] = [];
  readonly players = new Map<BookPlayerId, BookPlayer>();
  readonly sessions = new Map<RainSessionId, BookSession>();
  readonly positions = new Map<string, Position>();
  readonly bets = new Map<BetId, Bet>();
  readonly betsByKey = new Map<string, Bet>();
  readonly records = new Map<string, TransferRecord>();
  readonly visits = new Set<VisitId>();
  private nextId = FIRST_ID;
  /** Of the batch under way. */
  private now: Instant = trusted(0);

  addAccount(id: AccountId, kind: Account['kind']): void {
    const empty = { balance: 0n, reserved: 0n, overdraft: 0n, known: null, pacedAt: null };
    this.accounts.set(id, { id, kind, currency: 'USD', ...empty });
  }

  /** One batch: prefetch, decide, persist. */
  run(commands: readonly Command[], now: Instant): Outcome[] {
    this.now = now;
    const at = new Date(now).toISOString().replace('Z', '000Z');
    const firstId = trusted<Transfer['id']>(this.nextId);
    const { outcomes, changes } = decide({ picture: this.load(commands), commands, now, at, firstId });
    // An outcome is told as it was decided, whatever becomes of the batch's objects later.
    const told = outcomes.map((each) => structuredClone(each));
    this.write(changes);
    return told;
  }

  /** Copies, as rows read from a database are. */
  private load(commands: readonly Command[]): Picture {
    const names = namesOf(commands);
    return {
      accounts: pick(this.accounts, names.accounts),
      agents: new Map(),
      players: new Map(),
      sessions: new Map(),
      rounds: new Map(),
      stored: new Map(),
      reservations: new Map(),
      callbacks: new Map(),
      limits: [],
      book: this.loadBook(names.book),
    };
  }

  private loadBook(names: ReturnType<typeof namesOf>['book']): BookPicture {
    const bets = [...pick(this.bets, names.bets.keys()).values()];
    for (const bet of pick(this.betsByKey, names.keys.keys()).values())
      if (!names.bets.has(bet.id)) bets.push(bet);
    return {
      ...emptyBookPicture(),
      players: pick(this.players, names.players),
      sessions: pick(this.sessions, names.sessions),
      positions: pick(this.positions, names.positions.keys()),
      bets: new Map(bets.map((bet) => [bet.id, bet])),
      betsByKey: new Map(bets.map((bet) => [betKeyText(bet.playerId, bet.key), bet])),
      transfers: pick(this.records, names.tsCodes.keys()),
      visits: new Set([...names.visits].filter((id) => this.visits.has(id))),
    };
  }

  private write(changes: Changes): void {
    for (const transfer of changes.transfers) this.insert(transfer);
    assertOnce(changes.accounts.map(({ id }) => id));
    for (const account of changes.accounts) {
      const { id, kind, balance, reserved, overdraft } = account;
      if (kind >= 10) throw new Error(`account ${id} is folded, not written`);
      assert.ok(balance + overdraft >= 0n && reserved <= balance + overdraft, `account ${id} goes below`);
      assert.ok(overdraft >= 0n && reserved >= 0n, `account ${id}`);
      this.accounts.set(id, { ...account });
    }
    this.writeBook(changes.book);
  }

  private writeBook({ players, sessions, positions, bets, transfers, settled }: BookChanges): void {
    assertOnce(positions.map((each) => positionKeyText(each.sessionId, each.playerId)));
    assertOnce(bets.map(({ id }) => id));
    for (const { id, credit, day, dayStake } of players)
      this.players.set(id, { ...this.players.get(id)!, credit, day, dayStake });
    for (const { id, pool, risk } of sessions) {
      assert.ok(risk.rain <= 0n && risk.dry <= 0n, `session ${id}: what is not matched yet can only cost`);
      this.sessions.set(id, { ...this.sessions.get(id)!, pool, risk });
    }
    for (const position of positions) this.keepPosition(position);
    for (const bet of bets) this.keepBet(bet);
    for (const record of transfers) this.keepRecord(record);
    for (const each of settled) this.settleBets(each);
  }

  private keepPosition(position: Position): void {
    const { pending, risk, exposure } = position;
    assert.ok(pending >= 0 && risk.rain <= 0n && risk.dry <= 0n && exposure >= 0n, 'a position');
    this.positions.set(positionKeyText(position.sessionId, position.playerId), { ...position });
  }

  /** Terms are never changed, only what became of a bet. */
  private keepBet(bet: Bet): void {
    assert.ok(bet.odds > 1000 && bet.stake > 0n && bet.win > 0n, 'a bet can win something');
    assert.ok(bet.ownStake >= 0n && bet.krainStake >= 0n, 'parts of a stake');
    if (!['TEMP', 'FAILED', 'CHECK'].includes(bet.status))
      assert.equal(bet.ownStake + bet.krainStake, bet.stake, 'a matched stake is split whole');
    const known = this.bets.get(bet.id);
    const { ownStake, krainStake, krainOdds, krainWin, status, reason, updatedAt } = bet;
    const kept = { ...(known ?? bet), ownStake, krainStake, krainOdds, krainWin, status, reason, updatedAt };
    const key = betKeyText(bet.playerId, bet.key);
    assert.equal(this.betsByKey.get(key)?.id ?? bet.id, bet.id, `two bets under ${key}`);
    this.put(kept);
    this.nextId = Math.max(this.nextId, bet.id + 2);
  }

  private put(bet: Bet): void {
    this.bets.set(bet.id, bet);
    this.betsByKey.set(betKeyText(bet.playerId, bet.key), bet);
  }

  private keepRecord(record: TransferRecord): void {
    const key = tsCodeText(record.operatorId, record.tsCode);
    assert.ok(!this.records.has(key), `${key} exists`);
    assert.equal(record.creditAfter, record.creditBefore + record.profitLoss + record.amount);
    this.records.set(key, record);
  }

  private settleBets({ position, result, later }: BookChanges['settled'][number]): void {
    const { sessionId, playerId } = position;
    for (const bet of this.bets.values()) {
      if (bet.sessionId !== sessionId || bet.playerId !== playerId || later.has(bet.id)) continue;
      if (!['ACTIVE', 'SETTLED', 'VOID'].includes(bet.status)) continue;
      const won = bet.type === result ? bet.win : -bet.stake;
      const fate =
        result === 'VOID'
          ? ({ status: 'VOID', payout: 0n } as const)
          : ({ status: 'SETTLED', payout: won } as const);
      // One that says so already is left alone.
      if (bet.status !== fate.status || bet.payout !== fate.payout)
        this.put({ ...bet, ...fate, updatedAt: this.now });
    }
  }

  /** Accounts that are folded later in the database are folded at once here. */
  private insert(transfer: Transfer): void {
    assert.ok(transfer.amount >= 0n && transfer.debit !== transfer.credit, 'an impossible transfer');
    this.transfers.push(transfer);
    this.nextId = Math.max(this.nextId, transfer.id + 2);
    for (const [id, delta] of [
      [transfer.debit, -transfer.amount],
      [transfer.credit, transfer.amount],
    ] as const) {
      const account = this.accounts.get(id);
      assert.ok(account !== undefined, `no account ${id}`);
      if (account.kind >= 10) account.balance += delta;
    }
  }

  /** Of all accounts of a kind. */
  sumOf(kind: Account['kind']): bigint {
    let sum = 0n;
    for (const account of this.accounts.values()) if (account.kind === kind) sum += account.balance;
    return sum;
  }

  /** What must hold between the rows at any instant. */
  assertWhole(): void {
    let sum = 0n;
    for (const { balance } of this.accounts.values()) sum += balance;
    assert.equal(sum, 0n, 'all accounts together come to nothing');
    const promised = new Map<AccountId, bigint>();
    for (const { accountId, exposure } of this.positions.values())
      promised.set(accountId, (promised.get(accountId) ?? 0n) + exposure);
    for (const { id, kind, reserved } of this.accounts.values())
      if (kind === ACCOUNT.credit) assert.equal(reserved, promised.get(id) ?? 0n, `account ${id} promises`);
  }
}

/** A statement writes a row once. */
function assertOnce(keys: readonly unknown[]): void {
  assert.equal(new Set(keys).size, keys.length, `a row is written twice: ${keys}`);
}

/** Rows are flat, and what is nested in them is replaced, never changed: one level is copy enough. */
function pick<K, V extends object>(from: ReadonlyMap<K, V>, keys: Iterable<K>): Map<K, V> {
  const found = new Map<K, V>();
  for (const key of keys) {
    const value = from.get(key);
    if (value !== undefined) found.set(key, { ...value });
  }
  return found;
}
