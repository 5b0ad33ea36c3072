/**
 * The seamless wallet put together: database, rules, faults around them, the staff's calls, and the newest calls for
 * their page. Used by the program of its own (seamless-main.ts) and by the site.
 */
import type { RequestListener } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { decimalsOf } from './money.ts';
import { callbackListener, openWallet, type Wallet } from './seamless.ts';
import { adminListener } from './seamless-admin.ts';
import { type Books, openBooks } from './seamless-books.ts';
import {
  type FaultSettings,
  type FaultSwitches,
  faultSwitches,
  faultyWallet,
  type SeenCall,
} from './seamless-faults.ts';

const SEEN_MAX = 200;
export interface DeskOptions {
  /** Of the database; ':memory:' keeps nothing. */
  readonly path: string;
  readonly currency: string;
  /** What the hub signs with; null = unsigned calls are taken too. */
  readonly secret: string | null;
  /** What a name nobody knows has, in minor units; null = it is refused. */
  readonly openWith: bigint | null;
  readonly faults: FaultSettings;
}

export interface Desk {
  readonly db: DatabaseSync;
  readonly decimals: number;
  readonly wallet: Wallet;
  readonly books: Books;
  readonly switches: FaultSwitches;
  /** Newest first. */
  calls(): readonly SeenCall[];
  /** The two callbacks, below any prefix. */
  readonly callbacks: RequestListener;
  /** /faults, /entries, /calls, /cash, below any prefix. */
  readonly admin: RequestListener;
  close(): void;
}

export function openDesk({ path, currency, secret, openWith, faults }: DeskOptions): Desk {
  const db = new DatabaseSync(path);
  const inner = openWallet({ db, openWith });
  const books = openBooks(db);
  const switches = faultSwitches(faults);
  const decimals = decimalsOf(currency);
  const seen: SeenCall[] = [];
  const calls = () => seen.toReversed();
  const wallet = faultyWallet({
    wallet: inner,
    switches,
    forget: books.forget,
    unit: 10n ** BigInt(decimals),
    seen(call) {
      if (seen.push(call) >= 2 * SEEN_MAX) seen.splice(0, SEEN_MAX);
    },
  });
  return {
    db,
    decimals,
    wallet,
    books,
    switches,
    calls,
    callbacks: callbackListener({ wallet, secret, decimals }),
    admin: adminListener({ books, switches, decimals, calls }),
    close: () => db.close(),
  };
}
