/** The book's part of a batch: the picture, and what has been changed in it so far. */
import type { BetId, BookPlayerId, RainSessionId } from '../ids.ts';
import { NOTHING } from './exposure.ts';
import {
  type Bet,
  type Bettor,
  type BookChanges,
  type BookPicture,
  type BookPlayer,
  type BookSession,
  betKeyText,
  type GameResult,
  type Position,
  positionKeyText,
  type TransferRecord,
  tsCodeText,
} from './types.ts';

export function emptyBookPicture(): BookPicture {
  return {
    players: new Map(),
    sessions: new Map(),
    positions: new Map(),
    bets: new Map(),
    betsByKey: new Map(),
    transfers: new Map(),
    visits: new Set(),
  };
}

export class BookDesk {
  readonly picture: BookPicture;
  private readonly dirtyPlayers = new Set<BookPlayer>();
  private readonly dirtySessions = new Set<BookSession>();
  private readonly dirtyPositions = new Set<Position>();
  private readonly dirtyBets = new Set<Bet>();
  private readonly freshPositions = new Set<Position>();
  private readonly freshBets = new Set<Bet>();
  private readonly transfers: TransferRecord[] = [];
  private readonly settled = new Map<Position, { readonly result: GameResult; readonly later: Set<BetId> }>();

  constructor(picture: BookPicture) {
    this.picture = picture;
  }

  player(id: BookPlayerId): BookPlayer {
    const player = this.picture.players.get(id);
    if (player === undefined) throw new Error(`book player ${id} was not prefetched`);
    return player;
  }

  session(id: RainSessionId): BookSession {
    const session = this.picture.sessions.get(id);
    if (session === undefined) throw new Error(`rain session ${id} was not prefetched`);
    return session;
  }

  bet(id: BetId): Bet | undefined {
    return this.picture.bets.get(id);
  }

  /** A player's position in a session; a new one when there is none yet. */
  position(sessionId: RainSessionId, player: Omit<Bettor, 'vendorType'>): Position {
    const known = this.picture.positions.get(positionKeyText(sessionId, player.id));
    return known ?? newPosition(sessionId, player);
  }

  touchPlayer(player: BookPlayer): void {
    this.dirtyPlayers.add(player);
  }

  touchSession(session: BookSession): void {
    this.dirtySessions.add(session);
  }

  setPosition(position: Position): void {
    const key = positionKeyText(position.sessionId, position.playerId);
    if (!this.picture.positions.has(key)) this.freshPositions.add(position);
    this.picture.positions.set(key, position);
    this.dirtyPositions.add(position);
  }

  setBet(bet: Bet): void {
    if (!this.picture.bets.has(bet.id)) this.freshBets.add(bet);
    this.picture.bets.set(bet.id, bet);
    this.picture.betsByKey.set(betKeyText(bet.playerId, bet.key), bet);
    this.dirtyBets.add(bet);
  }

  addTransfer(record: TransferRecord): void {
    this.picture.transfers.set(tsCodeText(record.operatorId, record.tsCode), record);
    this.transfers.push(record);
  }

  /** Its matched bets are settled by the result, set-wise, when the batch is written. */
  settle(position: Position, result: GameResult): void {
    this.settled.set(position, { result, later: new Set() });
  }

  /** A bet matched behind the settlement of its position is not of it: its money is posted by the next. */
  matchedLater(position: Position, bet: Bet): void {
    this.settled.get(position)?.later.add(bet.id);
  }

  changes(): BookChanges {
    return {
      players: [...this.dirtyPlayers],
      sessions: [...this.dirtySessions],
      positions: [...this.dirtyPositions],
      bets: [...this.dirtyBets],
      fresh: { positions: this.freshPositions, bets: this.freshBets },
      transfers: this.transfers,
      settled: [...this.settled].map(([position, settled]) => ({ position, ...settled })),
    };
  }
}

function newPosition(sessionId: RainSessionId, player: Omit<Bettor, 'vendorType'>): Position {
  return {
    sessionId,
    playerId: player.id,
    accountId: player.accountId,
    operatorId: player.operatorId,
    bets: 0,
    pending: 0,
    net: NOTHING,
    risk: NOTHING,
    hedge: NOTHING,
    exposure: 0n,
    version: 0,
    settledNet: 0n,
    settledHedge: 0n,
  };
}
