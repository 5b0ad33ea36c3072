/** Who is on the live line of this node: its lines, by market, by player and by visit. Joined ones are in all of them. */
import type { BookOperatorId, BookPlayerId, VisitId } from '../core/ids.ts';
import type { Currency } from '../core/money.ts';
import { type Market, marketKey } from './player-board.ts';
import type { Line } from './player-line.ts';

export interface Room {
  /** All of them, also those that have not said yet who they are. */
  readonly lines: ReadonlySet<Line>;
  enter(line: Line): void;
  /** The line has a visitor. */
  join(line: Line): void;
  leave(line: Line): void;
  ofMarket(market: Market): Iterable<Line>;
  ofPlayer(id: BookPlayerId): Iterable<Line>;
  ofVisit(id: VisitId): ReadonlySet<Line>;
  players(): { readonly playerIds: BookPlayerId[]; readonly operatorIds: BookOperatorId[] };
  visits(): VisitId[];
  currencyOf(id: BookPlayerId): Currency | null;
}

export function openRoom(): Room {
  const lines = new Set<Line>();
  const markets = groups<string>();
  const players = groups<BookPlayerId>();
  const visits = groups<VisitId>();
  return {
    lines,
    enter: (line) => void lines.add(line),
    join(line) {
      const holder = line.visitor?.holder;
      if (holder === undefined) throw new Error('a line without a visitor');
      markets.add(marketKey(holder), line);
      players.add(holder.playerId, line);
      visits.add(holder.visitId, line);
    },
    leave(line) {
      lines.delete(line);
      const holder = line.visitor?.holder;
      if (holder === undefined) return;
      markets.remove(marketKey(holder), line);
      players.remove(holder.playerId, line);
      visits.remove(holder.visitId, line);
    },
    ofMarket: (market) => markets.of(marketKey(market)),
    ofPlayer: players.of,
    ofVisit: visits.of,
    players() {
      const playerIds = players.keys();
      const operators = new Set<BookOperatorId>();
      for (const id of playerIds)
        for (const { visitor } of players.of(id))
          if (visitor !== null) operators.add(visitor.holder.operatorId);
      return { playerIds, operatorIds: [...operators] };
    },
    visits: visits.keys,
    currencyOf(id) {
      for (const { visitor } of players.of(id)) if (visitor !== null) return visitor.holder.currency;
      return null;
    },
  };
}

const NONE: ReadonlySet<Line> = new Set();

function groups<Key>() {
  const all = new Map<Key, Set<Line>>();
  return {
    keys: (): Key[] => [...all.keys()],
    of: (key: Key): ReadonlySet<Line> => all.get(key) ?? NONE,
    add(key: Key, line: Line): void {
      const known = all.get(key);
      if (known === undefined) all.set(key, new Set([line]));
      else known.add(line);
    },
    remove(key: Key, line: Line): void {
      const known = all.get(key);
      known?.delete(line);
      if (known?.size === 0) all.delete(key);
    },
  };
}
