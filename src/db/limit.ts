/** Bet and win limits of an agent, for all, a vendor, a game or a player. */
import {
  type AgentId,
  type GameId,
  type PlayerId,
  trusted,
  trustedOrNull,
  type VendorId,
} from '../core/ids.ts';
import type { LimitRow } from '../core/limits.ts';
import { numbers, type Query } from './connect.ts';

export interface LimitTarget {
  readonly agentId: AgentId;
  readonly vendorId?: VendorId | null;
  readonly gameId?: GameId | null;
  readonly playerId?: PlayerId | null;
  /** Whose limit it is: each upline and the agent itself have their own beside the house's (null). */
  readonly setBy?: AgentId | null;
}

/** Sets or (null) lifts limits; undefined leaves one as it is. */
export async function setLimit(
  db: Query,
  target: LimitTarget,
  limit: { maxBet?: bigint | null; maxWin?: bigint | null },
): Promise<void> {
  const { agentId, vendorId = null, gameId = null, playerId = null, setBy = null } = target;
  const { maxBet, maxWin } = limit;
  await db`insert into bet_limit (agent_id, vendor_id, game_id, player_id, set_by, max_bet, max_win)
    values (${agentId}, ${vendorId}, ${gameId}, ${playerId}, ${setBy}, ${maxBet ?? null}, ${maxWin ?? null})
    on conflict (agent_id, vendor_id, game_id, player_id, set_by) do update set
      max_bet = case when ${maxBet !== undefined} then excluded.max_bet else bet_limit.max_bet end,
      max_win = case when ${maxWin !== undefined} then excluded.max_win else bet_limit.max_win end`;
}

/** All limits of these agents that could bind this player. */
export async function limitsFor(
  db: Query,
  path: readonly AgentId[],
  playerId: PlayerId,
): Promise<LimitRow[]> {
  const rows =
    await db`select * from bet_limit where agent_id = any(${numbers(path)}::bigint[]) and (player_id is null or player_id = ${playerId})`;
  return rows.map((row) => ({
    agentId: trusted(row.agent_id),
    vendorId: trustedOrNull(row.vendor_id),
    gameId: trustedOrNull(row.game_id),
    playerId: trustedOrNull(row.player_id),
    maxBet: row.max_bet,
    maxWin: row.max_win,
  }));
}

/** Limits on an agent and whose each is, with names, for people; `of` null: the house's. */
export async function limitsOfAgent(db: Query, agentId: AgentId) {
  const rows =
    await db`select v.name as vendor, g.public_id as game, p.username as player, s.username as of, l.max_bet, l.max_win from bet_limit l
    left join agent s on s.id = l.set_by left join vendor v on v.id = l.vendor_id left join game g on g.id = l.game_id left join player p on p.id = l.player_id
    where l.agent_id = ${agentId} order by l.id`;
  return rows.map(({ vendor, game, player, of, max_bet, max_win }) => ({
    vendor,
    game,
    player,
    of: of as string | null,
    maxBet: max_bet as bigint | null,
    maxWin: max_win as bigint | null,
  }));
}
