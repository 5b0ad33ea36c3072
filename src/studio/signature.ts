/**
 * Signed requests (contract studio, Signing): HMAC-SHA-256 over method, path with query, timestamp, nonce and the raw
 * body. A nonce is spent once, for all nodes: nonces of concurrent requests are written together.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Sql } from '../db/connect.ts';
import { type StudioRecord, spendNonces } from '../db/studio.ts';
import type { Directory } from '../engine/directory.ts';
import type { Vault } from '../engine/seal.ts';

const SKEW_MS_MAX = 60_000;
const NONCE_LENGTH_MAX = 128;
const WAITING_MAX = 10_000;

export interface SignatureChecker {
  /** The studio that signed the request, or null. */
  check(request: FastifyRequest): Promise<StudioRecord | null>;
}

export function signatureChecker(options: {
  sql: Sql;
  directory: Directory;
  vault: Vault;
  now: () => number;
}): SignatureChecker {
  const spend = nonceSpender(options.sql);
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
      if (fitting.length === 0) return null;
      return (await spend({ key, nonce })) ? studio : null;
    },
  };
}

interface Waiting {
  readonly nonce: { readonly key: string; readonly nonce: string };
  readonly resolve: (fresh: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Group commit for nonces: one statement for all that wait. */
function nonceSpender(sql: Sql): (nonce: Waiting['nonce']) => Promise<boolean> {
  let waiting: Waiting[] = [];
  let busy = false;
  async function flush(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const fresh = await spendNonces(
          sql,
          batch.map((each) => each.nonce),
        );
        for (const [index, each] of batch.entries()) each.resolve(fresh[index] ?? false);
      } catch (error) {
        for (const each of batch) each.reject(error);
      }
    }
    busy = false;
  }
  return (nonce) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= WAITING_MAX) return reject(new Error('too many requests wait for their nonce'));
      waiting.push({ nonce, resolve, reject });
      if (!busy) void flush();
    });
}
