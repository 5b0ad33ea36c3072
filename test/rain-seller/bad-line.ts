/**
 * A line between the seller and what it calls, that loses requests and answers where a test wants it, and tells of
 * each before it goes on and after it was answered.
 */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `drop` loses the request, `deaf` loses the answer. */
export type Fate =
  | 'pass'
  | 'drop'
  | 'deaf'
  | { /** Goes back in place of an answer; the request is lost. */ body: string };
export type Passing = { method: string; path: string; body: string };

export type BadLine = {
  url: string;
  /** Decides over each request as it comes. */
  fate: (passing: Passing) => Fate;
  /** Called with a request that was answered, before the answer goes back. */
  answered: (passing: Passing, answer: string) => void;
  close(): Promise<void>;
};

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function carry(
  line: Pick<BadLine, 'fate' | 'answered'>,
  by: { target: URL; request: IncomingMessage; response: ServerResponse },
) {
  const { target, request, response } = by;
  const body = await readAll(request);
  const passing = { method: String(request.method), path: String(request.url), body: body.toString() };
  const fate = line.fate(passing);
  if (fate === 'drop') {
    request.socket.destroy();
    return;
  }
  if (typeof fate === 'object') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(fate.body);
    return;
  }
  const headers = { ...request.headers, host: target.host };
  const { method, url: path } = request;
  const onward = httpRequest({
    host: target.hostname,
    port: target.port,
    method,
    path,
    headers,
    agent: false,
  });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    onward.on('response', resolve).on('error', reject).end(body);
  });
  const text = await readAll(answer);
  line.answered(passing, text.toString());
  if (fate === 'deaf') request.socket.destroy();
  else response.writeHead(answer.statusCode ?? 502, answer.headers).end(text);
}

/** Opens a line to `target`; without anything set it carries everything. */
export async function openBadLine(target: string): Promise<BadLine> {
  const line: Pick<BadLine, 'fate' | 'answered'> = { fate: () => 'pass', answered: () => undefined };
  const server = createServer((request, response) => {
    carry(line, { target: new URL(target), request, response }).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(line, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}
