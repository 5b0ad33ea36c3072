/** Markets of a test's own making: what they answer is up to it. */
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createRawServer } from 'node:net';
import type { TestContext } from 'node:test';

export interface Puppet {
  readonly url: string;
  /** Calls it has got. */
  calls: number;
}

export interface Said {
  readonly status?: number;
  readonly body: unknown;
}

/** Answers whatever `answer` says, JSON unless it is text; null: it never answers. */
export async function openPuppet(t: TestContext, answer: (url: string) => Said | null): Promise<Puppet> {
  const server = createServer((request, response) => {
    puppet.calls += 1;
    request.resume();
    const said = answer(request.url ?? '');
    if (said === null) return;
    const { status = 200, body } = said;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const puppet: Puppet = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls: 0 };
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return puppet;
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createRawServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
