/**
 * The visit's tokens: kept, renewed a good while before they end and at once when one is refused, by one refresh at a
 * time. A call made by `ask` never sees an expired token: it waits for the new one and goes again.
 */
import type { Tokens } from '../../src/kbook/player-wire.ts';
import { type Answer, type Ask, call } from './calls.ts';
import { hearTime, now } from './clock.ts';
import { load, save } from './saved.ts';

export interface Keys {
  access(): string | null;
  take(tokens: Tokens): void;
  drop(): void;
  /** The code of what ended the visit; null: renewed, or nobody answered. */
  renew(): Promise<string | null>;
  /** Looks whether it is time to renew: a page that slept has missed its timer. */
  wake(): void;
  readonly ended: KeysHost['ended'];
}

export interface KeysHost {
  /** The visit is over, by a code of the contract. */
  readonly ended: (code: string, data: unknown) => void;
  readonly renewed: (access: string) => void;
}

/** Codes that say something about the visit itself, whatever was asked; all others are of the call, or will pass. */
const ENDING = new Set(['2001', '2002', '2003', '2006', '2007']);

export function endsVisit(code: string): boolean {
  return ENDING.has(code);
}

const EARLY_MS = 60_000;
const AGAIN_MS = 5_000;
const TIMER_MS_MAX = 2 ** 31 - 1;

export function openKeys(host: KeysHost): Keys {
  let tokens: Tokens | null = load('tokens');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let renewing: Promise<string | null> | null = null;

  function take(next: Tokens): void {
    tokens = next;
    save('tokens', next);
    hearTime(next.serverTime);
    plan();
  }
  function drop(): void {
    tokens = null;
    clearTimeout(timer);
    save('tokens', null);
  }
  function plan(): void {
    clearTimeout(timer);
    if (tokens === null) return;
    const left = tokens.accessExpiresAt - now();
    const early = Math.min(EARLY_MS, left / 3);
    timer = setTimeout(renew, Math.min(Math.max(left - early, 0), TIMER_MS_MAX));
  }
  function renew(): Promise<string | null> {
    renewing ??= refresh().finally(() => {
      renewing = null;
    });
    return renewing;
  }
  async function refresh(): Promise<string | null> {
    if (tokens === null) return '2007';
    const answer = await call<Tokens>('refresh', { body: { refresh: tokens.refresh } });
    if (answer.kind === 'ok') {
      take(answer.data);
      host.renewed(answer.data.access);
      return null;
    }
    if (answer.kind === 'silent' || !endsVisit(answer.code)) {
      clearTimeout(timer);
      timer = setTimeout(renew, AGAIN_MS);
      return null;
    }
    drop();
    host.ended(answer.code, answer.data);
    return answer.code;
  }
  return {
    access: () => tokens?.access ?? null,
    take,
    drop,
    renew,
    ended: host.ended,
    wake() {
      if (tokens !== null && tokens.accessExpiresAt - now() < EARLY_MS / 2) void renew();
    },
  };
}

export interface Question extends Pick<Ask, 'body'> {
  readonly path: string;
}

/** A call with the visit's access. */
export async function ask<Data>(keys: Keys, { path, ...what }: Question): Promise<Answer<Data>> {
  const used = keys.access();
  const answer = await call<Data>(path, { ...what, access: used });
  if (answer.kind !== 'refused') return answer;
  if (answer.code === '2001' && used !== null) return askRenewed(keys, { path, used, ...what }, answer);
  // A bet may be refused by 2003 and nothing else with it: a player that has shut itself out still sees its bets.
  if (endsVisit(answer.code) && !(answer.code === '2003' && path === 'bets')) {
    keys.drop();
    keys.ended(answer.code, answer.data);
  }
  return answer;
}

/** Once more with the token that follows; without one, nobody has said anything yet. */
async function askRenewed<Data>(
  keys: Keys,
  { path, used, ...what }: Question & { readonly used: string },
  refused: Answer<Data>,
): Promise<Answer<Data>> {
  // Somebody else may have renewed it meanwhile.
  if (keys.access() === used && (await keys.renew()) !== null) return refused;
  const access = keys.access();
  return access === used ? { kind: 'silent' } : call<Data>(path, { ...what, access });
}
