/**
 * The page's engine: gets in by the link's token or the tab's own, keeps the book fresh, and puts a door in front of it
 * when the visit is over or cannot begin.
 */
import type { PasswordHint, StateView, Tokens } from '../../src/kbook/player-wire.ts';
import type { Boot } from './boot.ts';
import { type Answer, call } from './calls.ts';
import { type Fresh, openFresh } from './fresh.ts';
import { ask, type Keys, openKeys } from './keys.ts';
import { type Door, FIRST_PAGE, type Page } from './page.ts';
import { load, save } from './saved.ts';
import { createStore, type Store } from './store.ts';

export interface Engine {
  readonly page: Store<Page>;
  readonly keys: Keys;
  /** By the link's token, with the page's password when it has one; or once more by the tab's own tokens. */
  enter(password?: string): Promise<void>;
  reload(): Promise<boolean>;
  /** Ends the visit. */
  leave(): Promise<void>;
  dismiss(newsId: number): void;
}

/** Troubles of the hub, not of the visit. */
const PASSING = new Set(['0', '999', '5002', '6001', '6002']);
const AGAIN_MS = 5_000;

export function openEngine(boot: Boot | undefined): Engine {
  const page = createStore<Page>(FIRST_PAGE);
  const keys = openKeys({ ended, renewed: (access) => fresh.renewed(access) });
  const fresh: Fresh = openFresh({ page, keys, ended });
  const way = openWay({ page, keys, fresh, ended });

  function ended(code: string, data?: unknown): void {
    fresh.stop();
    keys.drop();
    // Who has left knows that the visit is over.
    if (page.get().door?.kind === 'left') return;
    const door: Door = code === '2004' ? passwordDoor(data) : { kind: 'ended', code };
    page.turn((now) => ({ ...now, door, slip: null }));
  }
  listen(() => {
    keys.wake();
    fresh.wake();
    way.retry();
  }, fresh.cut);
  void way.begin(boot);
  return {
    page,
    keys,
    enter: way.enter,
    reload: fresh.reload,
    async leave() {
      fresh.stop();
      page.turn((now) => ({ ...now, door: { kind: 'left' }, slip: null }));
      await ask(keys, { path: 'logout', body: {} });
      keys.drop();
    },
    dismiss: (id) => page.turn((now) => ({ ...now, news: now.news.filter((each) => each.id !== id) })),
  };
}

interface WayParts {
  readonly page: Store<Page>;
  readonly keys: Keys;
  readonly fresh: Fresh;
  readonly ended: (code: string, data?: unknown) => void;
}

/** The way in, as often as it takes. */
function openWay({ page, keys, fresh, ended }: WayParts) {
  let again: ReturnType<typeof setTimeout> | undefined;
  /** What was typed and not answered: asked once more with it, nobody has to type it again. */
  let unanswered: string | undefined;
  const door = (next: Door) => page.turn((now) => ({ ...now, door: next }));

  async function begin(boot: Boot | undefined): Promise<void> {
    if (boot?.login != null) {
      const login = await boot.login;
      if (login.kind !== 'ok') return notIn(login);
      keys.take(login.data);
    } else if (keys.access() === null) return enter();
    const state = await boot?.state;
    if (state?.kind === 'ok') fresh.take(state.data);
    else await arrive();
  }
  async function enter(password?: string): Promise<void> {
    const token = load('token');
    if (token === null) return keys.access() === null ? ended('2001') : arrive();
    const before = page.get().door;
    door(before?.kind === 'password' ? { ...before, busy: true } : { kind: 'starting' });
    const body = { token, ...(password === undefined ? {} : { password }) };
    const login = await call<Tokens>('login', { body });
    unanswered = isPassing(login) ? password : undefined;
    if (login.kind !== 'ok') return notIn(login);
    save('token', null);
    keys.take(login.data);
    await arrive();
  }
  async function arrive(): Promise<void> {
    door({ kind: 'starting' });
    const answer = await ask<StateView>(keys, { path: 'state' });
    if (answer.kind === 'ok') fresh.take(answer.data);
    else if (page.get().door?.kind === 'starting') notIn(answer);
  }
  function notIn(answer: Exclude<Answer<unknown>, { kind: 'ok' }>): void {
    clearTimeout(again);
    if (isPassing(answer)) {
      door({ kind: 'offline' });
      again = setTimeout(retry, AGAIN_MS);
    } else if (answer.kind === 'refused') ended(answer.code, answer.data);
  }
  const retry = () => void (page.get().door?.kind === 'offline' && enter(unanswered));
  return { begin, enter, retry };
}

function listen(wake: () => void, cut: () => void): void {
  addEventListener('online', wake);
  addEventListener('offline', cut);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wake();
  });
}

/** Nobody's answer, or one that may be another in a moment. */
function isPassing(answer: Answer<unknown>): boolean {
  return answer.kind === 'silent' || (answer.kind === 'refused' && PASSING.has(answer.code));
}

function passwordDoor(data: unknown): Door {
  const known = typeof data === 'object' && data !== null && 'detail' in data;
  return { kind: 'password', hint: known ? (data as PasswordHint) : { detail: 'asked' }, busy: false };
}
