/** A ground for bets that are laid off: the real ledger, the stand-in market behind the real client, players. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type Krain, type KrainOptions, startKrain } from '../../sim/krain/krain.ts';
import type { Bet, BookPlace } from '../../src/core/book/types.ts';
import { type BetId, type RainSessionId, trusted } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { toBet } from '../../src/db/book-load.ts';
import { sessionName } from '../../src/db/book-pending.ts';
import type { BookPlayerKey } from '../../src/db/book-player.ts';
import { type HttpMarket, type MarketOptions, marketIdOf, openMarket } from '../../src/rain/market.ts';
import { openPlacing, type Placing, type PlacingOptions } from '../../src/rain/place.ts';
import {
  type BetReconciler,
  type BetReconcilerOptions,
  openBetReconciler,
  type Unclear,
} from '../../src/rain/reconcile-bets.ts';
import type { BookGround, BookOperatorClient } from '../kbook/rig.ts';

export const KEY = 'a key of tests';
/** What a player stakes if not told otherwise, and what of it goes to K-Rain: 70 %. Minor units. */
export const STAKE = 20_000n;
export const KRAIN_STAKE = 14_000n;
/** Far more than any call takes. */
export const KRAIN_MS = 300_000;

export interface Layer {
  readonly ground: BookGround;
  readonly operator: BookOperatorClient;
}

export interface Bench {
  readonly krain: Krain;
  readonly market: HttpMarket;
  readonly placing: Placing;
  readonly reconciler: BetReconciler;
  readonly unclear: Unclear[];
  /** Bets whose end was told of, by whom. */
  readonly told: { readonly id: BetId; readonly status: string }[];
  readonly session: RainSessionId;
  readonly marketId: string;
  /** K-Rain's clock. */
  readonly clock: { aheadMs: number };
  command(player: Seat, changed?: Partial<BookPlace>): BookPlace;
}

export interface BenchWish {
  readonly krain?: KrainOptions;
  readonly client?: Partial<MarketOptions>;
  readonly placing?: Partial<PlacingOptions>;
  readonly reconciler?: Partial<BetReconcilerOptions>;
  readonly session?: RainSessionId;
}

/** A session whose odds are 2.0 on rain while K-Rain gives 2.2, and everything around it. */
export async function openBench(
  t: TestContext,
  { ground }: Pick<Layer, 'ground'>,
  wish: BenchWish = {},
): Promise<Bench> {
  const { sql, writer } = ground.world.hub;
  const clock = { aheadMs: 0 };
  const now = () => Date.now() + clock.aheadMs;
  const krain = await startKrain({ key: KEY, seed: 7, volatility: 0, now, ...wish.krain });
  t.after(() => krain.close());
  const session = wish.session ?? (await ground.session());
  const name = await sessionName(sql, session);
  assert.ok(name !== null);
  const marketId = marketIdOf(name);
  krain.tell(marketId, { likelihood: 0.45 });
  const market = openMarket({
    url: krain.url,
    key: KEY,
    timeoutMs: 30_000,
    unwellMax: 1_000_000,
    ...wish.client,
  });
  t.after(() => market.close());
  const told: Bench['told'][number][] = [];
  const unclear: Unclear[] = [];
  const onBet = ({ id, status }: Bet) => void told.push({ id, status });
  const placing = openPlacing({ sql, writer, market, onBet, ...wish.placing });
  t.after(() => placing.close());
  const reconciler = openBetReconciler({
    sql,
    writer,
    market,
    isAsking: placing.isAsking,
    onBet,
    onUnclear: (each) => void unclear.push(each),
    // A bet that is left behind is looked into at once.
    graceMs: -2 * KRAIN_MS,
    pauseMs: 0,
    pauseMsMax: 0,
    ...wish.reconciler,
  });
  return {
    krain,
    market,
    placing,
    reconciler,
    unclear,
    told,
    session,
    marketId,
    clock,
    command: (player, changed = {}) => commandOf(player, session, changed),
  };
}

export interface Seat extends BookPlayerKey {
  readonly visitId: BookPlace['visitId'];
}

/** A player with so much credit, in the currency's unit, and a visit. */
export async function seat(
  { ground, operator }: Layer,
  credit = 1000,
  vendorType = 'CPS_USD',
): Promise<Seat> {
  const player = await operator.player({ credit, vendorType });
  const [visit] = await ground.world.hub
    .sql`select max(id) as id from book_visit where player_id = ${player.id} and ended_at is null`;
  return { ...player, visitId: trusted(visit?.id) };
}

function commandOf(player: Seat, sessionId: RainSessionId, changed: Partial<BookPlace>): BookPlace {
  const { id, operatorId, accountId, vendorType, visitId } = player;
  return {
    kind: 'book_place',
    player: { id, operatorId, accountId, vendorType },
    visitId,
    sessionId,
    key: randomBytes(8).toString('hex'),
    type: 'RAIN',
    odds: 2000,
    stake: STAKE,
    ip: null,
    krainMs: KRAIN_MS,
    ...changed,
  };
}

export async function betOf({ world }: BookGround, id: BetId): Promise<Bet> {
  const [row] = await world.hub.sql`select * from book_bet where id = ${id}`;
  return toBet(row);
}

/** What the player has in all, and what open bets may cost. */
export async function heldBy(
  { world }: BookGround,
  player: Pick<Seat, 'accountId'>,
): Promise<[bigint, bigint]> {
  const [row] = await world.hub.sql`select balance, reserved from account where id = ${player.accountId}`;
  return [BigInt(row?.balance), BigInt(row?.reserved)];
}

export async function booksHold({ world }: BookGround): Promise<void> {
  const { checks } = await audit(world.hub.sql);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}
