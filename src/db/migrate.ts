/** Plain forward migrations from sql/, each in one transaction, guarded by a lock so that nodes may start together. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Query, Sql } from './connect.ts';
import { ensurePartitions } from './partition.ts';

const FOLDER = new URL('../../sql/', import.meta.url);
const LOCK = 7_203_001;

/** Brings the database up to the newest migration, or to `upTo`. Returns the names applied now. Throws when an applied file changed. */
export async function migrate(sql: Sql, upTo?: string): Promise<string[]> {
  const files = (await readdir(FOLDER))
    .filter((name) => /^\d{3}-.*\.sql$/.test(name))
    .sort()
    .filter((name) => upTo === undefined || name <= upTo);
  const applied: string[] = [];
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    await tx`create table if not exists schema_migration
      (name text primary key, checksum text not null, at timestamptz not null default now())`;
    const known = new Map(
      (await tx`select name, checksum from schema_migration`).map((row) => [row.name, row.checksum]),
    );
    for (const name of files) {
      const text = await readFile(new URL(name, FOLDER), 'utf8');
      const checksum = createHash('sha256').update(text).digest('hex');
      const before = known.get(name);
      if (before !== undefined && before !== checksum)
        throw new Error(`migration ${name} was changed after it was applied`);
      if (before !== undefined) continue;
      await tx.unsafe(text).simple();
      await tx`insert into schema_migration (name, checksum) values (${name}, ${checksum})`;
      applied.push(name);
    }
  });
  await ensurePartitions(sql, new Date());
  return applied;
}

/** Names of the migrations a database has, oldest first. */
export async function appliedMigrations(sql: Query): Promise<string[]> {
  return (await sql`select name from schema_migration order by name`).map((row) => row.name);
}
