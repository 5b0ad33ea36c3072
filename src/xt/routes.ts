/** The operator API as routes: who calls, from where, what they said, and the answer in their dialect. */
import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isLost } from '../db/connect.ts';
import { LedgerFault } from '../engine/ledger-writer.ts';
import { accessOf } from './access.ts';
import type { Call, CallResult, XtDependencies } from './context.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { openFeedMarks } from './feed-marks.ts';
import { type Fields, readFields } from './fields.ts';
import { languageOf, ok, type Reply, refuse, refuseFields, type XtRefusal } from './replies.ts';
import { effectiveMethod, readParameters } from './request.ts';
import type { RequestLog } from './request-log.ts';

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;
const BODY_BYTES_MAX = 64 * 1024;

export interface XtOptions extends XtDependencies {
  readonly onFailure: (error: unknown) => void;
  /** Base address by which the outside reaches this hub; null = as whoever asks has reached it. */
  readonly publicUrl: string | null;
  /** Keeps the last calls for those who make them. */
  readonly requests: RequestLog;
}

export async function xtRoutes(server: FastifyInstance, options: XtOptions): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (body) => JSON.stringify(body));
  const access = accessOf(options);
  const feedMarks = openFeedMarks();
  server.addHook('onRequest', access.allowOrigin);
  server.addHook('onResponse', (request, reply, done) => {
    if (request.method !== 'OPTIONS') options.requests.ended(request, reply);
    done();
  });
  server.setErrorHandler((error, request, reply) => {
    const refusal = failure(error, options);
    return turnAway({ request, reply, requests: options.requests }, { refusal });
  });
  server.setNotFoundHandler(async (request, reply) => {
    const agent = await access.agentOf(request);
    if (agent !== null) options.requests.of(request).agentId = agent.id;
    return turnAway({ request, reply, requests: options.requests }, { refusal: 'not_found' });
  });
  server.options('/*', { schema: { hide: true } }, access.preflight);
  for (const endpoint of ENDPOINTS) {
    const handler = handlerOf(endpoint, { ...options, feedMarks, admit: access.admit });
    server.route({ method: endpoint.method, url: endpoint.path, schema: documentation(endpoint), handler });
    const others = METHODS.filter((method) => method !== endpoint.method);
    server.route({ method: others, url: endpoint.path, schema: { hide: true }, handler });
  }
}

type Admitting = XtOptions &
  Pick<Call, 'feedMarks'> & { readonly admit: ReturnType<typeof accessOf>['admit'] };

function handlerOf(endpoint: Endpoint, options: Admitting) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const asked: Asked = { request, reply, requests: options.requests };
    const note = options.requests.of(request);
    const admitted = await options.admit(request);
    if (admitted.agent !== null) note.agentId = admitted.agent.id;
    if (admitted.refusal !== undefined) return turnAway(asked, admitted);
    if (effectiveMethod(request) !== endpoint.method) {
      reply.header('allow', endpoint.method);
      return turnAway(asked, { refusal: 'method_not_allowed' });
    }
    const given = readParameters(request);
    if (given === null) return turnAway(asked, { refusal: 'bad_body' });
    note.given = given;
    note.fields = endpoint.fields;
    const read = readFields(endpoint.fields, given);
    if ('problems' in read) return turnAway(asked, read);
    const { sql, directory, writer, vault, outreach, feedMarks } = options;
    const language = languageOf(request.headers['accept-language']);
    const { agent } = admitted;
    const call: Call = {
      sql,
      directory,
      writer,
      vault,
      outreach,
      feedMarks,
      agent,
      ip: request.ip,
      baseOf: () => options.publicUrl ?? `${request.protocol}://${request.host}`,
      language,
    };
    const result = await endpoint.handle(call, read.values as never);
    if ('body' in result) return send(reply, ok(result.body));
    return 'empty' in result ? send(reply, ok('')) : turnAway(asked, result);
  };
}

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly requests: RequestLog;
}

/** Refuses in the caller's language, and notes why. */
function turnAway({ request, reply, requests }: Asked, why: Refused) {
  const language = languageOf(request.headers['accept-language']);
  const answer =
    'problems' in why
      ? refuseFields(why.problems, language)
      : refuse(why.refusal, language, why.retryAfterMs);
  const note = requests.of(request);
  note.refusal = 'problems' in why ? 'fields' : why.refusal;
  if ('problems' in why) note.problems = why.problems;
  note.answer = JSON.stringify(answer.body);
  return send(reply, answer);
}

type Refused =
  | Extract<CallResult, { problems: unknown }>
  | { readonly refusal: XtRefusal; readonly retryAfterMs?: number };

function send(reply: FastifyReply, answer: Reply) {
  if (answer.retryAfterMs !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(answer.retryAfterMs / 1000)));
  return reply
    .code(answer.status)
    .type('application/json; charset=utf-8')
    .send(answer.body === '' ? '' : JSON.stringify(answer.body));
}

/** What a handler threw, by name: the ledger's faults, the server's own refusals, and bugs. */
function failure(error: unknown, options: XtOptions): XtRefusal {
  if (error instanceof LedgerFault) return error.fault === 'unknown' ? 'unknown' : 'overloaded';
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return 'body_too_large';
  if (status >= 400 && status < 500) return 'bad_body';
  options.onFailure(error);
  // A store that can't be reached is no bug of the request: the operator repeats with the same uuid.
  return isLost(error) ? 'unknown' : 'internal';
}

// ---- documentation --------------------------------------------------------------------------------------------

const ErrorShape = Type.Object({
  message: Type.String(),
  errors: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
});

function documentation({ method, path, group, summary, fields, answer }: Endpoint) {
  const parameters = shapeOf(fields);
  const paced = group === 'money' || group === 'transaction' || path === '/user' || path === '/auto-login';
  const refusals = {
    401: ErrorShape,
    403: ErrorShape,
    ...(Object.keys(fields).length > 0 ? { 422: ErrorShape } : {}),
    ...(paced ? { 429: ErrorShape } : {}),
    ...(group === 'money' || group === 'callback' ? { 503: ErrorShape } : {}),
  };
  const given =
    Object.keys(fields).length === 0
      ? {}
      : method === 'GET'
        ? { querystring: parameters }
        : { body: parameters };
  const operationId = path.slice(1).replace(/[/-](\w)/g, (_all, letter: string) => letter.toUpperCase());
  return {
    operationId,
    summary,
    tags: [group],
    security: [{ key: [] }],
    ...given,
    response: { 200: answer, ...refusals },
  };
}

function shapeOf(fields: Fields) {
  const properties = Object.entries(fields).map(([name, field]) => [
    name,
    field.required ? field.schema : Type.Optional(field.schema),
  ]);
  return Type.Object(Object.fromEntries(properties));
}
