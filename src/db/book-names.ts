/** What rows of the rain book a batch of commands names. */
import { type BookCommand, betKeyText, positionKeyText, tsCodeText } from '../core/book/types.ts';
import type { AccountId, BetId, BookOperatorId, BookPlayerId, RainSessionId, VisitId } from '../core/ids.ts';

export interface BookNames {
  readonly players: Set<BookPlayerId>;
  /** Locked after the accounts, in the order of their ids. */
  readonly sessions: Set<RainSessionId>;
  readonly positions: Map<string, { readonly sessionId: RainSessionId; readonly playerId: BookPlayerId }>;
  /** With the positions they stand in. */
  readonly bets: Map<BetId, { readonly sessionId: RainSessionId; readonly playerId: BookPlayerId }>;
  readonly keys: Map<string, { readonly playerId: BookPlayerId; readonly key: string }>;
  readonly tsCodes: Map<string, { readonly operatorId: BookOperatorId; readonly tsCode: string }>;
  readonly visits: Set<VisitId>;
}

export function noBookNames(): BookNames {
  return {
    players: new Set(),
    sessions: new Set(),
    positions: new Map(),
    bets: new Map(),
    keys: new Map(),
    tsCodes: new Map(),
    visits: new Set(),
  };
}

export function collectBook(names: BookNames, accounts: Set<AccountId>, command: BookCommand): void {
  const { player } = command;
  accounts.add(player.accountId);
  switch (command.kind) {
    case 'book_transfer': {
      const { operatorId } = player;
      const { tsCode } = command;
      names.players.add(player.id);
      names.tsCodes.set(tsCodeText(operatorId, tsCode), { operatorId, tsCode });
      return;
    }
    case 'book_place':
      names.players.add(player.id);
      names.visits.add(command.visitId);
      names.keys.set(betKeyText(player.id, command.key), { playerId: player.id, key: command.key });
      namePosition(names, command.sessionId, player.id);
      return;
    case 'book_answer':
      names.players.add(player.id);
      names.bets.set(command.betId, { sessionId: command.sessionId, playerId: player.id });
      namePosition(names, command.sessionId, player.id);
      return;
    case 'book_settle':
      namePosition(names, command.sessionId, player.id);
  }
}

function namePosition(names: BookNames, sessionId: RainSessionId, playerId: BookPlayerId): void {
  names.sessions.add(sessionId);
  names.positions.set(positionKeyText(sessionId, playerId), { sessionId, playerId });
}
