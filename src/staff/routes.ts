/**
 * The staff API as routes: what the command line does, for those who work in a browser or a script of their own. A key
 * is a person's: everything is done, and kept in the audit trail, under that name, and two persons are two names.
 */
import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { RAIN_ACTS, type RainAct } from '../core/book/rain-acts.ts';
import { STAFF_ROLES, type StaffRole } from '../db/staff-key.ts';
import { LedgerFault } from '../engine/ledger-writer.ts';
import {
  act,
  createOperator,
  listOperators,
  listRainSessions,
  reconcileBook,
  type StaffCall,
  type StaffDependencies,
  setOperator,
  showExposure,
  showRainSession,
} from './handlers.ts';
import { staffByKey } from './keys.ts';
import { refuse, type StaffReply } from './replies.ts';
import * as wire from './wire.ts';

export interface StaffOptions extends StaffDependencies {
  readonly onFailure: (error: unknown) => void;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** The least role that may. */
  readonly role: StaffRole;
  readonly body?: TSchema;
  readonly querystring?: TSchema;
  readonly answer: TSchema;
  readonly handle: (call: StaffCall) => Promise<StaffReply>;
}

const ACT_SUMMARIES: Readonly<Record<RainAct, string>> = {
  open: 'Open betting when its time has come',
  suspend: 'Take no bets for now',
  resume: 'Take bets again',
  close: 'Take no more bets',
  result: 'State the result; a second person must confirm it',
  confirm: 'Confirm what another person has stated',
  settle: 'Settle now what hubs would settle by themselves',
  void: 'Call the session off, also a settled one; a second person must confirm it',
  resettle: 'Correct the result; a second person must confirm it',
};

const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/rain/sessions',
    operationId: 'listRainSessions',
    summary: 'Sessions by their start',
    role: 'read',
    querystring: wire.SessionsQueryShape,
    answer: wire.SessionsShape,
    handle: listRainSessions,
  },
  {
    method: 'GET',
    path: '/rain/sessions/:id',
    operationId: 'showRainSession',
    summary: 'A session, what was said of its result, and how far it is settled',
    role: 'read',
    answer: wire.SessionDetailShape,
    handle: showRainSession,
  },
  ...RAIN_ACTS.map(
    (kind): Route => ({
      method: 'POST',
      path: `/rain/sessions/:id/${kind}`,
      operationId: `${kind}RainSession`,
      summary: ACT_SUMMARIES[kind],
      role: 'trader',
      body: wire.ActShape,
      answer: wire.ActedShape,
      handle: act(kind),
    }),
  ),
  {
    method: 'GET',
    path: '/book/exposure',
    operationId: 'showExposure',
    summary: 'What the book may gain and lose, session by session',
    role: 'read',
    answer: wire.ExposureShape,
    handle: showExposure,
  },
  {
    method: 'GET',
    path: '/book/reconcile',
    operationId: 'reconcileBook',
    summary: "The book's bets at K-Rain against K-Rain's statement",
    role: 'read',
    querystring: wire.ReconcileQueryShape,
    answer: wire.StatementsShape,
    handle: reconcileBook,
  },
  {
    method: 'GET',
    path: '/book/operators',
    operationId: 'listBookOperators',
    summary: 'Sites that sell the book to their players',
    role: 'read',
    answer: wire.OperatorsShape,
    handle: listOperators,
  },
  {
    method: 'POST',
    path: '/book/operators',
    operationId: 'createBookOperator',
    summary: 'Make one; its certCode is shown once',
    role: 'owner',
    body: wire.NewOperatorShape,
    answer: wire.MadeOperatorShape,
    handle: createOperator,
  },
  {
    method: 'POST',
    path: '/book/operators/:id',
    operationId: 'setBookOperator',
    summary: 'Change what is named, and nothing else',
    role: 'owner',
    body: wire.OperatorChangeShape,
    answer: wire.OperatorShape,
    handle: setOperator,
  },
];

const REFUSALS = Object.fromEntries(
  [400, 401, 403, 404, 409, 413, 503].map((status) => [status, wire.RefusalShape]),
);

export async function staffRoutes(server: FastifyInstance, options: StaffOptions): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
    readBody(String(body), done),
  );
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (body) => JSON.stringify(body));
  server.setErrorHandler((error, _request, reply) => send(reply, failure(error, options)));
  server.setNotFoundHandler((_request, reply) => send(reply, refuse('not_found')));
  for (const route of ROUTES) {
    server.route({
      method: route.method,
      url: route.path,
      schema: {
        operationId: route.operationId,
        summary: route.summary,
        tags: ['staff'],
        security: [{ staff: [] }],
        ...(route.path.includes(':id') ? { params: wire.IdParamShape } : {}),
        ...(route.body === undefined ? {} : { body: route.body }),
        ...(route.querystring === undefined ? {} : { querystring: route.querystring }),
        response: { 200: route.answer, ...REFUSALS },
      },
      handler: async (request, reply) => send(reply, await answer(route, request, options)),
    });
  }
}

/** Nothing at all is an empty body, whatever type it calls itself. */
function readBody(text: string, done: (error: Error | null, body?: unknown) => void): void {
  try {
    done(null, text.trim() === '' ? undefined : JSON.parse(text));
  } catch {
    done(Object.assign(new Error('not JSON'), { statusCode: 400 }));
  }
}

async function answer(route: Route, request: FastifyRequest, options: StaffOptions): Promise<StaffReply> {
  const [, key] = /^Bearer\s+(\S{1,256})$/i.exec(request.headers.authorization ?? '') ?? [];
  const staff = key === undefined ? null : await staffByKey(options.sql, key);
  if (staff === null) return refuse('unauthenticated');
  if (!mayAct(staff.role, route.role)) return refuse('forbidden');
  return route.handle({
    ...options,
    person: staff.name,
    params: request.params as Record<string, string>,
    query: request.query as Record<string, unknown>,
    body: request.body,
  });
}

/** Roles are in order: each may what those after it may. */
export function mayAct(has: StaffRole, needs: StaffRole): boolean {
  return STAFF_ROLES.indexOf(has) <= STAFF_ROLES.indexOf(needs);
}

function send(reply: FastifyReply, { status, body }: StaffReply) {
  if (status === 503) reply.header('retry-after', '1');
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

function failure(error: unknown, options: StaffOptions): StaffReply {
  if (error instanceof LedgerFault) return refuse('retry');
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return refuse('too_large');
  if (status >= 400 && status < 500) return refuse('invalid_request');
  options.onFailure(error);
  return error instanceof Error && 'code' in error ? refuse('retry') : refuse('internal');
}
