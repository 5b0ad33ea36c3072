/** The master key of a development database, made once. Production takes it from SECRET_KEY and never stores it. */
import type { Query } from './connect.ts';

export async function localSecret(db: Query, fresh: string): Promise<string> {
  await db`insert into local_secret (value) values (${fresh}) on conflict do nothing`;
  const [row] = await db`select value from local_secret`;
  return row?.value;
}
