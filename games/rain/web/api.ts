/** The page's line to its server. Every call has a time-out; silence is the code `network`, and may be repeated. */
import type { RainOpened, RainView } from '../wire.ts';

export type Answer<Value> = { ok: true; value: Value } | { ok: false; code: string };

const TIMEOUT_MS = 25_000;

async function call<Value>(
  path: string,
  by: { key: string; method?: 'GET'; body?: unknown },
): Promise<Answer<Value>> {
  const { key, method = 'POST', body } = by;
  try {
    const response = await fetch(`../api/${path}`, {
      method,
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(key === '' ? {} : { 'x-studio-session': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value = await response.json();
    if (response.ok) return { ok: true, value };
    return { ok: false, code: typeof value?.code === 'string' ? value.code : 'refused' };
  } catch {
    return { ok: false, code: 'network' };
  }
}

/** True when the same call may simply be made again later. */
export function mayRepeat(code: string): boolean {
  return ['network', 'retry', 'busy'].includes(code);
}

export const open = (order: { token: string; opening: string; language: string }) =>
  call<RainOpened>('open', { key: '', body: order });

export function visitApi(key: string) {
  return {
    view: () => call<RainView>('view', { key, method: 'GET' }),
    enter: () => call<RainView>('enter', { key }),
    touch: () => call<RainView>('touch', { key }),
    leave: () => call<RainView>('leave', { key }),
    login: () => call<{ url: string }>('login', { key }),
    /** Said while the page goes away: the browser sends it by itself. */
    away: () => navigator.sendBeacon('../api/away', key),
  };
}
