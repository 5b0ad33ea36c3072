/**
 * A double of the player API, for the page alone: it obeys player-wire.ts, its clock stands where the scene wants it,
 * and a test tells it what to do wrong. It serves the real page beside it.
 */
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { playerPage } from '../../src/kbook/player-page.ts';
import type {
  BetHint,
  BetView,
  LiveMessage,
  OwnLimitsView,
  PasswordHint,
  PlayerView,
  SessionView,
  StateView,
  Tokens,
} from '../../src/kbook/player-wire.ts';
import { type Order, openTill, type Till } from './fake-till.ts';
import { FIRST_PLAYER, firstSessions, oldBets, START, weatherAt } from './scene.ts';

/** What happens to the next bet; `lost_*`: on its way here, or its answer on the way back. */
export type Fate =
  | 'active'
  | 'temp'
  | 'check'
  | 'lost_question'
  | 'lost_answer'
  | { readonly code: string; readonly hint?: BetHint };

export interface FakeBook {
  readonly url: string;
  readonly till: Till;
  readonly sessions: Map<number, SessionView>;
  /** Every bet that was asked for. */
  readonly asked: Order[];
  /** Fates of the next bets, first first; afterwards they become ACTIVE. */
  readonly fates: Fate[];
  readonly counts: { refreshes: number; states: number; logouts: number };
  /** What lines were joined with. */
  readonly joined: number[];
  player: PlayerView;
  /** Answers of /login instead of tokens, first first. */
  readonly doors: { readonly code: string; readonly data?: PasswordHint }[];
  /** How long an access token lasts. */
  accessMs: number;
  refreshCode: string;
  since: number;
  now(): number;
  /** A link of the page. */
  link(query?: Readonly<Record<string, string>>): string;
  change(id: number, change: Partial<SessionView>): void;
  move(id: number, odds: { readonly rain: number; readonly noRain: number }): void;
  tell(message: LiveMessage): void;
  tellBet(bet: BetView): void;
  /** Takes the live lines away until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

interface Works {
  readonly lines: Set<WebSocket>;
  whole: boolean;
  revision: number;
  readonly close: () => Promise<void>;
}

export async function startFakeBook(): Promise<FakeBook> {
  const app = Fastify({ forceCloseConnections: true });
  const works: Works = { lines: new Set(), whole: true, revision: 30_000, close: () => app.close() };
  const book = createBook(works);
  await app.register(websocket);
  await app.register(playerPage, { prefix: '/player' });
  await app.register(
    async (api) => {
      doors(api, book);
      reads(api, book);
      acts(api, book);
      api.get('/live', { websocket: true }, (socket) => enter(socket, book, works));
    },
    { prefix: '/player/api' },
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return Object.assign(book, { url });
}

function createBook(works: Works): FakeBook {
  const { lines } = works;
  const skew = START - Date.now();
  const now = () => Date.now() + skew;
  const book: FakeBook = {
    url: '',
    till: openTill({ credit: 1_000, bets: oldBets() }),
    sessions: new Map(firstSessions().map((session) => [session.id, session])),
    asked: [],
    fates: [],
    counts: { refreshes: 0, states: 0, logouts: 0 },
    joined: [],
    player: FIRST_PLAYER,
    doors: [],
    accessMs: 15 * 60_000,
    refreshCode: '1',
    since: START - 12 * 60_000,
    now,
    link: (query = {}) => `${book.url}/player/index.html?${new URLSearchParams({ token: 'link', ...query })}`,
    change(id, change) {
      works.revision += 1;
      const session = { ...book.sessions.get(id)!, ...change, revision: works.revision };
      book.sessions.set(id, session);
      book.tell({ type: 'session', serverTime: now(), session });
    },
    move: (id, odds) => book.change(id, { odds: { quote: works.revision, until: now() + DAY_MS, ...odds } }),
    tell(message) {
      for (const line of lines) line.send(JSON.stringify(message));
    },
    tellBet(bet) {
      book.tell({ type: 'bet', bet });
      book.tell({ type: 'money', balance: book.till.balance(), positions: book.till.positions() });
    },
    cut() {
      works.whole = false;
      for (const line of lines) line.terminate();
    },
    mend() {
      works.whole = true;
    },
    close: works.close,
  };
  return book;
}

/** A page joins the line: hello, then the sessions that changed since. */
function enter(socket: WebSocket, book: FakeBook, { lines, whole, revision }: Works): void {
  if (!whole) {
    socket.terminate();
    return;
  }
  socket.on('close', () => lines.delete(socket));
  socket.once('message', (text: Buffer) => {
    const { since } = JSON.parse(text.toString()) as { since: number };
    book.joined.push(since);
    lines.add(socket);
    const send = (message: LiveMessage) => socket.send(JSON.stringify(message));
    send({ type: 'hello', serverTime: book.now(), revision });
    for (const session of book.sessions.values())
      if (session.revision > since) send({ type: 'session', serverTime: book.now(), session });
  });
}

const ok = (data?: unknown) => ({ code: '1', message: 'SUCCESS', ...(data === undefined ? {} : { data }) });
const fail = (code: string, data?: unknown) => ({ code, message: 'REFUSED', data });

let lastToken = 0;

function doors(api: FastifyInstance, book: FakeBook): void {
  const expiries = new Map<string, number>();
  const tokens = (): Tokens => {
    lastToken += 1;
    const access = `access-${lastToken}`;
    expiries.set(access, book.now() + book.accessMs);
    const accessExpiresAt = book.now() + book.accessMs;
    return { access, refresh: `refresh-${lastToken}`, accessExpiresAt, serverTime: book.now() };
  };
  api.post<{ Body: { token: string; password?: string } }>('/login', async () => {
    const door = book.doors.shift();
    return door === undefined ? ok(tokens()) : fail(door.code, door.data);
  });
  api.post('/refresh', async () => {
    book.counts.refreshes += 1;
    return book.refreshCode === '1' ? ok(tokens()) : fail(book.refreshCode);
  });
  api.addHook('preHandler', async (request: FastifyRequest, reply) => {
    if (/\/(login|refresh|live)$/.test(request.url)) return;
    const access = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if ((expiries.get(access) ?? 0) <= book.now()) return reply.send(fail('2001'));
  });
  api.post('/logout', async () => {
    book.counts.logouts += 1;
    return ok();
  });
}

function reads(api: FastifyInstance, book: FakeBook): void {
  const { till } = book;
  const isOpen = ({ status }: BetView) => status === 'TEMP' || status === 'CHECK' || status === 'ACTIVE';
  api.get('/state', async () => {
    book.counts.states += 1;
    const state: StateView = {
      serverTime: book.now(),
      revision: Math.max(...[...book.sessions.values()].map((session) => session.revision)),
      player: book.player,
      balance: till.balance(),
      sessions: [...book.sessions.values()],
      positions: till.positions(),
      openBets: till.bets.filter(isOpen),
      visit: { since: book.since, net: till.balance().balance - 1_000 },
    };
    return ok(state);
  });
  api.get<{ Querystring: { state: string; before?: string; limit: string } }>('/bets', async ({ query }) => {
    const wanted = till.bets.filter((bet) => isOpen(bet) === (query.state === 'open'));
    const from = query.before === undefined ? wanted : wanted.filter(({ id }) => id < Number(query.before));
    const rows = from.slice(0, Number(query.limit));
    return ok({ rows, next: from.length > rows.length ? String(rows.at(-1)?.id) : null });
  });
  api.get('/transfers', async () => {
    const rows = [
      {
        tsCode: 'w-2026-11-20-0007',
        amount: -400,
        profitLoss: 63.7,
        creditBefore: 1336.3,
        creditAfter: 1000,
      },
      { tsCode: 'd-2026-11-19-0003', amount: 1336.3, profitLoss: 0, creditBefore: 0, creditAfter: 1336.3 },
    ];
    return ok({ rows: rows.map((row, at) => ({ ...row, at: START - (at + 1) * DAY_MS })), next: null });
  });
  api.get('/weather', async () => ok(weatherAt(book.now())));
}

const EXCLUSION_MS: Readonly<Record<string, number>> = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
};

function acts(api: FastifyInstance, book: FakeBook): void {
  const change = (to: Partial<PlayerView>) => {
    book.player = { ...book.player, ...to };
    return ok(book.player);
  };
  api.post<{ Body: Order }>('/bets', async ({ body }, reply) => {
    book.asked.push(body);
    const fate = book.fates.shift() ?? 'active';
    if (fate === 'lost_question') return reply.raw.destroy();
    const answer = placed(book, body, fate);
    if (fate === 'lost_answer') return reply.raw.destroy();
    return answer;
  });
  api.post<{ Body: OwnLimitsView }>('/limits', async ({ body }) => {
    const { own } = book.player;
    const looser = (was: number | null, is: number | null) => was !== null && (is === null || is > was);
    const later = looser(own.maxBet, body.maxBet) || looser(own.dayStake, body.dayStake);
    return change(later ? { nextOwn: body, nextOwnAt: book.now() + DAY_MS } : { own: body, nextOwn: null });
  });
  api.post<{ Body: { for: string } }>('/exclude', async ({ body }) => {
    const ms = EXCLUSION_MS[body.for];
    return change({ excludedUntil: ms === undefined ? 'forever' : book.now() + ms });
  });
  api.post<{ Body: { current: string | null; next: string | null } }>('/password', async ({ body }) =>
    book.player.hasPassword && body.current !== 'umbrella'
      ? fail('2004', { detail: 'wrong', triesLeft: 4 })
      : change({ hasPassword: body.next !== null }),
  );
  api.post<{ Body: { language: string } }>('/language', async ({ body }) => change(body));
}

function placed(book: FakeBook, order: Order, fate: Fate): unknown {
  const { till } = book;
  const session = book.sessions.get(order.sessionId)!;
  const known = till.known(order);
  if (known === null) return fail('1001', { detail: 'key_reused' });
  if (known !== undefined) return ok(told(book, known));
  if (typeof fate === 'object') return fail(fate.code, fate.hint);
  const offered = order.type === 'RAIN' ? session.odds?.rain : session.odds?.noRain;
  if (offered !== order.odds) return fail('4003', { detail: 'odds_moved', odds: session.odds });
  const { bet } = till.place(order, session, book.now());
  const status = fate === 'check' ? 'CHECK' : fate === 'temp' ? 'TEMP' : 'ACTIVE';
  const placedBet = status === 'TEMP' ? bet : till.change(bet.id, { status });
  if (fate !== 'lost_answer') book.tellBet(placedBet);
  return ok(told(book, placedBet));
}

function told({ till }: FakeBook, bet: BetView) {
  return { bet, balance: till.balance(), position: till.position(bet.sessionId) };
}
