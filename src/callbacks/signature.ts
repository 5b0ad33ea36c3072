/**
 * Signed callbacks: HMAC-SHA-256 over timestamp and payload, lower-case hex. The payload of a POST is its body as it
 * goes over the wire, that of a GET its query without the question mark. While a secret is being rotated, a second
 * header carries the signature by the one before.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

export const TIMESTAMP_HEADER = 'X-Timestamp';
export const SIGNATURE_HEADER = 'X-Signature';
export const PREVIOUS_SIGNATURE_HEADER = 'X-Signature-Previous';

/** Secrets made ready for signing, the newest first. */
export function signingKeys(secrets: readonly string[]): readonly KeyObject[] {
  return secrets.slice(0, 2).map((secret) => createSecretKey(secret, 'utf8'));
}

/** Appends the signature's headers, as name and value by turns. `at` is in epoch ms. */
export function addSignature(
  headers: string[],
  keys: readonly KeyObject[],
  { at, payload }: { at: number; payload: string | Buffer },
): void {
  const timestamp = String(at);
  headers.push(TIMESTAMP_HEADER, timestamp);
  const [newest, previous] = keys;
  if (newest !== undefined) headers.push(SIGNATURE_HEADER, markOf(newest, timestamp, payload));
  if (previous !== undefined) headers.push(PREVIOUS_SIGNATURE_HEADER, markOf(previous, timestamp, payload));
}

function markOf(key: string | KeyObject, timestamp: string, payload: string | Buffer): string {
  return createHmac('sha256', key).update(timestamp).update(payload).digest('hex');
}

/** How an operator checks one: of its own secret, either signature will do. Compares in constant time. */
export function isSignedBy(
  secret: string,
  { timestamp, payload }: { timestamp: string; payload: string | Buffer },
  signatures: readonly (string | undefined)[],
): boolean {
  const expected = Buffer.from(markOf(secret, timestamp, payload));
  return signatures.some((signature) => {
    const given = Buffer.from(signature ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
