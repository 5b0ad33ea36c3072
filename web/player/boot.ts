/**
 * The first lines of the page, inline in it: takes the token out of the address before anything else may see it there,
 * and asks for what the page shows while its script is still on the way.
 */
import type { StateView, Tokens } from '../../src/kbook/player-wire.ts';
import { type Answer, call } from './calls.ts';
import { load, save } from './saved.ts';

export interface Boot {
  /** Null: the address carried no token. */
  readonly login: Promise<Answer<Tokens>> | null;
  /** Null: not asked for. */
  readonly state: Promise<Answer<StateView> | null>;
}

declare global {
  interface Window {
    rainBoot?: Boot;
  }
}

/** An address a player may be sent back to: https, and nothing hidden in it. */
function safeHome(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null;
}

function begin(): Boot {
  const query = new URLSearchParams(location.search);
  const token = query.get('token');
  if (location.search !== '') history.replaceState(null, '', location.pathname + location.hash);
  if (token === null) {
    const tokens = load('tokens');
    return { login: null, state: tokens === null ? Promise.resolve(null) : askState(tokens) };
  }
  save('tokens', null);
  save('order', null);
  save('told', null);
  save('token', token);
  save('home', safeHome(query.get('home')));
  save('language', query.get('lang'));
  const login = call<Tokens>('login', { body: { token } });
  return { login, state: login.then((answer) => (answer.kind === 'ok' ? entered(answer.data) : null)) };
}

function entered(tokens: Tokens): Promise<Answer<StateView>> {
  save('tokens', tokens);
  save('token', null);
  return askState(tokens);
}

function askState({ access }: Tokens): Promise<Answer<StateView>> {
  return call<StateView>('state', { access });
}

window.rainBoot = begin();
