/**
 * The player page's API as routes: every answer is HTTP 200 with a code. Checked in this order: content type 5003, body
 * 5001, the token 2003, 2001, 2002, pace 0, then the call's fields. Tokens come in the Authorization header or a body,
 * never in an address, and are never logged.
 */
import type { IncomingMessage } from 'node:http';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Bet } from '../core/book/types.ts';
import { isLost, type Sql, sqlState } from '../db/connect.ts';
import type { RainSite } from '../db/rain-site.ts';
import { LedgerFault } from '../engine/ledger-writer.ts';
import type { Vault } from '../engine/seal.ts';
import type { Placing } from '../rain/place.ts';
import { fail, type Reply } from './codes.ts';
import { openBoard } from './player-board.ts';
import { PLAYER_ROUTES, type PlayerParts, type PlayerRoute } from './player-calls.ts';
import { type Given, readLogin, readRefreshField } from './player-fields.ts';
import { MESSAGE_BYTES_MAX, openLive } from './player-live.ts';
import { createPace, type Pace } from './player-pace.ts';
import { openVisits, tooManyPasswords, type Visits } from './player-visits.ts';
import { answer, FAULT_ANSWERS } from './replies.ts';
import { fieldsOf, readJson } from './vendor-json.ts';

export interface PlayerOptions {
  readonly sql: Sql;
  readonly vault: Vault;
  readonly placing: Pick<Placing, 'place'>;
  /** Tells of every bet this node has changed. */
  readonly watchBets: (listener: (bet: Bet) => void) => void;
  readonly site: (name: string) => Promise<RainSite | null>;
  readonly onFailure: (error: unknown) => void;
  readonly now?: () => number;
}

const BODY_BYTES_MAX = 16 * 1024;
/** Of a visit; more than a hand on a page needs. */
const VISIT_PACE = { atOnce: 40, perSecond: 20 };
/** Of an address that has no visit yet: many players may share one. */
const DOOR_PACE = { atOnce: 200, perSecond: 40 };

export async function playerRoutes(server: FastifyInstance, options: PlayerOptions): Promise<void> {
  const { sql, vault, placing, watchBets, site, onFailure, now = Date.now } = options;
  const board = openBoard(sql, onFailure);
  const visits = openVisits({ sql, vault, now });
  const live = openLive({ sql, board, visits, now, onFailure });
  watchBets(live.onBet);
  const parts: PlayerParts = { sql, board, placing, visits, site, onLogout: live.onLogout };
  setUp(server);
  server.setErrorHandler((error, _request, reply) => send(reply, unread(error, onFailure)));
  const guarded = (kind: PlayerRoute['kind'], run: (request: FastifyRequest) => Promise<Reply>) =>
    async function handle(request: FastifyRequest, reply: FastifyReply) {
      try {
        return send(reply, await run(request));
      } catch (error) {
        return send(reply, failure(error, { kind, onFailure }));
      }
    };
  const [visitPace, doorPace] = [createPace(VISIT_PACE), createPace(DOOR_PACE)];
  const schema = { hide: true };
  for (const path of ['/login', '/refresh'] as const)
    server.post(
      path,
      { schema },
      guarded('update', (request) => atDoor(request, { path, visits, pace: doorPace })),
    );
  for (const route of PLAYER_ROUTES) {
    const { method, path: url, kind } = route;
    const handler = guarded(kind, (request) => run(request, { route, parts, pace: visitPace }));
    server.route({ method, url, schema, handler });
  }
  await openLineRoute(server, { close: live.close, enter: live.enter });
  server.addHook('onClose', () => board.close());
}

function setUp(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (body) => JSON.stringify(body));
  server.setNotFoundHandler((_request, reply) => send(reply, fail('1002', 'there is no such call')));
}

function send(reply: FastifyReply, body: Reply) {
  return reply
    .code(200)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

// ---- calls ----------------------------------------------------------------------------------------------------

interface Door {
  readonly path: '/login' | '/refresh';
  readonly visits: Visits;
  readonly pace: Pace;
}

/** Calls without an access token. */
async function atDoor(request: FastifyRequest, { path, visits, pace }: Door): Promise<Reply> {
  const { ip } = request;
  const body = readBody(request);
  if ('refusal' in body) return body.refusal;
  const waitMs = pace.take(ip);
  if (waitMs > 0) return tooFast(waitMs);
  if (path === '/login') {
    const read = readLogin(body.given);
    return 'refusal' in read ? read.refusal : visits.login({ ...read.value, ip });
  }
  const read = readRefreshField(body.given);
  return 'refusal' in read ? read.refusal : visits.refresh({ refresh: read.value, ip });
}

interface Running {
  readonly route: PlayerRoute;
  readonly parts: PlayerParts;
  readonly pace: Pace;
}

async function run(request: FastifyRequest, { route, parts, pace }: Running): Promise<Reply> {
  const { ip } = request;
  const body = route.method === 'GET' ? { given: new Map() } : readBody(request);
  if ('refusal' in body) return body.refusal;
  const shown = { access: bearerOf(request), ip };
  const { visits } = parts;
  const found = route.ledgerLooks === true ? await visits.identify(shown) : await visits.admit(shown);
  if ('refusal' in found) return found.refusal;
  const waitMs = pace.take(found.holder.visitId);
  if (waitMs > 0) return tooFast(waitMs);
  await parts.board.start();
  const mark = request.raw.url?.indexOf('?') ?? -1;
  const query = new URLSearchParams(mark < 0 ? '' : request.raw.url?.slice(mark));
  return route.handle({ parts, holder: found.holder, given: body.given, query, ip });
}

const tooFast = (waitMs: number): Reply =>
  fail('0', `too many calls at once: nothing was done, wait ${waitMs} ms`, { retryAfterMs: waitMs });

function bearerOf(request: FastifyRequest): string | null {
  return /^Bearer\s+(\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** No body is an empty one. */
function readBody({ body, headers }: FastifyRequest): { given: Given } | { refusal: Reply } {
  const type = headers['content-type'];
  const isEmpty = !Buffer.isBuffer(body) || body.length === 0;
  if (isEmpty && type === undefined) return { given: new Map() };
  if (!/^application\/json\s*(;|$)/i.test(type ?? ''))
    return { refusal: fail('5003', 'Content-Type must be application/json') };
  const given = isEmpty ? new Map() : fieldsOf(readJson(body));
  return given === null ? { refusal: fail('5001', 'the body must be a JSON object in UTF-8') } : { given };
}

/** What a call threw: the ledger's faults by name, a database that fails by what it was asked for, and bugs. */
function failure(
  error: unknown,
  { kind, onFailure }: Pick<PlayerRoute, 'kind'> & Pick<PlayerOptions, 'onFailure'>,
): Reply {
  if (error instanceof LedgerFault) return answer(FAULT_ANSWERS[error.fault]);
  const busy = tooManyPasswords(error);
  if (busy !== null) return busy;
  onFailure(error);
  if (!isLost(error) && sqlState(error) === null) return fail('999', 'a bug, and we have been told of it');
  return kind === 'read'
    ? fail('5002', 'the store could not be read: try again')
    : fail('6001', 'the store could not be written: repeat the call with the same values');
}

/** What was thrown before a call was reached: a body too large, cut off, or a header nobody can read. */
function unread(error: unknown, onFailure: (error: unknown) => void): Reply {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 415) return fail('5003', 'Content-Type must be application/json');
  if (status === 413) return fail('5001', `the body must have at most ${BODY_BYTES_MAX} bytes`);
  if (status >= 400 && status < 500) return fail('5001', 'the body could not be read');
  onFailure(error);
  return fail('999', 'a bug, and we have been told of it');
}

// ---- the live line --------------------------------------------------------------------------------------------

async function openLineRoute(
  server: FastifyInstance,
  live: Pick<ReturnType<typeof openLive>, 'enter' | 'close'>,
): Promise<void> {
  await server.register(websocket, {
    options: { maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false, clientTracking: false },
    // Lines are closed before the server waits for its connections.
    preClose: (done) => void live.close().finally(done),
  });
  const url = `${server.prefix}/live`;
  // Else a client that offers any upgrade (h2c, as some do with every call) would lose the body of its request.
  Object.assign(server.server, {
    shouldUpgradeCallback: ({ headers, url: path = '' }: IncomingMessage) =>
      path.split('?')[0] === url && headers.upgrade?.toLowerCase() === 'websocket',
  });
  server.route({
    method: 'GET',
    url: '/live',
    schema: { hide: true },
    handler: (_request, reply) => send(reply, fail('1002', 'speak WebSocket here')),
    wsHandler: (socket, request) => live.enter(socket, request.ip),
  });
}
