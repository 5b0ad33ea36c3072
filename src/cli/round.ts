/** Commands about rounds that did not end (contract studio, rule 8). */
import { type PlayerId, trusted } from '../core/ids.ts';
import { parseAmount, toDecimal } from '../core/money.ts';
import { findAgentById } from '../db/agent.ts';
import { record } from '../db/audit.ts';
import { findPlayerById } from '../db/player.ts';
import { openRounds } from '../db/round.ts';
import { findStudioByName } from '../db/studio.ts';
import type { Office } from '../office.ts';
import { endRoundByHand, HAND_END_REFUSALS } from '../office-round.ts';
import { actor, CliError, type Json, print, table, withOffice } from './context.ts';

const LIST_MAX = 1000;

export async function list(
  options: Json & { readonly studio: string; readonly overdue?: boolean },
): Promise<void> {
  const rounds = await withOffice(async (office) => {
    const studio = await findStudioByName(office.sql, options.studio);
    if (studio === null) throw new CliError(`no such studio: ${options.studio}`);
    const open = await openRounds(office.sql, studio.id, { olderThan: null, limit: LIST_MAX });
    return open.filter((round) => !options.overdue || round.overdue);
  });
  print(options, rounds, (rows) => table(rows.map((row) => ({ ...row }))));
}

interface EndOptions extends Json {
  readonly game: string;
  readonly vendor: string;
  readonly round: string;
  readonly player: string;
  readonly reason: string;
  readonly amount?: string;
}

export function end(mode: 'void' | 'settle') {
  return async (options: EndOptions): Promise<void> => {
    const result = await withOffice((office) => endRound(office, mode, options));
    print(
      options,
      result,
      ({ transactionId }) => `done${transactionId === null ? '' : `: transaction ${transactionId}`}`,
    );
  };
}

async function endRound(office: Office, mode: 'void' | 'settle', options: EndOptions) {
  const { byVendor } = await office.directory.catalogue();
  const game = byVendor.get(options.vendor)?.find((each) => each.publicId === options.game);
  if (game === undefined) throw new CliError(`no such game of ${options.vendor}: ${options.game}`);
  if (!/^\d{1,15}$/.test(options.player)) throw new CliError('--player is the id of a user', 2);
  const player = await findPlayerById(office.sql, trusted<PlayerId>(options.player));
  const agent = player === null ? null : await findAgentById(office.sql, player.agentId);
  if (player === null || agent === null) throw new CliError(`no such user: ${options.player}`);
  const parsed =
    options.amount === undefined || /^0+(\.0+)?$/.test(options.amount)
      ? ({ ok: true, amount: 0n } as const)
      : parseAmount(options.amount, agent.currency);
  if (!parsed.ok) throw new CliError(`--amount is not an amount of ${agent.currency}: ${options.amount}`, 2);
  const outcome = await endRoundByHand(office, {
    ...{ mode, gameId: game.id, ref: options.round, playerId: player.id },
    amount: parsed.amount,
  });
  if (!outcome.ok) throw new CliError(HAND_END_REFUSALS[outcome.code]);
  const detail = {
    round: options.round,
    game: options.game,
    reason: options.reason,
    // In the back office a second person confirms; here somebody acts alone.
    alone: true,
    amount: toDecimal(parsed.amount, agent.currency),
    transactionId: outcome.transferId,
  };
  await record(office.sql, {
    actor: actor(),
    action: `round.${mode}`,
    subject: `${agent.id}/${player.username}`,
    detail,
  });
  return { transactionId: outcome.transferId };
}
