/** Sessions and players, as a studio sees them. */

import type { StartAnswer } from '../callbacks/outreach.ts';
import { isSeamless } from '../core/callback-types.ts';
import { type PlayerId, type SessionId, trusted } from '../core/ids.ts';
import { effectiveLimits } from '../core/limits.ts';
import { findAgentById } from '../db/agent.ts';
import { limitsFor } from '../db/limit.ts';
import { findPlayerById } from '../db/player.ts';
import { closeSession, findTokenHolder, openSession } from '../db/session.ts';
import { refuse, type StudioRefusal, type StudioReply } from './replies.ts';
import type { StudioCall } from './routes.ts';
import { checks } from './wire.ts';

export async function open(call: StudioCall): Promise<StudioReply> {
  if (!checks.open.Check(call.body)) return refuse('invalid_request', 'token');
  const id = call.vault.verify('t', call.body.token);
  const refused = id === null ? null : await mayNotStart(call, trusted<SessionId>(id));
  if (refused !== null) return refuse(refused);
  const opened = id === null ? null : await openSession(call.sql, trusted<SessionId>(id), call.studio.id);
  if (opened === null) return refuse('token_invalid');
  const [player, { games }] = await Promise.all([
    findPlayerById(call.sql, opened.playerId),
    call.directory.catalogue(),
  ]);
  const game = games.find((each) => each.id === opened.gameId);
  const agent = player === null ? null : await findAgentById(call.sql, player.agentId);
  if (player === null || agent === null || game === undefined) return refuse('token_invalid');
  if (!player.mayPlay) return refuse('player_blocked');
  const limits = effectiveLimits(await limitsFor(call.sql, agent.path, player.id), {
    path: agent.path,
    vendorId: game.vendorId,
    gameId: game.id,
    playerId: player.id,
  });
  const { nickname, balance } = player;
  const body = {
    session: call.vault.sign('s', opened.id),
    player: String(player.id),
    nickname,
    currency: agent.currency,
    country: 'KOR',
    language: 'ko',
    balance: balance.toString(),
    game: { id: game.publicId, type: game.type, title: game.title, vendor: game.vendor },
    limits: {
      betMin: null,
      betMax: limits.maxBet?.toString() ?? null,
      winMax: limits.maxWin?.toString() ?? null,
    },
    skin: opened.skin,
  };
  return { status: 200, body };
}

/** A seamless player's operator is asked first, so that a token is not spent on a session that may not start. */
async function mayNotStart(call: StudioCall, id: SessionId): Promise<StudioRefusal | null> {
  const player = await findTokenHolder(call.sql, id);
  if (player === null || !isSeamless(player)) return null;
  return START_REFUSALS[await call.outreach.mayStart(player)];
}

const START_REFUSALS: Readonly<Record<StartAnswer, StudioRefusal | null>> = {
  ok: null,
  unknown_user: 'operator_refused',
  pot_too_low: 'operator_refused',
  unavailable: 'operator_unavailable',
};

/** Closing is always accepted: what is not live is closed already. */
export async function close(call: StudioCall): Promise<StudioReply> {
  if (!checks.close.Check(call.body)) return refuse('invalid_request', 'session');
  const id = call.vault.verify('s', call.body.session);
  if (id !== null) await closeSession(call.sql, trusted<SessionId>(id), call.studio.id);
  return { status: 200, body: {} };
}

export async function playerBalance(call: StudioCall): Promise<StudioReply> {
  const id = call.params.player ?? '';
  if (!/^\d{1,15}$/.test(id)) return refuse('unknown_player');
  const playerId = trusted<PlayerId>(id);
  const owner = await call.directory.sessionOfPlayer(playerId, call.studio.id);
  const player = owner === null ? null : await findPlayerById(call.sql, playerId);
  const agent = player === null ? null : await findAgentById(call.sql, player.agentId);
  if (player === null || agent === null) return refuse('unknown_player');
  const told = isSeamless(player) ? await call.outreach.balanceOf(player) : null;
  // An operator that can't be asked leaves what was last known: a balance on a screen, no promise.
  const balance = told?.ok ? told.balance : player.balance;
  return { status: 200, body: { balance: balance.toString(), currency: agent.currency } };
}
