/** The studio API as routes (contract studio). Every request is signed; bodies are read raw, since the signature covers them. */
import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { Outreach } from '../callbacks/outreach.ts';
import type { Sql } from '../db/connect.ts';
import type { Nonce, StudioRecord } from '../db/studio.ts';
import type { Directory } from '../engine/directory.ts';
import { LedgerFault, type LedgerWriter } from '../engine/ledger-writer.ts';
import type { Vault } from '../engine/seal.ts';
import { decodeUtf8 } from '../http/query.ts';
import { publish } from './catalogue.ts';
import { refuse, type StudioReply } from './replies.ts';
import { closeRound, reportOpenRounds } from './rounds.ts';
import { close, open, playerBalance } from './sessions.ts';
import { signatureChecker } from './signature.ts';
import { putDetail, showTransaction, transact } from './transactions.ts';
import * as wire from './wire.ts';

const BODY_BYTES_MAX = 4 * 1024 * 1024;

export interface StudioDependencies {
  readonly sql: Sql;
  readonly directory: Directory;
  readonly writer: LedgerWriter;
  readonly vault: Vault;
  readonly outreach: Pick<Outreach, 'play' | 'mayStart' | 'balanceOf'>;
}
export interface StudioCall extends StudioDependencies {
  readonly studio: StudioRecord;
  /** Of a route that spends it itself; the others' is spent when they are called. */
  readonly nonce: Nonce;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown;
}

export interface StudioOptions extends StudioDependencies {
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Shapes for the documentation; the handlers check for themselves and say what is wrong. */
  readonly body?: TSchema;
  readonly querystring?: TSchema;
  readonly answer: TSchema;
  /** Its nonce is spent by the handler, in the commit of what it does. */
  readonly spendsNonce?: true;
  readonly handle: (call: StudioCall) => Promise<StudioReply>;
}

const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/sessions/open',
    operationId: 'openSession',
    summary: 'Open a launch token, once',
    body: wire.OpenShape,
    answer: wire.OpenedShape,
    handle: open,
  },
  {
    method: 'POST',
    path: '/sessions/close',
    operationId: 'closeSession',
    summary: 'End a session',
    body: wire.CloseShape,
    answer: wire.DoneShape,
    handle: close,
  },
  {
    method: 'GET',
    path: '/players/:player/balance',
    operationId: 'showBalance',
    summary: "A player's balance",
    answer: wire.BalanceShape,
    handle: playerBalance,
  },
  {
    method: 'POST',
    path: '/transactions',
    operationId: 'transact',
    summary: 'Move money: 1 to 500 items',
    body: wire.ItemsShape,
    answer: wire.ResultsShape,
    spendsNonce: true,
    handle: transact,
  },
  {
    method: 'GET',
    path: '/transactions/:id',
    operationId: 'showTransaction',
    summary: 'The stored result of an id',
    answer: wire.ResultShape,
    handle: showTransaction,
  },
  {
    method: 'PUT',
    path: '/transactions/:id/detail',
    operationId: 'putDetail',
    summary: 'The detail of a bet, also late',
    body: wire.DetailShape,
    answer: wire.DoneShape,
    handle: putDetail,
  },
  {
    method: 'POST',
    path: '/rounds/close',
    operationId: 'closeRound',
    summary: 'End a round',
    body: wire.RoundCloseShape,
    answer: wire.DoneShape,
    handle: closeRound,
  },
  {
    method: 'GET',
    path: '/rounds',
    operationId: 'reportOpenRounds',
    summary: 'Open rounds',
    querystring: wire.OpenRoundsQueryShape,
    answer: wire.OpenRoundsShape,
    handle: reportOpenRounds,
  },
  {
    method: 'PUT',
    path: '/games',
    operationId: 'publishGames',
    summary: 'Publish games',
    body: wire.GamesShape,
    answer: wire.PublishedShape,
    handle: publish,
  },
];

const REFUSALS = Object.fromEntries(
  [400, 401, 403, 404, 410, 413, 503].map((status) => [status, wire.RefusalShape]),
);

export async function studioRoutes(server: FastifyInstance, options: StudioOptions): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (body) => JSON.stringify(body));
  server.setErrorHandler((error, _request, reply) => send(reply, failure(error, options)));
  server.setNotFoundHandler((_request, reply) => send(reply, refuse('not_found')));
  const signature = signatureChecker(options);
  for (const route of ROUTES) {
    server.route({
      method: route.method,
      url: route.path,
      schema: {
        operationId: route.operationId,
        summary: route.summary,
        tags: ['studio'],
        security: [{ signature: [] }],
        ...(route.body === undefined ? {} : { body: route.body }),
        ...(route.querystring === undefined ? {} : { querystring: route.querystring }),
        response: { 200: route.answer, ...REFUSALS },
      },
      handler: async (request, reply) => send(reply, await answer(route, request, options)),
    });
  }

  async function answer(
    route: Route,
    request: FastifyRequest,
    { sql, directory, writer, vault, outreach }: StudioOptions,
  ): Promise<StudioReply> {
    const signed = await signature.check(request);
    if (signed === null) return refuse('unauthenticated');
    const { studio, nonce } = signed;
    if (route.spendsNonce !== true) await writer.submitAll([], nonce);
    const body = parseBody(request.body);
    if (body === null) {
      if (route.spendsNonce === true) await writer.submitAll([], nonce);
      return refuse('invalid_request', 'the body is not JSON in UTF-8');
    }
    const mark = request.raw.url?.indexOf('?') ?? -1;
    const query = new URLSearchParams(mark < 0 ? '' : request.raw.url?.slice(mark));
    return route.handle({
      sql,
      directory,
      writer,
      vault,
      outreach,
      studio,
      nonce,
      params: request.params as Record<string, string>,
      query,
      body: body.value,
    });
  }
}

function parseBody(raw: unknown): { value: unknown } | null {
  if (!Buffer.isBuffer(raw) || raw.length === 0) return { value: undefined };
  const text = decodeUtf8(raw);
  try {
    return text === null ? null : { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function send(reply: FastifyReply, { status, body, operatorMs = 0 }: StudioReply) {
  if (operatorMs > 0) reply.header('server-timing', `operator;dur=${operatorMs.toFixed(1)}`);
  if (status === 503) reply.header('retry-after', '1');
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function failure(error: unknown, options: StudioOptions): StudioReply {
  if (error instanceof LedgerFault) return refuse(error.fault === 'spent' ? 'unauthenticated' : 'retry');
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return refuse('too_large');
  if (status >= 400 && status < 500) return refuse('invalid_request');
  options.onFailure(error);
  // A store that can't be reached is no bug of the request: the studio repeats with the same ids.
  return error instanceof Error && 'code' in error ? refuse('retry') : refuse('internal');
}
