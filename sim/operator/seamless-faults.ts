/**
 * What can go wrong at an operator, on demand: switches around the wallet of seamless.ts.
 * Invariants: a switched-off fault draws no number, so that one seed and one order of calls give one course of
 * events; the wallet inside never knows.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Packet, Wallet } from './seamless.ts';

/** In the order in which they are drawn, with what each does. */
export const FAULTS = {
  delay: 'answers late, by delayMs',
  dropBefore: 'breaks the connection and does nothing',
  error: 'answers 500 and does nothing',
  redirect: 'answers 302 and does nothing',
  duplicate: 'forgets that it has seen the id: a repeated packet moves the money again',
  dropAfter: 'does it, then breaks the connection',
  errorAfter: 'does it, then answers 500',
  oddStatus: 'does it, then answers 207',
  garbage: 'does it, then answers 200 with a page in place of JSON',
  wrongBalance: 'does it, and tells a balance that is 1000 units too high',
} as const;
export type Fault = keyof typeof FAULTS;
export const faultNames = Object.keys(FAULTS).filter((name): name is Fault => name in FAULTS);

export interface FaultSettings {
  /** How often each strikes, 0 (off) … 1 (always). */
  readonly rates: Readonly<Record<Fault, number>>;
  readonly delayMs: number;
  readonly seed: number;
  /** Only calls of these kinds: 'balance' or a transaction type; empty = all. */
  readonly only: readonly string[];
}

/** A call as it was answered, for the staff's page. */
export interface SeenCall {
  readonly at: number;
  readonly elapsedMs: number;
  /** Null for a question about the balance. */
  readonly packet: Packet | null;
  readonly username: string;
  /** Null when the connection was broken. */
  readonly answer: Answer | null;
  readonly faults: readonly Fault[];
}

export interface FaultSwitches {
  settings(): FaultSettings;
  /** Takes effect with the next call, and begins the seed anew. */
  set(settings: FaultSettings): void;
  /** The faults that strike a call of this kind. */
  draw(kind: string): ReadonlySet<Fault>;
}

/**
 * Reads settings as the environment and PUT /faults carry them: {"dropAfter":0.1,"delay":1,"delayMs":3000,"seed":7,
 * "only":["bet"]}. What is absent is off. A text says what is wrong.
 */
export function faultSettingsOf(value: unknown): FaultSettings | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'an object is needed';
  const {
    delayMs = noFaults.delayMs,
    seed = 1,
    only = [],
    ...rates
  } = value as Readonly<Record<string, unknown>>;
  for (const [name, rate] of Object.entries(rates)) {
    if (!Object.hasOwn(FAULTS, name)) return `there is no fault ${name}: ${faultNames.join(', ')}`;
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) return `${name} must be 0 … 1`;
  }
  if (!isCount(delayMs) || delayMs > 600_000) return 'delayMs must be 0 … 600000';
  if (!isCount(seed)) return 'seed must be a whole number';
  if (!Array.isArray(only) || !only.every((kind) => typeof kind === 'string')) return 'only must list kinds';
  return { rates: { ...noFaults.rates, ...rates }, delayMs, seed, only };
}

export const noFaults: FaultSettings = {
  rates: Object.fromEntries(faultNames.map((name) => [name, 0])) as Record<Fault, number>,
  delayMs: 3000,
  seed: 1,
  only: [],
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const none: ReadonlySet<Fault> = new Set();

export function faultSwitches(first: FaultSettings): FaultSwitches {
  let settings = first;
  let random = randomFrom(first.seed);
  let switchedOn = onIn(first);
  return {
    settings: () => settings,
    set(next) {
      settings = next;
      random = randomFrom(next.seed);
      switchedOn = onIn(next);
    },
    draw(kind) {
      const { rates, only } = settings;
      if (switchedOn.length === 0 || (only.length > 0 && !only.includes(kind))) return none;
      return new Set(switchedOn.filter((name) => random() < rates[name]));
    },
  };
}

const onIn = ({ rates }: FaultSettings) => faultNames.filter((name) => rates[name] > 0);

export interface FaultyParts {
  readonly wallet: Wallet;
  readonly switches: FaultSwitches;
  /** Takes the answer of an id out of the books, and not what it moved. */
  forget(id: number): void;
  seen(call: SeenCall): void;
  /** Minor units in one unit of the currency. */
  readonly unit: bigint;
}

export function faultyWallet({ wallet, switches, forget, seen, unit }: FaultyParts): Wallet {
  async function through(
    { username, packet }: { username: string; packet: Packet | null },
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    const [at, startedMs] = [Date.now(), performance.now()];
    const faults = switches.draw(packet === null ? 'balance' : packet.type);
    const note = (answer: Answer | null) =>
      seen({ at, elapsedMs: performance.now() - startedMs, packet, username, answer, faults: [...faults] });
    try {
      if (faults.has('delay')) await sleep(switches.settings().delayMs);
      if (faults.has('duplicate') && packet !== null) forget(packet.id);
      const answer = insteadOf(faults) ?? distorted(await work(), { faults, unit });
      note(answer);
      return answer;
    } catch (error) {
      note(null);
      throw error;
    }
  }
  return {
    balance: (username) => through({ username, packet: null }, () => wallet.balance(username)),
    changeBalance: (packet) =>
      through({ username: packet.username, packet }, () => wallet.changeBalance(packet)),
  };
}

/** What is answered without asking the wallet; null = ask it. */
function insteadOf(faults: ReadonlySet<Fault>): Answer | null {
  if (faults.has('dropBefore')) throw new Error('dropped before');
  if (faults.has('error')) return { status: 500, message: 'fault' };
  if (faults.has('redirect')) return { status: 302, raw: { body: '', headers: { location: '/elsewhere' } } };
  return null;
}

function distorted(answer: Answer, by: { faults: ReadonlySet<Fault>; unit: bigint }): Answer {
  const { faults, unit } = by;
  if (faults.has('dropAfter')) throw new Error('dropped after');
  if (faults.has('errorAfter')) return { status: 500, message: 'fault' };
  if (faults.has('oddStatus')) return { ...answer, status: 207 };
  if (faults.has('garbage')) {
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    return { status: 200, raw: { body: '<html><body>점검 중</body></html>', headers } };
  }
  if (faults.has('wrongBalance') && answer.balance !== undefined)
    return { ...answer, balance: answer.balance + 1000n * unit };
  return answer;
}

/** Mulberry32: a small generator of numbers from 0 to below 1. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
