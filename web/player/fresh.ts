/**
 * Keeps the book fresh: by the live line, and while that is away by reading /state every few seconds. What the page
 * says of it (`line`) is never better than it is: `live` and `polling` mean that the hub has just been heard.
 */
import type { BetView, LiveMessage, StateView } from '../../src/kbook/player-wire.ts';
import { bookOf, heard } from './book.ts';
import { hearTime } from './clock.ts';
import { ask, endsVisit, type Keys } from './keys.ts';
import { type Live, openLive } from './live.ts';
import { newsKindOf, type Page, withNews } from './page.ts';
import type { Store } from './store.ts';

export interface Fresh {
  /** Takes a state as news of now, and joins the live line if it has not. */
  take(state: StateView): void;
  /** Reads /state now; false: nobody answered, or it was refused. */
  reload(): Promise<boolean>;
  renewed(access: string): void;
  wake(): void;
  /** The machine says it has no network. */
  cut(): void;
  stop(): void;
}

export interface FreshHost {
  readonly page: Store<Page>;
  readonly keys: Keys;
  /** The visit is over, by a code of the contract. */
  readonly ended: (code: string) => void;
}

const POLL_MS = 4_000;
/** A line that is back so soon was never told to be away. */
const GRACE_MS = 1_500;
/** A settlement comes as many messages; the visit's net is read once they are through. */
const SETTLED_MS = 800;

export function openFresh({ page, keys, ended }: FreshHost): Fresh {
  let live: Live | null = null;
  let wasLive = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turnLine = (line: Page['line']) => page.turn((now) => (now.line === line ? now : { ...now, line }));

  function take(state: StateView): void {
    hearTime(state.serverTime);
    page.turn((now) => ({ ...now, door: null, book: bookOf(state, now.book) }));
    const since = () => page.get().book?.revision ?? 0;
    live ??= openLive({ access: keys.access, since, hear, turned });
  }
  async function reload(): Promise<boolean> {
    const answer = await ask<StateView>(keys, { path: 'state' });
    // What comes after the end would open the page again.
    if (answer.kind === 'ok' && live !== null) take(answer.data);
    return answer.kind === 'ok';
  }
  function hear(message: LiveMessage): void {
    if (heardBy({ page, keys, ended }, message) === 'settled') setTimeout(reload, SETTLED_MS);
  }
  function turned(line: 'live' | 'gone'): void {
    if (line === 'live') {
      clearTimeout(timer);
      turnLine('live');
      if (wasLive) void reload();
      wasLive = true;
    } else if (page.get().line === 'live' || (page.get().line === 'joining' && timer === undefined)) {
      turnLine('joining');
      timer = setTimeout(poll, GRACE_MS);
    }
  }
  async function poll(): Promise<void> {
    clearTimeout(timer);
    const fresh = await reload();
    if (live === null || page.get().line === 'live') return;
    turnLine(fresh ? 'polling' : 'lost');
    timer = setTimeout(poll, POLL_MS);
  }
  return {
    take,
    reload,
    renewed: (access) => live?.renewed(access),
    wake() {
      live?.wake();
      if (page.get().line === 'lost') void poll();
    },
    cut() {
      live?.drop();
      if (live === null) return;
      clearTimeout(timer);
      turnLine('lost');
      timer = setTimeout(poll, POLL_MS);
    },
    stop() {
      live?.close();
      live = null;
      wasLive = false;
      clearTimeout(timer);
    },
  };
}

/** Takes a message in. 'settled': the visit's net is another now. */
function heardBy({ page, keys, ended }: FreshHost, message: LiveMessage): 'settled' | 'taken' {
  if ('serverTime' in message) hearTime(message.serverTime);
  if (message.type === 'ended') {
    // The hub closes the line with it: what is no end of the visit is joined again.
    if (message.code === '2001') void keys.renew();
    else if (endsVisit(message.code)) ended(message.code);
    return 'taken';
  }
  const settled = message.type === 'bet' && tell(page, message.bet);
  page.turn((now) => (now.book === null ? now : { ...now, book: heard(now.book, message) }));
  return settled ? 'settled' : 'taken';
}

let newsId = 0;

/** Tells the player what became of a bet. True when it was settled: the visit's net is another now. */
function tell(page: Store<Page>, bet: BetView): boolean {
  const { book, slip } = page.get();
  const kind = newsKindOf(book?.bets.get(bet.id), bet);
  if (kind === null) return false;
  // A slip in front of the player says it already.
  const inSight = slip !== null && slip.key === bet.key && !slip.hidden;
  newsId += 1;
  const id = newsId;
  if (!inSight) page.turn((now) => withNews(now, { id, kind, bet }));
  return kind === 'won' || kind === 'lost' || kind === 'void';
}
