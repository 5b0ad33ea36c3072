/** A database to compare exports with, and the agents whose they are. */
import type { Finding } from '../../src/core/reconcile.ts';
import { type Compared, compareExport } from '../../src/db/reconcile.ts';
import { openStage, type Stage } from '../ledger/stage.ts';
import type { Exported, Owner, Wallet } from './ledger.ts';

/** Agents of the cast, each with a player. */
export const OWNERS: Readonly<Record<Wallet, Owner>> = {
  transfer: { agentId: 1003, playerId: 2003 },
  seamless: { agentId: 1005, playerId: 2006 },
};

export interface Found extends Compared {
  readonly findings: readonly Finding[];
}

export interface Rig extends Stage {
  /** Line n is the n-th row, from 1. */
  compare(
    wallet: Wallet,
    exported: readonly Exported[],
    asked?: { readonly from?: string | null; readonly to?: string | null },
  ): Promise<Found>;
}

export async function openRig(): Promise<Rig> {
  const stage = await openStage({ lanes: 1 });
  return {
    ...stage,
    async compare(wallet, exported, { from = null, to = null } = {}) {
      const id = stage.cast.agents.find((each) => each.id === OWNERS[wallet].agentId)!.id;
      const findings: Finding[] = [];
      const compared = await compareExport(stage.url, {
        agent: { id, wallet, username: `a${id}` },
        rows: batches(exported),
        from,
        to,
        onFindings: async (page) => void findings.push(...page),
      });
      return { ...compared, findings };
    },
  };
}

/** Small ones, so that most exports take several. */
async function* batches(exported: readonly Exported[]) {
  const rows = exported.map((row, index) => ({ ...row, line: index + 1 }));
  for (let from = 0; from < rows.length; from += 7) yield rows.slice(from, from + 7);
}
