/** Whether a callback address may be kept: what it says, and where it leads as far as can be told now. */
import { isIP } from 'node:net';
import { AddressForbidden, createGuard, type GuardOptions } from './guard.ts';
import { type CallbackUrlRefusal, parseCallbackUrl } from './url.ts';

/** not_https: anyone on the way can read it. unresolved: the name stands for nothing now. */
export type CallbackUrlWarning = 'not_https' | 'unresolved';
export type CallbackUrlCheck =
  | { readonly ok: true; readonly warnings: readonly CallbackUrlWarning[] }
  /** internal_address: callbacks to it would be refused. */
  | { readonly ok: false; readonly refusal: CallbackUrlRefusal | 'internal_address' };

const LOOKUP_MS_MAX = 3000;
const FORBIDDEN = 'forbidden';

export async function checkCallbackUrl(text: string, reach: GuardOptions): Promise<CallbackUrlCheck> {
  const url = parseCallbackUrl(text);
  if (!url.ok) return url;
  const { protocol, hostname } = new URL(url.origin);
  const guard = createGuard(reach);
  const host = hostname.replace(/^\[|\]$/g, '');
  const warnings: CallbackUrlWarning[] = protocol === 'http:' ? ['not_https'] : [];
  if (isIP(host) !== 0)
    return guard.allows(host) ? { ok: true, warnings } : { ok: false, refusal: 'internal_address' };
  const found = await leadsTo(guard, host);
  if (found === FORBIDDEN) return { ok: false, refusal: 'internal_address' };
  return { ok: true, warnings: found === 'nowhere' ? [...warnings, 'unresolved'] : warnings };
}

function leadsTo(guard: ReturnType<typeof createGuard>, host: string) {
  return new Promise<'somewhere' | 'nowhere' | typeof FORBIDDEN>((resolve) => {
    const timer = setTimeout(resolve, LOOKUP_MS_MAX, 'nowhere');
    guard.lookup(host, { all: true }, (error) => {
      clearTimeout(timer);
      if (error === null) resolve('somewhere');
      else resolve(error instanceof AddressForbidden ? FORBIDDEN : 'nowhere');
    });
  });
}
