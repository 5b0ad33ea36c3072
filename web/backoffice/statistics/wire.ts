/** Statistics as the hub answers them, and what is asked for as it stands in the address. */
import { useSearchParams } from 'react-router';
import { DAYS_MAX, DAYS_MAX_BY_HOUR } from '../../../src/core/office/statistics.ts';
import { wallOf } from '../kit/clock.ts';
import { useMe } from '../session.tsx';

export interface Figures {
  readonly bets: number;
  readonly betSum: string;
  readonly wins: number;
  readonly winSum: string;
  readonly cancels: number;
  readonly cancelSum: string;
  readonly other: string;
  readonly ggr: string;
  /** Percent. */
  readonly hold: string | null;
  readonly rounds: number;
  readonly players: number;
}

export interface Beside {
  readonly now: Figures;
  readonly before: Figures | null;
  readonly share: string | null;
}

export interface Row extends Beside {
  readonly key: string;
  readonly name: string;
  readonly at: string | null;
  readonly id: number | null;
  readonly path: readonly number[] | null;
  readonly currency: string;
  readonly whole: Beside | null;
}

export interface Total extends Beside {
  readonly currency: string;
}

export interface Answer {
  readonly asOf: string;
  readonly zone: string;
  readonly minutesLate: number;
  readonly compared: { readonly from: string; readonly to: string } | null;
  readonly rows: readonly Row[];
  readonly more: boolean;
  readonly totals: readonly Total[];
}

export const BYS = ['day', 'hour', 'vendor', 'game', 'agent'] as const;
export type By = (typeof BYS)[number];

/** All of it texts, '' = not set. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly by: By;
  readonly agent: string;
  readonly vendor: string;
  readonly game: string;
  /** '', previous, year, or a day. */
  readonly compare: string;
  /** Agents: '' with those below, or `own`. */
  readonly tree: string;
}

const DAY_MS = 86_400_000;

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export const todayIn = (zone: string) => wallOf(Date.now(), zone)?.slice(0, 10) ?? '1970-01-01';

/** What is asked for: seven days by day unless the address says otherwise. */
export function useAsked(): readonly [Asked, (changes: Partial<Record<keyof Asked, string>>) => void] {
  const [search, setSearch] = useSearchParams();
  const me = useMe();
  const given = (key: keyof Asked) => search.get(key) ?? '';
  const zone = given('zone') || me.timeZone;
  const today = todayIn(zone);
  const asked: Asked = {
    from: given('from') || dayAfter(today, -6),
    to: given('to') || today,
    zone,
    by: BYS.find((by) => by === given('by')) ?? 'day',
    agent: given('agent'),
    vendor: given('vendor'),
    game: given('game'),
    compare: given('compare'),
    tree: given('tree'),
  };
  const change = (changes: Partial<Record<keyof Asked, string>>) => {
    setSearch((before) => {
      const next = new URLSearchParams(before);
      for (const [key, value] of Object.entries(changes)) {
        if (value === '') next.delete(key);
        else next.set(key, value);
      }
      return next;
    });
  };
  return [asked, change];
}

/** What is wrong with the days, as a text's key and places; null: nothing. */
export function troubleOf({ from, to, by }: Asked): { key: string; days: number } | null {
  const most = by === 'hour' ? DAYS_MAX_BY_HOUR : DAYS_MAX;
  if (to < from) return { key: 'statistics.wrong_order', days: 0 };
  return lengthOf({ from, to }) > most ? { key: 'statistics.too_long', days: most } : null;
}

const lengthOf = ({ from, to }: Pick<Asked, 'from' | 'to'>) =>
  (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;

/** As the API takes it. */
export function queryOf({ tree: _, ...asked }: Asked): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(asked).map(([key, value]) => [key, value === '' ? undefined : value]),
  );
}

/** The next level below a row: an agent's vendors, a vendor's games, a game's hours, a day's hours. */
export function stepInto(row: Row, { by, from, to }: Asked): Partial<Record<keyof Asked, string>> | null {
  const days = lengthOf({ from, to });
  switch (by) {
    case 'agent':
      return { by: 'vendor', agent: row.key };
    case 'vendor':
      return { by: 'game', vendor: row.key };
    case 'game':
      return { by: days > DAYS_MAX_BY_HOUR ? 'day' : 'hour', game: row.key };
    case 'day':
      return { by: 'hour', from: row.key, to: row.key };
    case 'hour':
      return null;
  }
}

/** An hour as the clocks of the zone show it; days and names as they are. */
export function nameOf(row: Row, zone: string): string {
  return row.at !== null && row.key.includes('T')
    ? (wallOf(row.at, zone)?.slice(0, 16).replace('T', ' ') ?? row.key)
    : row.name;
}

/** Of an agent what was chosen, of others their own. */
export const figuresOf = (row: Row, { tree }: Pick<Asked, 'tree'>): Beside =>
  tree === 'own' || row.whole === null ? row : row.whole;
