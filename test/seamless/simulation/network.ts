/**
 * The way between nodes and operators: every call has a fate, drawn from the seed. A packet given up may still arrive,
 * and may arrive twice. An id has one packet for ever: another body under it is a bug.
 */
import { asked, type Breaker, CLOSED, ended, heard, mayAsk } from '../../../src/callbacks/breaker.ts';
import { type OperatorClient, STANDARD_LIMITS } from '../../../src/callbacks/client.ts';
import type { Lost, NotSent, OperatorAnswer } from '../../../src/core/delivery.ts';
import type { Chance } from '../../simulation/random.ts';
import { SEAMLESS_USD } from './cast.ts';
import { type Clock, type Owner, WORLD } from './clock.ts';
import { type CallFault, type Plan, strike } from './plan.ts';
import type { Packet, SimOperator, WalletAnswer } from './wallets.ts';

export type Client = Pick<OperatorClient, 'changeBalance' | 'balance' | 'mayAsk' | 'report'>;
export type Purpose = 'question' | 'message';

export interface NetworkParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly plan: Plan;
  /** By the target's key. */
  readonly operators: ReadonlyMap<string, SimOperator>;
  /** True while things fail. */
  readonly isFaulty: () => boolean;
  /** Called before a packet leaves. */
  readonly onPut: (packet: Packet, purpose: Purpose) => void;
  readonly log: (line: () => string) => void;
}

const { unwellMax, openMs, openMsMax, questionTimeoutMs, messageTimeoutMs } = STANDARD_LIMITS;
const BREAKER = { unwellMax, openMs, openMsMax, probeMsMax: messageTimeoutMs + 1000 };
const TIMEOUT_MS = { question: questionTimeoutMs, message: messageTimeoutMs } as const;
/** A packet given up may still arrive so much later. */
const LATE_MS_MAX = 25_000;
const NOES = [500, 503, 502, 400, 404, 409, 301, 302, 307];
/** Answers that say neither yes nor no. */
const ODD = [201, 207, 204, 199, 700];
const GARBAGE = ['', 'ok', '<html>', '{"balance":"lots"}', '{"balance":null}', '[]'];

const notSent = (reason: NotSent): OperatorAnswer => ({ kind: 'not_sent', reason });
const lost = (reason: Lost): OperatorAnswer => ({ kind: 'lost', reason });
const isBoosted = (key: string) => key === String(SEAMLESS_USD);
const decimalsAt = (key: string) => (isBoosted(key) ? 2 : 0);

export class Network {
  readonly counts: Record<string, number> = {};
  private readonly parts: NetworkParts;
  private readonly bodies = new Map<number, string>();
  private onTheirWay = 0;

  constructor(parts: NetworkParts) {
    this.parts = parts;
  }

  /** Packets on their way. */
  inFlight(): number {
    return this.onTheirWay;
  }

  /** A node's client, with breakers kept as the real line keeps them (src/callbacks/line.ts). */
  clientOf(owner: Owner): Client {
    const { clock, onPut } = this.parts;
    const breakers = new Map<string, Breaker>();
    const breakerOf = (key: string) => breakers.get(key) ?? CLOSED;

    async function ask(key: string, work: () => Promise<OperatorAnswer>): Promise<OperatorAnswer> {
      const askedAt = clock.now();
      if (!mayAsk(breakerOf(key), askedAt, BREAKER)) return notSent('circuit_open');
      breakers.set(key, asked(breakerOf(key), askedAt));
      const answer = await work();
      breakers.set(key, ended(breakerOf(key), askedAt));
      return answer;
    }

    return {
      changeBalance: async ({ key }, request, purpose) => {
        if (!owner.alive) return never();
        const packet = this.packetOf(request, key);
        const startedAt = clock.now();
        const answer = await ask(key, () => {
          onPut(packet, purpose);
          return this.travel(owner, { key, packet, purpose });
        });
        return { answer, request, elapsedMs: clock.now() - startedAt };
      },
      balance: async ({ key }, username) => {
        if (!owner.alive) return never();
        const answer = await ask(key, () => this.askBalance(owner, { key, username }));
        return { answer, request: username, elapsedMs: 1 };
      },
      mayAsk: ({ key }) => mayAsk(breakerOf(key), clock.now(), BREAKER),
      report: ({ key }, unwell) => {
        breakers.set(key, heard(breakerOf(key), { unwell, now: clock.now() }, BREAKER));
      },
    };
  }

  /** Reads a packet as an operator would. */
  private packetOf(body: string, key: string): Packet {
    const { username, amount, transaction } = JSON.parse(body);
    const { id, type, referer_id: refererId, amount: again, target } = transaction;
    if (amount !== again || target.username !== username) throw new Error(`an ill-formed packet: ${body}`);
    const known = this.bodies.get(id) ?? body;
    if (known !== body) throw new Error(`${id} is sent with another body: ${known} / ${body}`);
    this.bodies.set(id, body);
    return { id, type, username, amount: BigInt(Math.round(amount * 10 ** decimalsAt(key))), refererId };
  }

  /** One call: ends once, on the node's own time. */
  private travel(
    owner: Owner,
    { key, packet, purpose }: { key: string; packet: Packet; purpose: Purpose },
  ): Promise<OperatorAnswer> {
    const { clock, chance, log } = this.parts;
    const fault = this.isDeaf(purpose) ? 'refusal' : this.drawFault();
    if (fault !== null) this.count(fault);
    log(() => `${owner.name} puts ${packet.id} ${packet.type} ${packet.amount} ${fault ?? ''}`);
    return new Promise((resolve) => {
      const hear: Way['hear'] = (answer, afterMs = this.latencyMs()) =>
        clock.after(afterMs, owner, () => resolve(answer));
      const timeoutMs = TIMEOUT_MS[purpose];
      const isThere = this.isUp(key);
      const isRefused = fault === 'unreachable' || fault === 'busy' || (!isThere && chance.happens(70));
      // Whatever else becomes of it: the hub gives up at its time.
      if (!isRefused) hear(lost('timed_out'), timeoutMs);
      if (!isThere) {
        if (isRefused) hear(notSent('unreachable'));
        return;
      }
      const go: Way['go'] = (delayMs, onDone) => this.send({ key, packet, delayMs }, onDone);
      this.fates[fault ?? 'fine']({ key, hear, go, purpose, timeoutMs });
    });
  }

  private readonly fates: Readonly<Record<CallFault | 'fine', (way: Way) => void>> = {
    fine: (way) => way.go(this.latencyMs(), (answer) => way.hear(this.said(answer, way))),
    unreachable: ({ hear }) => hear(notSent('unreachable')),
    busy: ({ hear }) => hear(notSent('busy'), this.parts.chance.below(500)),
    lost_before: ({ hear }) => hear(lost('connection_lost')),
    lost_after: ({ go, hear }) => go(this.latencyMs(), () => hear(lost('connection_lost'))),
    timeout_before: () => {},
    timeout_after: ({ go, timeoutMs }) => go(this.parts.chance.below(timeoutMs)),
    late: ({ go, timeoutMs }) => go(timeoutMs + this.parts.chance.below(LATE_MS_MAX)),
    // Of a bet a no must be one; of a message the operator may say it as it likes.
    refusal: ({ hear, purpose }) => hear(this.odd(purpose === 'message' ? [...NOES, ...ODD] : NOES)),
    odd_after: ({ go, hear, purpose, key }) =>
      go(this.latencyMs(), () => {
        const statuses = purpose === 'message' ? [...NOES, ...ODD] : ODD;
        hear(this.odd(isBoosted(key) ? [...statuses, 200] : statuses));
      }),
    twice: (way) => {
      this.fates.fine(way);
      way.go(this.parts.chance.below(LATE_MS_MAX));
    },
  };

  /** A packet arrives at its operator after so long, if the operator is there then. */
  private send(
    { key, packet, delayMs }: { key: string; packet: Packet; delayMs: number },
    onDone?: (answer: WalletAnswer) => void,
  ): void {
    const { clock, operators, log } = this.parts;
    this.onTheirWay += 1;
    clock.after(delayMs, WORLD, async () => {
      this.onTheirWay -= 1;
      if (!this.isUp(key)) return;
      const answer = await operators.get(key)!.take(packet);
      log(() => `  ${packet.id} arrives: ${answer.status} balance ${answer.balance}`);
      if (answer.status === 410) this.count('arrived after its cancel');
      onDone?.(answer);
    });
  }

  private askBalance(
    owner: Owner,
    { key, username }: { key: string; username: string },
  ): Promise<OperatorAnswer> {
    const { clock, operators } = this.parts;
    const fault = this.drawFault();
    return new Promise((resolve) => {
      const hear: Way['hear'] = (answer, afterMs = this.latencyMs()) =>
        clock.after(afterMs, owner, () => resolve(answer));
      if (fault === 'unreachable' || !this.isUp(key)) hear(notSent('unreachable'));
      else if (fault === 'refusal') hear(this.odd(NOES));
      else if (fault !== null && fault !== 'twice') hear(lost('timed_out'), TIMEOUT_MS.question);
      else
        clock.after(this.latencyMs(), WORLD, () => {
          const balance = Number(operators.get(key)!.balance(username)) / 10 ** decimalsAt(key);
          hear({ kind: 'answered', status: 200, body: JSON.stringify({ balance }) });
        });
    });
  }

  private said({ status, balance }: WalletAnswer, { key }: Way): OperatorAnswer {
    const { chance } = this.parts;
    const units = Number(balance ?? 0n) / 10 ** decimalsAt(key);
    const told = JSON.stringify({ balance: chance.happens(50) ? units : String(units) });
    const body = isBoosted(key) ? told : chance.pick(['', '{}', '{"status":"ok"}', 'OK']);
    return { kind: 'answered', status, body };
  }

  private odd(statuses: readonly number[]): OperatorAnswer {
    const { chance } = this.parts;
    return { kind: 'answered', status: chance.pick(statuses), body: chance.pick(GARBAGE) };
  }

  private drawFault(): CallFault | null {
    const { chance, plan, isFaulty } = this.parts;
    return isFaulty() ? strike(chance, plan.call) : null;
  }

  private isDeaf(purpose: Purpose): boolean {
    const { chance, plan, isFaulty } = this.parts;
    return purpose === 'message' && plan.deafness > 0 && isFaulty() && chance.below(1000) < plan.deafness;
  }

  /** Mostly some ms, now and then almost too long. */
  private latencyMs(): number {
    const { chance, isFaulty } = this.parts;
    return isFaulty() && chance.happens(5) ? chance.below(1200) : 1 + chance.below(30);
  }

  private isUp(key: string): boolean {
    const { clock, plan, isFaulty } = this.parts;
    const spans = plan.outages.get(Number(key)) ?? [];
    return !isFaulty() || !spans.some(({ from, to }) => clock.now() >= from && clock.now() < to);
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

/** What a call's fate works with. */
interface Way {
  readonly key: string;
  readonly purpose: Purpose;
  readonly timeoutMs: number;
  /** The node hears the answer after so long; what it hears first counts. */
  readonly hear: (answer: OperatorAnswer, afterMs?: number) => void;
  /** The packet arrives after so long. */
  readonly go: (delayMs: number, onDone?: (answer: WalletAnswer) => void) => void;
}

/** The end of a dead node's work. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}
