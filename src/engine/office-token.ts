/** One-time links of the back office: their token names a row and its end, and only this hub can make one. */
import type { MadeLink } from '../db/office-link.ts';
import type { Vault } from './seal.ts';

/** enter: into an agent's back office; link: to set a password. */
export type LinkKind = 'enter' | 'link';

/** The whole address. The token stands behind the #, so that no server on the way writes it down. */
export function linkTo(
  { vault, base }: { readonly vault: Vault; readonly base: string },
  kind: LinkKind,
  { id, expiresMs }: Pick<MadeLink, 'id' | 'expiresMs'>,
): string {
  return `${base}/office/#/${kind}/${vault.stamp('l', `${kind}.${id}.${expiresMs}`)}`;
}

/** The row's id; null when the token is none of ours, is for something else, or has expired. */
export function readLinkToken(vault: Vault, kind: LinkKind, token: string): number | null {
  const body = vault.unstamp('l', token);
  const match = /^(enter|link)\.(\d{1,15})\.(\d{1,15})$/.exec(body ?? '');
  if (match === null || match[1] !== kind) return null;
  return Number(match[3]) <= Date.now() ? null : Number(match[2]);
}
