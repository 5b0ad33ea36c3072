/**
 * What an agent has set for the TLS of its callbacks: a certificate of the hub's own with its key, an authority to
 * trust instead of the public ones, or both. Checked when it is set, sealed where it is kept.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { OperatorTarget } from './client.ts';

export type CallbackTls = NonNullable<OperatorTarget['tls']>;

/** PEM texts; null: none. Certificate and key go together. */
export interface TlsParts {
  readonly cert: string | null;
  readonly key: string | null;
  readonly ca: string | null;
}

/** Why the parts are not fit, in words that can be shown; null when they are. `now` in epoch ms. */
export function tlsRefusal(parts: TlsParts, now: number): string | null {
  const { cert, key, ca } = parts;
  if ((cert === null) !== (key === null)) return 'a certificate and its key go together';
  try {
    if (cert !== null && key !== null) {
      const shown = new X509Certificate(cert);
      if (!shown.checkPrivateKey(createPrivateKey(key))) return 'the key is not that of the certificate';
      if (shown.validToDate.getTime() <= now) return `the certificate ended on ${shown.validTo}`;
    }
    if (ca !== null) new X509Certificate(ca);
    createSecureContext(pemOf(parts));
    return null;
  } catch (error) {
    return `not PEM without a passphrase: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const pemOf = ({ cert, key, ca }: TlsParts) => ({
  ...(cert === null || key === null ? {} : { cert, key }),
  ...(ca === null ? {} : { ca }),
});

/** The settings as they are sealed; null when nothing is set. */
export function writeTls({ cert, key, ca }: TlsParts): string | null {
  return cert === null && ca === null ? null : JSON.stringify({ cert, key, ca });
}

/** Reads what `writeTls` has written. */
export function readTls(text: string): CallbackTls {
  return JSON.parse(text);
}

/** What may be shown of a certificate. */
export function fingerprintOf(pem: string | null): string | null {
  return pem === null ? null : new X509Certificate(pem).fingerprint256;
}
