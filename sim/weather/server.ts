/**
 * The stand-in weather source as a server. `GET /v1/forecast` is open; what is below /admin (rain on demand, faults)
 * answers this machine only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClimate } from './climate.ts';
import { createFaults, type FaultWish, parseFault } from './faults.ts';
import { createForcedRain } from './forced.ts';
import { forecastOf, parseQuestion } from './forecast.ts';

export interface WeatherOptions {
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  readonly seed?: string;
  /** Epoch ms. */
  readonly now?: () => number;
}

export interface Weather {
  readonly url: string;
  /** Questions answered or spoiled so far. */
  readonly asked: () => number;
  /** As PUT /admin/rain. */
  readonly force: (wish: unknown) => void;
  /** As PUT /admin/faults. */
  readonly fault: (wish: unknown) => void;
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 10_000;

export async function startWeather(options: WeatherOptions = {}): Promise<Weather> {
  const { host = '127.0.0.1', port = 0, seed = 'croupier', now = Date.now } = options;
  const forced = createForcedRain();
  const faults = createFaults();
  const climate = createClimate(seed, forced.of);
  let asked = 0;

  function forecast(url: URL, response: ServerResponse): void {
    asked++;
    const wish = faults.next();
    const answer = () =>
      forecastOf(parseQuestion(url.searchParams), {
        climate,
        nowS: Math.floor(now() / 1000),
        fault: wish?.fault ?? null,
      });
    refusing(response, () => spoil(response, wish, JSON.stringify(answer())));
  }
  async function admin(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await bodyOf(request);
    const acts: Readonly<Record<string, () => void>> = {
      'PUT /admin/rain': () => forced.force(JSON.parse(body)),
      'DELETE /admin/rain': () => forced.clear(),
      'PUT /admin/faults': () => faults.set(parseFault(JSON.parse(body))),
    };
    const act = acts[`${request.method} ${path}`];
    refusing(response, () => {
      if (act !== undefined && isLocal(request)) act();
      const status = act === undefined ? 404 : isLocal(request) ? 200 : 403;
      reply(response, status, status === 200 ? { ok: true } : { error: true, reason: `refused: ${status}` });
    });
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://weather');
    if (url.pathname === '/v1/forecast' && request.method === 'GET') forecast(url, response);
    else if (url.pathname === '/healthz') reply(response, 200, { ok: true });
    else admin(request, response, url.pathname).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    asked: () => asked,
    force: forced.force,
    fault: (wish) => faults.set(parseFault(wish)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers as it should, or as the fault wants it. */
function spoil(response: ServerResponse, wish: FaultWish | null, text: string): void {
  switch (wish?.fault) {
    case 'status_500':
      reply(response, 500, { error: true, reason: 'Internal server error' });
      break;
    case 'status_429':
      reply(response, 429, { error: true, reason: 'Minutely API request limit exceeded.' });
      break;
    case 'slow': {
      const timer = setTimeout(() => send(response, text), wish.slowMs);
      response.once('close', () => clearTimeout(timer));
      break;
    }
    case 'hang':
      break;
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
      response.write(text.slice(0, text.length / 2), () => response.destroy());
      break;
    case 'garbage':
      send(response, text.slice(0, -20));
      break;
    case 'html':
      send(response, '<html><body>Please log in to the network.</body></html>');
      break;
    default:
      send(response, text);
  }
}

function send(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(text);
}

function reply(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** What is wrong with a question is told with 400, in the source's own shape. */
function refusing(response: ServerResponse, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    reply(response, 400, { error: true, reason: error.message });
  }
}

function isLocal(request: IncomingMessage): boolean {
  return /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > BODY_BYTES_MAX) throw new Error('body too long');
  }
  return body;
}
