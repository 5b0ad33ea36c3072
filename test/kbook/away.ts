/** A database that goes away, and comes back. */
import { connect } from '../../src/db/connect.ts';

/** `reachable`: whether the database takes connections; false also ends those there are. */
export function openSwitch(databaseUrl: string) {
  const name = new URL(databaseUrl).pathname.slice(1);
  const server = new URL(databaseUrl);
  server.pathname = '/postgres';
  const admin = connect(server.href, { max: 1, name: 'test' });
  return {
    async reachable(yes: boolean): Promise<void> {
      await admin.unsafe(`alter database ${name} allow_connections ${yes}`);
      if (!yes) await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    },
    close: () => admin.end(),
  };
}
