/**
 * Players and operators over the wire: bets by the player API, money by the vendor API, of two nodes in turn. Some
 * requests go out twice at once; what has no answer that can be relied on is asked again under its key or code.
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bet } from '../../../src/core/book/types.ts';
import { type RainSessionId, trusted } from '../../../src/core/ids.ts';
import type { SessionView } from '../../../src/kbook/player-wire.ts';
import { pageOf, type TestPage } from '../../kbook/player-rig.ts';
import type { BookAnswer, BookOperatorClient, TestPlayer } from '../../kbook/rig.ts';
import type { Chance } from '../../simulation/random.ts';
import type { HeardBet, HeardMoney } from '../judge.ts';

/** Codes after which a bet is sure to be as it was said; the others are asked again. */
const REFUSALS = ['1001', '2003', '4001', '4002', '4003', '4004', '4005', '4006', '4008'];
const FAILURES = ['4007', '8001'];
const MONEY_REFUSALS = ['1001', '1003'];
const AGAIN_MS = 60;
const THINK_MS_MAX = 300;
const TRIES_MAX = 400;

export interface PlayerAt {
  readonly player: TestPlayer;
  readonly operator: BookOperatorClient;
  /** The page at each node. */
  readonly pages: readonly TestPage[];
}
/** `failed`: placed, and not taken by K-Rain; the page is not told its id. */
export type BetHeard = Pick<HeardBet, 'command'> & { sent: number; answer: HeardBet['answer'] | 'failed' };
export interface Heard {
  readonly codes: Record<string, number>;
  readonly bets: BetHeard[];
  readonly moneys: (Pick<HeardMoney, 'command'> & { sent: number; answer: HeardMoney['answer'] })[];
}

export const pagesAt = (urls: readonly string[], page: TestPage): TestPage[] =>
  urls.map((url) => pageOf(url, page.tokens));

/** Bets in the sessions that are shown open, also when their time is over, until all have closed. */
export async function bet(
  who: PlayerAt,
  chance: Chance,
  { sessions, until, heard, tab }: Betting,
): Promise<void> {
  for (let nth = 0; ; nth++) {
    await delay(chance.below(THINK_MS_MAX));
    const state = await insist({ sent: 0 }, chance, {
      isSure: (code) => code === '1',
      ask: () => chance.pick(who.pages).get('/state'),
    });
    // Now and then one whose time is over, though it is still shown open.
    const since = chance.happens(10) ? 0 : Date.now();
    const open: SessionView[] = state.data.sessions.filter(
      ({ id, status, closesAt }: SessionView) =>
        sessions.includes(trusted(id)) && status === 'OPEN' && closesAt > since,
    );
    if (Date.now() > until) return;
    const session = open.length === 0 ? null : chance.pick(open);
    if (session?.odds == null) continue;
    const type = chance.pick(['RAIN', 'NO_RAIN'] as const);
    const odds = type === 'RAIN' ? session.odds.rain : session.odds.noRain;
    const stake = (10_000 + chance.below(30_000)) / 100;
    const wish: BetHeard = {
      command: {
        player: who.player,
        key: `${tab}-${nth}`,
        sessionId: trusted<RainSessionId>(session.id),
        type,
        odds: Math.round(odds * 1000),
        stake: BigInt(Math.round(stake * 100)),
      },
      sent: 0,
      answer: null,
    };
    heard.bets.push(wish);
    const body = { key: wish.command.key, sessionId: session.id, type, odds, stake };
    const answer = await insist(wish, chance, {
      isSure: isSureOfBet,
      ask: () => askBet(who, chance, body),
    });
    heard.codes[answer.code] = (heard.codes[answer.code] ?? 0) + 1;
    wish.answer = betHeard(answer);
  }
}

export interface Betting {
  readonly sessions: readonly RainSessionId[];
  /** Epoch ms: all of them have closed by then. A node may hear of them late. */
  readonly until: number;
  readonly heard: Heard;
  /** Unique of the player. */
  readonly tab: string;
}

const isSureOfBet = (code: string) => code === '1' || REFUSALS.includes(code) || FAILURES.includes(code);
const askBet = (who: PlayerAt, chance: Chance, body: object) => chance.pick(who.pages).post('/bets', body);

function betHeard({ code, data }: BookAnswer): BetHeard['answer'] {
  if (code === '1')
    return { ok: true, bet: { id: trusted<Bet['id']>(data.bet.id), status: data.bet.status } };
  return FAILURES.includes(code) ? 'failed' : { ok: false };
}

/** Asks until there is an answer that can be relied on; now and then twice at once. */
async function insist(
  wish: { sent: number },
  chance: Chance,
  { ask, isSure }: { ask: () => Promise<BookAnswer>; isSure: (code: string) => boolean },
): Promise<BookAnswer> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const times = chance.happens(15) ? 2 : 1;
    wish.sent += times;
    const asked = await Promise.all(Array.from({ length: times }, () => ask().catch(() => null)));
    const sure = asked.filter((answer) => answer !== null && isSure(answer.code)) as BookAnswer[];
    const best = sure.find(({ code }) => code === '1') ?? sure[0];
    if (best !== undefined) return best;
    await delay(AGAIN_MS);
  }
  throw new Error('no answer that can be relied on');
}

/** Pays in and out while players bet. */
export async function moveMoney(who: PlayerAt, chance: Chance, { heard, tab }: Betting): Promise<void> {
  const { player, operator } = who;
  for (let nth = 0; nth < 3; nth++) {
    const isDeposit = chance.happens(50);
    const tsCode = `${player.userId}-${tab}-${nth}`;
    const amount = (100 + chance.below(50_000)) / 100;
    const values = {
      userId: player.userId,
      tsCode,
      ...(isDeposit ? { depositAmount: amount } : outOf(chance, amount)),
    };
    const wish: Heard['moneys'][number] = { command: { player }, sent: 0, answer: null };
    heard.moneys.push(wish);
    const { code, data } = await insist(wish, chance, {
      isSure: (each) => each === '1' || MONEY_REFUSALS.includes(each),
      ask: () => operator.call(isDeposit ? 'deposit' : 'withdraw', values),
    });
    assert.notEqual(code, '1001', `${tsCode} stands for something else`);
    wish.answer = code === '1' ? { ok: true, record: { amount: minor(data.transferAmount) } } : { ok: false };
    if (code === '1')
      assert.equal(
        minor(data.afterCredit),
        minor(data.currentCredit) + minor(data.accountProfitLoss) + minor(data.transferAmount),
      );
    await delay(chance.below(500));
  }
}

const outOf = (chance: Chance, amount: number) => (chance.happens(30) ? {} : { withdrawAmount: amount });
const minor = (amount: number) => BigInt(Math.round(amount * 100));
