/** Calls about games: lists, and the links that open one. */

import type { StartAnswer } from '../callbacks/outreach.ts';
import { isSeamless } from '../core/callback-types.ts';
import { type SessionId, trusted } from '../core/ids.ts';
import type { GameRecord } from '../db/game.ts';
import { createPlayer, findPlayer } from '../db/player.ts';
import { bindToken, issueToken } from '../db/session.ts';
import { isSold } from '../engine/directory.ts';
import { type Call, type CallResult, type Invalid, invalid, tokenFor, userContext } from './context.ts';
import { writeGame, writeLaunchedUser, writeLobby, writeVendors } from './wire.ts';

export async function vendors(call: Call): Promise<CallResult> {
  const { vendors, games } = await call.directory.catalogue();
  const sold = await soldTo(call, games);
  return { body: writeVendors(vendors, new Set(sold.map((game) => game.vendor))) };
}

/** Those of the games that the agent has: nobody above it, and not itself, has switched them off. */
async function soldTo(call: Call, games: readonly GameRecord[]): Promise<GameRecord[]> {
  const off = await call.directory.switchedOff(call.agent.id);
  return games.filter((game) => isSold(game, off));
}

export async function list(call: Call, values: { vendor: string | null }): Promise<CallResult> {
  const { games, byVendor } = await call.directory.catalogue();
  const chosen = values.vendor === null ? games : byVendor.get(values.vendor);
  if (chosen === undefined) return invalid('vendor', 'selected');
  const sold = await soldTo(call, chosen);
  return { body: sold.filter((game) => !game.lobby).map((game) => writeGame(game, call.language)) };
}

export async function lobbies(call: Call): Promise<CallResult> {
  const { games } = await call.directory.catalogue();
  const sold = await soldTo(call, games);
  return { body: sold.filter((game) => game.lobby).map((game) => writeLobby(game, call.language)) };
}

interface LaunchValues {
  readonly username: string;
  readonly nickname: string | null;
  readonly game_id: string;
  readonly vendor: string;
  readonly skin: string | null;
}

/** Why a seamless user's game does not start (contract xt §5). */
const START_REFUSALS: Readonly<Record<Exclude<StartAnswer, 'ok'>, CallResult>> = {
  unknown_user: invalid('username', 'operator_user'),
  pot_too_low: { refusal: 'agent_balance_too_low' },
  unavailable: { refusal: 'operator_unavailable', retryAfterMs: 1000 },
};

export async function launch(call: Call, values: LaunchValues): Promise<CallResult> {
  const game = await findGame(call, values);
  if ('problems' in game) return game;
  const { id: agentId, currency } = call.agent;
  const { username, nickname } = values;
  const userCreated = (await createPlayer(call.sql, { agentId, username, nickname, currency })) !== null;
  const player = await findPlayer(call.sql, agentId, username);
  if (player === null) throw new Error('a player just made is missing');
  if (!player.mayPlay) return invalid('username', 'blocked');
  if (isSeamless(player)) {
    const start = await call.outreach.mayStart(player);
    if (start !== 'ok') return START_REFUSALS[start];
  }
  const session = await issueToken(call.sql, {
    playerId: player.id,
    agentId,
    gameId: game.id,
    studioId: game.studioId,
    skin: values.skin,
  });
  const fresh = (await findPlayer(call.sql, agentId, username)) ?? player;
  return {
    body: {
      link: linkTo(game, tokenFor(call, session), call.language),
      userCreated,
      user: writeLaunchedUser(fresh, userContext(call)),
    },
  };
}

/** Points a user's token at a game: for clients that refresh the token themselves. */
export async function open(
  call: Call,
  values: { game_id: string; token: string; vendor: string },
): Promise<CallResult> {
  const game = await findGame(call, values);
  if ('problems' in game) return game;
  const id = call.vault.verify('t', values.token);
  const bound =
    id !== null &&
    (await bindToken(call.sql, trusted<SessionId>(id), {
      agentId: call.agent.id,
      gameId: game.id,
      studioId: game.studioId,
    }));
  return bound ? { body: { link: linkTo(game, values.token, call.language) } } : invalid('token', 'selected');
}

async function findGame(
  call: Call,
  values: { game_id: string; vendor: string },
): Promise<GameRecord | Invalid> {
  const { byVendor } = await call.directory.catalogue();
  const games = byVendor.get(values.vendor);
  if (games === undefined) return invalid('vendor', 'selected');
  const [game] = await soldTo(
    call,
    games.filter((each) => each.publicId === values.game_id),
  );
  return game ?? invalid('game_id', 'selected');
}

function linkTo(game: GameRecord, token: string, language: string): string {
  const url = new URL(game.launchUrl);
  url.searchParams.set('token', token);
  url.searchParams.set('lang', language);
  return url.href;
}
