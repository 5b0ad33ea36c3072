/** What staff see, as the staff API and `--json` print it. Amounts are whole minor units as decimal strings. */
import { plus } from '../core/book/exposure.ts';
import { poolExposure } from '../core/book/hedge.ts';
import type { ByOutcome } from '../core/book/types.ts';
import type { Instant } from '../core/ids.ts';
import type { SessionExposure } from '../db/book-exposure.ts';
import type { SettlementProgress } from '../db/book-settlement.ts';
import type { FindingRecord } from '../db/rain-finding.ts';
import type { RainSession } from '../db/rain-session.ts';
import type { OrderView, SessionStatement } from '../rain/reconcile.ts';

const at = (instant: Instant) => new Date(instant).toISOString();
const atOrNull = (instant: Instant | null) => (instant === null ? null : at(instant));
const minor = ({ rain, dry }: ByOutcome) => ({ rain: rain.toString(), noRain: dry.toString() });

export type SessionView = ReturnType<typeof viewOfSession>;
export function viewOfSession(session: RainSession) {
  const { id, site, type, currency, gameDate, status, market, result, version, rainMm, quote } = session;
  return {
    id: Number(id),
    site,
    type,
    currency,
    gameDate: String(gameDate),
    status,
    market,
    result,
    version,
    rainMm,
    odds:
      quote === null
        ? null
        : { rain: quote.rain / 1000, noRain: quote.dry / 1000, until: atOrNull(session.quoteUntil) },
    opensAt: at(session.opensAt),
    closesAt: at(session.closesAt),
    startsAt: at(session.startsAt),
    endsAt: at(session.endsAt),
    resultedAt: atOrNull(session.resultedAt),
  };
}

export function viewOfFinding({ round, by, result, rainMm, reason, at: said }: FindingRecord) {
  return { round, by, result, rainMm, reason, at: at(said) };
}

export function viewOfProgress(progress: SettlementProgress | null) {
  return progress === null ? null : { ...progress };
}

export type ExposureView = ReturnType<typeof viewOfExposure>;
/** `worst`: the most the book itself can still lose, and what of its limit that is. */
export function viewOfExposure(row: SessionExposure) {
  const worst = poolExposure(row);
  const { id, site, gameDate, type, currency, status, market, result, players, bets, pending } = row;
  return {
    id: Number(id),
    site,
    gameDate,
    type,
    currency,
    status,
    market,
    result,
    closesAt: at(row.closesAt),
    players,
    bets,
    pending,
    stake: minor(row.stake),
    /** What the book keeps, by outcome; as matched, and with pending bets at their worst. */
    pool: minor(row.pool),
    poolAtWorst: minor(plus(row.pool, row.risk)),
    krain: minor(row.krain),
    krainStake: minor(row.krainStake),
    /** What players' bets come to for the players. */
    playersNet: minor(row.net),
    worst: worst.toString(),
    poolMax: row.poolMax.toString(),
    usedPercent: row.poolMax === 0n ? 0 : Number((worst * 1000n) / row.poolMax) / 10,
  };
}

export type StatementView = ReturnType<typeof viewOfStatement>;
export function viewOfStatement(statement: SessionStatement) {
  const { session, market, matched, pending, differences, unavailable } = statement;
  return {
    session: Number(session),
    market,
    matched,
    pending,
    unavailable,
    differences: differences.map(({ kind, order, ours, theirs }) => ({
      kind,
      order,
      ours: viewOfOrder(ours),
      theirs: viewOfOrder(theirs),
    })),
  };
}

function viewOfOrder(order: OrderView | null) {
  return order === null
    ? null
    : { side: order.side, stake: order.stake.toString(), win: order.win.toString() };
}
