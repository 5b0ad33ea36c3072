/** The CLI as its users run it: a process, its output, its exit code. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SECRET_KEY } from '../world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command on a database; `settings` stand above the usual ones. */
export function croupier(
  databaseUrl: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, DATABASE_URL: databaseUrl, SECRET_KEY, ...settings };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['src/cli.ts', ...args],
      { cwd: ROOT, env, timeout: 60_000 },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
      },
    );
  });
}

/** Runs a command that must succeed, and reads what it prints as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
export async function croupierJson(databaseUrl: string, args: readonly string[]): Promise<any> {
  const { code, out, err } = await croupier(databaseUrl, [...args, '--json']);
  assert.equal(code, 0, err);
  return JSON.parse(out);
}
