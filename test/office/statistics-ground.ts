/**
 * Ground for tests of statistics: a tree of agents with players and games, transfers as they would have come over some
 * days, and the same figures by a plain read over the transfers, which knows nothing of roll-ups.
 */
import assert from 'node:assert/strict';
import { CODE } from '../../src/core/chart.ts';
import type { Sql } from '../../src/db/connect.ts';
import { closeHours } from '../../src/db/office-statistics-close.ts';
import { createPartition } from '../../src/db/partition.ts';
import { foldTransfers } from '../../src/db/rollup.ts';

const HOUR_MS = 3_600_000;
const CODES = [
  ...[CODE.bet, CODE.bet, CODE.bet, CODE.bet, CODE.win, CODE.win, CODE.cancel, CODE.charge],
  ...[CODE.adjustCredit, CODE.adjustDebit, CODE.promoWin, CODE.exceedCredit, CODE.addBalance],
];

export interface Cast {
  readonly agents: readonly number[];
  readonly players: readonly { readonly id: number; readonly agentId: number }[];
  readonly games: readonly { readonly id: number; readonly vendorId: number }[];
}

/** Games of three vendors; players of the agents given. */
export async function castOf(sql: Sql, agents: readonly number[], perAgent: number): Promise<Cast> {
  await sql`insert into studio (id, name) values (900001, 'statistics')`;
  await sql`insert into vendor (id, name, studio_id) overriding system value
    select 9000 + n, 'statistics ' || n, 900001 from generate_series(1, 3) n`;
  await sql`insert into game (id, studio_id, vendor_id, public_id, title, type, launch_url) overriding system value
    select 9100 + n, 900001, 9001 + n % 3, 'statistics-' || n, 'Statistics ' || n, 'slot', 'http://127.0.0.1:1/' from generate_series(0, 6) n`;
  const players = agents.flatMap((agentId, index) =>
    Array.from({ length: perAgent }, (_, place) => ({ id: 5_000_000 + index * perAgent + place, agentId })),
  );
  for (const { id, agentId } of players)
    await sql`insert into player (id, agent_id, username, username_key, wallet_account_id, points_account_id)
      values (${id}, ${agentId}, ${`p${id}`}, ${`p${id}`}, ${id * 2}, ${id * 2 + 1})`;
  const games = Array.from({ length: 7 }, (_, n) => ({ id: 9100 + n, vendorId: 9001 + (n % 3) }));
  return { agents, players, games };
}

export type Random = () => number;

/** The same numbers for the same seed, from 0 on and below 1. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] ?? assert.fail('an empty list');
}

const ids = (function* () {
  for (let id = 7_000_000_001; ; id += 2) yield id;
})();

/** Transfers at random instants of the hours (numbers since 1970), many in few hours of few players. */
export async function play(
  sql: Sql,
  cast: Cast,
  given: { random: Random; from: number; to: number; count: number },
) {
  const { random, from, to, count } = given;
  const rows = Array.from({ length: count }, () => {
    const player = pick(random, cast.players);
    const code = pick(random, CODES);
    // Hours that players come back to, and empty ones between.
    const hour = from + Math.floor(random() ** 2 * (to - from));
    const inGame = code !== CODE.addBalance;
    return {
      id: ids.next().value ?? 0,
      at: new Date(hour * HOUR_MS + Math.floor(random() * HOUR_MS)).toISOString(),
      agent_id: player.agentId,
      player_id: player.id,
      code,
      debit_account: 1,
      credit_account: 2,
      amount: Math.floor(random() * 100_000),
      game_id: inGame ? pick(random, cast.games).id : null,
      opens_round: code === CODE.bet && random() < 0.7,
    };
  });
  for (const day of new Set(rows.map(({ at }) => at.slice(0, 10).replaceAll('-', ''))))
    await createPartition(sql, 'transfer', day);
  await sql`insert into transfer ${sql(rows)}`;
}

/** Folds as at that hour; what comes later is as if it had not happened yet. */
export async function foldAt(sql: Sql, hour: number): Promise<void> {
  await foldTransfers(sql);
  await sql`update fold_cursor set at = to_timestamp(${hour}::int * 3600::bigint)`;
}

export async function closeAll(sql: Sql): Promise<void> {
  while ((await closeHours(sql)) > 0);
}

export interface Plain {
  readonly key: string;
  readonly currency: string;
  readonly bets: number;
  readonly betSum: bigint;
  readonly wins: number;
  readonly winSum: bigint;
  readonly cancels: number;
  readonly cancelSum: bigint;
  readonly other: bigint;
  readonly rounds: number;
  readonly players: number;
}

export interface PlainWanted {
  readonly agents: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly by: 'all' | 'hour' | 'day' | 'vendor' | 'game' | 'agent';
  readonly vendorId?: number | null;
  readonly gameId?: number | null;
}

/** By the ledger: an hour of UTC counts to the local day it begins in. Days are told as texts, hours as numbers. */
export async function plainly(sql: Sql, wanted: PlainWanted): Promise<Plain[]> {
  const { agents, from, to, zone, by, vendorId = null, gameId = null } = wanted;
  const day = sql`(date_trunc('hour', t.at) at time zone ${zone})::date`;
  const key = {
    all: sql`'0'`,
    hour: sql`(extract(epoch from date_trunc('hour', t.at)) / 3600)::int::text`,
    day: sql`${day}::text`,
    vendor: sql`g.vendor_id::text`,
    game: sql`t.game_id::text`,
    agent: sql`t.agent_id::text`,
  }[by];
  const rows = await sql`
    select ${key} as key, a.currency,
      count(*) filter (where t.code = 20)::int as bets, coalesce(sum(t.amount) filter (where t.code = 20), 0)::text as bet_sum,
      count(*) filter (where t.code in (22))::int as cancels, coalesce(sum(t.amount) filter (where t.code = 22), 0)::text as cancel_sum,
      count(*) filter (where t.code in (21, 26))::int as wins,
      (coalesce(sum(t.amount) filter (where t.code in (21, 26)), 0) - coalesce(sum(t.amount) filter (where t.code = 27), 0))::text as win_sum,
      (coalesce(sum(t.amount) filter (where t.code in (23, 25)), 0) - coalesce(sum(t.amount) filter (where t.code = 24), 0))::text as other,
      count(*) filter (where t.opens_round)::int as rounds, count(distinct t.player_id) filter (where t.code = 20)::int as players
    from transfer t join game g on g.id = t.game_id join agent a on a.id = t.agent_id
    where t.agent_id in ${sql([...agents])} and ${day} between ${from}::text::date and ${to}::text::date
      and (${vendorId}::int is null or g.vendor_id = ${vendorId}) and (${gameId}::int is null or t.game_id = ${gameId})
    group by 1, 2 order by 1, 2`;
  return rows.map(({ key: name, currency, bets, wins, cancels, rounds, players, ...row }) => ({
    ...{ key: name, currency, bets, wins, cancels, rounds, players },
    betSum: BigInt(row.bet_sum),
    winSum: BigInt(row.win_sum),
    cancelSum: BigInt(row.cancel_sum),
    other: BigInt(row.other),
  }));
}
