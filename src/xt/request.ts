/** Reading a call the liberal way (contract xt §1): query string, JSON or urlencoded body, on any method. */
import type { FastifyRequest } from 'fastify';
import { type Decoded, parseJsonObject, parseUrlencoded } from '../http/query.ts';

/**
 * All parameters of a call; body parameters win over the query's, and a `uuid` over the Idempotency-Key header, which
 * means the same. Null when the body can't be read.
 */
export function readParameters(request: FastifyRequest): Decoded | null {
  const decoded = readCarriers(request);
  const key = request.headers['idempotency-key'];
  if (decoded !== null && typeof key === 'string' && (decoded.values.get('uuid') ?? '') === '')
    decoded.values.set('uuid', key);
  return decoded;
}

function readCarriers(request: FastifyRequest): Decoded | null {
  const decoded: Decoded = { values: new Map(), undecodable: new Set() };
  const url = request.raw.url ?? '';
  const mark = url.indexOf('?');
  if (mark >= 0) parseUrlencoded(url.slice(mark + 1), decoded);
  const body = request.body;
  if (!Buffer.isBuffer(body) || body.length === 0) return decoded;
  return readBody(body, request.headers['content-type'] ?? '', decoded) ? decoded : null;
}

function readBody(body: Buffer, contentType: string, into: Decoded): boolean {
  const text = body.toString('latin1').trim();
  if (text === '' || text === 'null' || text === '[]') return true;
  // Clients mislabel both kinds: what a body is shows in its first character.
  if (text.startsWith('{')) return parseJsonObject(body, into);
  if (/json/i.test(contentType) || text.startsWith('[')) return parseJsonObject(body, into);
  if (!text.includes('=')) return false;
  parseUrlencoded(text, into);
  return true;
}

/** The method a client means: POST with an override header is what the header says. */
export function effectiveMethod(request: FastifyRequest): string {
  const override = request.headers['x-http-method-override'];
  return request.method === 'POST' && typeof override === 'string' ? override.toUpperCase() : request.method;
}

/** The key of a bearer token, or null. */
export function bearerKey(request: FastifyRequest): string | null {
  const match = /^Bearer\s+(\S{1,256})$/i.exec(request.headers.authorization ?? '');
  return match?.[1] ?? null;
}
