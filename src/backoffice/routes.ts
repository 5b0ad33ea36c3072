/**
 * The back office's API as routes: who calls and from where, whether they may, what they gave, and the answer. Cookies
 * are sent by browsers to whoever makes them; so what changes anything must also carry a header that only the page can set.
 */
import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { isLost, sqlState } from '../db/connect.ts';
import { LedgerFault } from '../engine/ledger-writer.ts';
import { OfficeError } from '../office.ts';
import { type Caller, callerOf } from './principal.ts';
import { OFFICE_ANSWERS, type OfficeReply, refuse } from './replies.ts';
import type { OfficeCall, OfficeParts, OfficeRoute, Params, Streamed } from './route.ts';
import { RefusalShape } from './shapes.ts';
import { OFFICE_ROUTES } from './tables.ts';

export interface OfficeOptions extends OfficeParts {
  readonly onFailure: (error: unknown) => void;
}

/** What a page sets with every call that changes something; a form or a link from elsewhere cannot. */
export const PAGE_HEADER = 'x-croupier-office';
const BODY_BYTES_MAX = 256 * 1024;

export async function officeRoutes(server: FastifyInstance, options: OfficeOptions): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (body) => JSON.stringify(body));
  server.setErrorHandler((error, _request, reply) => send(reply, failure(error, options)));
  server.setNotFoundHandler((_request, reply) => send(reply, refuse('not_found')));
  for (const route of OFFICE_ROUTES) {
    server.route({
      method: route.method,
      url: route.path,
      // Else the head of an export would be a whole export.
      exposeHeadRoute: false,
      bodyLimit: route.rawBytesMax ?? BODY_BYTES_MAX,
      schema: documentation(route),
      ...handlersOf(route, options),
    });
  }
}

/**
 * Who may not is told so before their body is read: strangers fill no memory. When it is there they are asked for again:
 * it may have been long in coming.
 */
function handlersOf(route: OfficeRoute, options: OfficeOptions) {
  const shapes = { query: checkOf(route.query), body: checkOf(route.body) };
  const admitted = async (request: FastifyRequest) => {
    const caller = await callerOf(options.sql, request);
    return { caller, refused: admit(route, caller, { fromPage: isFromPage(request, options) }) };
  };
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    const { refused } = await admitted(request);
    if (refused !== null) return send(reply, refused);
  };
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { caller, refused } = await admitted(request);
    if (refused !== null) return send(reply, refused);
    const read = readInput(route, shapes, request);
    if ('refused' in read) return send(reply, read.refused);
    const call: OfficeCall = {
      ...options,
      // Open routes know that there may be nobody.
      principal: caller?.principal as OfficeCall['principal'],
      ip: request.ip,
      browser: String(request.headers['user-agent'] ?? '').slice(0, 200),
      base: options.publicUrl ?? `${request.protocol}://${request.host}`,
    };
    return send(reply, await route.handle(call, read.input as never));
  };
  return route.method === 'GET' ? { handler } : { onRequest, handler };
}

/** Why the caller may not; null = may. */
function admit(
  route: OfficeRoute,
  caller: Caller | null,
  { fromPage }: { readonly fromPage: boolean },
): OfficeReply | null {
  if (route.method !== 'GET' && caller?.by !== 'key' && !fromPage) return refuse('csrf');
  const { permission } = route;
  if (permission === 'open') return null;
  if (caller === null) return refuse('unauthenticated');
  if (permission === 'enrol') return null;
  if (!caller.principal.proven) return refuse('enrolment_needed');
  if (permission === 'self' || caller.principal.permissions.includes(permission)) return null;
  return refuse('forbidden');
}

function isFromPage(request: FastifyRequest, { publicUrl }: OfficeParts): boolean {
  const { origin } = request.headers;
  if (request.headers[PAGE_HEADER] !== '1') return false;
  if (origin === undefined || origin === `${request.protocol}://${request.host}`) return true;
  // Behind a proxy the outside speaks https, and the hub may not know.
  return publicUrl !== null && origin === new URL(publicUrl).origin;
}

type Check = ReturnType<typeof Compile> | null;
const checkOf = (shape: TSchema | undefined): Check => (shape === undefined ? null : Compile(shape));

interface Input {
  readonly params: Params;
  readonly query: unknown;
  readonly body: unknown;
}

/** Names say what they are; the others are numbers of our own, of vendors and games small ones. */
const NUMBER = /^\d{1,15}$/;
const SMALL = /^\d{1,9}$/;
const IDS: Readonly<Record<string, RegExp>> = { name: /^/, vendorId: SMALL, gameId: SMALL };

function readInput(
  route: OfficeRoute,
  shapes: { readonly query: Check; readonly body: Check },
  request: FastifyRequest,
): { readonly input: Input } | { readonly refused: OfficeReply } {
  const params = request.params as Params;
  const strange = Object.entries(params).some(([name, id]) => !(IDS[name] ?? NUMBER).test(id));
  if (strange) return { refused: refuse('not_found') };
  const query = { ...(request.query as Record<string, unknown>) };
  const body = route.rawBytesMax === undefined ? parsed(request.body) : request.body;
  if (body === UNREADABLE) return { refused: refuse('invalid_request', { detail: 'the body is not JSON' }) };
  for (const [check, value] of [
    [shapes.query, query],
    [shapes.body, body],
  ] as const) {
    if (check === null || check.Check(value)) continue;
    return { refused: refuse('invalid_request', problemsOf(check, value)) };
  }
  return { input: { params, query, body } };
}

const UNREADABLE = Symbol('unreadable');

/** Nothing at all is an empty object. */
function parsed(body: unknown): unknown {
  const text = Buffer.isBuffer(body) ? body.toString('utf8').trim() : '';
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
}

function problemsOf(check: NonNullable<Check>, value: unknown) {
  const fields: Record<string, string> = {};
  for (const { instancePath, message } of check.Errors(value))
    fields[instancePath.slice(1) || 'body'] ??= message;
  return {
    fields,
    detail: Object.entries(fields)
      .slice(0, 3)
      .map(([name, why]) => `${name} ${why}`)
      .join('; '),
  };
}

function send(reply: FastifyReply, answer: OfficeReply | Streamed) {
  reply
    .header('cache-control', 'no-store')
    .header('x-frame-options', 'DENY')
    .headers(answer.headers ?? {});
  if ('stream' in answer) return reply.type(answer.type).send(answer.stream);
  const { status, body, retryAfterMs } = answer;
  if (retryAfterMs !== undefined || status === 503)
    reply.header('retry-after', Math.max(1, Math.ceil((retryAfterMs ?? 1000) / 1000)));
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function failure(error: unknown, options: OfficeOptions): OfficeReply {
  if (error instanceof OfficeError) return refuse('refused', { detail: error.message });
  if (error instanceof LedgerFault) return refuse(error.fault === 'unknown' ? 'unknown' : 'overloaded');
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return refuse('too_large');
  if (status >= 400 && status < 500) return refuse('invalid_request');
  // An instant that looks like one and is none: the 31st of February.
  if (['22007', '22008'].includes(sqlState(error) ?? ''))
    return refuse('invalid_request', { detail: 'a time' });
  options.onFailure(error);
  return refuse(isLost(error) ? 'unknown' : 'internal');
}

function documentation(route: OfficeRoute) {
  const { operationId, summary, group, query, body, answer, permission } = route;
  const statuses = [...new Set(Object.values(OFFICE_ANSWERS).map(({ status }) => status))];
  return {
    operationId,
    summary,
    description:
      permission === 'open' || permission === 'self' || permission === 'enrol' ? '' : `Needs: ${permission}`,
    tags: [group],
    security: permission === 'open' ? [] : [{ staff: [] }, { office: [] }],
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    response: { 200: answer, ...Object.fromEntries(statuses.map((status) => [status, RefusalShape])) },
  };
}
