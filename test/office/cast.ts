/** People with passwords and authenticators, for tests that come through the front door. */
import { Secret, TOTP } from 'otpauth';
import type { OfficeRole } from '../../src/core/office/roles.ts';
import { hashPassword } from '../../src/engine/password.ts';
import type { Answer } from '../world.ts';
import type { Branch, OfficeClient, OfficeRig } from './rig.ts';

export const PASSWORD = 'a horse, a battery';
/** Made once: it takes its time on purpose. */
const passwordHash = hashPassword(PASSWORD);

export interface Actor {
  readonly id: number;
  readonly name: string;
  /** Base32; null: no authenticator. */
  readonly secret: string | null;
  /** The code of a step so many from now; it may have been used. */
  code(aside?: number): string;
  /** Forgets which codes were used. */
  freshCodes(): Promise<void>;
  /** Signs in with what is right. */
  signIn(): Promise<OfficeClient>;
}

export interface Part {
  readonly name: string;
  readonly role: OfficeRole;
  readonly branch?: Branch;
  /** False: no authenticator yet. */
  readonly totp?: boolean;
}

export async function cast(rig: OfficeRig, { name, role, branch, totp = true }: Part): Promise<Actor> {
  const { sql, world } = rig;
  const secret = totp ? new Secret({ size: 20 }).base32 : null;
  const sealed = secret === null ? null : world.hub.vault.seal(secret);
  const agentId = branch === undefined ? null : rig.agents[branch].id;
  const [row] =
    await sql`insert into office_user (name, shown_name, agent_id, role, password_hash, password_at, totp_sealed, totp_at, created_by)
    values (${name}, ${name}, ${agentId}, ${role}, ${await passwordHash}, now(), ${sealed}, case when ${totp} then now() end, 'test') returning id`;
  const id = Number(row?.id);
  const code = (aside = 0) => codeOf(secret ?? '', aside);
  const freshCodes = async () => {
    await sql`update office_user set totp_step = 0 where id = ${id}`;
  };
  return {
    id,
    name,
    secret,
    code,
    freshCodes,
    async signIn() {
      await freshCodes();
      const client = rig.stranger();
      const answer = await knock(client, { name, ...(secret === null ? {} : { code: code() }) });
      if (answer.status !== 200) throw new Error(`${name} was not let in: ${answer.text}`);
      return client;
    },
  };
}

export function codeOf(secret: string, aside = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + aside * 30_000 });
}

/** A try at the door, with the right password unless another is given. */
export function knock(
  client: OfficeClient,
  given: { readonly name: string; readonly password?: string; readonly code?: string },
): Promise<Answer> {
  return client.post('/session', { password: PASSWORD, ...given });
}

/** Code and status of a refusal, as one text. */
export const refusalOf = ({ status, body }: Answer): string => `${status} ${body.code}`;
