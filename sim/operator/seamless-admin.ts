/**
 * What staff and tests ask the wallet beside the two callbacks, from this machine only:
 *   GET  /faults            the settings;  PUT /faults {"dropAfter":0.1,…}  sets them (seamless-faults.ts)
 *   GET  /entries           what was accepted, as JSON, ?format=csv as CSV: the export for reconciliation, whose amount
 *                           is what was moved; ?all=on also what was refused, and marks of bets that never came
 *   GET  /calls             the newest calls with their answers
 *   POST /cash              {"username":"…","amount":5000} pays in, or out below 0
 * Amounts are numbers in the currency's unit.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { json as readJson } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { minorOf } from './seamless.ts';
import type { Books, Entry } from './seamless-books.ts';
import { type FaultSwitches, faultSettingsOf, type SeenCall } from './seamless-faults.ts';

export interface AdminParts {
  readonly books: Books;
  readonly switches: FaultSwitches;
  readonly decimals: number;
  /** Newest first. */
  calls(): readonly SeenCall[];
}

/** The last step of a path that this file answers. */
export const isStaffPath = /\/(faults|entries|calls|cash)$/;

/** A proxy in front makes every visitor look local: then nobody is. A page elsewhere can't send this content type. */
function isLocal(request: IncomingMessage): boolean {
  const from = request.socket.remoteAddress ?? '';
  const isJson = request.method === 'GET' || request.headers['content-type'] === 'application/json';
  return (
    /^(127\.|::1$|::ffff:127\.)/.test(from) && request.headers['x-forwarded-for'] === undefined && isJson
  );
}

export function adminListener(parts: AdminParts): RequestListener {
  return (request, response) => {
    handle(parts, { request, response }).catch(() => response.destroy());
  };
}

async function handle(
  parts: AdminParts,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://operator');
  const call = `${request.method} ${url.pathname.slice(url.pathname.lastIndexOf('/'))}`;
  const reply = (status: number, body: unknown) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (!isLocal(request)) return reply(403, { message: 'from this machine only' });
  switch (call) {
    case 'GET /faults':
      return reply(200, flat(parts.switches));
    case 'PUT /faults': {
      const settings = faultSettingsOf(await readJson(request).catch(() => null));
      if (typeof settings === 'string') return reply(422, { message: settings });
      parts.switches.set(settings);
      return reply(200, flat(parts.switches));
    }
    case 'POST /cash':
      return reply(...cash(parts, await readJson(request).catch(() => null)));
    case 'GET /calls':
      return reply(
        200,
        parts.calls().map((seen) => callOf(seen, parts.decimals)),
      );
    case 'GET /entries':
      return sendEntries(parts, { response, query: url.searchParams });
    default:
      return reply(404, { message: 'no such call' });
  }
}

function flat(switches: FaultSwitches): object {
  const { rates, ...rest } = switches.settings();
  return { ...rates, ...rest };
}

function cash({ books, decimals }: AdminParts, body: unknown): [status: number, body: object] {
  const { username, amount } = (body ?? {}) as { username?: unknown; amount?: unknown };
  const minor = minorOf(amount, decimals);
  if (typeof username !== 'string' || username === '' || minor === null)
    return [422, { message: 'username and amount are needed' }];
  const { status, balance, message } = books.cash(username, minor);
  return [status, balance === undefined ? { message } : { balance: numberOf(balance, decimals) }];
}

const numberOf = (minor: bigint, decimals: number) => Number(minor) / 10 ** decimals;

function callOf({ packet, answer, ...rest }: SeenCall, decimals: number): object {
  return {
    ...rest,
    packet: packet && { ...packet, amount: numberOf(packet.amount, decimals) },
    status: answer?.status ?? null,
    balance: answer?.balance === undefined ? null : numberOf(answer.balance, decimals),
    repeated: answer?.repeated ?? false,
  };
}

// ---- the export -----------------------------------------------------------------------------------------------

const COLUMNS = [
  'id',
  'amount',
  'type',
  'username',
  'sent',
  'referer_id',
  'status',
  'balance',
  'at',
] as const;
type Line = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;
type ExportParts = Pick<AdminParts, 'books' | 'decimals'>;

function lineOf(entry: Entry, decimals: number): Line {
  return {
    id: Number(entry.id),
    amount: numberOf(entry.moved, decimals),
    type: entry.type,
    username: entry.name,
    sent: numberOf(entry.amount, decimals),
    referer_id: entry.referer_id === null ? null : Number(entry.referer_id),
    status: Number(entry.status),
    balance: numberOf(entry.balance, decimals),
    at: new Date(Number(entry.at)).toISOString(),
  };
}

/** 1000 entries at a time. */
function* linesOf({ books, decimals }: ExportParts, which: 'accepted' | 'all'): Generator<readonly Line[]> {
  for (const page of books.pages()) {
    const wanted = page.filter(({ status }) => which === 'all' || status === 200n);
    yield wanted.map((entry) => lineOf(entry, decimals));
  }
}

const cell = (value: string | number | null) =>
  typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : (value ?? '');

export function* entriesCsv(parts: ExportParts, which: 'accepted' | 'all'): Generator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for (const lines of linesOf(parts, which))
    yield lines.map((line) => `${COLUMNS.map((name) => cell(line[name])).join(',')}\n`).join('');
}

function* entriesJson(parts: ExportParts, which: 'accepted' | 'all'): Generator<string> {
  let before = '[';
  for (const lines of linesOf(parts, which)) {
    for (const line of lines) {
      yield before + JSON.stringify(line);
      before = ',\n';
    }
  }
  yield before === '[' ? '[]\n' : ']\n';
}

async function sendEntries(
  parts: ExportParts,
  { response, query }: { response: ServerResponse; query: URLSearchParams },
): Promise<void> {
  const isCsv = query.get('format') === 'csv';
  const pieces = (isCsv ? entriesCsv : entriesJson)(parts, query.get('all') === 'on' ? 'all' : 'accepted');
  response.writeHead(200, { 'content-type': isCsv ? 'text/csv; charset=utf-8' : 'application/json' });
  await pipeline(Readable.from(pieces), response);
}
