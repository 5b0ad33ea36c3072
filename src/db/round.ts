/** Rounds outside the ledger's own batches: the report of what is still open, and who plays in a round. */
import {
  type AccountId,
  type AgentId,
  type GameId,
  type PlayerId,
  type StudioId,
  trusted,
} from '../core/ids.ts';
import type { Query } from './connect.ts';
import { fundsAccount } from './player.ts';

export interface RoundPlayer {
  readonly playerId: PlayerId;
  readonly agentId: AgentId;
  readonly walletId: AccountId;
  readonly fundsId: AccountId;
  readonly currency: string;
}

/** Players in this round of this studio: those with a row, and those whose first bet in it is with its operator. */
export async function playersInRound(
  db: Query,
  round: { studioId: StudioId; gameId: GameId; ref: string },
): Promise<RoundPlayer[]> {
  const rows =
    await db`select r.player_id, r.agent_id, p.wallet_account_id, ${fundsAccount(db)}, a.currency from (
      select player_id, agent_id from round where game_id = ${round.gameId} and ref = ${round.ref} and studio_id = ${round.studioId}
      union select player_id, agent_id from callback where state = 0 and game_id = ${round.gameId} and round = ${round.ref} and studio_id = ${round.studioId}
    ) r join player p on p.id = r.player_id join agent a on a.id = r.agent_id order by r.player_id`;
  return rows.map((row) => ({
    playerId: trusted(row.player_id),
    agentId: trusted(row.agent_id),
    walletId: trusted(row.wallet_account_id),
    fundsId: trusted(row.funds_account_id),
    currency: row.currency,
  }));
}

export interface OpenRound {
  readonly game: string;
  readonly vendor: string;
  readonly round: string;
  readonly player: string;
  readonly openedAt: string;
  readonly stake: string;
  readonly overdue: boolean;
}

/** Open rounds of a studio, oldest first. `overdue` = older than the vendor's limit. */
export async function openRounds(
  db: Query,
  studioId: StudioId,
  query: { olderThan: string | null; limit: number },
): Promise<OpenRound[]> {
  const rows =
    await db`select g.public_id, v.name as vendor, r.ref, r.player_id, wire_time(r.opened_at) as opened_at,
      (select coalesce(sum((b ->> 1)::bigint), 0)::text from jsonb_array_elements(r.bundles) b where b ->> 3 = 'open') as stake,
      r.opened_at < now() - v.round_limit_ms * interval '1 millisecond' as overdue
    from round r join game g on g.id = r.game_id join vendor v on v.id = g.vendor_id
    where r.studio_id = ${studioId} and r.state = 0 and r.opened_at <= coalesce(${query.olderThan}::timestamptz, now())
    order by r.opened_at limit ${query.limit}`;
  return rows.map((row) => ({
    game: row.public_id,
    vendor: row.vendor,
    round: row.ref,
    player: String(row.player_id),
    openedAt: row.opened_at,
    stake: row.stake,
    overdue: row.overdue,
  }));
}
