/** Bet and win limits, and a player's own protection. Pure; amounts in minor units. */
import type { AgentId, GameId, Instant, PlayerId, VendorId } from './ids.ts';

export interface LimitRow {
  readonly agentId: AgentId;
  readonly vendorId: VendorId | null;
  readonly gameId: GameId | null;
  readonly playerId: PlayerId | null;
  readonly maxBet: bigint | null;
  readonly maxWin: bigint | null;
}

export interface LimitScope {
  /** The player's agent and every upline of it: a parent's limit binds its whole subtree. */
  readonly path: readonly AgentId[];
  readonly vendorId: VendorId;
  readonly gameId: GameId;
  readonly playerId: PlayerId;
}

export interface EffectiveLimits {
  readonly maxBet: bigint | null;
  readonly maxWin: bigint | null;
}

/** The narrowest of all limits that fit; null = none. */
export function effectiveLimits(rows: Iterable<LimitRow>, scope: LimitScope): EffectiveLimits {
  let maxBet: bigint | null = null;
  let maxWin: bigint | null = null;
  for (const row of rows) {
    if (!fits(row, scope)) continue;
    maxBet = narrower(maxBet, row.maxBet);
    maxWin = narrower(maxWin, row.maxWin);
  }
  return { maxBet, maxWin };
}

/** Whether the row is about such a bet. */
export function fits(row: LimitRow, scope: LimitScope): boolean {
  if (!scope.path.includes(row.agentId)) return false;
  if (row.vendorId !== null && row.vendorId !== scope.vendorId) return false;
  if (row.gameId !== null && row.gameId !== scope.gameId) return false;
  return row.playerId === null || row.playerId === scope.playerId;
}

function narrower(a: bigint | null, b: bigint | null): bigint | null {
  if (a === null) return b;
  if (b === null) return a;
  return a < b ? a : b;
}

export interface Protection {
  readonly blocked: boolean;
  /** Self-exclusion and cooling-off end here; null = none. Infinity = for good. */
  readonly excludedUntil: Instant | null;
  readonly coolingUntil: Instant | null;
}

/** True while the player may not place a bet: blocked by the agent, self-excluded, or cooling off. */
export function mayNotPlay(protection: Protection, now: Instant): boolean {
  if (protection.blocked) return true;
  if (protection.excludedUntil !== null && now < protection.excludedUntil) return true;
  return protection.coolingUntil !== null && now < protection.coolingUntil;
}
