/** Statistics put together: figures of a period beside those of another, by time, by what was played, or by agent. */
import { addDays } from '../core/book/calendar.ts';
import type { AgentId } from '../core/ids.ts';
import {
  HOUR_MS,
  type Hours,
  hoursOf,
  NOTHING,
  type Period,
  plus,
  type Sums,
} from '../core/office/statistics.ts';
import { type Branch, piecesOf, type Share, sharesOf } from '../core/office/statistics-share.ts';
import type { Query } from '../db/connect.ts';
import { ratesOf } from '../db/office-agent-rate.ts';
import { type FiguresWanted, readFigures, readPieces } from '../db/office-statistics.ts';
import { type NamedAgent, namedAgents, namedGames, namedVendors } from '../db/office-statistics-names.ts';

export const BY = ['day', 'hour', 'vendor', 'game', 'agent'] as const;
export type By = (typeof BY)[number];

export interface Asked {
  readonly by: By;
  readonly period: Period;
  /** As long as the period; null: nothing is compared. */
  readonly compared: Period | null;
  readonly agents: readonly AgentId[];
  readonly vendorId: number | null;
  readonly gameId: number | null;
  readonly currency: string | null;
}

export interface Line {
  /** What it is told of: a day, an hour's start, or an id. */
  readonly key: string;
  readonly name: string;
  /** Start of a day or an hour. */
  readonly at: string | null;
  readonly id: number | null;
  /** Of an agent, from the topmost that is told of. */
  readonly path: readonly number[] | null;
  readonly currency: string;
  readonly now: Sums;
  readonly before: Sums | null;
  /** Null where no rate was agreed, or where it is not told: by time and by game. */
  readonly share: bigint | null;
  /** Of an agent, with those below it. */
  readonly whole: Pick<Line, 'now' | 'before' | 'share'> | null;
}

export interface Told {
  readonly lines: readonly Line[];
  readonly totals: readonly Pick<Line, 'currency' | 'now' | 'before' | 'share'>[];
}

export async function tellStatistics(db: Query, asked: Asked): Promise<Told> {
  const { by, compared, period } = asked;
  const named = await namedAgents(db, asked.agents);
  const branches = branchesOf(named);
  const shares = await readShares(db, asked, branches);
  const tops = new Set(branches.filter(({ path }) => path.length === 1).map(({ id }) => id));
  const topShares = shares.filter(({ agentId }) => tops.has(agentId));
  const now = await figuresOf(db, asked, period);
  const before = compared === null ? null : await figuresOf(db, asked, compared);
  const beside = pairUp(now.rows, before?.rows ?? null);
  const lines = by === 'agent' ? treeOf(named, branches, beside) : await linesOf(db, asked, beside);
  const totals = [...pairUp(now.totals, before?.totals ?? null).values()];
  return {
    lines: lines.map((line) => withShare(line, by, by === 'agent' ? shares : topShares)),
    totals: totals.map(({ currency, now: sums, before: then }) => ({
      ...{ currency, now: sums, before: then },
      share: added(
        topShares.filter((each) => each.currency === currency),
        'whole',
      ),
    })),
  };
}

// ---- figures --------------------------------------------------------------------------------------------------

interface Found {
  readonly place: string;
  readonly currency: string;
  readonly sums: Sums;
}

interface Pair {
  readonly place: string;
  readonly currency: string;
  readonly now: Sums;
  readonly before: Sums | null;
}

/** Hours with their places in the period: the same places of another period are compared. */
function placesOf(by: By, { days, end }: Hours): { readonly place: string; readonly hour: number }[] {
  if (by === 'day') return days.map((hour, index) => ({ place: String(index), hour }));
  return days.flatMap((start, index) =>
    Array.from({ length: (days[index + 1] ?? end) - start }, (_, hour) => ({
      place: `${index} ${hour}`,
      hour: start + hour,
    })),
  );
}

async function figuresOf(db: Query, asked: Asked, period: Period) {
  const { by, agents, vendorId, gameId, currency } = asked;
  const hours = hoursOf(period);
  const all: FiguresWanted = {
    ...{ agents, vendorId, gameId, currency, end: hours.end },
    starts: hours.days.slice(0, 1),
    by: 'all',
  };
  const totals = (await readFigures(db, all)).map(({ key: _, currency: money, ...sums }) => ({
    ...{ place: '', currency: money, sums },
  }));
  if (by !== 'day' && by !== 'hour') {
    const rows = await readFigures(db, { ...all, by });
    return {
      totals,
      rows: rows.map(({ key, currency: money, ...sums }) => ({ place: String(key), currency: money, sums })),
    };
  }
  const places = placesOf(by, hours);
  const rows = await readFigures(db, { ...all, by: 'time', starts: places.map(({ hour }) => hour) });
  const found = new Map(rows.map(({ key, currency: money, ...sums }) => [`${key} ${money}`, sums]));
  // Times at which nothing was played are told as well.
  return {
    totals,
    rows: totals.flatMap(({ currency: money }) =>
      places.map(({ place, hour }) => ({
        place,
        currency: money,
        sums: found.get(`${hour} ${money}`) ?? NOTHING,
      })),
    ),
  };
}

/** By place and currency. What was in one of the periods alone was nothing in the other. */
function pairUp(now: readonly Found[], before: readonly Found[] | null): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const { place, currency, sums } of now)
    pairs.set(`${place} ${currency}`, {
      place,
      currency,
      now: sums,
      before: before === null ? null : NOTHING,
    });
  for (const { place, currency, sums } of before ?? []) {
    const pair = pairs.get(`${place} ${currency}`) ?? { place, currency, now: NOTHING };
    pairs.set(`${place} ${currency}`, { ...pair, before: sums });
  }
  return pairs;
}

// ---- lines ----------------------------------------------------------------------------------------------------

type Bare = Omit<Line, 'share'>;

async function linesOf(db: Query, { by, period }: Asked, pairs: Map<string, Pair>): Promise<Bare[]> {
  const all = [...pairs.values()];
  const plain = { at: null, id: null, path: null, whole: null };
  if (by === 'vendor') {
    const names = await namedVendors(db);
    return all.map((pair) => ({
      ...plain,
      ...pair,
      key: pair.place,
      id: Number(pair.place),
      name: names.get(Number(pair.place)) ?? '',
    }));
  }
  if (by === 'game') {
    const names = await namedGames(
      db,
      all.map(({ place }) => Number(place)),
    );
    return all.map((pair) => {
      const { name, vendor } = names.get(Number(pair.place)) ?? { name: '', vendor: '' };
      return { ...plain, ...pair, key: pair.place, id: Number(pair.place), name: `${name} (${vendor})` };
    });
  }
  const hours = new Map(placesOf(by, hoursOf(period)).map(({ place, hour }) => [place, hour]));
  return all.flatMap((pair) => {
    const hour = hours.get(pair.place);
    // The other period may have an hour more: a day on which clocks went back.
    if (hour === undefined) return [];
    const at = new Date(hour * HOUR_MS).toISOString();
    const name = by === 'day' ? addDays(period.from, Number(pair.place)) : at;
    return [{ ...plain, ...pair, key: name, name, at: at.replace('Z', '000Z') }];
  });
}

/** Each agent with what is below it; whoever has nothing of the kind is not told of. */
function treeOf(named: readonly NamedAgent[], branches: readonly Branch[], pairs: Map<string, Pair>): Bare[] {
  const paths = new Map(branches.map(({ id, path }) => [String(id), path]));
  const wholes = new Map<string, Pair>();
  for (const { place, currency, now, before } of pairs.values()) {
    for (const above of paths.get(place) ?? []) {
      const whole = wholes.get(`${above} ${currency}`);
      wholes.set(`${above} ${currency}`, {
        ...{ place: String(above), currency },
        now: plus(whole?.now ?? NOTHING, now),
        before: before === null ? null : plus(whole?.before ?? NOTHING, before),
      });
    }
  }
  const currencies = [...new Set([...pairs.values()].map(({ currency }) => currency))].sort();
  return named.flatMap(({ id, name }) =>
    currencies.flatMap((currency) => {
      const whole = wholes.get(`${id} ${currency}`);
      if (whole === undefined) return [];
      const own = pairs.get(`${id} ${currency}`) ?? {
        now: NOTHING,
        before: whole.before === null ? null : NOTHING,
      };
      return [
        {
          ...{ key: String(id), id, name, at: null, currency, now: own.now, before: own.before },
          path: paths.get(String(id)) ?? [],
          whole: { now: whole.now, before: whole.before, share: null },
        },
      ];
    }),
  );
}

// ---- shares ---------------------------------------------------------------------------------------------------

/** Paths without those that are not told of. */
function branchesOf(named: readonly NamedAgent[]): Branch[] {
  const told = new Set(named.map(({ id }) => id));
  return named.map(({ id, path }) => ({ id, path: path.filter((each) => told.has(each)) }));
}

async function readShares(db: Query, asked: Asked, branches: readonly Branch[]): Promise<Share[]> {
  const rates = await ratesOf(db, asked.agents);
  if ([...rates.values()].every((rows) => rows.length === 0)) return [];
  const { days, end } = hoursOf(asked.period);
  const pieces = piecesOf(branches, rates, { since: days[0] ?? end, until: end });
  return sharesOf(branches, rates, await readPieces(db, pieces, asked));
}

function added(shares: readonly Share[], what: 'own' | 'whole'): bigint | null {
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share[what], 0n);
}

/** An agent's own; of a vendor what those of the shares given earn. */
function withShare(line: Bare, by: By, shares: readonly Share[]): Line {
  const ofLine = shares.filter(
    ({ agentId, vendorId, currency }) =>
      currency === line.currency && (by === 'agent' ? agentId : vendorId) === line.id,
  );
  if (by === 'agent' && line.whole !== null)
    return { ...line, share: added(ofLine, 'own'), whole: { ...line.whole, share: added(ofLine, 'whole') } };
  return { ...line, share: by === 'vendor' ? added(ofLine, 'whole') : null };
}
