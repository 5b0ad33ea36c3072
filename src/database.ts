/** The database a command or the hub works on: the configured one, or the embedded server of DATA_DIR. */
import { resolve } from 'node:path';
import type { Config } from './config.ts';
import { connect, type Sql } from './db/connect.ts';
import { findEmbedded, startEmbedded } from './db/embedded.ts';
import { localSecret } from './db/secret.ts';
import { newSecret } from './engine/seal.ts';

export interface Database {
  readonly url: string;
  /** Stops the embedded server if this process started it. */
  stop(): Promise<void>;
}

/** For the hub: starts the embedded server, or adopts one that lives on, and supervises it. */
export async function openDatabase(config: Config, onLog: (line: string) => void): Promise<Database> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, stop: async () => {} };
  const server = await startEmbedded({ dataDir: resolve(config.dataDir), onLog });
  return { url: server.url, stop: () => server.stop() };
}

/** For commands: uses the server of a running hub when there is one, else starts it for the time of the command. */
export async function borrowDatabase(config: Config): Promise<Database> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, stop: async () => {} };
  const running = await findEmbedded(resolve(config.dataDir));
  return running === null ? openDatabase(config, () => {}) : { url: running, stop: async () => {} };
}

/** SECRET_KEY, or in development the key kept in the database, so that all nodes and tools share it. */
export async function masterKey(config: Config, sql: Sql): Promise<string> {
  return config.secretKey ?? localSecret(sql, newSecret());
}

export async function masterKeyOf(config: Config, url: string): Promise<string> {
  const sql = connect(url, { max: 1, name: 'start' });
  try {
    return await masterKey(config, sql);
  } finally {
    await sql.end();
  }
}
