/** How long calls took. */

export interface Latency {
  /** Calls that were alone and were answered. */
  readonly calls: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly msMax: number;
}

/** The value that the given share of all values does not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function latencyOf(timesMs: readonly number[]): Latency {
  const [p50Ms, p95Ms, msMax] = [0.5, 0.95, 1].map((share) => percentile(timesMs, share));
  return { calls: timesMs.length, p50Ms: p50Ms!, p95Ms: p95Ms!, msMax: msMax! };
}
