/** Studios, their sealed secrets, and the nonces their requests have spent. */
import { type StudioId, trusted } from '../core/ids.ts';
import { type Query, texts } from './connect.ts';

export interface StudioRecord {
  readonly id: StudioId;
  readonly name: string;
  readonly enabled: boolean;
  /** Live secrets, sealed: one, or two while they are being rotated. */
  readonly sealed: readonly string[];
}

export async function findStudioByKey(db: Query, key: string): Promise<StudioRecord | null> {
  const rows =
    await db`select s.id, s.name, s.enabled, k.sealed from studio_secret k join studio s on s.id = k.studio_id
    where k.key = ${key} and k.revoked_at is null order by k.id`;
  const [first] = rows;
  if (first === undefined) return null;
  return {
    id: trusted(first.id),
    name: first.name,
    enabled: first.enabled,
    sealed: rows.map((row) => row.sealed),
  };
}

export async function findStudioByName(
  db: Query,
  name: string,
): Promise<{ id: StudioId; key: string | null; sealed: string | null } | null> {
  const [row] =
    await db`select s.id, k.key, k.sealed from studio s left join studio_secret k on k.studio_id = s.id and k.revoked_at is null
    where s.name = ${name} order by k.id desc limit 1`;
  return row === undefined ? null : { id: trusted(row.id), key: row.key, sealed: row.sealed };
}

export async function createStudio(db: Query, name: string): Promise<StudioId> {
  const [row] = await db`insert into studio (name) values (${name}) returning id`;
  return trusted(row?.id);
}

/** Adds a secret; of the former ones only the newest stays live (rotation). */
export async function addStudioSecret(
  db: Query,
  secret: { studioId: StudioId; key: string; sealed: string },
): Promise<void> {
  const { studioId, key, sealed } = secret;
  await db`update studio_secret set revoked_at = now() where studio_id = ${studioId} and revoked_at is null
    and id < (select max(id) from studio_secret where studio_id = ${studioId} and revoked_at is null)`;
  await db`insert into studio_secret (studio_id, key, sealed) values (${studioId}, ${key}, ${sealed})`;
}

/** What a signed request is known by, so that it is admitted once. */
export interface Nonce {
  /** The studio's public key. */
  readonly key: string;
  readonly nonce: string;
}

export const nonceText = ({ key, nonce }: Nonce) => `${key} ${nonce}`;

/** Spends nonces in the transaction under way: those that were new, each once. Sorted, so that two never wait in a circle. */
export const spendNonces = (db: Query, nonces: readonly Nonce[]) => {
  const sorted = [...nonces].sort((a, b) => (nonceText(a) < nonceText(b) ? -1 : 1));
  return db`insert into studio_nonce (key, nonce)
    select * from unnest(${texts(sorted.map((each) => each.key))}::text[], ${texts(sorted.map((each) => each.nonce))}::text[])
    on conflict do nothing returning key, nonce`;
};

/** Forgets nonces older than any timestamp that would still be accepted. */
export async function forgetNonces(db: Query): Promise<void> {
  await db`delete from studio_nonce where at < clock_timestamp() - interval '5 minutes'`;
}

export async function listStudios(db: Query) {
  const rows =
    await db`select id, name, enabled, wire_time(created_at) as created_at from studio order by id`;
  return rows.map((row) => ({
    id: trusted<StudioId>(row.id),
    name: row.name as string,
    enabled: row.enabled as boolean,
    createdAt: row.created_at as string,
  }));
}
