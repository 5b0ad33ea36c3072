/**
 * The XT API in memory: only the calls the operator makes, and faults on demand.
 * Pacing is off unless a test turns it on, so that tests need not wait.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface DoubleGame {
  readonly id: string | number;
  readonly vendor: string;
  readonly title: string;
  readonly type: string;
  readonly thumbnail?: string | null;
  readonly rank?: number | null;
  readonly langs?: Record<string, string> | null;
}

export interface DoubleRow {
  id: number;
  type: string;
  amount: number;
  before: number;
  status: 'success';
  details: unknown;
  processed_at: string;
  referer_id: number | null;
  created_at: string;
  user: { id: number; username: string };
  external: { id: string; detail: unknown } | null;
}

/** What to do with the next calls whose path ends so: `lost` does the work and drops the connection. */
export type Fault =
  | { path: string; kind: 'lost' }
  | { path: string; kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown };

interface User {
  readonly id: number;
  readonly username: string;
  balance: number;
}

interface RowEntry {
  readonly username: string;
  readonly type: string;
  readonly amount: number;
  readonly atMs: number;
  readonly game?: unknown;
  readonly external?: DoubleRow['external'];
}

type Params = Readonly<Record<string, unknown>>;

export interface XtDouble {
  readonly url: string;
  readonly apiKey: string;
  readonly users: Map<string, User>;
  /** uuid → the answer it got first. */
  readonly settled: Map<string, object>;
  readonly rows: DoubleRow[];
  readonly faults: Fault[];
  /** Path and parameters of every call, in order. */
  readonly calls: { path: string; params: Record<string, unknown> }[];
  pot: number;
  games: DoubleGame[];
  lobbies: DoubleGame[];
  vendors: Record<string, { name: string; enabled: number }>;
  /** Moves a user's balance and makes the row, at the given instant. */
  row(entry: RowEntry): DoubleRow;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

const fold = (name: string) => name.normalize('NFC').toLowerCase();
const stamp = (ms: number) => new Date(ms).toISOString().replace(/\.(\d{3})Z$/, '.$1000Z');
const invalid = (field: string): Answer => ({
  status: 422,
  body: { message: 'The given data was invalid.', errors: { [field]: ['정보가 올바르지 않습니다.'] } },
});

const bornMs = Date.now() - 60_000;

export async function xtDouble(): Promise<XtDouble> {
  const server = createServer((request, response) => void handle(double, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const double: XtDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: 'key-of-the-double',
    users: new Map(),
    rows: [],
    settled: new Map(),
    faults: [],
    calls: [],
    pot: 1_000_000_000,
    games: [],
    lobbies: [],
    vendors: {},
    row: (entry) => addRow(double, entry),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return double;
}

function addRow(double: XtDouble, entry: RowEntry): DoubleRow {
  const { username, type, amount, atMs, game, external } = entry;
  const user = double.users.get(fold(username)) ?? create(double, username);
  const at = stamp(atMs);
  const row: DoubleRow = {
    id: 3_000_000_001 + double.rows.length,
    type,
    amount,
    before: user.balance,
    status: 'success',
    details: game === undefined ? null : { game },
    processed_at: at,
    referer_id: null,
    created_at: at,
    user: { id: user.id, username: user.username },
    external: external ?? null,
  };
  user.balance += amount;
  double.rows.push(row);
  return row;
}

const userBody = (user: User) => ({
  ...user,
  nickname: user.username,
  country: 'KOR',
  currency_code: 'KRW',
  token: null,
  point: '0.00',
  config: null,
  banned_at: null,
  created_at: stamp(bornMs),
  updated_at: stamp(bornMs),
  last_access_at: null,
  agent_id: 7,
});

function create(double: XtDouble, username: string): User {
  const user = { id: 100 + double.users.size, username, balance: 0 };
  double.users.set(fold(username), user);
  return user;
}

function move(double: XtDouble, params: Params, sign: 1 | -1 | 0): Answer {
  const uuid = String(params.uuid);
  const first = double.settled.get(uuid);
  if (first !== undefined) return { status: 200, body: { ...first, cached: true } };
  const user = double.users.get(fold(String(params.username)));
  if (user === undefined) return invalid('username');
  const amount = sign === 0 ? -user.balance : sign * Number(params.amount);
  if (amount > double.pot) return { status: 403, body: { message: '에이전트의 잔고가 부족합니다.' } };
  if (user.balance + amount < 0) return { status: 403, body: { message: '유저의 잔고가 부족합니다.' } };
  double.pot -= amount;
  const type =
    sign === 1 ? 'agent.add_balance' : sign === 0 ? 'agent.subtract_balance_all' : 'agent.subtract_balance';
  const row = double.row({ username: user.username, type, amount, atMs: Date.now() });
  const body = {
    username: user.username,
    balance: user.balance,
    amount,
    transaction_id: row.id,
    cached: false,
  };
  double.settled.set(uuid, body);
  return { status: 200, body };
}

function transactions(double: XtDouble, params: Params): Answer {
  const toMs = (text: unknown) => Date.parse(`${String(text).replace(' ', 'T')}Z`);
  const [start, end] = [toMs(params.start), toMs(params.end)];
  const perPage = Number(params.perPage);
  const found = double.rows
    .filter((row) => Date.parse(row.processed_at) >= start && Date.parse(row.processed_at) < end)
    .toSorted((a, b) => a.processed_at.localeCompare(b.processed_at) || a.id - b.id);
  const from = (Number(params.page) - 1) * perPage;
  return { status: 200, body: { data: found.slice(from, from + perPage) } };
}

function launch(double: XtDouble, params: Params): Answer {
  const game = [...double.games, ...double.lobbies].find(
    (one) => String(one.id) === String(params.game_id) && one.vendor === params.vendor,
  );
  if (game === undefined) return invalid('game_id');
  const username = String(params.username);
  const known = double.users.get(fold(username));
  const user = userBody(known ?? create(double, username));
  const link = `${double.url}/stage?token=t-${user.id}&title=${encodeURIComponent(game.title)}`;
  return { status: 200, body: { link, userCreated: known === undefined, user } };
}

function route(double: XtDouble, path: string, params: Params): Answer {
  const user = double.users.get(fold(String(params.username ?? '')));
  switch (path) {
    case '/my-info': {
      const body = { id: 7, type: 'agent', username: 'agent7', nickname: '달빛', callback_url: null };
      return { status: 200, body: { ...body, balance: double.pot, created_at: stamp(bornMs) } };
    }
    case '/user/create':
      return user
        ? invalid('username')
        : { status: 200, body: userBody(create(double, String(params.username))) };
    case '/user':
      return user ? { status: 200, body: userBody(user) } : invalid('username');
    case '/user-list':
      return { status: 200, body: [...double.users.values()].map(userBody) };
    case '/vendor-list':
      return { status: 200, body: double.vendors };
    case '/game-list':
      return {
        status: 200,
        body: double.games.map((game) => ({ ...game, provider: game.vendor, thumbnails: {} })),
      };
    case '/lobby-list':
      return {
        status: 200,
        body: double.lobbies.map((game) => ({ ...game, provider: game.vendor, thumbnails: {} })),
      };
    case '/game-launch-link':
      return launch(double, params);
    case '/user/add-balance':
      return move(double, params, 1);
    case '/user/sub-balance':
      return move(double, params, -1);
    case '/user/sub-balance-all':
      return move(double, params, 0);
    case '/transactions':
      return transactions(double, params);
    default:
      return { status: 404, body: { message: 'Not Found' } };
  }
}

async function handle(double: XtDouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://double');
  let text = '';
  for await (const chunk of request) text += chunk;
  if (!url.pathname.startsWith('/api/')) return serveExtra(url, response);
  const path = url.pathname.slice('/api'.length);
  const params = { ...Object.fromEntries(url.searchParams), ...(text ? JSON.parse(text) : {}) };
  double.calls.push({ path, params });
  if (request.headers.authorization !== `Bearer ${double.apiKey}`) {
    return send(response, { status: 401, body: { message: 'Unauthenticated.' } });
  }
  const at = double.faults.findIndex((fault) => path.endsWith(fault.path));
  const fault = at < 0 ? undefined : double.faults.splice(at, 1)[0];
  if (fault?.kind === 'status') {
    return send(response, {
      status: fault.status,
      body: fault.body ?? { message: 'fault' },
      headers: fault.headers ?? {},
    });
  }
  const answer = route(double, path, params);
  if (fault?.kind === 'lost') response.destroy();
  else send(response, answer);
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(JSON.stringify(answer.body));
}

/** Pictures and a page to play on, so that the double can be looked at too. */
function serveExtra(url: URL, response: ServerResponse): void {
  if (url.pathname.startsWith('/thumb/')) {
    const hue = Number(url.pathname.split('/')[2]) * 47;
    response.writeHead(200, { 'content-type': 'image/svg+xml' });
    response.end(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300"><defs><radialGradient id="g" cy=".3"><stop offset="0" stop-color="hsl(${hue} 80% 62%)"/><stop offset="1" stop-color="hsl(${hue + 50} 70% 18%)"/></radialGradient></defs><rect width="300" height="300" fill="url(#g)"/><g fill="none" stroke="hsl(${hue + 180} 90% 75%)" stroke-width="10"><circle cx="150" cy="140" r="${50 + (hue % 40)}"/><path d="M150 60l24 54 58 6-44 38 13 58-51-30-51 30 13-58-44-38 58-6z" fill="hsl(${hue + 150} 90% 70%)"/></g></svg>`,
    );
    return;
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    '<!doctype html><title>stage</title><body style="background:#12324a;color:#fff;font:24px sans-serif">STAGE',
  );
}
