/**
 * The cast of the ledger's tests on a real database: the same ids as in memory, inserted as they are, so that the
 * same streams run through the ledger writer.
 */
import { randomBytes } from 'node:crypto';
import { ACCOUNT } from '../../src/core/chart.ts';
import { connect, type Sql } from '../../src/db/connect.ts';
import { ensurePartitions } from '../../src/db/partition.ts';
import { type LedgerWriter, openLedgerWriter } from '../../src/engine/ledger-writer.ts';
import type { Cast } from '../model/cast.ts';
import { memoryCast } from '../model/cast.ts';
import { createDatabase } from '../world.ts';

export interface Stage {
  readonly cast: Cast;
  readonly url: string;
  readonly sql: Sql;
  readonly writer: LedgerWriter;
  close(): Promise<void>;
}

/** No rule depends on time: answers follow from the order of each player's commands alone. */
export function timelessCast(): Cast {
  const cast = memoryCast();
  return {
    ...cast,
    agents: cast.agents.map((agent) => ({ ...agent, pacing: false })),
    games: cast.games.map((game) => ({ ...game, rules: { ...game.rules, cancelPauseMs: 0, bettingMs: 0 } })),
  };
}

export async function openStage(options: { lanes: number; batchMax?: number; cast?: Cast }): Promise<Stage> {
  const { lanes, batchMax = 256, cast = timelessCast() } = options;
  const database = await createDatabase();
  const sql = connect(database.url, { max: 4, name: 'test' });
  await ensurePartitions(sql, new Date());
  await insertCast(sql, cast);
  // A batch the database refuses is a bug the streams are there to find.
  const onFault = (error: unknown) => console.error('a batch failed:', error);
  const writer = openLedgerWriter({ url: database.url, lanes, batchMax, onFault });
  return {
    cast,
    url: database.url,
    sql,
    writer,
    async close() {
      await writer.close();
      await sql.end();
      await database.drop();
    },
  };
}

async function insertCast(sql: Sql, cast: Cast): Promise<void> {
  for (const agent of cast.agents) {
    await sql`insert into agent (id, parent_id, path, username, username_key, nickname, currency, wallet, pot_account_id, pacing)
      values (${agent.id}, ${agent.path.at(-2) ?? null}, ${`{${agent.path}}`}::bigint[], ${`a${agent.id}`}, ${`a${agent.id}`}, 'x',
        ${agent.currency}, ${agent.wallet}, ${agent.potId}, ${agent.pacing})`;
  }
  await sql`insert into studio (id, name) values (${cast.studioId}, ${randomBytes(4).toString('hex')})`;
  for (const game of cast.games) {
    const { zeroWins, multiBet, cancelPauseMs, bettingMs } = game.rules;
    await sql`insert into vendor (id, name, studio_id, zero_wins, multi_bet, cancel_pause_ms, betting_ms) overriding system value
      values (${Number(game.vendorId) + 1000}, ${`v${game.vendorId}`}, ${cast.studioId}, ${zeroWins}, ${multiBet}, ${cancelPauseMs}, ${bettingMs})
      on conflict do nothing`;
    await sql`insert into game (id, studio_id, vendor_id, public_id, title, type, launch_url, enabled) overriding system value
      values (${game.id}, ${cast.studioId}, ${Number(game.vendorId) + 1000}, ${`g${game.id}`}, 'x', 'slot', 'http://127.0.0.1:1/', ${game.enabled})`;
  }
  await insertPlayers(sql, cast);
  for (const { agentId, gameId, playerId, maxBet, maxWin } of cast.limits) {
    await sql`insert into bet_limit (agent_id, game_id, player_id, max_bet, max_win) values (${agentId}, ${gameId}, ${playerId}, ${maxBet}, ${maxWin})`;
  }
  for (const account of cast.accounts) {
    const agent = account.kind === ACCOUNT.outside || account.kind === ACCOUNT.promotion ? null : 1;
    await sql`insert into account (id, agent_id, kind, owner_id, currency)
      values (${account.id}, ${agent}, ${account.kind}, ${account.id}, ${account.currency}) on conflict do nothing`;
  }
}

async function insertPlayers(sql: Sql, cast: Cast): Promise<void> {
  for (const player of cast.players) {
    await sql`insert into player (id, agent_id, username, username_key, wallet_account_id, points_account_id, blocked_at)
      values (${player.id}, ${player.agentId}, ${`p${player.id}`}, ${`p${player.id}`}, ${player.walletId}, ${player.pointsId},
        case when ${player.blocked} then now() end)`;
  }
  for (const { id, playerId, ended } of cast.sessions) {
    const agentId = cast.players.find((player) => player.id === playerId)!.agentId;
    await sql`insert into session (id, player_id, agent_id, studio_id, expires_at, opened_at, ended_at)
      values (${id}, ${playerId}, ${agentId}, ${cast.studioId}, now() + interval '1 day', now(), case when ${ended} then now() end)`;
  }
}
