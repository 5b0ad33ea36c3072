/**
 * Every call of the page to the hub goes through here: the same origin, JSON, a limit of time, and refusals as errors that
 * carry their code. What a refusal says to a person is in the catalogues (`refusals.<code>`).
 */

const ROOT = '/office/v1';
const TIMEOUT_MS = 30_000;

export type QueryValue = string | number | boolean | null | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

/** The hub said no, or could not be asked: `code` is the hub's, or `offline` (not reached), `timeout`, `garbled`. */
export class Refused extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string | null;
  /** What is wrong, by field. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | null;

  constructor({ code, status, detail, fields, retryAfterMs }: Refusal) {
    super(code);
    this.code = code;
    this.status = status;
    this.detail = detail ?? null;
    this.fields = fields ?? {};
    this.retryAfterMs = retryAfterMs ?? null;
  }
}

interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly detail?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly retryAfterMs?: number | undefined;
}

export interface Ask {
  readonly method?: string;
  readonly query?: Query | undefined;
  /** Sent as JSON; a Blob as it is. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Answers what the hub answers; throws Refused. */
export async function ask<Answer>(path: string, asked: Ask = {}): Promise<Answer> {
  const response = await send(path, asked, TIMEOUT_MS);
  const body = await readJson(response);
  if (response.ok && body !== undefined) return body as Answer;
  const refused = refusalOf(response.status, body);
  if (refused.code === 'unauthenticated') signedOut();
  throw refused;
}

let signedOut: () => void = () => {};

/** Told when the hub no longer knows who asks: the session has ended. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

export const get = <Answer>(path: string, query?: Query, signal?: AbortSignal) =>
  ask<Answer>(path, { query, signal });
export const post = <Answer>(path: string, body: unknown = {}) => ask<Answer>(path, { method: 'POST', body });
export const patch = <Answer>(path: string, body: unknown) => ask<Answer>(path, { method: 'PATCH', body });
export const put = <Answer>(path: string, body: unknown) => ask<Answer>(path, { method: 'PUT', body });
export const del = <Answer>(path: string) => ask<Answer>(path, { method: 'DELETE' });

/** A file as it comes, for as long as it takes: an answer that is read bit by bit. Throws Refused. */
export async function getStream(path: string, query: Query, signal: AbortSignal): Promise<Response> {
  const response = await send(path, { query, signal }, null);
  if (response.ok) return response;
  throw refusalOf(response.status, await readJson(response));
}

/** The address of a call, for links and pictures. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return `${ROOT}${path}${search.size === 0 ? '' : `?${search}`}`;
}

async function send(path: string, { method = 'GET', query, body, signal }: Ask, limitMs: number | null) {
  const signals = [signal, limitMs === null ? undefined : AbortSignal.timeout(limitMs)];
  const isFile = body instanceof Blob;
  const type = isFile ? body.type || 'application/octet-stream' : 'application/json';
  try {
    return await fetch(addressOf(path, query), {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.any(signals.filter((each) => each !== undefined)),
      headers: method === 'GET' ? {} : { 'x-croupier-office': '1', 'content-type': type },
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new Refused({ code: late ? 'timeout' : 'offline', status: 0 });
  }
}

/** Undefined: not JSON. */
async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function refusalOf(status: number, body: unknown): Refused {
  const said = typeof body === 'object' && body !== null ? (body as Partial<Refusal>) : {};
  const { code = 'garbled', detail, fields, retryAfterMs } = said;
  return new Refused({ code, status, detail, fields, retryAfterMs });
}
