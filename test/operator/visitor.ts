/** A site in a process of its own, and a browser without scripts that visits it. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { request } from 'undici';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly location: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

export interface Browser {
  get(path: string): Promise<Answer>;
  /** Posts a form with the CSRF token of the page seen last, unless the form brings its own. */
  post(path: string, form: Record<string, string>): Promise<Answer>;
}

export function browser(base: string): Browser {
  const jar = new Map<string, string>();
  let csrf = '';
  async function send(path: string, form: Record<string, string> | null): Promise<Answer> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await request(base + path, {
      method: form === null ? 'GET' : 'POST',
      headers: { cookie, ...(form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      body: form === null ? null : new URLSearchParams({ csrf, ...form }).toString(),
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) jar.set(name, value);
    }
    const text = await answer.body.text();
    csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? csrf;
    return {
      status: answer.statusCode,
      text,
      location: String(answer.headers.location ?? ''),
      headers: answer.headers,
    };
  }
  return { get: (path) => send(path, null), post: send };
}

export interface ReadySite {
  readonly url: string;
  readonly callbackUrl: string | null;
}

/** Starts sim/operator/main.ts until the test ends; its sites, in order. The key must not be printed. */
export async function sitesFor(
  t: TestContext,
  env: Readonly<Record<string, string>>,
): Promise<{ sites: readonly ReadySite[]; child: ChildProcess }> {
  const child = fork(join(import.meta.dirname, '../../sim/operator/main.ts'), [], {
    env: { PATH: process.env.PATH, ...env },
    silent: true,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      printed += chunk;
    });
  t.after(async () => {
    const exited = once(child, 'exit');
    child.disconnect();
    const [code] = await exited;
    assert.equal(code, 0, `the site leaves with its parent: ${printed}`);
    const secrets = Object.entries(env).filter(([name]) => /KEY|SECRET/.test(name));
    for (const [name, value] of secrets) assert.ok(!printed.includes(value), `${name} is never printed`);
  });
  const [message] = await once(child, 'message');
  assert.equal(message.type, 'ready');
  return { sites: message.sites, child };
}
