/**
 * What happens to the players who are on the line here: their bets, their money, the end of their visits. What this
 * node has done itself it tells at once; for what was done elsewhere (another node, a settlement, a deposit) it looks
 * twice a second, at these players alone. Rows are dated before they are committed, so each look goes back further than
 * a commit may take, and what was told is not told again.
 */
import type { Bet, BetStatus } from '../core/book/types.ts';
import type { BetId, BookPlayerId, TransferId } from '../core/ids.ts';
import {
  type BetRow,
  type MoneyRow,
  type RecentChanges,
  readMoney,
  recentChanges,
} from '../db/book-history.ts';
import { visitsOver } from '../db/book-visit.ts';
import type { Sql } from '../db/connect.ts';
import type { Board } from './player-board.ts';
import { frameOf } from './player-line.ts';
import type { Room } from './player-room.ts';
import { betRowOf, betView, moneyViews } from './player-views.ts';

export interface News {
  /** A bet of anybody's that was placed or answered on this node. */
  onBet(bet: Bet): void;
  /** A line has joined: its player's money is told, and what happened just now. */
  onJoin(playerId: BookPlayerId): void;
  close(): Promise<void>;
}

export interface NewsParts {
  readonly sql: Sql;
  readonly board: Board;
  readonly room: Room;
  readonly onFailure: (error: unknown) => void;
}

const LOOK_MS = 500;
/** Longer than a batch of the ledger may take (15 s). */
const BACK_SECONDS = 20;
/** A bet only moves on: what was read before and is told later must not take it back. */
const RANK: Readonly<Record<BetStatus, number>> = {
  TEMP: 0,
  CHECK: 1,
  ACTIVE: 2,
  FAILED: 2,
  SETTLED: 3,
  VOID: 3,
};

export function openNews(parts: NewsParts): News {
  const { sql, board, room, onFailure } = parts;
  const teller = openTeller(parts);
  let looking: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  async function look(): Promise<void> {
    const players = room.players();
    teller.keepOnly(players.playerIds);
    if (players.playerIds.length === 0) return;
    const [changes, over] = await Promise.all([
      recentChanges(sql, players, BACK_SECONDS),
      visitsOver(sql, room.visits()),
    ]);
    for (const id of over) for (const line of [...room.ofVisit(id)]) line.end('2001');
    teller.tell(changes);
  }
  function lookAgain(): void {
    timer = setTimeout(() => {
      looking = look()
        .catch(onFailure)
        .then(() => (closed ? undefined : lookAgain()));
    }, LOOK_MS);
  }
  async function tellBet(bet: Bet): Promise<void> {
    const currency = room.currencyOf(bet.playerId);
    const shown = currency === null ? null : await board.session(bet.sessionId);
    if (currency === null || shown === null) return;
    teller.tell({ bets: [betRowOf(bet, { ...shown, currency })], transfers: [] });
  }
  lookAgain();

  return {
    onBet: (bet) => void tellBet(bet).catch(onFailure),
    onJoin: teller.welcome,
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.all([looking, teller.close()]);
    },
  };
}

/** Tells players what is new to them, and behind it what they have. */
function openTeller({ sql, room, onFailure }: NewsParts) {
  const told = openMemory();
  const moved = new Set<BookPlayerId>();
  let money: Promise<void> | null = null;
  let closed = false;

  function tellBet(bet: BetRow): void {
    if (!told.isNew(bet)) return;
    const frame = frameOf({ type: 'bet', bet: betView(bet) });
    for (const line of room.ofPlayer(bet.playerId)) line.send(frame);
    moved.add(bet.playerId);
  }
  /** One reading at a time: who moves meanwhile is in the next. */
  function tellMoney(): void {
    if (moved.size === 0 || money !== null || closed) return;
    const ids = [...moved];
    moved.clear();
    money = readMoney(sql, ids)
      .then((rows) => sendMoney(room, rows))
      .catch(onFailure)
      .finally(() => {
        money = null;
        tellMoney();
      });
  }

  return {
    tell({ bets, transfers }: RecentChanges): void {
      bets.forEach(tellBet);
      for (const { playerId, transferId } of transfers)
        if (told.isNewTransfer(playerId, transferId)) moved.add(playerId);
      tellMoney();
    },
    welcome(playerId: BookPlayerId): void {
      told.forget(playerId);
      moved.add(playerId);
      tellMoney();
    },
    keepOnly: told.keepOnly,
    async close() {
      closed = true;
      await money;
    },
  };
}

function sendMoney(room: Room, rows: readonly MoneyRow[]): void {
  for (const row of rows) {
    const currency = room.currencyOf(row.playerId);
    if (currency === null) continue;
    const frame = frameOf({ type: 'money', ...moneyViews(row, currency) });
    for (const line of room.ofPlayer(row.playerId)) line.send(frame);
  }
}

interface Told {
  readonly bets: Map<BetId, { readonly stamp: string; readonly rank: number }>;
  readonly transfers: Map<TransferId, true>;
}

/** Of each player; more than happen to one while it is looked back. */
const TOLD_MAX = 1000;

/** What the players on the line have been told lately. */
function openMemory() {
  const players = new Map<BookPlayerId, Told>();
  const of = (id: BookPlayerId): Told => {
    const known = players.get(id) ?? { bets: new Map(), transfers: new Map() };
    players.set(id, known);
    return known;
  };
  return {
    isNew({ id, playerId, status, payout }: BetRow): boolean {
      const { bets } = of(playerId);
      const [known, stamp, rank] = [bets.get(id), `${status} ${payout}`, RANK[status]];
      if (known !== undefined && (known.stamp === stamp || known.rank > rank)) return false;
      remember(bets, id, { stamp, rank });
      return true;
    },
    isNewTransfer(playerId: BookPlayerId, id: TransferId): boolean {
      const { transfers } = of(playerId);
      if (transfers.has(id)) return false;
      remember(transfers, id, true);
      return true;
    },
    forget: (id: BookPlayerId) => void players.delete(id),
    keepOnly(ids: readonly BookPlayerId[]): void {
      const here = new Set(ids);
      for (const id of players.keys()) if (!here.has(id)) players.delete(id);
    },
  };
}

/** The oldest is forgotten first. */
function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > TOLD_MAX) map.delete(map.keys().next().value as Key);
}
