/**
 * Signed requests (contract studio, Signing): HMAC-SHA-256 over method, path with query, timestamp, nonce and the raw
 * body. A nonce is spent once, for all nodes: by the ledger writer, in the commit of what the request does.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Nonce, StudioRecord } from '../db/studio.ts';
import type { Directory } from '../engine/directory.ts';
import type { Vault } from '../engine/seal.ts';

const SKEW_MS_MAX = 60_000;
const NONCE_LENGTH_MAX = 128;

export interface Signed {
  readonly studio: StudioRecord;
  /** Yet to be spent. */
  readonly nonce: Nonce;
}

export interface SignatureChecker {
  /** Who signed the request, or null. */
  check(request: FastifyRequest): Promise<Signed | null>;
}

export function signatureChecker(options: {
  directory: Directory;
  vault: Vault;
  now: () => number;
}): SignatureChecker {
  const secrets = new Map<string, string>();
  const unseal = (sealed: string) => {
    const known = secrets.get(sealed) ?? options.vault.unseal(sealed);
    secrets.set(sealed, known);
    return known;
  };
  return {
    async check(request) {
      const {
        'x-studio-key': key,
        'x-timestamp': timestamp,
        'x-nonce': nonce,
        'x-signature': signature,
      } = request.headers;
      if (
        typeof key !== 'string' ||
        typeof timestamp !== 'string' ||
        typeof nonce !== 'string' ||
        typeof signature !== 'string'
      )
        return null;
      if (!/^\d{13}$/.test(timestamp) || Math.abs(options.now() - Number(timestamp)) > SKEW_MS_MAX)
        return null;
      if (
        !/^[\x21-\x7e]+$/.test(nonce) ||
        nonce.length > NONCE_LENGTH_MAX ||
        !/^[0-9a-f]{64}$/.test(signature)
      )
        return null;
      const studio = await options.directory.studioByKey(key);
      if (studio === null || !studio.enabled) return null;
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const head = `${request.method}\n${request.raw.url}\n${timestamp}\n${nonce}\n`;
      const given = Buffer.from(signature, 'hex');
      // Every live secret is tried, whether or not an earlier one fitted: the time says nothing.
      const fitting = studio.sealed.filter((sealed) =>
        timingSafeEqual(createHmac('sha256', unseal(sealed)).update(head).update(body).digest(), given),
      );
      return fitting.length === 0 ? null : { studio, nonce: { key, nonce } };
    },
  };
}
