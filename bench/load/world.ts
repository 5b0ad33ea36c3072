/** What the load generator knows of the database that was set up for it: written to a file, read by its process. */
import { readFile } from 'node:fs/promises';

export interface LoadWorld {
  /** Each with its API key and its players' names; all have the same number of players. */
  readonly agents: readonly { readonly apiKey: string; readonly players: readonly string[] }[];
  readonly studio: { readonly key: string; readonly secret: string; readonly game: string };
  /** Handles of open sessions, one a player, players of all agents in turn. */
  readonly sessions: readonly string[];
  /** Players whose money is at an operator, by agent; the last agent's never answers. */
  readonly seamless: readonly (readonly SeamlessSession[])[];
}

export interface SeamlessSession {
  readonly session: string;
  readonly username: string;
}

export async function readWorld(file: string): Promise<LoadWorld> {
  return JSON.parse(await readFile(file, 'utf8')) as LoadWorld;
}
