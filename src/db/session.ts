/** Launch tokens and game sessions: one row each, since a token becomes the session when the studio opens it. */
import type { Stakeholder } from '../core/callback-types.ts';
import {
  type AgentId,
  type GameId,
  type PlayerId,
  type SessionId,
  type StudioId,
  trusted,
  trustedOrNull,
} from '../core/ids.ts';
import type { Query } from './connect.ts';
import { fundsAccount, mayPlay } from './player.ts';

/** A token not opened within this time is dead. */
export const TOKEN_MINUTES = 60;
/** A session ends this long after it was opened. */
export const SESSION_HOURS = 24;

export interface Launch {
  readonly playerId: PlayerId;
  readonly agentId: AgentId;
  /** Null: the token of a refreshed user, bound to a game when it is used. */
  readonly gameId: GameId | null;
  readonly studioId: StudioId | null;
  readonly skin: string | null;
}

/** Issues a token and makes it the user's current one. */
export async function issueToken(db: Query, launch: Launch): Promise<SessionId> {
  const { playerId, agentId, gameId, studioId, skin } = launch;
  const [row] = await db`
    with made as (insert into session (player_id, agent_id, game_id, studio_id, skin, expires_at)
      values (${playerId}, ${agentId}, ${gameId}, ${studioId}, ${skin}, now() + make_interval(mins => ${TOKEN_MINUTES})) returning id)
    update player set session_id = made.id, last_access_at = case when ${gameId !== null} then now() else last_access_at end
    from made where player.id = ${playerId} returning made.id`;
  return trusted(row?.id);
}

/** Ends the user's current token if no studio has opened it yet. */
export async function killToken(db: Query, playerId: PlayerId): Promise<void> {
  await db`update session s set ended_at = now(), end_reason = 'refreshed' from player p
    where p.id = ${playerId} and s.id = p.session_id and s.opened_at is null and s.ended_at is null`;
}

/** Points an unopened token of this agent at a game. False when there is no such token, or its user may not play. */
export async function bindToken(
  db: Query,
  id: SessionId,
  launch: Pick<Launch, 'agentId' | 'gameId' | 'studioId'>,
): Promise<boolean> {
  const rows = await db`update session set game_id = ${launch.gameId}, studio_id = ${launch.studioId}
    where id = ${id} and agent_id = ${launch.agentId} and opened_at is null and ended_at is null and expires_at > now()
      and exists (select from player p where p.id = session.player_id and ${mayPlay(db)})
    returning id`;
  return rows.length > 0;
}

export interface OpenedSession {
  readonly id: SessionId;
  readonly playerId: PlayerId;
  readonly gameId: GameId;
  readonly skin: string | null;
}

/**
 * Opens a token, once. A token without a game of its own takes the one the player launched last at this studio.
 * Null: unknown, dead, opened before, of another studio, or no game to open.
 */
export async function openSession(
  db: Query,
  id: SessionId,
  studioId: StudioId,
): Promise<OpenedSession | null> {
  const [row] = await db`
    update session s set opened_at = now(), expires_at = now() + make_interval(hours => ${SESSION_HOURS}), studio_id = ${studioId},
      game_id = coalesce(s.game_id, last.game_id)
    from session me left join lateral (select game_id from session e
      where e.player_id = me.player_id and e.studio_id = ${studioId} and e.game_id is not null order by e.id desc limit 1) last on true
    where me.id = ${id} and s.id = me.id and s.opened_at is null and s.ended_at is null and s.expires_at > now()
      and (s.studio_id is null or s.studio_id = ${studioId}) and coalesce(s.game_id, last.game_id) is not null
    returning s.id, s.player_id, s.game_id, s.skin`;
  return row === undefined
    ? null
    : { id: trusted(row.id), playerId: trusted(row.player_id), gameId: trusted(row.game_id), skin: row.skin };
}

/** Whose token it is while it can be opened; null when it can't. */
export async function findTokenHolder(db: Query, id: SessionId): Promise<Stakeholder | null> {
  const [row] = await db`select p.id as player_id, p.agent_id, p.wallet_account_id, ${fundsAccount(db)}
    from session s join player p on p.id = s.player_id join agent a on a.id = p.agent_id
    where s.id = ${id} and s.opened_at is null and s.ended_at is null and s.expires_at > now()`;
  return row === undefined ? null : toStakeholder(row);
}

export async function closeSession(db: Query, id: SessionId, studioId: StudioId): Promise<void> {
  await db`update session set ended_at = now(), end_reason = 'closed' where id = ${id} and studio_id = ${studioId} and ended_at is null`;
}

/** Ends every session and token of a player. Returns how many were live. */
export async function kick(db: Query, playerId: PlayerId): Promise<number> {
  const rows =
    await db`update session set ended_at = now(), end_reason = 'kicked' where player_id = ${playerId} and ended_at is null returning id`;
  return rows.length;
}

/** Whose session it is: never changes. */
export interface SessionOwner {
  readonly sessionId: SessionId;
  readonly studioId: StudioId | null;
  readonly player: Stakeholder;
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toStakeholder(row: any): Stakeholder {
  return {
    id: trusted(row.player_id),
    agentId: trusted(row.agent_id),
    walletId: trusted(row.wallet_account_id),
    fundsId: trusted(row.funds_account_id),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toOwner(row: any): SessionOwner {
  return { sessionId: trusted(row.id), studioId: trustedOrNull(row.studio_id), player: toStakeholder(row) };
}

export async function findSessionOwner(db: Query, id: SessionId): Promise<SessionOwner | null> {
  const [row] =
    await db`select s.id, s.studio_id, p.id as player_id, p.agent_id, p.wallet_account_id, ${fundsAccount(db)}
    from session s join player p on p.id = s.player_id join agent a on a.id = p.agent_id where s.id = ${id} and s.opened_at is not null`;
  return row === undefined ? null : toOwner(row);
}

/** The player's newest session at a studio: a studio may name only players that have opened a game of its own. */
export async function findSessionOfPlayer(
  db: Query,
  playerId: PlayerId,
  studioId: StudioId,
): Promise<SessionOwner | null> {
  const [row] =
    await db`select s.id, s.studio_id, p.id as player_id, p.agent_id, p.wallet_account_id, ${fundsAccount(db)}
    from session s join player p on p.id = s.player_id join agent a on a.id = p.agent_id
    where s.player_id = ${playerId} and s.studio_id = ${studioId} and s.opened_at is not null order by s.id desc limit 1`;
  return row === undefined ? null : toOwner(row);
}
