/**
 * A naive model of the ledger, written from the contracts and from nothing else: every balance in one map, every
 * bet in one list, one command at a time. Slow and plain on purpose; what `decide` answers must be what it answers.
 * It shares only types with src/core.
 */
import type { AccountId, AgentId, Instant, StudioId, TransferId } from '../../src/core/ids.ts';
import type {
  Command,
  EndReservation,
  EndReservationOutcome,
  Move,
  MoveOutcome,
  Outcome,
  Reserve,
  ReserveOutcome,
  WalletOutcome,
  WalletTransfer,
} from '../../src/core/ledger-types.ts';
import type { Cast, CastAgent } from './cast.ts';
import { ModelRounds } from './model-rounds.ts';

export interface ModelRow {
  readonly id: TransferId;
  readonly code: number;
  readonly debit: AccountId;
  readonly credit: AccountId;
  readonly amount: bigint;
  readonly refererId: TransferId | null;
}

interface Hold {
  readonly command: Reserve;
  ended: 'posted' | 'void' | null;
  transferId: TransferId | null;
}

interface Kept {
  readonly content: string;
  readonly outcome: Outcome;
}

/** Codes of docs/ledger.md that wallets use. */
const WALLET_CODES = { add: 10, subtract: 11, subtract_all: 12 } as const;
const FIRST = 3_000_000_001;

export class Model {
  readonly cast: Cast;
  readonly balances = new Map<AccountId, bigint>();
  readonly promised = new Map<AccountId, bigint>();
  readonly rows: ModelRow[] = [];
  readonly kept = new Map<string, Kept>();
  readonly holds = new Map<TransferId, Hold>();
  private readonly paced = new Map<AccountId, Instant>();
  private readonly rounds: ModelRounds;
  private next = FIRST;
  now = 0 as Instant;

  constructor(cast: Cast) {
    this.cast = cast;
    this.rounds = new ModelRounds(this);
  }

  run(command: Command, now: Instant): Outcome {
    this.now = now;
    switch (command.kind) {
      case 'wallet_transfer':
        return this.wallet(command);
      case 'move':
        return this.move(command);
      case 'studio_item':
        return this.rounds.item(command);
      case 'round_end':
        return this.rounds.end(command);
      case 'reserve':
        return this.reserve(command);
      case 'post':
      case 'void':
        return this.endHold(command);
      default:
        throw new Error(`${command.kind} is of seamless wallets`);
    }
  }

  balance(id: AccountId): bigint {
    return this.balances.get(id) ?? 0n;
  }

  /** What is there and not promised. */
  free(id: AccountId): bigint {
    return this.balance(id) - (this.promised.get(id) ?? 0n);
  }

  agent(id: AgentId): CastAgent {
    return this.cast.agents.find((each) => each.id === id)!;
  }

  draw(): TransferId {
    const id = this.next;
    this.next += 2;
    return id as TransferId;
  }

  post(row: Omit<ModelRow, 'id' | 'refererId'> & Partial<Pick<ModelRow, 'id' | 'refererId'>>): TransferId {
    const id = row.id ?? this.draw();
    this.balances.set(row.debit, this.balance(row.debit) - row.amount);
    this.balances.set(row.credit, this.balance(row.credit) + row.amount);
    this.rows.push({ refererId: null, ...row, id });
    return id;
  }

  find(scope: AgentId | StudioId, key: string | null): Kept | undefined {
    return key === null ? undefined : this.kept.get(`${scope}:${key}`);
  }

  keep(scope: AgentId | StudioId, key: string | null, kept: Kept): void {
    if (key !== null) this.kept.set(`${scope}:${key}`, kept);
  }

  private wallet(command: WalletTransfer): WalletOutcome {
    const { direction, walletId, potId, agentId } = command;
    const content = `${direction} ${command.playerId} ${direction === 'subtract_all' ? '*' : command.amount}`;
    const before = this.find(agentId, command.key);
    if (before?.content === content)
      return { ...(before.outcome as WalletOutcome & { ok: true }), replayed: true };
    if (before !== undefined) return { ok: false, code: 'key_reused', retryAfterMs: 0 };
    const { wallet, pacing } = this.agent(agentId);
    if (wallet === 'seamless') return { ok: false, code: 'wallet_is_seamless', retryAfterMs: 0 };
    if (pacing) {
      const since = this.now - (this.paced.get(walletId) ?? -Infinity);
      if (since < 1000) return { ok: false, code: 'too_soon', retryAfterMs: 1000 - since };
      this.paced.set(walletId, this.now);
    }
    const amount = direction === 'subtract_all' ? this.free(walletId) : command.amount;
    const [debit, credit] = direction === 'add' ? [potId, walletId] : [walletId, potId];
    if (this.free(debit) < amount) {
      const code = direction === 'add' ? 'agent_balance_too_low' : 'user_balance_too_low';
      return { ok: false, code, retryAfterMs: 0 };
    }
    const transferId = this.post({ code: WALLET_CODES[direction], debit, credit, amount });
    const signed = direction === 'add' ? amount : -amount;
    const outcome = {
      ok: true,
      transferId,
      balance: this.balance(walletId),
      amount: signed,
      replayed: false,
    } as const;
    this.keep(agentId, command.key, { content, outcome });
    return outcome;
  }

  private move(command: Move): MoveOutcome {
    const { code, debit, credit, agentId, key } = command;
    const content = `${code} ${debit} ${credit} ${command.amount}`;
    const before = this.find(agentId, key);
    if (before?.content === content)
      return { ...(before.outcome as MoveOutcome & { ok: true }), replayed: true };
    if (before !== undefined) return { ok: false, code: 'key_reused' };
    const amount = command.amount === 'all' ? this.free(debit) : command.amount;
    if (command.amount !== 'all' && amount <= 0n) return { ok: false, code: 'invalid_amount' };
    const held = command.locked.includes(debit);
    if (held && this.free(debit) < amount) return { ok: false, code: 'balance_too_low' };
    const transferId = this.post({ code, debit, credit, amount });
    const shown = (id: AccountId) => (command.locked.includes(id) ? this.balance(id) : 0n);
    const outcome = {
      ok: true,
      transferId,
      debitBalance: shown(debit),
      creditBalance: shown(credit),
      amount,
      replayed: false,
    } as const;
    this.keep(agentId, key, { content, outcome });
    return outcome;
  }

  private reserve(command: Reserve): ReserveOutcome {
    if (command.amount <= 0n) return { ok: false, code: 'invalid_amount' };
    if (this.free(command.debit) < command.amount) return { ok: false, code: 'balance_too_low' };
    const reservationId = this.draw();
    this.promise(command.debit, command.amount);
    this.holds.set(reservationId, { command, ended: null, transferId: null });
    return { ok: true, reservationId };
  }

  private endHold(command: EndReservation): EndReservationOutcome {
    const hold = this.holds.get(command.reservationId);
    if (hold === undefined) return { ok: false, code: 'unknown_reservation' };
    const wanted = command.kind === 'post' ? 'posted' : 'void';
    if (hold.ended !== null && hold.ended !== wanted) return { ok: false, code: `already_${hold.ended}` };
    if (hold.ended !== null) return { ok: true, transferId: hold.transferId, replayed: true };
    const { debit, credit, code, amount: most } = hold.command;
    const amount = command.amount ?? most;
    if (amount < 0n || amount > most) return { ok: false, code: 'invalid_amount' };
    this.promise(debit, -most);
    hold.ended = wanted;
    if (wanted === 'posted') hold.transferId = this.post({ code, debit, credit, amount });
    return { ok: true, transferId: hold.transferId, replayed: false };
  }

  private promise(id: AccountId, delta: bigint): void {
    this.promised.set(id, (this.promised.get(id) ?? 0n) + delta);
  }
}
