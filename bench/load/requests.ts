/**
 * The requests of the load, as text. Transfers are built once and repeated; items of play are signed ahead of the
 * run, within the time a signature is good, so that signing costs the run nothing. Ids are random UUIDs, the least
 * friendly order for an index.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { bets } from './book-requests.ts';
import type { LoadWorld } from './world.ts';

/** What a row of the benchmark sends. hot: all from one agent. */
export type Traffic =
  | 'transfer'
  | 'transfer-uuid'
  | 'transfer-hot'
  | 'play'
  | 'play-batch'
  /** Bets and wins of players of operators that answer; of all but the first of these; of the one that does not. */
  | 'seamless'
  | 'seamless-nine'
  | 'seamless-dead'
  /** Bets on the rain: all kept in the pool, or mostly laid off. */
  | 'book-bet'
  | 'book-bet-laid-off';

export interface Source {
  /** The next request of a connection (0, 1, …). */
  next(connection: number): string;
  /** Builds requests ahead, as far as that is worth it. */
  prepare(requestsPerConnection: number): void;
  /** Whether a body of status 200 is what was wanted. */
  accepts(body: string): boolean;
  readonly itemsPerRequest: number;
}

const AMOUNT = 100;
/** Players of a batch: a bet and a win each. */
const BATCH_PLAYERS = 50;

export function openSource(traffic: Traffic, world: LoadWorld, connections: number): Source {
  switch (traffic) {
    case 'transfer':
      return transfers(world, (username) => ({ username, amount: AMOUNT }));
    case 'transfer-hot':
      return transfers({ ...world, agents: world.agents.slice(0, 1) }, (username) => ({
        username,
        amount: AMOUNT,
      }));
    case 'transfer-uuid':
      return transfersWithUuid(world);
    case 'play':
      return singlePlay(world, { sessions: world.sessions, connections });
    case 'seamless':
      return singlePlay(world, { sessions: inTurnOf(world.seamless.slice(0, -1)), connections });
    case 'seamless-nine':
      return singlePlay(world, { sessions: inTurnOf(world.seamless.slice(1, -1)), connections });
    case 'seamless-dead':
      return singlePlay(world, { sessions: inTurnOf(world.seamless.slice(-1)), connections });
    case 'play-batch':
      return batchPlay(world, connections);
    case 'book-bet':
      return bets(world, 'kept');
    case 'book-bet-laid-off':
      return bets(world, 'laidOff');
  }
}

// ---- transfers ------------------------------------------------------------------------------------------------

function transferRequest(apiKey: string, body: string): string {
  return (
    `POST /api/user/add-balance HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${apiKey}\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  );
}

/** One player of every agent, then the next player of every agent. */
function inTurn<Made>(world: LoadWorld, make: (apiKey: string, username: string) => Made): Made[] {
  const players = world.agents[0]?.players.length ?? 0;
  return Array.from({ length: players }, (_, index) =>
    world.agents.map(({ apiKey, players }) => make(apiKey, players[index] ?? '')),
  ).flat();
}

function transfers(world: LoadWorld, body: (username: string) => Record<string, unknown>): Source {
  const requests = inTurn(world, (apiKey, username) =>
    transferRequest(apiKey, JSON.stringify(body(username))),
  );
  let turn = 0;
  return {
    next: () => requests[turn++ % requests.length] ?? '',
    prepare() {},
    accepts: () => true,
    itemsPerRequest: 1,
  };
}

function transfersWithUuid(world: LoadWorld): Source {
  const placeholder = randomUUID();
  const parts = inTurn(world, (apiKey, username) => {
    const body = JSON.stringify({ username, amount: AMOUNT, uuid: placeholder });
    const [before = '', after = ''] = transferRequest(apiKey, body).split(placeholder);
    return { before, after };
  });
  let turn = 0;
  return {
    next() {
      const part = parts[turn++ % parts.length];
      return part === undefined ? '' : `${part.before}${randomUUID()}${part.after}`;
    },
    prepare() {},
    accepts: (body) => !body.includes('"cached":true'),
    itemsPerRequest: 1,
  };
}

// ---- play -----------------------------------------------------------------------------------------------------

const PATH = '/studio/v1/transactions';

function signed({ studio }: LoadWorld, items: readonly Record<string, unknown>[]): string {
  const body = JSON.stringify({ transactions: items });
  const [timestamp, nonce] = [String(Date.now()), randomUUID()];
  const signature = createHmac('sha256', studio.secret)
    .update(`POST\n${PATH}\n${timestamp}\n${nonce}\n${body}`)
    .digest('hex');
  return (
    `POST ${PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-studio-key: ${studio.key}\r\n` +
    `x-timestamp: ${timestamp}\r\nx-nonce: ${nonce}\r\nx-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  );
}

/** A bet and the win of the same amount that ends its round: the player's balance stays what it was. */
function betAndWin({ studio }: LoadWorld, session: string) {
  const common = {
    session,
    game: { id: studio.game },
    round: randomUUID(),
    amount: String(AMOUNT),
    currency: 'KRW',
    at: new Date().toISOString(),
  };
  return {
    bet: { id: randomUUID(), type: 'bet', ...common },
    win: { id: randomUUID(), type: 'win', ...common, closesRound: true },
  };
}

const allAccepted = (body: string) => !body.includes('"refused"') && !body.includes('"replayed":true');

/** The first session of every agent, then the second of every agent. */
function inTurnOf(agents: LoadWorld['seamless']): string[] {
  const players = agents[0]?.length ?? 0;
  return Array.from({ length: players }, (_, index) =>
    agents.map((sessions) => sessions[index]?.session ?? ''),
  ).flat();
}

/** Sessions of one connection, so that a bet is answered before its win is sent. */
function shareOf(
  sessions: readonly string[],
  { connection, connections }: { connection: number; connections: number },
): string[] {
  return sessions.filter((_, index) => index % connections === connection);
}

function singlePlay(
  world: LoadWorld,
  { sessions, connections }: { sessions: readonly string[]; connections: number },
): Source {
  const lines = Array.from({ length: connections }, (_, connection) => ({
    sessions: shareOf(sessions, { connection, connections }),
    rounds: 0,
    ready: [] as string[],
    at: 0,
  }));
  const addRound = (line: (typeof lines)[number]) => {
    const { bet, win } = betAndWin(world, line.sessions[line.rounds++ % line.sessions.length] ?? '');
    line.ready.push(signed(world, [bet]), signed(world, [win]));
  };
  return {
    next(connection) {
      const line = lines[connection];
      if (line === undefined) return '';
      if (line.at >= line.ready.length) addRound(line);
      return line.ready[line.at++] ?? '';
    },
    prepare(requests) {
      for (const line of lines) for (let made = 0; made < requests; made += 2) addRound(line);
    },
    accepts: allAccepted,
    itemsPerRequest: 1,
  };
}

function batchPlay(world: LoadWorld, connections: number): Source {
  const lines = Array.from({ length: connections }, (_, connection) =>
    shareOf(world.sessions, { connection, connections }),
  );
  let turn = 0;
  return {
    next(connection) {
      const sessions = lines[connection] ?? [];
      const from = (turn++ * BATCH_PLAYERS) % sessions.length;
      const chosen = Array.from(
        { length: BATCH_PLAYERS },
        (_, i) => sessions[(from + i) % sessions.length] ?? '',
      );
      const pairs = chosen.map((session) => betAndWin(world, session));
      return signed(world, [...pairs.map(({ bet }) => bet), ...pairs.map(({ win }) => win)]);
    },
    prepare() {},
    accepts: allAccepted,
    itemsPerRequest: 2 * BATCH_PLAYERS,
  };
}
