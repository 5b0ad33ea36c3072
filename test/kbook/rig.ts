/**
 * A ground for tests of the rain book: an operator with its certCode, players with credit, and open sessions with odds.
 * Sessions have betting days of their own long ago, so that no calendar makes the same.
 */
import { randomBytes } from 'node:crypto';
import type { Bet, GameResult, MarketAnswer, SessionType } from '../../src/core/book/types.ts';
import { type BookOperatorId, type BookPlayerId, type RainSessionId, trusted } from '../../src/core/ids.ts';
import type { BookPlayerKey } from '../../src/db/book-player.ts';
import type { Hub } from '../../src/hub.ts';
import { createBookOperatorWithCert } from '../../src/office-book.ts';
import { openSettlement } from '../../src/rain/settle.ts';
import type { Answer, World } from '../world.ts';

const TIMEOUT_MS = 60_000;

/** What an envelope of the book's APIs holds. */
export interface BookAnswer {
  readonly code: string;
  readonly message: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  readonly data?: any;
}

export interface SessionWish {
  readonly site?: string;
  readonly type?: SessionType;
  readonly currency?: string;
  /** yyyy-MM-dd; absent = a day of its own. */
  readonly gameDate?: string;
  readonly status?: string;
  readonly market?: string;
  /** Thousandths. */
  readonly rain?: number;
  readonly noRain?: number;
  /** From now on. */
  readonly closesInMs?: number;
  readonly oddsValidMs?: number;
}

export interface BookOperatorClient {
  readonly id: BookOperatorId;
  readonly name: string;
  readonly certCode: string;
  /** Calls the vendor API as this operator, vendorType CPS_USD unless said otherwise. */
  call(name: string, values?: Readonly<Record<string, unknown>>, url?: string): Promise<BookAnswer>;
  /** The same, but fails unless the code is 1; gives data. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  done(name: string, values?: Readonly<Record<string, unknown>>): Promise<any>;
  /** A player with this credit in the currency's unit, limits as wide as they may be; `token` is of a login link. */
  player(wish?: {
    userId?: string;
    credit?: number;
    vendorType?: string;
    betLimit?: object;
  }): Promise<TestPlayer>;
}

export interface TestPlayer extends BookPlayerKey {
  readonly token: string;
  /** Address of the page as getLoginUrl gave it. */
  readonly url: string;
}

export interface BetWish {
  readonly session: RainSessionId;
  readonly type: 'RAIN' | 'NO_RAIN';
  readonly stake: bigint;
  readonly key?: string;
  /** What K-Rain says where it is asked; absent = it takes all. */
  readonly krain?: 'refuses' | 'is silent';
  /** The node it is placed at; absent = the world's first. */
  readonly hub?: Hub;
}

export interface BookGround {
  readonly world: World;
  operator(wish?: {
    allowedIps?: readonly string[];
    timeZone?: string;
    enabled?: boolean;
  }): Promise<BookOperatorClient>;
  /** An OPEN session: 2.0 on rain, 49.0 on none, unless said otherwise. */
  session(wish?: SessionWish): Promise<RainSessionId>;
  /** Gives the session a result, or another one, and settles it. */
  settle(id: RainSessionId, result: Exclude<GameResult, 'NOT_AVAILABLE'>): Promise<void>;
  /** A bet through the ledger, with the answer K-Rain would give. The stake is minor units. */
  bet(player: BookPlayerKey, wish: BetWish): Promise<number>;
}

export const WIDE = { minBet: 100, maxBet: 10_000, maxExposure: 50_000 };

/** Sends a body as it is; absent headers are the right ones. */
export async function postRaw(
  url: string,
  path: string,
  { body, headers = {} }: { body: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> },
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

const WAIT_MS_MAX = 60_000;

/** Waits for something that is told from elsewhere. Fails when it does not come. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`did not happen in time: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function openBook(world: World): BookGround {
  return {
    world,
    operator: (wish = {}) => openOperator(world, wish),
    session: (wish = {}) => insertSession(world, wish),
    settle: (id, result) => settle(world, id, result),
    bet: (player, wish) => placeAndAnswer(world, player, wish),
  };
}

async function openOperator(
  world: World,
  wish: Parameters<BookGround['operator']>[0],
): Promise<BookOperatorClient> {
  const name = `site-${randomBytes(5).toString('hex')}`;
  const made = await createBookOperatorWithCert(world.hub, { name, actor: 'test', ...wish });
  const call: BookOperatorClient['call'] = async (path, values = {}, url = world.url) => {
    const body = JSON.stringify({ certCode: made.certCode, vendorType: 'CPS_USD', ...values });
    const answer = await postRaw(url, `/vendor/api/${path}`, { body });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  const done: BookOperatorClient['done'] = async (path, values) => {
    const answer = await call(path, values);
    if (answer.code !== '1') throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  };
  return {
    ...made,
    call,
    done,
    async player({
      userId = `u${randomBytes(6).toString('hex')}`,
      credit = 0,
      vendorType = 'CPS_USD',
      betLimit = WIDE,
    } = {}) {
      const who = { userId, vendorType };
      const url: string = await done('getLoginUrl', { ...who, betLimit });
      if (credit > 0)
        await done('deposit', { ...who, tsCode: randomBytes(16).toString('hex'), depositAmount: credit });
      const key = await world.hub.book.player({ operatorId: made.id, ...who });
      if (key === null) throw new Error('the player was not made');
      return { ...key, url, token: new URL(url).searchParams.get('token') ?? '' };
    },
  };
}

let days = 0;

async function insertSession(world: World, wish: SessionWish): Promise<RainSessionId> {
  const { site = 'CPS', type = 'NOON', currency = 'USD', status = 'OPEN', market = 'OPEN' } = wish;
  const { rain = 2000, noRain = 49_000, closesInMs = 3_600_000, oddsValidMs = 3_600_000 } = wish;
  const day = wish.gameDate ?? new Date(Date.UTC(2001, 0, 1 + days++)).toISOString().slice(0, 10);
  const { sql } = world.hub;
  const [row] = await sql`
    with made as (insert into rain_session (site, currency, type, game_date, opens_at, closes_at, starts_at, ends_at, status, market,
        quote, odds_rain, odds_dry, krain_rain, krain_dry, quote_until)
      select ${site}, ${currency}, ${type}, ${day}::text::date, least(now(), e.closes) - interval '1 hour', e.closes, e.closes + interval '1 hour',
        e.closes + interval '13 hours', ${status}, ${market}, 1, ${rain}, ${noRain}, ${rain + 50}, ${noRain + 1000}, now() + ${oddsValidMs}::int * interval '1 millisecond'
      from (select now() + ${closesInMs}::int * interval '1 millisecond' as closes) e returning *),
    quoted as (insert into rain_quote (session_id, quote, odds_rain, odds_dry, krain_rain, krain_dry)
      select id, quote, odds_rain, odds_dry, krain_rain, krain_dry from made)
    select id from made`;
  return trusted(row?.id);
}

async function settle(world: World, id: RainSessionId, result: string): Promise<void> {
  const { sql, writer, book } = world.hub;
  await sql`update rain_session set status = 'UNSETTLED', market = 'CLOSE', result = ${result}, version = version + 1, resulted_at = now() where id = ${id}`;
  const settled = await openSettlement({ sql, writer, directory: book }).runOne(id);
  if (settled?.done !== true) throw new Error(`not settled: ${JSON.stringify(settled)}`);
}

async function placeAndAnswer(world: World, player: BookPlayerKey, wish: BetWish): Promise<number> {
  const { session: sessionId, type, stake, hub = world.hub } = wish;
  const [odds] = await hub.sql`select odds_rain, odds_dry from rain_session where id = ${sessionId}`;
  const placed = await hub.writer.submit({
    kind: 'book_place',
    player,
    visitId: trusted(await visitOf(world, player.id)),
    sessionId,
    key: wish.key ?? randomBytes(8).toString('hex'),
    type,
    odds: type === 'RAIN' ? odds?.odds_rain : odds?.odds_dry,
    stake,
    ip: null,
    krainMs: 60_000,
  });
  if (!placed.ok) throw new Error(`the bet was refused: ${placed.code}`);
  const { bet } = placed;
  if (placed.ask)
    await hub.writer.submit({
      kind: 'book_answer',
      player,
      sessionId,
      betId: bet.id,
      answer: krainAnswer(bet, wish.krain),
    });
  return bet.id;
}

function krainAnswer(
  { krainStake: stake, krainOdds, odds: shown }: Bet,
  krain: BetWish['krain'],
): MarketAnswer {
  if (krain === 'refuses') return { kind: 'refused', reason: 'krain_refused' };
  if (krain === 'is silent') return { kind: 'unknown' };
  const odds = krainOdds ?? shown;
  return { kind: 'matched', stake, odds, win: (stake * BigInt(odds - 1000)) / 1000n };
}

async function visitOf(world: World, playerId: BookPlayerId): Promise<number> {
  const [row] = await world.hub
    .sql`select id from book_visit where player_id = ${playerId} and ended_at is null order by id desc limit 1`;
  return Number(row?.id);
}
