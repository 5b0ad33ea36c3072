/**
 * One call of the page's API. What the hub says is a value, also when it refuses; `silent` means that nobody can say
 * whether the call was heard: no line, no answer in time, or something on the way that is not the hub.
 */
import type { Envelope } from '../../src/kbook/player-wire.ts';

export type Answer<Data> =
  | { readonly kind: 'ok'; readonly data: Data }
  | { readonly kind: 'refused'; readonly code: string; readonly data: unknown }
  | { readonly kind: 'silent' };

export interface Ask {
  readonly access?: string | null;
  /** Absent: a GET. */
  readonly body?: unknown;
}

const TIMEOUT_MS = 15_000;

/** Calls `path` below /player/api. Never rejects. */
export async function call<Data>(path: string, { access, body }: Ask = {}): Promise<Answer<Data>> {
  try {
    const response = await fetch(`api/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        ...(access ? { authorization: `Bearer ${access}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) return { kind: 'silent' };
    return readEnvelope((await response.json()) as Envelope<Data> | null);
  } catch {
    return { kind: 'silent' };
  }
}

function readEnvelope<Data>(body: Envelope<Data> | null): Answer<Data> {
  if (typeof body?.code !== 'string') return { kind: 'silent' };
  return body.code === '1'
    ? { kind: 'ok', data: body.data as Data }
    : { kind: 'refused', code: body.code, data: body.data };
}
