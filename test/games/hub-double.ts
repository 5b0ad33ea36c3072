/**
 * A small studio API for the studio's own tests, in memory: signatures, sessions, money with one answer per id,
 * rounds and cancels as the contract says. It can be told to fail like a real network does.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Item = {
  id: string;
  type: string;
  session?: string;
  player?: string;
  game: { id: string };
  round: string;
  amount?: string;
  reference?: string;
  closesRound?: boolean;
};

export type Result = {
  id: string;
  status: 'accepted' | 'refused';
  code?: string;
  transactionId: string | null;
  balance: string;
};

export type Player = { id: string; balance: bigint; currency: string; blocked: boolean };

type RoundState = { player: string; game: string; open: Set<string>; won: boolean; closed: boolean };

/**
 * What happens to the next `/transactions` calls: `drop` loses the request, `deaf` works and loses the answer,
 * `retry` answers 503 without working, `unreadable` answers 400. When there is none all is well.
 */
export type Trouble = 'drop' | 'deaf' | 'retry' | 'unreadable';

export type HubDouble = {
  url: string;
  key: string;
  secret: string;
  players: Map<string, Player>;
  /** Accepted rows in order. */
  rows: { item: Item; amount: bigint }[];
  rounds: Map<string, RoundState>;
  details: Map<string, unknown>;
  games: Map<string, Record<string, unknown>>;
  unsigned: number;
  /** Makes a launch token for a game. */
  launch(
    game: string,
    options?: {
      player?: Player;
      balance?: bigint;
      currency?: string;
      limits?: Record<string, string | null>;
    },
  ): {
    token: string;
    player: Player;
  };
  endSession(player: Player): void;
  trouble: Trouble[];
  /** Called when money items arrive: before they are decided, and after, before the answer goes out. */
  onMoney: ((items: readonly Item[], when: 'before' | 'after') => void) | null;
  /** Resolves when a row that fits is accepted, or was before. */
  row(fits: (item: Item) => boolean): Promise<Item>;
  close(): Promise<void>;
};

type Session = {
  id: string;
  player: Player;
  game: string;
  currency: string;
  limits: Record<string, string | null>;
  ended: boolean;
};

/** The double with what only it knows. */
type Inside = Omit<HubDouble, 'url' | 'close'> & {
  tokens: Map<string, Session>;
  sessions: Map<string, Session>;
  stored: Map<string, { content: string; result: Result }>;
  tombstones: Set<string>;
  nonces: Set<string>;
  waiting: { fits: (item: Item) => boolean; resolve: (item: Item) => void }[];
};

function launch(hub: Inside, game: string, options: Parameters<HubDouble['launch']>[1] = {}) {
  const id = options.player?.id ?? `p${hub.players.size + 1}`;
  const currency = options.currency ?? 'KRW';
  const player: Player = options.player ?? {
    id,
    balance: options.balance ?? 1_000_000n,
    currency,
    blocked: false,
  };
  hub.players.set(player.id, player);
  const token = randomUUID();
  const limits = { betMin: null, betMax: null, winMax: null, ...options.limits };
  hub.tokens.set(token, { id: randomUUID(), player, game, currency, limits, ended: false });
  return { token, player };
}

function newInside(): Inside {
  const hub: Inside = {
    key: 'studio',
    secret: 'a secret of the tests',
    players: new Map(),
    rows: [],
    rounds: new Map(),
    details: new Map(),
    games: new Map(),
    unsigned: 0,
    trouble: [],
    onMoney: null,
    tokens: new Map(),
    sessions: new Map(),
    stored: new Map(),
    tombstones: new Set(),
    nonces: new Set(),
    waiting: [],
    row(fits) {
      const known = hub.rows.find((row) => fits(row.item));
      if (known !== undefined) return Promise.resolve(known.item);
      return new Promise((resolve) => hub.waiting.push({ fits, resolve }));
    },
    launch: (game, options) => launch(hub, game, options),
    endSession(player) {
      for (const session of hub.sessions.values()) if (session.player === player) session.ended = true;
    },
  };
  return hub;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function signed(hub: Inside, request: IncomingMessage, body: string): boolean {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const expected = createHmac('sha256', hub.secret)
    .update(`${request.method}\n${request.url}\n${header('x-timestamp')}\n${header('x-nonce')}\n`)
    .update(body)
    .digest();
  const given = Buffer.from(header('x-signature'), 'hex');
  const fresh =
    Math.abs(Date.now() - Number(header('x-timestamp'))) < 60_000 && !hub.nonces.has(header('x-nonce'));
  hub.nonces.add(header('x-nonce'));
  return (
    fresh &&
    header('x-studio-key') === hub.key &&
    given.length === expected.length &&
    timingSafeEqual(given, expected)
  );
}

type Decision = { code: string } | { amount: bigint };

function decideBet(hub: Inside, item: Item, player: Player): Decision {
  const amount = BigInt(item.amount ?? '0');
  const session = hub.sessions.get(item.session ?? '');
  const before = hub.rounds.get(item.round);
  if (session === undefined || session.ended) return { code: 'session_ended' };
  if (player.blocked) return { code: 'player_blocked' };
  if (amount <= 0n) return { code: 'invalid_amount' };
  if (before?.closed) return { code: 'round_ended' };
  if (hub.tombstones.has(item.id)) return { code: 'cancelled_before' };
  const max = session.limits.betMax;
  if (max !== null && max !== undefined && amount > BigInt(max)) return { code: 'limit_exceeded' };
  if (player.balance < amount) return { code: 'insufficient_funds' };
  const fresh = { player: player.id, game: item.game.id, open: new Set<string>(), won: false, closed: false };
  const round = before ?? fresh;
  round.open.add(item.id);
  hub.rounds.set(item.round, round);
  return { amount: -amount };
}

function decideWin(hub: Inside, item: Item): Decision {
  const round = hub.rounds.get(item.round);
  if (round === undefined || round.closed) return { code: 'unknown_round' };
  if (round.open.size === 0 && !round.won) return { code: 'unknown_round' };
  round.open.clear();
  round.won = true;
  round.closed = item.closesRound === true;
  return { amount: BigInt(item.amount ?? '0') };
}

/** A cancel of one bet, or, where none is named, of all that is open in the round. */
function decideCancel(hub: Inside, item: Item): Decision {
  const { reference } = item;
  const round = hub.rounds.get(item.round);
  const known = (id: string) => hub.rows.find((row) => row.item.id === id);
  if (reference !== undefined && known(reference) === undefined) {
    hub.tombstones.add(reference);
    return { amount: 0n };
  }
  const ids = reference === undefined ? [...(round?.open ?? [])] : [reference];
  if (round === undefined || ids.length === 0 || !ids.every((id) => round.open.has(id))) {
    return { code: 'already_settled' };
  }
  for (const id of ids) round.open.delete(id);
  return { amount: ids.reduce((sum, id) => sum - known(id)!.amount, 0n) };
}

function decide(hub: Inside, item: Item, player: Player): Decision {
  if (item.type === 'bet') return decideBet(hub, item, player);
  if (item.type === 'adjust_credit') return { amount: BigInt(item.amount ?? '0') };
  return item.type === 'win' ? decideWin(hub, item) : decideCancel(hub, item);
}

function apply(hub: Inside, item: Item): Result & { replayed: boolean } {
  const content = JSON.stringify(item);
  const before = hub.stored.get(item.id);
  const player = hub.sessions.get(item.session ?? '')?.player ?? hub.players.get(item.player ?? '');
  const refuse = (code: string): Result => {
    const balance = String(player?.balance ?? 0n);
    return { id: item.id, status: 'refused', code, transactionId: null, balance };
  };
  if (before !== undefined) {
    if (before.content === content) return { ...before.result, replayed: true };
    return { ...refuse('id_reused'), replayed: false };
  }
  const decision = player === undefined ? { code: 'unknown_player' } : decide(hub, item, player);
  if (player === undefined || 'code' in decision) {
    const result = refuse('code' in decision ? decision.code : 'unknown_player');
    hub.stored.set(item.id, { content, result });
    return { ...result, replayed: false };
  }
  player.balance += decision.amount;
  hub.rows.push({ item, amount: decision.amount });
  const result: Result = {
    id: item.id,
    status: 'accepted',
    transactionId: String(hub.rows.length),
    balance: String(player.balance),
  };
  hub.stored.set(item.id, { content, result });
  for (const each of hub.waiting) if (each.fits(item)) each.resolve(item);
  hub.waiting = hub.waiting.filter((each) => !each.fits(item));
  return { ...result, replayed: false };
}

function open(hub: Inside, response: ServerResponse, token: string): void {
  const session = hub.tokens.get(token);
  hub.tokens.delete(token);
  if (session === undefined) {
    send(response, 401, { code: 'token_invalid', message: 'no' });
    return;
  }
  hub.sessions.set(session.id, session);
  send(response, 200, {
    session: session.id,
    player: session.player.id,
    nickname: 'Tester',
    currency: session.currency,
    country: 'KOR',
    language: 'ko',
    balance: String(session.player.balance),
    game: { id: session.game, type: 'slot', title: 'x', vendor: 'x' },
    limits: session.limits,
    skin: null,
  });
}

type Call = { request: IncomingMessage; response: ServerResponse; body: string };

function transactions(hub: Inside, { request, response, body }: Call): void {
  const items: Item[] = JSON.parse(body).transactions;
  const trouble = hub.trouble.shift();
  if (trouble === 'retry') {
    send(response, 503, { code: 'retry', message: 'again' });
    return;
  }
  hub.onMoney?.(items, 'before');
  if (trouble === 'unreadable') send(response, 400, { code: 'invalid_request', message: 'no' });
  if (trouble === 'drop') request.socket.destroy();
  if (trouble === 'unreadable' || trouble === 'drop') return;
  const results = items.map((item) => apply(hub, item));
  hub.onMoney?.(items, 'after');
  if (trouble === 'deaf') request.socket.destroy();
  else send(response, 200, { results });
}

function closeRound(hub: Inside, response: ServerResponse, ref: string): void {
  const round = hub.rounds.get(ref);
  if (round !== undefined) {
    round.closed = true;
    round.open.clear();
  }
  send(response, 200, {});
}

function reportOpen(hub: Inside, response: ServerResponse): void {
  const rounds = [...hub.rounds].filter(([, round]) => round.open.size > 0);
  send(response, 200, {
    rounds: rounds.map(([round, { game, player }]) => ({ round, game, player })),
  });
}

function showStored(hub: Inside, response: ServerResponse, id: string): void {
  const known = hub.stored.get(id);
  if (known === undefined) send(response, 404, { code: 'unknown_transaction', message: 'no' });
  else send(response, 200, { ...known.result, replayed: true });
}

type Route = [RegExp, (hub: Inside, call: Call, id: string) => void];

const ROUTES: readonly Route[] = [
  [/^POST \/sessions\/open$/, (hub, { response, body }) => open(hub, response, JSON.parse(body).token)],
  [/^POST \/sessions\/close$/, (_, { response }) => send(response, 200, {})],
  [
    /^GET \/players\/([^/]+)\/balance$/,
    (hub, { response }, id) => {
      const { balance = 0n, currency = 'KRW' } = hub.players.get(id) ?? {};
      send(response, 200, { balance: String(balance), currency });
    },
  ],
  [/^POST \/transactions$/, transactions],
  [/^GET \/transactions\/([^/]+)$/, (hub, { response }, id) => showStored(hub, response, id)],
  [
    /^PUT \/transactions\/([^/]+)\/detail$/,
    (hub, { response, body }, id) => {
      hub.details.set(id, JSON.parse(body));
      send(response, 200, {});
    },
  ],
  [/^POST \/rounds\/close$/, (hub, { response, body }) => closeRound(hub, response, JSON.parse(body).round)],
  [/^GET \/rounds\?state=open/, (hub, { response }) => reportOpen(hub, response)],
  [
    /^PUT \/games$/,
    (hub, { response, body }) => {
      for (const game of JSON.parse(body).games) hub.games.set(game.id, game);
      send(response, 200, { created: hub.games.size });
    },
  ],
];

function handle(hub: Inside, call: Call): void {
  if (!signed(hub, call.request, call.body)) {
    hub.unsigned += 1;
    send(call.response, 401, { code: 'unauthenticated', message: 'no' });
    return;
  }
  const line = `${call.request.method} ${String(call.request.url).replace('/studio/v1', '')}`;
  const found = ROUTES.find(([pattern]) => pattern.test(line));
  if (found === undefined) send(call.response, 404, { code: 'not_found', message: line });
  else found[1](hub, call, decodeURIComponent(found[0].exec(line)?.[1] ?? ''));
}

/** Starts the double on a free port of loopback. */
export async function startHubDouble(): Promise<HubDouble> {
  const hub = newInside();
  const server = createServer((request, response) => {
    void readBody(request).then((body) => handle(hub, { request, response, body }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(hub, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}
