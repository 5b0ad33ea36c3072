/**
 * What agents earn: the GGR of their own players and of those below them, at the agent's rate in force in each hour.
 * Time is cut where a rate of the agent or of one above it changes; what has one rate is added up, then rounded once by
 * agent, vendor and rate. Pure.
 */
import { type AgentId, type Instant, trusted, type VendorId } from '../ids.ts';
import { type RateRow, rateAt, shareOf } from './rates.ts';
import { HOUR_MS } from './statistics.ts';

/** An agent the figures are told of; those above it that are not are not in its path. */
export interface Branch {
  readonly id: AgentId;
  /** From the topmost that is told of down to itself. */
  readonly path: readonly AgentId[];
}

/** Hours since 1970. */
export interface Piece {
  readonly agentId: AgentId;
  readonly since: number;
  readonly until: number;
}

export interface PieceGgr {
  readonly agentId: AgentId;
  readonly vendorId: VendorId;
  readonly since: number;
  readonly currency: string;
  readonly ggr: bigint;
}

export type Rates = ReadonlyMap<AgentId, readonly RateRow[]>;

/** The time of each branch, cut at full hours where a rate it counts by changes. */
export function piecesOf(
  branches: readonly Branch[],
  rates: Rates,
  { since, until }: { readonly since: number; readonly until: number },
): Piece[] {
  return branches.flatMap(({ id, path }) => {
    const changes = path
      .flatMap((each) => rates.get(each) ?? [])
      .map(({ fromAt }) => Math.ceil(fromAt / HOUR_MS))
      .filter((hour) => hour > since && hour < until);
    const cuts = [since, ...[...new Set(changes)].sort((a, b) => a - b), until];
    return cuts
      .slice(0, -1)
      .map((cut, index) => ({ agentId: id, since: cut, until: cuts[index + 1] ?? until }));
  });
}

export interface Share {
  readonly agentId: AgentId;
  readonly vendorId: VendorId;
  readonly currency: string;
  /** Of its own players' GGR alone. */
  readonly own: bigint;
  /** With that of those below it. */
  readonly whole: bigint;
}

/** Shares by agent, vendor and currency; none where no rate was agreed. */
export function sharesOf(branches: readonly Branch[], rates: Rates, pieces: readonly PieceGgr[]): Share[] {
  const paths = new Map(branches.map(({ id, path }) => [id, path]));
  const sums = new Map<
    string,
    { share: Omit<Share, 'own' | 'whole'>; bps: number; own: bigint; whole: bigint }
  >();
  for (const { agentId, vendorId, since, currency, ggr } of pieces) {
    for (const earner of paths.get(agentId) ?? []) {
      const at = trusted<Instant>(since * HOUR_MS);
      const bps = rateAt(rates.get(earner) ?? [], { vendorId, at });
      if (bps === null) continue;
      const key = `${earner} ${vendorId} ${currency} ${bps}`;
      const share = { agentId: earner, vendorId, currency };
      const sum = sums.get(key) ?? { share, bps, own: 0n, whole: 0n };
      sums.set(key, { ...sum, own: sum.own + (earner === agentId ? ggr : 0n), whole: sum.whole + ggr });
    }
  }
  return [...sums.values()].map(({ share, bps, own, whole }) => ({
    ...share,
    own: shareOf(own, bps),
    whole: shareOf(whole, bps),
  }));
}
