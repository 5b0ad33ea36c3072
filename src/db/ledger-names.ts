/** What rows a batch of commands names: the list the prefetch loads and locks. */
import { isSeamless, type SettleAsked, type Stakeholder } from '../core/callback-types.ts';
import type { AccountId, AgentId, PlayerId, SessionId, StudioId, TransferId } from '../core/ids.ts';
import type { Command, RoundKey, StudioItem } from '../core/ledger-types.ts';
import { roundKeyText, storedKeyText } from '../core/ledger-types.ts';
import { type BookNames, collectBook, noBookNames } from './book-names.ts';

export interface StoredName {
  readonly scope: AgentId | StudioId;
  readonly key: string;
}

export interface Names {
  readonly accounts: Set<AccountId>;
  readonly agents: Set<AgentId>;
  readonly players: Set<PlayerId>;
  readonly sessions: Set<SessionId>;
  readonly rounds: Map<string, RoundKey>;
  readonly stored: Map<string, StoredName>;
  /** Bets that items refer to: the rounds they stand in are loaded too, whatever round the item names. */
  readonly referenced: Map<string, StoredName>;
  readonly reservations: Set<TransferId>;
  /** Seamless players, whose outstanding callbacks decide what may happen next. */
  readonly lines: Set<PlayerId>;
  readonly callbacks: Set<TransferId>;
  limits: boolean;
  readonly book: BookNames;
}

/** Collects the names. Accounts that are folded later (vendor, outside) are not named: they take no lock. */
export function namesOf(commands: readonly Command[]): Names {
  const names: Names = {
    accounts: new Set(),
    agents: new Set(),
    players: new Set(),
    sessions: new Set(),
    rounds: new Map(),
    stored: new Map(),
    referenced: new Map(),
    reservations: new Set(),
    lines: new Set(),
    callbacks: new Set(),
    limits: false,
    book: noBookNames(),
  };
  for (const command of commands) collect(names, command);
  return names;
}

function collect(names: Names, command: Command): void {
  switch (command.kind) {
    case 'wallet_transfer':
      names.accounts.add(command.walletId).add(command.potId);
      names.agents.add(command.agentId);
      nameStored(names.stored, command.agentId, command.key);
      return;
    case 'move':
      for (const id of command.locked) names.accounts.add(id);
      nameStored(names.stored, command.agentId, command.key);
      return;
    case 'studio_item':
      collectItem(names, command);
      return;
    case 'round_end':
      names.accounts.add(command.walletId).add(command.fundsId);
      if (isSeamless(command)) names.lines.add(command.key.playerId);
      names.rounds.set(roundKeyText(command.key), command.key);
      names.players.add(command.key.playerId);
      names.agents.add(command.agentId);
      names.limits = true;
      return;
    case 'reserve':
      names.accounts.add(command.debit);
      return;
    case 'post':
    case 'void':
      for (const id of command.locked) names.accounts.add(id);
      names.reservations.add(command.reservationId);
      return;
    case 'settle_asked':
      collectSettled(names, command);
      return;
    case 'callback_done':
    case 'callback_act':
      names.callbacks.add(command.id);
      nameLine(names, command.player);
      return;
    case 'learn_balance':
      nameLine(names, command.player);
      return;
    case 'book_transfer':
    case 'book_place':
    case 'book_answer':
    case 'book_settle':
      collectBook(names.book, names.accounts, command);
  }
}

function nameLine(names: Names, player: Pick<Stakeholder, 'id' | 'walletId'>): void {
  names.accounts.add(player.walletId);
  names.lines.add(player.id);
}

function collectSettled(names: Names, { id, player, item, scope, key }: SettleAsked): void {
  if (item === null) nameStored(names.stored, scope, key);
  else collectItem(names, item);
  nameLine(names, player);
  names.accounts.add(player.fundsId);
  names.reservations.add(id);
  names.callbacks.add(id);
}

function collectItem(names: Names, item: StudioItem): void {
  nameStored(names.stored, item.studioId, item.id);
  nameStored(names.stored, item.studioId, item.reference);
  nameStored(names.referenced, item.studioId, item.reference);
  if (item.sessionId !== null) names.sessions.add(item.sessionId);
  if (item.player === null) return;
  names.accounts.add(item.player.walletId).add(item.player.fundsId);
  if (isSeamless(item.player)) names.lines.add(item.player.id);
  names.players.add(item.player.id);
  names.agents.add(item.player.agentId);
  names.limits = true;
  if (item.game === null || item.round === null) return;
  const key = { gameId: item.game.id, ref: item.round, playerId: item.player.id };
  names.rounds.set(roundKeyText(key), key);
}

function nameStored(into: Map<string, StoredName>, scope: AgentId | StudioId, key: string | null): void {
  if (key !== null) into.set(storedKeyText(scope, key), { scope, key });
}
