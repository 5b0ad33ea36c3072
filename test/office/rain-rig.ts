/** A back office with the rain book beside it: K-Rain at some address, players with credit, people of the house. */
import type { RainSessionId } from '../../src/core/ids.ts';
import type { StaffRole } from '../../src/db/staff-key.ts';
import { createStaffKey } from '../../src/staff/keys.ts';
import { type BookGround, openBook } from '../kbook/rig.ts';
import { KEY } from '../krain/rig.ts';
import type { Answer } from '../world.ts';
import { type OfficeRig, openRig } from './rig.ts';

export interface RainRig extends OfficeRig {
  readonly ground: BookGround;
  /** With a staff key of that person. */
  byKey(
    name: string,
    role: StaffRole,
  ): Promise<(method: string, path: string, body?: unknown) => Promise<Answer>>;
  /** Makes a session's hours lie behind: it waits for its result. */
  end(id: RainSessionId): Promise<void>;
  /** The audit trail about a subject: who did what, the oldest first. */
  trail(
    subject: string,
  ): Promise<readonly { actor: string; action: string; detail: Record<string, unknown> }[]>;
}

/** `krainUrl`: null = none is configured. No loops: what happens, the test does. */
export async function openRainRig(krainUrl: string | null): Promise<RainRig> {
  const rig = await openRig({
    rain: {
      krain: krainUrl === null ? null : { url: krainUrl, key: KEY },
      weatherUrl: null,
      works: false,
    },
  });
  const { sql } = rig;
  return {
    ...rig,
    ground: openBook(rig.world),
    async byKey(name, role) {
      const { key } = await createStaffKey(sql, { name, role, actor: 'test' });
      const client = rig.stranger();
      return (method, path, body) =>
        client.call(method, path, {
          headers: { authorization: `Bearer ${key}` },
          ...(body === undefined ? {} : { body }),
        });
    },
    async end(id) {
      await sql`update rain_session set status = 'UNSETTLED', market = 'CLOSE', opens_at = now() - interval '4 hours',
        closes_at = now() - interval '3 hours', starts_at = now() - interval '3 hours', ends_at = now() - interval '1 hour' where id = ${id}`;
    },
    async trail(subject) {
      const rows =
        await sql`select actor, action, detail from audit_log where subject = ${subject} order by n`;
      return rows.map(({ actor, action, detail }) => ({ actor, action, detail }));
    },
  };
}

export const codeOf = ({ status, body }: Answer) => [status, body?.code];
