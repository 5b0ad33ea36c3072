/**
 * What all players are shown: the sessions, read once for everybody on this node and kept up to date. A change is told
 * by the database and read once; should the line to it be down, a look every second finds what it missed.
 *
 * Numbers of changes are drawn before they are committed, so a lower one may appear after a higher one: whoever asks
 * for what came after a number is given what was drawn shortly before it as well. Of one session they only grow.
 */
import { type RainSessionId, trusted } from '../core/ids.ts';
import { type BoardSession, boardSessions, boardSessionsAfter, boardSessionsOf } from '../db/book-board.ts';
import type { Sql } from '../db/connect.ts';
import type { SessionView } from './player-wire.ts';

/** A session with what goes over the wire of it, written once. */
export interface Shown {
  readonly view: SessionView;
  readonly currency: string;
  readonly json: string;
}

/** Whose sessions: a player sees those of its site and currency. */
export interface Market {
  readonly site: string;
  readonly currency: string;
}

export interface Board {
  /** Reads the sessions and begins to follow them; later calls wait for nothing. */
  start(): Promise<void>;
  /** Highest number of a change seen. */
  revision(): number;
  /** By their start. */
  shown(market: Market): readonly Shown[];
  /** Those changed after a revision, and perhaps some more. */
  changedSince(market: Market, revision: number): readonly Shown[];
  /** Any session, also one that is not shown any more. */
  session(id: RainSessionId): Promise<Shown | null>;
  onChange(listener: (shown: Shown) => void): void;
  close(): Promise<void>;
}

/** More changes than are drawn while the longest transaction runs. */
const REVISIONS_LATE = 1000;
const LOOK_MS = 1000;
/** Every so many looks what is not shown any more is forgotten. */
const LOOKS_TO_SWEEP = 300;
const OLD_SESSIONS_MAX = 10_000;

export const marketKey = ({ site, currency }: Market): string => `${site}/${currency}`;

export function openBoard(sql: Sql, onFailure: (error: unknown) => void): Board {
  const shelf = openShelf();
  const follower = followSessions(sql, shelf, onFailure);
  const old = new Map<RainSessionId, Shown>();
  return {
    start: follower.start,
    close: follower.close,
    revision: shelf.revision,
    shown: (market) => ofMarket(shelf.all(), market),
    changedSince: (market, since) =>
      ofMarket(shelf.all(), market).filter(({ view }) => view.revision > since - REVISIONS_LATE),
    async session(id) {
      const known = shelf.all().get(id) ?? old.get(id);
      if (known !== undefined) return known;
      const [found] = await boardSessionsOf(sql, [id]);
      if (found === undefined) return null;
      if (old.size >= OLD_SESSIONS_MAX) old.clear();
      const shown = toShown(found);
      old.set(id, shown);
      return shown;
    },
    onChange: shelf.onChange,
  };
}

function ofMarket(sessions: ReadonlyMap<RainSessionId, Shown>, { site, currency }: Market): Shown[] {
  return [...sessions.values()]
    .filter(({ view, currency: own }) => view.site === site && own === currency)
    .sort((a, b) => a.view.startsAt - b.view.startsAt || a.view.id - b.view.id);
}

interface Shelf {
  all(): ReadonlyMap<RainSessionId, Shown>;
  revision(): number;
  /** Keeps the younger of what it has and this, and tells of it when it is new. */
  put(session: BoardSession): void;
  keepOnly(ids: ReadonlySet<RainSessionId>): void;
  onChange(listener: (shown: Shown) => void): void;
}

function openShelf(): Shelf {
  const sessions = new Map<RainSessionId, Shown>();
  const listeners: ((shown: Shown) => void)[] = [];
  let revision = 0;
  return {
    all: () => sessions,
    revision: () => revision,
    put(session) {
      revision = Math.max(revision, session.revision);
      const known = sessions.get(session.id);
      if (known !== undefined && known.view.revision >= session.revision) return;
      const shown = toShown(session);
      sessions.set(session.id, shown);
      for (const listener of listeners) listener(shown);
    },
    keepOnly(ids) {
      for (const id of sessions.keys()) if (!ids.has(id)) sessions.delete(id);
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

function followSessions(sql: Sql, shelf: Shelf, onFailure: (error: unknown) => void) {
  const told = new Set<RainSessionId>();
  let started: Promise<void> | null = null;
  let reading: Promise<void> = Promise.resolve();
  let looking: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unlisten: (() => Promise<void>) | null = null;
  let closed = false;

  /** One reading at a time: what is told while it runs is read by the next. */
  function hear(payload: string): void {
    const isFirst = told.size === 0;
    told.add(trusted<RainSessionId>(payload));
    if (isFirst) reading = reading.then(readTold).catch(onFailure);
  }
  async function readTold(): Promise<void> {
    const ids = [...told];
    told.clear();
    if (!closed) for (const session of await boardSessionsOf(sql, ids)) shelf.put(session);
  }
  async function look(turn: number): Promise<void> {
    if (turn % LOOKS_TO_SWEEP === 0) {
      const shown = await boardSessions(sql);
      shelf.keepOnly(new Set(shown.map(({ id }) => id)));
      shown.map(shelf.put);
    } else (await boardSessionsAfter(sql, shelf.revision() - REVISIONS_LATE)).map(shelf.put);
  }
  function lookAgain(turn: number): void {
    timer = setTimeout(() => {
      looking = look(turn)
        .catch(onFailure)
        .then(() => (closed ? undefined : lookAgain(turn + 1)));
    }, LOOK_MS);
  }
  async function begin(): Promise<void> {
    const line = await sql.listen('rain_changed', hear);
    unlisten = line.unlisten;
    (await boardSessions(sql)).map(shelf.put);
    if (!closed) lookAgain(1);
  }

  return {
    start(): Promise<void> {
      started ??= begin().catch((error) => {
        started = null;
        throw error;
      });
      return started;
    },
    async close(): Promise<void> {
      closed = true;
      await started?.catch(() => {});
      clearTimeout(timer);
      await unlisten?.().catch(() => {});
      await Promise.all([reading, looking]);
    },
  };
}

function toShown({ currency, odds, ...session }: BoardSession): Shown {
  const view: SessionView = {
    ...session,
    odds: odds === null ? null : oddsView(odds),
  };
  return { view, currency, json: JSON.stringify(view) };
}

/** Odds in thousandths as the wire shows them. */
export function oddsView(odds: { quote: number; rain: number; dry: number; until: number }) {
  return { quote: odds.quote, rain: odds.rain / 1000, noRain: odds.dry / 1000, until: odds.until };
}
