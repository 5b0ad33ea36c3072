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
  /** Present where the rain book is measured. */
  readonly book?: BookWorld;
}

/** By what becomes of a stake: the pool keeps it, or lays most of it off. */
export type BookWorld = Readonly<Record<'kept' | 'laidOff', BookSite>>;
export interface BookSite {
  /** Access tokens of the site's players. */
  readonly access: readonly string[];
  /** Open sessions with their odds, decimal. */
  readonly sessions: readonly { readonly id: number; readonly rain: number; readonly noRain: number }[];
}

export interface SeamlessSession {
  readonly session: string;
  readonly username: string;
}

export async function readWorld(file: string): Promise<LoadWorld> {
  return JSON.parse(await readFile(file, 'utf8')) as LoadWorld;
}
