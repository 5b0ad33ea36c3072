/** The hub's books of one agent, read from the real database into the shapes the judge reads. */
import { type TransferId, trusted, trustedOrNull } from '../../../src/core/ids.ts';
import type { KnownRound, Transfer } from '../../../src/core/ledger-types.ts';
import type { BundleState } from '../../../src/core/round.ts';
import type { Query } from '../../../src/db/connect.ts';
import { GAMES } from './cast.ts';

/** By the vendor's name: which of the simulation's games the studio's game is. */
export const VENDORS = ['evolution', 'DreamGame', 'onetouch'] as const;

export async function rowsOf(sql: Query, agentId: number): Promise<Transfer[]> {
  const rows = await sql`select t.*, v.name as vendor from transfer t
    left join game g on g.id = t.game_id left join vendor v on v.id = g.vendor_id where t.agent_id = ${agentId} order by t.at, t.step, t.id`;
  return rows.map((row) => ({
    id: trusted(row.id),
    code: row.code,
    agentId: trusted(row.agent_id),
    playerId: trustedOrNull(row.player_id),
    debit: trusted(row.debit_account),
    credit: trusted(row.credit_account),
    amount: row.amount,
    debitBefore: row.debit_before,
    creditBefore: row.credit_before,
    playerBefore: row.player_before,
    step: row.step,
    refererId: trustedOrNull(row.referer_id),
    gameId: row.vendor === null ? null : gameCalled(row.vendor),
    round: row.round,
    opensRound: row.opens_round,
    studioId: trustedOrNull(row.studio_id),
    externalId: row.external_id,
    ip: row.ip,
  }));
}

export async function roundsOf(sql: Query, agentId: number): Promise<KnownRound[]> {
  const rows = await sql`select r.*, v.name as vendor from round r
    join game g on g.id = r.game_id join vendor v on v.id = g.vendor_id where r.agent_id = ${agentId}`;
  return rows.map((row) => ({
    gameId: gameCalled(row.vendor),
    ref: row.ref,
    playerId: trusted(row.player_id),
    agentId: trusted(row.agent_id),
    studioId: trusted(row.studio_id),
    round: {
      closed: row.closed,
      openedAt: trusted(row.opened_at.getTime()),
      cancelledAt: row.cancelled_at === null ? null : trusted(row.cancelled_at.getTime()),
      bundles: (row.bundles as [number, string, number, BundleState][]).map(
        ([firstId, sum, bets, state]) => ({
          firstId: trusted<TransferId>(firstId),
          sum: BigInt(sum),
          bets,
          state,
        }),
      ),
    },
  }));
}

const gameCalled = (vendor: string) => GAMES[VENDORS.indexOf(vendor as (typeof VENDORS)[number])]!.id;
