/**
 * The way to one operator: its target made ready for sending, over connections that lead there. When address or
 * certificates change, connections are made anew; what is under way on the former ones is finished there.
 */
import type { KeyObject } from 'node:crypto';
import { Pool } from 'undici';
import type { OperatorTarget } from './client.ts';
import { type Guard, guardedConnector } from './guard.ts';
import { addSignature, signingKeys } from './signature.ts';
import { parseCallbackUrl } from './url.ts';

export interface Route {
  readonly target: OperatorTarget;
  readonly pool: Pool;
  readonly path: string;
  /** What every call says, as name and value by turns. */
  readonly headers: readonly string[];
  readonly keys: readonly KeyObject[];
}

/** What to send, below the callback address. The payload is signed; a GET carries it as its query. */
export interface LineRequest {
  readonly method: 'GET' | 'POST';
  readonly path: '/balance' | '/changeBalance';
  readonly payload: string;
}

export interface RoutingParts {
  readonly guard: Guard;
  readonly connectionsMax: number;
  readonly connectTimeoutMs: number;
}

export interface Routing {
  /** The route of a target; null: it has no address. `isElsewhere`: it no longer leads where the one before did. */
  follow(target: OperatorTarget): { readonly route: Route | null; readonly isElsewhere: boolean };
  /** The route of the target that was followed last. */
  current(): Route | null;
  /** Ends once what is under way has ended. */
  close(): Promise<void>;
}

export function createRouting(parts: RoutingParts): Routing {
  let route: Route | null = null;
  const closing = new Set<Promise<void>>();
  function retire(pool: Pool): void {
    const closed = pool.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }
  return {
    follow(target) {
      if (route?.target === target) return { route, isElsewhere: false };
      const former = route;
      const kept = former !== null && leadsToSame(former.target, target) ? former.pool : null;
      if (former !== null && kept === null) retire(former.pool);
      route = routeTo(target, kept, parts);
      return { route, isElsewhere: former !== null && kept === null };
    },
    current: () => route,
    async close() {
      if (route !== null) retire(route.pool);
      route = null;
      await Promise.all(closing);
    },
  };
}

function leadsToSame(one: OperatorTarget, other: OperatorTarget): boolean {
  return (
    one.callbackUrl === other.callbackUrl &&
    one.tls?.cert === other.tls?.cert &&
    one.tls?.key === other.tls?.key &&
    one.tls?.ca === other.tls?.ca
  );
}

function routeTo(target: OperatorTarget, kept: Pool | null, parts: RoutingParts): Route | null {
  const url = target.callbackUrl === null ? null : parseCallbackUrl(target.callbackUrl);
  if (!url?.ok) return null;
  const { userAgent, secrets } = target;
  const headers = ['User-Agent', userAgent, 'Content-Type', 'application/json', 'Accept', 'application/json'];
  const pool = kept ?? openPool(url.origin, target, parts);
  return { target, pool, path: url.path, headers, keys: signingKeys(secrets) };
}

function openPool(origin: string, { tls }: OperatorTarget, parts: RoutingParts): Pool {
  const { guard, connectionsMax, connectTimeoutMs } = parts;
  return new Pool(origin, {
    connect: guardedConnector(guard, { tls, timeoutMs: connectTimeoutMs }),
    connections: connectionsMax,
    pipelining: 1,
    allowH2: false,
    // Each call has its own deadline for everything.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** A request as it goes over the wire, signed now. */
export function written({ path, headers, keys }: Route, request: LineRequest) {
  const { method, payload } = request;
  const isPost = method === 'POST';
  const body = isPost ? Buffer.from(payload) : null;
  const signed = [...headers];
  addSignature(signed, keys, { at: Date.now(), payload: body ?? payload });
  return {
    method,
    path: isPost ? `${path}${request.path}` : `${path}${request.path}?${payload}`,
    headers: signed,
    body,
  };
}
