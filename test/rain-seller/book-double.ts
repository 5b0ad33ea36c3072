/**
 * A small rain book for the seller's own tests, in memory: players, transfers with one answer per code, bets whose
 * worst case is exposure, settlements and corrections. It says what contract kbook says.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type BookBet = {
  id: number;
  userId: string;
  stake: bigint;
  win: bigint;
  result: 'open' | bigint;
  at: number;
};
export type BookPlayer = { userId: string; credit: bigint; profitLoss: bigint; tokens: Set<string> };
type Kept = { content: string; answer: Answer };
type Answer = { code: string; message: string; data?: unknown };

export type BookDouble = {
  url: string;
  certCode: string;
  players: Map<string, BookPlayer>;
  transfers: Map<string, Kept>;
  /** Refuses everything with this code; null = does not. */
  refuses: string | null;
  /** A bet for what the player has, or part of it; null when it is not covered. */
  bet(userId: string, stake: bigint, win: bigint): BookBet | null;
  /** `net` as settled; again: a correction. */
  settle(bet: BookBet, net: bigint): void;
  balanceOf(userId: string): bigint;
  exposureOf(userId: string): bigint;
  close(): Promise<void>;
};

type Inside = Omit<BookDouble, 'url' | 'close'> & { bets: BookBet[]; clock: number };
type Request = Record<string, unknown> & { userId?: string; tsCode?: string };

const ok = (data?: unknown): Answer => ({ code: '1', message: 'SUCCESS', data });
const no = (code: string): Answer => ({ code, message: 'NO' });
const units = (minor: bigint) => Number(minor) / 100;
const minor = (value: unknown) => BigInt(Math.round(Number(value) * 100));
const max = (a: bigint, b: bigint) => (a > b ? a : b);

function newInside(): Inside {
  const book: Inside = {
    certCode: 'certificate of the tests',
    players: new Map(),
    transfers: new Map(),
    refuses: null,
    bets: [],
    clock: Date.now(),
    bet(userId, stake, win) {
      if (stake > free(book, userId)) return null;
      const bet: BookBet = { id: book.bets.length + 1, userId, stake, win, result: 'open', at: tick(book) };
      book.bets.push(bet);
      return bet;
    },
    settle(bet, net) {
      const before = bet.result === 'open' ? 0n : bet.result;
      book.players.get(bet.userId)!.profitLoss += net - before;
      bet.result = net;
      bet.at = tick(book);
    },
    balanceOf(userId) {
      const player = book.players.get(userId);
      return player === undefined ? 0n : player.credit + player.profitLoss;
    },
    exposureOf: (userId) =>
      book.bets
        .filter((bet) => bet.userId === userId && bet.result === 'open')
        .reduce((sum, bet) => sum + bet.stake, 0n),
  };
  return book;
}

/** Changes have instants of their own, ever later. */
function tick(book: Inside): number {
  book.clock = Math.max(book.clock + 1, Date.now());
  return book.clock;
}

function free(book: Inside, userId: string): bigint {
  return max(0n, book.balanceOf(userId) - book.exposureOf(userId));
}

function transfer(book: Inside, player: BookPlayer, by: { tsCode: string; amount: bigint }): Answer {
  const { credit, profitLoss } = player;
  player.credit = credit + profitLoss + by.amount;
  player.profitLoss = 0n;
  return ok({
    userId: player.userId,
    tsCode: by.tsCode,
    transferAmount: units(by.amount),
    accountProfitLoss: units(profitLoss),
    costExposure: units(book.exposureOf(player.userId)),
    currentCredit: units(credit),
    afterCredit: units(player.credit),
    createTime: Date.now(),
  });
}

function moved(book: Inside, request: Request, move: (player: BookPlayer) => Answer): Answer {
  const player = book.players.get(request.userId ?? '');
  if (player === undefined) return no('1002');
  const tsCode = String(request.tsCode);
  const content = JSON.stringify(request);
  const kept = book.transfers.get(tsCode);
  if (kept !== undefined) return kept.content === content ? kept.answer : no('1001');
  const answer = move(player);
  if (answer.code === '1') book.transfers.set(tsCode, { content, answer });
  return answer;
}

const CALLS: Readonly<Record<string, (book: Inside, request: Request) => Answer>> = {
  getLoginUrl(book, { userId = '' }) {
    const known = book.players.get(userId);
    const player = known ?? { userId, credit: 0n, profitLoss: 0n, tokens: new Set<string>() };
    book.players.set(userId, player);
    const token = `t${player.tokens.size}`;
    player.tokens.add(token);
    return ok(`http://127.0.0.1:9/player/index.html?token=${userId}-${token}`);
  },
  logout(book, { userId = '' }) {
    book.players.get(userId)?.tokens.clear();
    return ok();
  },
  deposit: (book, request) =>
    moved(book, request, (player) =>
      transfer(book, player, { tsCode: String(request.tsCode), amount: minor(request.depositAmount) }),
    ),
  withdraw: (book, request) =>
    moved(book, request, (player) => {
      const amount = free(book, player.userId);
      if (amount === 0n) return no('1003');
      return transfer(book, player, { tsCode: String(request.tsCode), amount: -amount });
    }),
  getCreditBalance(book, { userId = '' }) {
    if (!book.players.has(userId)) return no('1002');
    const withdrawable = units(free(book, userId));
    return ok({
      userId,
      currentBalance: units(book.balanceOf(userId)),
      withdrawableAmount: withdrawable,
      availableBetAmount: withdrawable,
      exposureAmount: units(book.exposureOf(userId)),
    });
  },
  getWalletTransferLog: (book, { tsCode = '' }) => book.transfers.get(tsCode)?.answer ?? no('1002'),
  getVendorTransactionByUpdateTime(book, { updateTime }) {
    const after = String(updateTime);
    const timeOf = (ms: number) => new Date(ms).toISOString().replace(/\D/g, '');
    const rows = book.bets.filter((bet) => timeOf(bet.at) > after).toSorted((a, b) => a.at - b.at);
    return ok(rows.map(({ id, userId, at }) => ({ id, userId, updateTime: at })));
  },
};

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function answerOf(book: Inside, path: string, body: string): Answer {
  const request: Request = JSON.parse(body);
  const call = CALLS[path.replace('/vendor/api/', '')];
  if (request.certCode !== book.certCode) return no('2003');
  if (book.refuses !== null) return no(book.refuses);
  return call === undefined ? no('1002') : call(book, request);
}

/** Starts the double on a free port of loopback. */
export async function startBookDouble(): Promise<BookDouble> {
  const book = newInside();
  const server = createServer(async (request, response) => {
    const answer = answerOf(book, String(request.url), await readBody(request));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(book, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}
