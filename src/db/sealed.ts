/** Everything the master key has sealed, wherever it lies: what must be sealed anew when the key changes. */
import type { Sql } from './connect.ts';

export type SealedCount = {
  readonly kind: 'studio secrets' | 'callback secrets' | 'callback certificates' | 'second factors';
  readonly count: number;
};

/**
 * Replaces all sealed texts, in one transaction: all or none. `reseal` may throw, and is told what it has before it.
 */
export async function resealAll(
  sql: Sql,
  reseal: (sealed: string, where: string) => string,
): Promise<readonly SealedCount[]> {
  return sql.begin(async (tx) => {
    // Nothing may be sealed with the former key meanwhile.
    await tx`lock table studio_secret, callback_secret, agent, office_user in share row exclusive mode`;
    const anew = (rows: readonly { id?: unknown; sealed?: unknown }[], kind: string) =>
      rows.map(({ id, sealed }) => ({ id: String(id), sealed: reseal(String(sealed), `${kind} ${id}`) }));
    const studio = anew(await tx`select id, sealed from studio_secret order by id`, 'studio secret');
    const callback = anew(await tx`select id, sealed from callback_secret order by id`, 'callback secret');
    const agents =
      await tx`select id, callback_tls as sealed from agent where callback_tls is not null order by id`;
    const tls = anew(agents, 'callback certificate of agent');
    const people =
      await tx`select id, totp_sealed as sealed from office_user where totp_sealed is not null order by id`;
    const factors = anew(people, 'second factor of person');
    for (const { id, sealed } of studio)
      await tx`update studio_secret set sealed = ${sealed} where id = ${id}`;
    for (const { id, sealed } of callback)
      await tx`update callback_secret set sealed = ${sealed} where id = ${id}`;
    for (const { id, sealed } of tls) await tx`update agent set callback_tls = ${sealed} where id = ${id}`;
    for (const { id, sealed } of factors)
      await tx`update office_user set totp_sealed = ${sealed} where id = ${id}`;
    // One that is being set up is begun again.
    await tx`update office_session set totp_sealed = null where totp_sealed is not null`;
    return [
      { kind: 'studio secrets', count: studio.length },
      { kind: 'callback secrets', count: callback.length },
      { kind: 'callback certificates', count: tls.length },
      { kind: 'second factors', count: factors.length },
    ];
  });
}
