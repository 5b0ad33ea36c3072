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
  amount: string;
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

export type Player = { id: string; balance: bigint; blocked: boolean };

export type HubDouble = {
  url: string;
  key: string;
  secret: string;
  players: Map<string, Player>;
  /** Accepted rows in order. */
  rows: { item: Item; amount: bigint }[];
  rounds: Map<string, { open: Set<string>; won: boolean; closed: boolean }>;
  details: Map<string, unknown>;
  games: Map<string, Record<string, unknown>>;
  unsigned: number;
  /** Makes a launch token for a game. */
  launch(
    game: string,
    options?: { balance?: bigint; currency?: string; limits?: Record<string, string | null> },
  ): {
    token: string;
    player: Player;
  };
  endSession(player: Player): void;
  /**
   * What happens to the next `/transactions` calls: `drop` loses the request, `deaf` works and loses the answer,
   * `retry` answers 503 without working. When the list is empty all is well.
   */
  trouble: ('drop' | 'deaf' | 'retry')[];
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

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Starts the double on a free port of loopback. */
export async function startHubDouble(): Promise<HubDouble> {
  const key = 'studio';
  const secret = 'a secret of the tests';
  const tokens = new Map<string, Session>();
  const sessions = new Map<string, Session>();
  const stored = new Map<string, { content: string; result: Result }>();
  const tombstones = new Set<string>();
  const nonces = new Set<string>();
  let waiting: { fits: (item: Item) => boolean; resolve: (item: Item) => void }[] = [];
  const hub: Omit<HubDouble, 'url' | 'close'> = {
    key,
    secret,
    players: new Map(),
    rows: [],
    rounds: new Map(),
    details: new Map(),
    games: new Map(),
    unsigned: 0,
    trouble: [],
    onMoney: null,
    row(fits) {
      const known = hub.rows.find((row) => fits(row.item));
      if (known !== undefined) return Promise.resolve(known.item);
      return new Promise((resolve) => {
        waiting.push({ fits, resolve });
      });
    },
    launch(game, options = {}) {
      const player: Player = {
        id: `p${hub.players.size + 1}`,
        balance: options.balance ?? 1_000_000n,
        blocked: false,
      };
      hub.players.set(player.id, player);
      const token = randomUUID();
      const limits = { betMin: null, betMax: null, winMax: null, ...options.limits };
      const currency = options.currency ?? 'KRW';
      tokens.set(token, { id: randomUUID(), player, game, currency, limits, ended: false });
      return { token, player };
    },
    endSession(player) {
      for (const session of sessions.values()) if (session.player === player) session.ended = true;
    },
  };

  function signed(request: IncomingMessage, body: string): boolean {
    const header = (name: string): string => String(request.headers[name] ?? '');
    const expected = createHmac('sha256', secret)
      .update(`${request.method}\n${request.url}\n${header('x-timestamp')}\n${header('x-nonce')}\n`)
      .update(body)
      .digest();
    const given = Buffer.from(header('x-signature'), 'hex');
    const fresh =
      Math.abs(Date.now() - Number(header('x-timestamp'))) < 60_000 && !nonces.has(header('x-nonce'));
    nonces.add(header('x-nonce'));
    return (
      fresh &&
      header('x-studio-key') === key &&
      given.length === expected.length &&
      timingSafeEqual(given, expected)
    );
  }

  function decide(item: Item, player: Player): { code?: string; amount?: bigint } {
    const amount = BigInt(item.amount);
    const round = hub.rounds.get(item.round) ?? { open: new Set<string>(), won: false, closed: false };
    if (item.type === 'bet') {
      const session = sessions.get(item.session ?? '');
      if (session === undefined || session.ended) return { code: 'session_ended' };
      if (player.blocked) return { code: 'player_blocked' };
      if (amount <= 0n) return { code: 'invalid_amount' };
      if (round.closed) return { code: 'round_ended' };
      if (tombstones.has(item.id)) return { code: 'cancelled_before' };
      const max = session.limits.betMax;
      if (max !== null && max !== undefined && amount > BigInt(max)) return { code: 'limit_exceeded' };
      if (player.balance < amount) return { code: 'insufficient_funds' };
      round.open.add(item.id);
      hub.rounds.set(item.round, round);
      return { amount: -amount };
    }
    if (item.type === 'win') {
      if (round.closed || (round.open.size === 0 && !round.won)) return { code: 'unknown_round' };
      round.open.clear();
      round.won = true;
      round.closed = item.closesRound === true;
      return { amount };
    }
    const reference = item.reference ?? '';
    const bet = hub.rows.find((row) => row.item.id === reference);
    if (bet === undefined) {
      tombstones.add(reference);
      return { amount: 0n };
    }
    if (!round.open.has(reference)) return { code: 'already_settled' };
    round.open.delete(reference);
    return { amount: -bet.amount };
  }

  function apply(item: Item): Result & { replayed: boolean } {
    const content = JSON.stringify(item);
    const before = stored.get(item.id);
    const player = sessions.get(item.session ?? '')?.player ?? hub.players.get(item.player ?? '');
    if (before !== undefined) {
      if (before.content === content) return { ...before.result, replayed: true };
      const balance = String(player?.balance ?? 0n);
      return {
        id: item.id,
        status: 'refused',
        code: 'id_reused',
        transactionId: null,
        balance,
        replayed: false,
      };
    }
    const { code, amount } = player === undefined ? { code: 'unknown_player' } : decide(item, player);
    if (player !== undefined && amount !== undefined) {
      player.balance += amount;
      hub.rows.push({ item, amount });
      for (const each of waiting) if (each.fits(item)) each.resolve(item);
      waiting = waiting.filter((each) => !each.fits(item));
    }
    const result: Result = {
      id: item.id,
      status: code === undefined ? 'accepted' : 'refused',
      ...(code === undefined ? {} : { code }),
      transactionId: code === undefined ? String(hub.rows.length) : null,
      balance: String(player?.balance ?? 0n),
    };
    stored.set(item.id, { content, result });
    return { ...result, replayed: false };
  }

  function open(response: ServerResponse, token: string): void {
    const session = tokens.get(token);
    tokens.delete(token);
    if (session === undefined) {
      send(response, 401, { code: 'token_invalid', message: 'no' });
      return;
    }
    sessions.set(session.id, session);
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

  function transactions(request: IncomingMessage, response: ServerResponse, items: Item[]): void {
    const trouble = hub.trouble.shift();
    if (trouble === 'drop') hub.onMoney?.(items, 'before');
    if (trouble === 'retry') {
      send(response, 503, { code: 'retry', message: 'again' });
      return;
    }
    if (trouble === 'drop') {
      request.socket.destroy();
      return;
    }
    hub.onMoney?.(items, 'before');
    const results = items.map(apply);
    hub.onMoney?.(items, 'after');
    if (trouble === 'deaf') request.socket.destroy();
    else send(response, 200, { results });
  }

  const routes: [
    RegExp,
    (match: string[], request: IncomingMessage, response: ServerResponse, body: string) => void,
  ][] = [
    [/^POST \/sessions\/open$/, (_, __, response, body) => open(response, JSON.parse(body).token)],
    [/^POST \/sessions\/close$/, (_, __, response) => send(response, 200, {})],
    [
      /^GET \/players\/([^/]+)\/balance$/,
      ([, id], _, response) =>
        send(response, 200, { balance: String(hub.players.get(id!)?.balance ?? 0n), currency: 'KRW' }),
    ],
    [
      /^POST \/transactions$/,
      (_, request, response, body) => transactions(request, response, JSON.parse(body).transactions),
    ],
    [
      /^GET \/transactions\/([^/]+)$/,
      ([, id], _, response) => {
        const known = stored.get(decodeURIComponent(id!));
        if (known === undefined) send(response, 404, { code: 'unknown_transaction', message: 'no' });
        else send(response, 200, { ...known.result, replayed: true });
      },
    ],
    [
      /^PUT \/transactions\/([^/]+)\/detail$/,
      ([, id], _, response, body) => {
        hub.details.set(id!, JSON.parse(body));
        send(response, 200, {});
      },
    ],
    [
      /^POST \/rounds\/close$/,
      (_, __, response, body) => {
        const round = hub.rounds.get(JSON.parse(body).round);
        if (round !== undefined) {
          round.closed = true;
          round.open.clear();
        }
        send(response, 200, {});
      },
    ],
    [
      /^PUT \/games$/,
      (_, __, response, body) => {
        for (const game of JSON.parse(body).games) hub.games.set(game.id, game);
        send(response, 200, { created: hub.games.size });
      },
    ],
  ];

  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      if (!signed(request, body)) {
        hub.unsigned += 1;
        return send(response, 401, { code: 'unauthenticated', message: 'no' });
      }
      const line = `${request.method} ${String(request.url).replace('/studio/v1', '')}`;
      for (const [pattern, handle] of routes) {
        const match = pattern.exec(line);
        if (match !== null) return handle([...match], request, response, body);
      }
      send(response, 404, { code: 'not_found', message: line });
    });
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
