/**
 * The page's line to the studio. Every call has a time-out; what was answered is a value, also when it is a
 * refusal; silence is the code `network`, after which the same call may be made again (spins carry their id).
 */
import type { WireOpened, WireView } from '../wire.ts';

export type Answer = { ok: true; view: WireView } | { ok: false; code: string; view: WireView | null };
export type OpenAnswer = { ok: true; opened: WireOpened } | { ok: false; code: string };

const TIMEOUT_MS = 25_000;
const AGAIN: ReadonlySet<string> = new Set(['network', 'retry', 'busy', 'hub_unreachable', 'still_paying']);

/** True when the same call may simply be made again later. */
export function mayRepeat(code: string): boolean {
  return AGAIN.has(code);
}

/** An id for a spin or an opening, made by the page. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

type Raw = { status: number; body: unknown };

async function call(path: string, key: string, body?: unknown): Promise<Raw | null> {
  try {
    const response = await fetch(`../api/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      cache: 'no-store',
      credentials: 'omit',
      keepalive: path === 'decline',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(key === '' ? {} : { 'x-studio-session': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return null;
  }
}

function codeOf(raw: Raw): string {
  const { body } = raw;
  const known = typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
  return known ? String(body.code) : raw.status >= 500 ? 'retry' : 'refused';
}

async function act(path: string, key: string, body?: unknown): Promise<Answer> {
  const raw = await call(path, key, body);
  if (raw === null) return { ok: false, code: 'network', view: null };
  if (raw.status === 200) return { ok: true, view: raw.body as WireView };
  const view = (raw.body as { view?: WireView } | null)?.view ?? null;
  return { ok: false, code: codeOf(raw), view };
}

export type Api = ReturnType<typeof studioApi>;

/** The calls of one session. */
export function studioApi(key: string) {
  return {
    state: () => act('state', key),
    choose: (game: string | null) => act('choose', key, { game }),
    spin: (spinId: string, stake: string) => act('spin', key, { spinId, stake }),
    respin: (spinId: string, order: { round: string; reel: number; price: string }) =>
      act('respin', key, { spinId, ...order }),
    free: (spinId: string, round: string) => act('free', key, { spinId, round }),
    /** Ends the respin's offer; said also while the page goes away. */
    decline: () => act('decline', key, {}),
    close: () => act('close', key, {}),
  };
}

/** Opens a launch token; repeating it with the same `opening` continues the same session. */
export async function openSession(order: {
  token: string;
  opening: string;
  language: string;
}): Promise<OpenAnswer> {
  const raw = await call('open', '', order);
  if (raw === null) return { ok: false, code: 'network' };
  return raw.status === 200 ? { ok: true, opened: raw.body as WireOpened } : { ok: false, code: codeOf(raw) };
}
