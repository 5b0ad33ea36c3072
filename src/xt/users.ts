/** Calls about the agent and its users. */
import { balanceOf } from '../db/agent.ts';
import { takeTurn } from '../db/pace.ts';
import { createPlayer, findPlayer, listPlayers, type PlayerRecord } from '../db/player.ts';
import { issueToken, kick as kickSessions, killToken } from '../db/session.ts';
import { type Call, type CallResult, invalid, userContext } from './context.ts';
import { writeListedUser, writeMyInfo, writeUser } from './wire.ts';

/** One look at a user a second (contract xt §1). */
const LOOK_INTERVAL_MS = 1000;

export async function myInfo(call: Call): Promise<CallResult> {
  return { body: writeMyInfo(call.agent, await balanceOf(call.sql, call.agent.potId)) };
}

export async function create(
  call: Call,
  values: { username: string; nickname: string | null },
): Promise<CallResult> {
  const { id: agentId, currency } = call.agent;
  const id = await createPlayer(call.sql, { agentId, currency, ...values });
  if (id === null) return invalid('username', 'selected');
  return withUser(call, values.username, async (player) => ({ body: writeUser(player, userContext(call)) }));
}

export async function show(call: Call, values: { username: string }): Promise<CallResult> {
  return withUser(call, values.username, async (player) => {
    const waitMs = call.agent.pacing ? await takeTurn(call.sql, `user ${player.id}`, LOOK_INTERVAL_MS) : 0;
    return waitMs > 0
      ? { refusal: 'too_soon', retryAfterMs: waitMs }
      : { body: writeUser(player, userContext(call)) };
  });
}

export async function list(call: Call, values: { page: number; perPage: number }): Promise<CallResult> {
  const players = await listPlayers(call.sql, call.agent.id, {
    offset: (values.page - 1) * values.perPage,
    limit: values.perPage,
  });
  return { body: players.map((player) => writeListedUser(player, userContext(call))) };
}

export async function refreshToken(call: Call, values: { username: string }): Promise<CallResult> {
  return withUser(call, values.username, async (player) => {
    await killToken(call.sql, player.id);
    await issueToken(call.sql, {
      playerId: player.id,
      agentId: player.agentId,
      gameId: null,
      studioId: null,
      skin: null,
    });
    return withUser(call, values.username, async (fresh) => ({ body: writeUser(fresh, userContext(call)) }));
  });
}

export async function kick(call: Call, values: { username: string }): Promise<CallResult> {
  return withUser(call, values.username, async (player) => ({
    body: { sessions: await kickSessions(call.sql, player.id) },
  }));
}

async function withUser(
  call: Call,
  username: string,
  then: (player: PlayerRecord) => Promise<CallResult>,
): Promise<CallResult> {
  const player = await findPlayer(call.sql, call.agent.id, username);
  return player === null ? invalid('username', 'selected') : then(player);
}
