/**
 * The tokens of a visit. Neither is stored: an access token says whose it is and how long it is good; each refresh
 * token is made of the mark of the one before, so that the next one can be told from the last, by nobody but the hub.
 */
import { randomBytes } from 'node:crypto';
import { trusted, type VisitId } from '../core/ids.ts';
import type { Vault } from '../engine/seal.ts';

export const ACCESS_MS = 10 * 60_000;

export interface AccessToken {
  readonly visitId: VisitId;
  readonly expiresAt: number;
}

export function makeAccess(vault: Vault, { visitId, expiresAt }: AccessToken): string {
  return vault.stamp('a', `${visitId.toString(36)}.${expiresAt.toString(36)}`);
}

/** Null: it is not one of ours. It may be too old. */
export function readAccess(vault: Vault, text: string): AccessToken | null {
  const [visit = '', expiry = ''] = vault.unstamp('a', text)?.split('.') ?? [];
  return visit === '' ? null : { visitId: visitIn(visit), expiresAt: Number.parseInt(expiry, 36) };
}

export function firstRefresh(vault: Vault, visitId: VisitId): string {
  return vault.stamp('r', `${visitId.toString(36)}.${randomBytes(18).toString('base64url')}`);
}

/** Whose refresh token it is, and the one that follows it; null: it is not one of ours. */
export function readRefresh(vault: Vault, text: string): { visitId: VisitId; next: string } | null {
  const [visit = ''] = vault.unstamp('r', text)?.split('.') ?? [];
  if (visit === '') return null;
  const mark = text.slice(text.lastIndexOf('.') + 1);
  return { visitId: visitIn(visit), next: vault.stamp('r', `${visit}.${mark}`) };
}

const visitIn = (digits: string): VisitId => trusted(Number.parseInt(digits, 36));
