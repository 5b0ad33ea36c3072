/**
 * A small operator that does everything right, in memory, each of its habits replaceable by a bad one. It shares no
 * code with the product: what certification finds is told by it alone.
 */
import type { IncomingMessage, RequestListener } from 'node:http';

export interface TinyPacket {
  readonly username: string;
  readonly amount: number;
  readonly transaction: {
    readonly id: number;
    readonly type: string;
    readonly referer_id: number | null;
    readonly processed_at: string;
    readonly details: { readonly game: { readonly round: string; readonly title: string } } | null;
    readonly target: { readonly balance: number };
  };
}

interface Bet {
  readonly name: string;
  readonly isTaken: boolean;
  isCancelled: boolean;
}
interface Books {
  readonly balances: Map<string, number>;
  /** Status by transaction. */
  readonly seen: Map<unknown, number>;
  readonly bets: Map<unknown, Bet>;
  /** Rounds and whatever else a habit wants to remember. */
  readonly notes: Map<string, number>;
}

/** What can be done differently. Amounts are in the currency's unit. */
export interface Habits {
  readonly decode: (bytes: Buffer) => string;
  readonly nameOf: (username: string) => string;
  /** A status that turns a call away before anything else; null: none. */
  readonly turnAway: (request: IncomingMessage, payload: string) => number | null;
  /** The same for what a packet says. */
  readonly refuse: (packet: TinyPacket, books: Books) => number | null;
  readonly keyOf: (id: number) => unknown;
  /** Under what a bet is found by its cancel. */
  readonly betKeyOf: (id: number) => unknown;
  readonly isRepeat: (packet: TinyPacket, books: Books) => boolean;
  readonly changeOf: (packet: TinyPacket, books: Books) => number;
  /** What a cancel gives back. */
  readonly backOf: (packet: TinyPacket, bet: Bet | undefined, books: Books) => number;
  readonly unknownCancelStatus: number;
  readonly remembersUnknownCancel: boolean;
  readonly add: (balance: number, change: number, packet: TinyPacket) => number;
  readonly covered: readonly string[];
  readonly shortStatus: number;
  readonly unknownUser: { readonly status: number; readonly body: string };
  /** After looking whether it is a repeat. */
  readonly think: (packet: TinyPacket) => Promise<void> | null;
  /** Whether the balance is read before thinking, or after it. */
  readonly readsBefore: boolean;
  /** The transaction whose traces are removed. */
  readonly forgets: (packet: TinyPacket) => number | null;
  /** The answer to a packet. */
  readonly bodyOf: (balance: number, packet: TinyPacket) => string;
  readonly headers: Readonly<Record<string, string>>;
}

const isSpending = (type: string) => type === 'bet' || type === 'charge';

const GOOD: Habits = {
  decode: (bytes) => bytes.toString('utf8'),
  nameOf: (username) => username.toLowerCase(),
  turnAway: () => null,
  refuse: () => null,
  keyOf: (id) => id,
  betKeyOf: (id) => id,
  isRepeat: (packet, { seen }) => seen.has(packet.transaction.id),
  changeOf: ({ amount }) => amount,
  backOf: ({ amount }, bet) => (bet?.isTaken && !bet.isCancelled ? amount : 0),
  unknownCancelStatus: 200,
  remembersUnknownCancel: true,
  add: (balance, change) => Math.round((balance + change) * 1000) / 1000,
  covered: ['bet', 'charge'],
  shortStatus: 402,
  unknownUser: { status: 404, body: 'who?' },
  think: () => null,
  readsBefore: false,
  forgets: () => null,
  bodyOf: (balance) => JSON.stringify({ balance }),
  headers: {},
};

/** `accounts`: the balances it begins with. */
export function tinyOperator(
  accounts: Readonly<Record<string, number>>,
  different: Partial<Habits> = {},
): RequestListener {
  const habits = { ...GOOD, ...different };
  const books: Books = { balances: new Map(), seen: new Map(), bets: new Map(), notes: new Map() };
  for (const [name, balance] of Object.entries(accounts)) books.balances.set(habits.nameOf(name), balance);
  return async (request, response) => {
    const reply = (status: number, body: string) => response.writeHead(status, habits.headers).end(body);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://tiny');
    const payload = request.method === 'GET' ? url.search.slice(1) : habits.decode(Buffer.concat(chunks));
    const away = habits.turnAway(request, payload);
    if (away !== null) return reply(away, 'go away');
    const packet: TinyPacket | null = request.method === 'GET' ? null : JSON.parse(payload);
    const name = habits.nameOf(packet?.username ?? url.searchParams.get('username') ?? '');
    const known = books.balances.get(name);
    if (known === undefined) return reply(habits.unknownUser.status, habits.unknownUser.body);
    const status = packet === null ? 200 : await change({ habits, books, name, packet });
    if (status !== 200) return reply(status, 'no');
    const balance = books.balances.get(name) ?? 0;
    reply(200, packet === null ? JSON.stringify({ balance }) : habits.bodyOf(balance, packet));
  };
}

interface Change {
  readonly habits: Habits;
  readonly books: Books;
  readonly name: string;
  readonly packet: TinyPacket;
}

async function change({ habits, books, name, packet }: Change): Promise<number> {
  const { id, type, referer_id: referer } = packet.transaction;
  const away = habits.refuse(packet, books);
  if (away !== null) return away;
  if (habits.isRepeat(packet, books)) return books.seen.get(habits.keyOf(id)) ?? 200;
  if (isSpending(type) && books.bets.get(habits.betKeyOf(id))?.isCancelled) return 410;
  let delta = habits.changeOf(packet, books);
  if (type === 'cancel' && referer !== null) {
    const bet = books.bets.get(habits.betKeyOf(referer));
    delta = habits.backOf(packet, bet, books);
    if (bet === undefined && habits.unknownCancelStatus !== 200) return habits.unknownCancelStatus;
    if (bet === undefined && habits.remembersUnknownCancel)
      books.bets.set(habits.betKeyOf(referer), { name, isTaken: false, isCancelled: true });
    if (bet !== undefined) bet.isCancelled = true;
  }
  const early = books.balances.get(name) ?? 0;
  const pause = habits.think(packet);
  if (pause !== null) await pause;
  const before = habits.readsBefore ? early : (books.balances.get(name) ?? 0);
  const after = habits.add(before, delta, packet);
  const isShort = after < 0 && delta < 0 && habits.covered.includes(type);
  const status = isShort ? habits.shortStatus : 200;
  books.seen.set(habits.keyOf(id), status);
  const forgotten = habits.forgets(packet);
  if (forgotten !== null) {
    books.seen.delete(habits.keyOf(forgotten));
    books.bets.delete(habits.betKeyOf(forgotten));
  }
  if (isSpending(type)) books.bets.set(habits.betKeyOf(id), { name, isTaken: !isShort, isCancelled: false });
  if (!isShort) books.balances.set(name, after);
  return status;
}
