/** The operator API as routes: who calls, from where, what they said, and the answer in their dialect. */
import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isLost } from '../db/connect.ts';
import { LedgerFault } from '../engine/ledger-writer.ts';
import { accessOf } from './access.ts';
import type { Call, CallResult, XtDependencies } from './context.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { type Fields, readFields } from './fields.ts';
import { type Language, languageOf, ok, type Reply, refuse, refuseFields } from './replies.ts';
import { effectiveMethod, readParameters } from './request.ts';

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;
const BODY_BYTES_MAX = 64 * 1024;

export interface XtOptions extends XtDependencies {
  readonly onFailure: (error: unknown) => void;
}

export async function xtRoutes(server: FastifyInstance, options: XtOptions): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (body) => JSON.stringify(body));
  const access = accessOf(options);
  server.addHook('onRequest', access.allowOrigin);
  server.setErrorHandler((error, request, reply) =>
    send(reply, failure(error, languageOf(request.headers['accept-language']), options)),
  );
  server.setNotFoundHandler((request, reply) =>
    send(reply, refuse('not_found', languageOf(request.headers['accept-language']))),
  );
  server.options('/*', { schema: { hide: true } }, access.preflight);
  for (const endpoint of ENDPOINTS) {
    const handler = handlerOf(endpoint, { ...options, admit: access.admit });
    server.route({ method: endpoint.method, url: endpoint.path, schema: documentation(endpoint), handler });
    const others = METHODS.filter((method) => method !== endpoint.method);
    server.route({ method: others, url: endpoint.path, schema: { hide: true }, handler });
  }
}

type Admitting = XtOptions & { readonly admit: ReturnType<typeof accessOf>['admit'] };

function handlerOf(endpoint: Endpoint, options: Admitting) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const language = languageOf(request.headers['accept-language']);
    const admitted = await options.admit(request);
    if ('refusal' in admitted) return send(reply, refuse(admitted.refusal, language));
    if (effectiveMethod(request) !== endpoint.method) {
      return send(reply.header('allow', endpoint.method), refuse('method_not_allowed', language));
    }
    const given = readParameters(request);
    if (given === null) return send(reply, refuse('bad_body', language));
    const read = readFields(endpoint.fields, given);
    if ('problems' in read) return send(reply, refuseFields(read.problems, language));
    const { sql, directory, writer, vault, outreach } = options;
    const call: Call = {
      sql,
      directory,
      writer,
      vault,
      outreach,
      agent: admitted.agent,
      ip: request.ip,
      language,
    };
    const result = await endpoint.handle(call, read.values as never);
    return send(reply, toReply(result, language));
  };
}

function toReply(result: CallResult, language: Language): Reply {
  if ('body' in result) return ok(result.body);
  if ('empty' in result) return ok('');
  if ('problems' in result) return refuseFields(result.problems, language);
  return refuse(result.refusal, language, result.retryAfterMs);
}

function send(reply: FastifyReply, answer: Reply) {
  if (answer.retryAfterMs !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(answer.retryAfterMs / 1000)));
  return reply
    .code(answer.status)
    .type('application/json; charset=utf-8')
    .send(answer.body === '' ? '' : JSON.stringify(answer.body));
}

/** What a handler threw, as an answer: the ledger's faults by name, the server's own refusals, and bugs. */
function failure(error: unknown, language: Language, options: XtOptions): Reply {
  if (error instanceof LedgerFault)
    return refuse(error.fault === 'unknown' ? 'unknown' : 'overloaded', language);
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return refuse('body_too_large', language);
  if (status >= 400 && status < 500) return refuse('bad_body', language);
  options.onFailure(error);
  // A store that can't be reached is no bug of the request: the operator repeats with the same uuid.
  return refuse(isLost(error) ? 'unknown' : 'internal', language);
}

// ---- documentation --------------------------------------------------------------------------------------------

const ErrorShape = Type.Object({
  message: Type.String(),
  errors: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
});

function documentation({ method, path, group, summary, fields, answer }: Endpoint) {
  const parameters = shapeOf(fields);
  const paced = group === 'money' || group === 'transaction' || path === '/user';
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
