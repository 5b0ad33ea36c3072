/** Rounds must end: closing them, and the report of those still open. */
import { isCurrency } from '../core/money.ts';
import { openRounds, playersInRound } from '../db/round.ts';
import { studioGameKey } from '../engine/directory.ts';
import { refuse, type StudioReply } from './replies.ts';
import type { StudioCall } from './routes.ts';
import { checks } from './wire.ts';

const REPORT_MAX = 1000;

/** Closes the round of one player, or of everybody in it. What is open is lost. */
export async function closeRound(call: StudioCall): Promise<StudioReply> {
  if (!checks.roundClose.Check(call.body)) return refuse('invalid_request', 'game and round');
  const { game: publicId, round: ref, player } = call.body;
  const { byStudioId } = await call.directory.catalogue();
  const game = byStudioId.get(studioGameKey(call.studio.id, publicId));
  if (game === undefined) return refuse('unknown_game');
  const studioId = call.studio.id;
  const players = await playersInRound(call.sql, { studioId, gameId: game.id, ref });
  const chosen = players.filter((each) => player === undefined || player === String(each.playerId));
  const commands = [];
  for (const { playerId, agentId, walletId, fundsId, currency } of chosen) {
    if (!isCurrency(currency)) throw new Error(`an agent with an unknown currency: ${currency}`);
    const vendorAccount = await call.directory.vendorAccount({ agentId, vendorId: game.vendorId, currency });
    commands.push({
      kind: 'round_end',
      mode: 'close',
      key: { gameId: game.id, ref, playerId },
      studioId,
      agentId,
      walletId,
      fundsId,
      vendorAccount,
      game,
      amount: 0n,
    } as const);
  }
  await call.outreach.play.rounds(commands);
  return { status: 200, body: {} };
}

export async function reportOpenRounds(call: StudioCall): Promise<StudioReply> {
  if ((call.query.get('state') ?? 'open') !== 'open') return refuse('invalid_request', 'state must be open');
  const olderThan = call.query.get('olderThan');
  const instant = olderThan === null ? null : parseInstant(olderThan);
  if (instant === undefined) return refuse('invalid_request', 'olderThan: an ISO time or epoch milliseconds');
  return {
    status: 200,
    body: { rounds: await openRounds(call.sql, call.studio.id, { olderThan: instant, limit: REPORT_MAX }) },
  };
}

/** A time without a zone is UTC, wherever the hub stands. */
function parseInstant(text: string): string | undefined {
  const ms = /^\d{1,14}$/.test(text)
    ? Number(text)
    : /^\d{4}-\d\d-\d\d[T ]/.test(text)
      ? Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`)
      : Number.NaN;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 1970
    ? undefined
    : date.toISOString();
}
