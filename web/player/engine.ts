/**
 * The page's engine: gets in by the link's token or the tab's own, keeps the book fresh, and puts a door in front of it
 * when the visit is over or cannot begin.
 */
import type { PasswordHint, StateView, Tokens } from '../../src/kbook/player-wire.ts';
import type { Boot } from './boot.ts';
import { type Answer, call } from './calls.ts';
import { type Fresh, openFresh } from './fresh.ts';
import { type Keys, openKeys } from './keys.ts';
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
  let again: ReturnType<typeof setTimeout> | undefined;
  const door = (next: Door) => page.turn((now) => ({ ...now, door: next }));

  function ended(code: string, data?: unknown): void {
    fresh.stop();
    if (code === '2004') door(passwordDoor(data));
    else page.turn((now) => ({ ...now, door: { kind: 'ended', code }, slip: null }));
  }
  async function begin(): Promise<void> {
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
    if (login.kind !== 'ok') return notIn(login);
    save('token', null);
    keys.take(login.data);
    await arrive();
  }
  function notIn(login: Exclude<Answer<unknown>, { kind: 'ok' }>): void {
    const passing = login.kind === 'silent' || PASSING.has(login.code);
    clearTimeout(again);
    if (passing) {
      door({ kind: 'offline' });
      again = setTimeout(retry, AGAIN_MS);
    } else ended(login.code, login.data);
  }
  const retry = () => void (page.get().door?.kind === 'offline' && enter());
  async function arrive(): Promise<void> {
    door({ kind: 'starting' });
    const answer = await keys.ask<StateView>('state');
    if (answer.kind === 'ok') fresh.take(answer.data);
    else if (page.get().door?.kind === 'starting') notIn(answer);
  }

  listen(() => {
    keys.wake();
    fresh.wake();
    retry();
  }, fresh.cut);
  void begin();
  return {
    page,
    keys,
    enter,
    reload: fresh.reload,
    async leave() {
      await keys.ask('logout', { body: {} });
      keys.drop();
      fresh.stop();
      page.turn((now) => ({ ...now, door: { kind: 'left' }, slip: null }));
    },
    dismiss: (id) => page.turn((now) => ({ ...now, news: now.news.filter((each) => each.id !== id) })),
  };
}

function listen(wake: () => void, cut: () => void): void {
  addEventListener('online', wake);
  addEventListener('offline', cut);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wake();
  });
}

function passwordDoor(data: unknown): Door {
  const known = typeof data === 'object' && data !== null && 'detail' in data;
  return { kind: 'password', hint: known ? (data as PasswordHint) : { detail: 'asked' }, busy: false };
}
