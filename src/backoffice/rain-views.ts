/** The rain book's rows as they go over the wire: amounts as text, odds as decimal numbers, losses summed. */
import { poolExposure } from '../core/book/hedge.ts';
import type { BetLine } from '../db/office-rain-bet.ts';
import type { SessionLine } from '../db/office-rain-session.ts';
import type { FindingRecord } from '../db/rain-finding.ts';
import type { SessionStatement } from '../rain/reconcile.ts';
import { viewOfStatement } from '../staff/views.ts';
import type { FindingRow, RainBetRow, RainSessionRow, StatementRow } from './rain-wire.ts';

export const wireTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000Z`;

export const oddsOrNull = (thousandths: number | null): number | null =>
  thousandths === null ? null : thousandths / 1000;

export function sessionRow(line: SessionLine): RainSessionRow {
  const { pool, risk, poolMax, oddsRain, oddsDry, krainRain, krainDry, ...rest } = line;
  const worst = poolExposure(line);
  return {
    ...rest,
    oddsRain: oddsOrNull(oddsRain),
    oddsDry: oddsOrNull(oddsDry),
    krainRain: oddsOrNull(krainRain),
    krainDry: oddsOrNull(krainDry),
    poolRain: String(pool.rain),
    poolDry: String(pool.dry),
    riskRain: String(risk.rain),
    riskDry: String(risk.dry),
    worst: String(worst),
    poolMax: String(poolMax),
    usedPercent: poolMax === 0n ? 0 : Number((worst * 1000n) / poolMax) / 10,
  };
}

export function findingRow({ round, by, result, rainMm, reason, at }: FindingRecord): FindingRow {
  return { round, by, result, rainMm, reason, at: wireTime(at) };
}

export function betRow(line: BetLine): RainBetRow {
  const { stake, win, payout, ownStake, krainStake, krainWin, odds, krainOdds, ...rest } = line;
  return {
    ...rest,
    odds: odds / 1000,
    krainOdds: oddsOrNull(krainOdds),
    stake: String(stake),
    win: String(win),
    payout: String(payout),
    ownStake: String(ownStake),
    krainStake: String(krainStake),
    krainWin: String(krainWin),
  };
}

export function statementRow(statement: SessionStatement, currency: string): StatementRow {
  return { ...viewOfStatement(statement), currency };
}
