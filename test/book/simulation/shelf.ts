/**
 * The database of a simulation: the store in memory, the naive model told of every commit, and the invariants that
 * must hold after each. What the parts ask of the database by SQL is answered from the store.
 */

import { BET_STATUSES, type Bet, type BookSession } from '../../../src/core/book/types.ts';
import { type Instant, trusted } from '../../../src/core/ids.ts';
import type { Command, Outcome } from '../../../src/core/ledger-types.ts';
import type { SessionName } from '../../../src/db/book-pending.ts';
import type { Sql } from '../../../src/db/connect.ts';
import type { Clock, Owner } from '../../seamless/simulation/clock.ts';
import type { Committed } from '../../seamless/simulation/shelf.ts';
import { type Ground, T0 } from '../cast.ts';
import { hear } from '../steps.ts';

export interface ShelfParts {
  readonly ground: Ground;
  readonly clock: Clock;
  readonly log: (line: () => string) => void;
}

export class BookShelf {
  readonly counts: Record<string, number> = {};
  private readonly parts: ShelfParts;

  constructor(parts: ShelfParts) {
    this.parts = parts;
  }

  now(): Instant {
    return trusted(T0 + this.parts.clock.now());
  }

  /** Applies a batch at this instant. Throws for whatever the database, the model or the invariants refuse. */
  commit(commands: readonly Command[], { name }: { name: string }): Committed {
    const { ground, log } = this.parts;
    const { store, model } = ground;
    const now = this.now();
    const outcomes = store.run(commands, now);
    log(() => `${name} commits ${commands.map((each, index) => shown(each, outcomes[index]!)).join('; ')}`);
    model.beginBatch();
    for (const [index, command] of commands.entries()) {
      const outcome = outcomes[index]!;
      hear(model, { kind: 'command', now, command, outcome });
      this.count(command, outcome);
    }
    store.assertWhole();
    return { outcomes, due: [] };
  }

  /** What the real parts read, as SQL would. Its owner's reads take a moment, and end with it. */
  sqlOf(owner: Owner): Sql {
    const read = async (strings: TemplateStringsArray, ...values: unknown[]) => {
      await this.parts.clock.pause(1, owner);
      const text = strings.join('?');
      if (text.includes('from book_bet b join book_player')) return this.pending(values[1] as number);
      if (text.includes('from rain_session where id'))
        return [nameRow(nameOf(values[0] as BookSession['id']))];
      throw new Error(`no such question: ${text}`);
    };
    return read as unknown as Sql;
  }

  private pending(graceMs: number): unknown[] {
    const { store, cast } = this.parts.ground;
    const isLate = ({ krainUntil, placedAt }: Bet) => (krainUntil ?? placedAt) + graceMs < this.now();
    const found = [...store.bets.values()].filter(
      (bet) => bet.status === 'CHECK' || (bet.status === 'TEMP' && isLate(bet)),
    );
    return found.map((bet) => ({
      ...rowOf(bet),
      account_id: cast.players.find(({ id }) => id === bet.playerId)!.accountId,
      ...nameRow(nameOf(bet.sessionId)),
      age_ms: this.now() - bet.placedAt,
    }));
  }

  private count(command: Command, outcome: Outcome): void {
    const words = [command.kind, wordOf(outcome)];
    if ('net' in outcome && outcome.left > 0) this.add('settled in part');
    if ('record' in outcome && outcome.record.kind === 'withdraw_all') this.add('withdrew all');
    if ('bet' in outcome && outcome.bet.krainWhole) words.push('whole');
    this.add(words.join(' '));
    const isShort = [...this.parts.ground.store.accounts.values()].some(({ overdraft }) => overdraft > 0n);
    if (isShort) this.add('overdrawn');
  }

  private add(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

/** What a session is called outside: its place in the cast says the day. */
export function nameOf(id: BookSession['id']): SessionName {
  const day = String(1 + (id % 28)).padStart(2, '0');
  return { site: 'CPS', gameDate: `2026-01-${day}`, type: 'NOON', currency: 'USD' };
}

const nameRow = ({ site, gameDate, type, currency }: SessionName) => ({
  site,
  game_date: gameDate,
  type,
  session_type: type,
  currency,
});

function rowOf(bet: Bet): Record<string, unknown> {
  const instant = (value: Instant | null) => (value === null ? null : new Date(value));
  return {
    id: bet.id,
    operator_id: bet.operatorId,
    vendor_type: bet.vendorType,
    player_id: bet.playerId,
    session_id: bet.sessionId,
    key: bet.key,
    type: bet.type,
    odds: bet.odds,
    stake: bet.stake,
    win: bet.win,
    own_stake: bet.ownStake,
    krain_stake: bet.krainStake,
    krain_odds: bet.krainOdds,
    krain_win: bet.krainWin,
    krain_whole: bet.krainWhole,
    krain_until: instant(bet.krainUntil),
    status: BET_STATUSES.indexOf(bet.status),
    reason: bet.reason,
    payout: bet.payout,
    ip: bet.ip,
    placed_at: instant(bet.placedAt),
    updated_at: instant(bet.updatedAt),
  };
}

function wordOf(outcome: Outcome): string {
  if ('ok' in outcome && !outcome.ok) return 'code' in outcome ? outcome.code : 'refused';
  if ('replayed' in outcome && outcome.replayed) return 'again';
  if ('bet' in outcome && outcome.bet !== null) return outcome.bet.status;
  return 'net' in outcome ? (outcome.net === 0n ? 'nothing' : 'posted') : 'done';
}

function shown(command: Command, outcome: Outcome): string {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  return `${JSON.stringify(command, plain)} -> ${wordOf(outcome)}`;
}
