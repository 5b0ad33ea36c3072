/**
 * What becomes of sessions beside the ledger: odds that follow K-Rain, opening hours, staff, results and corrections.
 * Decided by the real session machine, at an instant between two batches, as under the session's lock.
 */
import { offerOf } from '../../../src/core/book/odds.ts';
import { decideAct, marketOf, type SessionAct } from '../../../src/core/book/session-machine.ts';
import type { BookSession } from '../../../src/core/book/types.ts';
import { type Instant, trusted } from '../../../src/core/ids.ts';
import { marketIdOf } from '../../../src/rain/market.ts';
import { type Clock, WORLD } from '../../seamless/simulation/clock.ts';
import type { Chance } from '../../simulation/random.ts';
import { type Ground, setPlayer, setSession } from '../cast.ts';
import type { KRain } from './krain.ts';
import type { Plan, SessionPlan } from './plan.ts';
import { type BookShelf, nameOf } from './shelf.ts';

export interface DeskParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly plan: Plan;
  readonly ground: Ground;
  readonly shelf: BookShelf;
  readonly krain: KRain;
  readonly log: (line: () => string) => void;
}

type SessionId = BookSession['id'];
const MARGIN_BPS = 400;
const LATE_MS_MAX = 3000;

export class Desk {
  readonly counts: Record<string, number> = {};
  /** When each session got its first result: nothing may be bet on it from then on. */
  readonly resultedAt = new Map<SessionId, Instant>();
  private readonly parts: DeskParts;
  private readonly plans: ReadonlyMap<SessionId, SessionPlan>;
  private left: number;

  constructor(parts: DeskParts) {
    this.parts = parts;
    const { ground, plan } = parts;
    this.plans = new Map(ground.cast.sessions.map((id, index) => [id, plan.sessions[index]!]));
    this.left = plan.sessions.reduce((sum, { results }) => sum + results.length, 0);
  }

  begin(): void {
    const { clock, chance, ground, plan } = this.parts;
    this.quote();
    for (const id of ground.cast.sessions) {
      const { closesMs, hoursMs, voidedAtMs } = this.plans.get(id)!;
      // Loops are late now and then: what must hold at the close holds without them.
      clock.after(closesMs + chance.below(LATE_MS_MAX), WORLD, () => this.act(id, { kind: 'close' }));
      clock.after(closesMs + hoursMs + chance.below(LATE_MS_MAX), WORLD, () => this.act(id, { kind: 'end' }));
      if (voidedAtMs !== null) clock.after(voidedAtMs, WORLD, () => this.act(id, { kind: 'void' }));
      this.state(id, { nth: 0, afterMs: closesMs + hoursMs });
    }
    if (plan.staffEveryMs > 0) this.staff();
  }

  /** True when every result has been stated. */
  isThrough(): boolean {
    return this.left === 0;
  }

  /** The next of a session's results, the first a result and the others corrections. */
  private state(id: SessionId, { nth, afterMs }: { nth: number; afterMs: number }): void {
    const next = this.plans.get(id)!.results[nth];
    if (next === undefined) return;
    this.parts.clock.after(afterMs + next.afterMs, WORLD, () => {
      const { result } = next;
      const { version } = this.parts.ground.store.sessions.get(id)!;
      if (result === 'VOID') this.act(id, { kind: 'void' });
      else this.act(id, { kind: version === 0 ? 'result' : 'correct', result });
      this.left -= 1;
      this.state(id, { nth: nth + 1, afterMs: 1 });
    });
  }

  private act(id: SessionId, act: SessionAct): void {
    const { ground, shelf, log } = this.parts;
    const session = ground.store.sessions.get(id)!;
    const endsAt = trusted<Instant>(session.closesAt + this.plans.get(id)!.hoursMs);
    const state = { ...session, endsAt, quoteUntil: session.quote?.until ?? null };
    const after = decideAct(state, act, shelf.now());
    log(
      () =>
        `session ${id}: ${act.kind} ${'result' in act ? act.result : ''} -> ${after.ok ? after.status : after.code}`,
    );
    if (!after.ok) return;
    this.count(after.version > 1 && after.version > session.version ? 'corrected' : act.kind);
    if (after.version > 0 && !this.resultedAt.has(id)) this.resultedAt.set(id, shelf.now());
    const { status, market, result, version } = after;
    setSession(ground, id, { status, market, result, version });
  }

  /** Odds follow K-Rain's while a session takes bets; without them its market is suspended. */
  private quote(): void {
    const { clock, chance, plan, ground } = this.parts;
    for (const id of ground.cast.sessions)
      if (ground.store.sessions.get(id)!.status === 'OPEN') this.quoteOne(id);
    clock.after(plan.quoteEveryMs + chance.below(100), WORLD, () => this.quote());
  }

  private quoteOne(id: SessionId): void {
    const { ground, krain, shelf, chance } = this.parts;
    const { quote } = ground.store.sessions.get(id)!;
    const best = krain.best(marketIdOf(nameOf(id)));
    const offer = best === null ? null : offerOf(best, MARGIN_BPS);
    if (best === null || offer === null) {
      setSession(ground, id, { market: marketOf('OPEN', 'missing'), quote: null });
      return;
    }
    const validMs = chance.happens(5) ? 300 : 30_000;
    const isSame = quote?.rain === offer.rain && quote.dry === offer.dry;
    const number = (quote?.id ?? 0) + (isSame ? 0 : 1);
    const until = trusted<Instant>(shelf.now() + validMs);
    const next = { id: number, ...offer, krainRain: best.rain, krainDry: best.dry, until };
    setSession(ground, id, { market: marketOf('OPEN', 'fresh'), quote: next });
  }

  /** Suspensions, and limits the players and their operators set. */
  private staff(): void {
    const { clock, chance, plan, ground } = this.parts;
    if (clock.now() > plan.faultsMs) {
      for (const id of ground.cast.sessions) this.act(id, { kind: 'resume' });
      return;
    }
    this.act(chance.pick(ground.cast.sessions), {
      kind: chance.pick(['suspend', 'resume', 'resume', 'resume'] as const),
    });
    const { id } = chance.pick(ground.cast.players);
    const own = { ...ground.model.players.get(id)!.own, maxBet: chance.pick([null, 2000n]) };
    setPlayer(ground, id, chance.pick([{ own }, { maxExposure: 4000n }, { maxExposure: 15_000n }]));
    setPlayer(ground, id, { mayBet: chance.happens(90) });
    clock.after(plan.staffEveryMs, WORLD, () => this.staff());
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

/** Sessions begin without odds: the desk brings them. */
export function closeMarkets(ground: Ground): void {
  for (const id of ground.cast.sessions) setSession(ground, id, { market: 'SUSPEND', quote: null });
}
