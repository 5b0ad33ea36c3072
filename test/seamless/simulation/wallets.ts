/**
 * The operator's side: a naive wallet, written from the contract alone, and the reference wallet of sim/operator in
 * memory. Around either a ledger of what it did with every packet, for the judge.
 */
import { DatabaseSync } from 'node:sqlite';
import { openWallet } from '../../../sim/operator/seamless.ts';
import { openBooks } from '../../../sim/operator/seamless-books.ts';

export interface Packet {
  readonly id: number;
  readonly type: string;
  readonly username: string;
  /** Signed minor units. */
  readonly amount: bigint;
  readonly refererId: number | null;
}

export interface WalletAnswer {
  readonly status: number;
  readonly balance: bigint | null;
}

interface Wallet {
  take(packet: Packet): WalletAnswer | Promise<WalletAnswer>;
  balance(username: string): bigint;
  /** The operator pays the player, or is paid, on its own. */
  cash(username: string, amount: bigint): void;
  restart(): void;
  close(): void;
}

/** What a packet that arrived has done. */
export interface Effect {
  readonly packet: Packet;
  readonly status: number;
  readonly moved: bigint;
}

export interface OperatorBooks {
  balance(username: string): bigint;
  /** Sum of what came and went by cash. */
  cashOf(username: string): bigint;
  /** False until the id was answered by 200. */
  hasTaken(id: number): boolean;
  /** Every packet that arrived, copies too, in that order. */
  readonly effects: readonly Effect[];
}

export interface SimOperator extends OperatorBooks {
  take(packet: Packet): Promise<WalletAnswer>;
  cash(username: string, amount: bigint): void;
  restart(): void;
  close(): void;
}

export interface OperatorWish {
  readonly kind: 'naive' | 'reference';
  readonly usernames: readonly string[];
  /** What each of them begins with. */
  readonly opening: bigint;
}

export function openOperator(wish: OperatorWish): SimOperator {
  const wallet = wish.kind === 'naive' ? naiveWallet(wish) : referenceWallet(wish);
  const effects: Effect[] = [];
  const taken = new Set<number>();
  const cashed = new Map<string, bigint>();
  const cashOf = (username: string) => cashed.get(username) ?? 0n;
  return {
    async take(packet) {
      const before = wallet.balance(packet.username);
      const answer = await wallet.take(packet);
      const moved = wallet.balance(packet.username) - before;
      effects.push({ packet, status: answer.status, moved });
      if (answer.status === 200) taken.add(packet.id);
      return answer;
    },
    balance: wallet.balance,
    cash(username, amount) {
      wallet.cash(username, amount);
      cashed.set(username, cashOf(username) + amount);
    },
    restart: wallet.restart,
    close: wallet.close,
    effects,
    cashOf,
    hasTaken: (id) => taken.has(id),
  };
}

type Line =
  | { readonly kind: 'cash'; readonly username: string; readonly amount: bigint }
  | { readonly kind: 'packet'; readonly packet: Packet; readonly done: WalletAnswer; readonly moved: bigint };

/** A journal on the disk, and what is worked out of it, which a restart has to work out again. */
function naiveWallet({ opening }: OperatorWish): Wallet {
  const journal: Line[] = [];
  let balances = new Map<string, bigint>();
  let answers = new Map<number, WalletAnswer>();
  let cancelled = new Set<number>();
  const balance = (username: string) => balances.get(username) ?? opening;

  function learn(line: Line): void {
    if (line.kind === 'cash') {
      balances.set(line.username, balance(line.username) + line.amount);
      return;
    }
    const { packet, done, moved } = line;
    balances.set(packet.username, balance(packet.username) + moved);
    answers.set(packet.id, done);
    if (packet.type === 'cancel' && packet.refererId !== null) cancelled.add(packet.refererId);
  }

  function decide({ id, type, username, amount, refererId }: Packet): { moved: bigint; status: number } {
    const isStake = type === 'bet' || type === 'charge';
    if (isStake && cancelled.has(id)) return { moved: 0n, status: 410 };
    if (isStake && balance(username) + amount < 0n) return { moved: 0n, status: 402 };
    const isOfNothing = type === 'cancel' && (refererId === null || answers.get(refererId)?.status !== 200);
    return { moved: isOfNothing ? 0n : amount, status: 200 };
  }

  return {
    take(packet) {
      const known = answers.get(packet.id);
      if (known !== undefined) return known;
      const { moved, status } = decide(packet);
      const done = { status, balance: status === 200 ? balance(packet.username) + moved : null };
      const line: Line = { kind: 'packet', packet, done, moved };
      journal.push(line);
      learn(line);
      return done;
    },
    balance,
    cash(username, amount) {
      const line: Line = { kind: 'cash', username, amount };
      journal.push(line);
      learn(line);
    },
    restart() {
      balances = new Map();
      answers = new Map();
      cancelled = new Set();
      for (const line of journal) learn(line);
    },
    close() {},
  };
}

/** Its database outlives it, as a disk would. */
function referenceWallet({ usernames, opening }: OperatorWish): Wallet {
  const db = new DatabaseSync(':memory:');
  const open = () => openWallet({ db, openWith: null });
  let wallet = open();
  const books = openBooks(db);
  const row = db.prepare('select balance from member where name = ?');
  row.setReadBigInts(true);
  for (const username of usernames) books.cash(username, opening);
  return {
    async take(packet) {
      const { status, balance = null } = await wallet.changeBalance(packet);
      return { status, balance };
    },
    balance: (username) => row.get(username)?.balance as bigint,
    cash: (username, amount) => void books.cash(username, amount),
    restart() {
      wallet = open();
    },
    close: () => db.close(),
  };
}
