/**
 * The vendor API as routes: what was sent, who calls and from where, and the answer, which is HTTP 200 whatever it says.
 * Checked in this order: content type 5003, body 5001, certCode 1001 and 2003, address 2005, vendorType 1001, fields.
 */
import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { BookOperator } from '../db/book-operator.ts';
import type { VendorType } from '../db/book-vendor-type.ts';
import { isLost, sqlState } from '../db/connect.ts';
import { FeedNotSettled } from '../db/feed.ts';
import { LedgerFault } from '../engine/ledger-writer.ts';
import { listOf } from '../http/addresses.ts';
import { fail, type Reply } from './codes.ts';
import { answer, FAULT_ANSWERS } from './replies.ts';
import { ENDPOINTS, type Endpoint, type VendorDependencies } from './vendor-calls.ts';
import { readFields } from './vendor-fields.ts';
import { fieldsOf, readJson } from './vendor-json.ts';
import { envelope } from './vendor-wire.ts';

const BODY_BYTES_MAX = 64 * 1024;

export interface VendorOptions extends VendorDependencies {
  /** Base address players reach this hub by; null = as the caller has reached it. */
  readonly publicUrl: string | null;
  readonly onFailure: (error: unknown) => void;
}

export async function vendorRoutes(server: FastifyInstance, options: VendorOptions): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (body) => JSON.stringify(body));
  server.setNotFoundHandler((_request, reply) => send(reply, fail('1002', 'there is no such call')));
  server.setErrorHandler((error, _request, reply) => send(reply, unread(error, options)));
  for (const endpoint of ENDPOINTS) {
    server.post(`/${endpoint.name}`, { schema: documentation(endpoint) }, async (request, reply) => {
      try {
        return send(reply, await run(endpoint, request, options));
      } catch (error) {
        return send(reply, failure(error, endpoint, options));
      }
    });
  }
}

function send(reply: FastifyReply, body: Reply) {
  return reply.code(200).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

async function run(endpoint: Endpoint, request: FastifyRequest, options: VendorOptions): Promise<Reply> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    return fail('5003', 'Content-Type must be application/json');
  const given = Buffer.isBuffer(request.body) ? fieldsOf(readJson(request.body)) : null;
  if (given === null) return fail('5001', 'the body must be a JSON object in UTF-8');
  const admitted = await admit(given, request.ip, options);
  if ('code' in admitted) return admitted;
  const offered = await vendorTypeOf(given, endpoint, options);
  if ('code' in offered) return offered;
  const setting = { currency: offered.currency, timeZone: admitted.timeZone };
  const read = readFields(endpoint.fields, given, setting);
  if ('problem' in read) return wrongField(read.field, read.problem);
  const { sql, book, writer, publicUrl } = options;
  const baseUrl = publicUrl ?? `${request.protocol}://${request.host}`;
  const call = { sql, book, writer, operator: admitted, vendorType: offered, baseUrl };
  return endpoint.handle(call, read.values as never);
}

type Given = ReadonlyMap<string, unknown>;

/** The operator of the certCode, when it may call from there. */
async function admit(given: Given, ip: string, { book }: VendorOptions): Promise<BookOperator | Reply> {
  const certCode = given.get('certCode') ?? '';
  if (certCode === '') return wrongField('certCode', { code: '1001', rule: 'is required' });
  if (typeof certCode !== 'string') return wrongField('certCode', { code: '1001', rule: 'must be a string' });
  const operator = await book.operatorByCert(certCode);
  if (operator === null) return fail('2003', 'unknown certCode');
  if (!operator.enabled) return fail('2003', 'this certCode is switched off');
  if (operator.allowedIps.length > 0 && !listOf(operator.allowedIps).has(ip))
    return fail('2005', `the address ${ip} is not on your list`);
  return operator;
}

async function vendorTypeOf(
  given: Given,
  endpoint: Endpoint,
  { book }: VendorOptions,
): Promise<VendorType | Reply> {
  const name = given.get('vendorType') ?? '';
  if (name === '') return wrongField('vendorType', { code: '1001', rule: 'is required' });
  const vendorType = typeof name === 'string' && /^\w{1,40}$/.test(name) ? await book.vendorType(name) : null;
  if (vendorType === null)
    return wrongField('vendorType', { code: '1001', rule: 'must be one you are offered' });
  if (endpoint.opens && !vendorType.enabled)
    return wrongField('vendorType', { code: '1001', rule: 'is not offered at the moment' });
  return vendorType;
}

function wrongField(
  field: string,
  { code, rule }: { readonly code: '1001' | '1004' | '4004'; readonly rule: string },
): Reply {
  return fail(code, `${field}: ${rule}`, { field });
}

/** What a call threw: the ledger's faults by name, a database that fails by what it was asked for, and bugs. */
function failure(error: unknown, { kind }: Endpoint, { onFailure }: VendorOptions): Reply {
  if (error instanceof LedgerFault) return answer(FAULT_ANSWERS[error.fault]);
  if (error instanceof FeedNotSettled) return fail('5002', 'bets are being written: try again');
  onFailure(error);
  if (!isLost(error) && sqlState(error) === null) return fail('999', 'a bug, and we have been told of it');
  return kind === 'read'
    ? fail('5002', 'the store could not be read: try again')
    : fail('6001', 'the store could not be written: repeat the call with the same values');
}

/** What was thrown before a call was reached: a body too large, cut off, or a header nobody can read. */
function unread(error: unknown, { onFailure }: VendorOptions): Reply {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 415) return fail('5003', 'Content-Type must be application/json');
  if (status === 413) return fail('5001', `the body must have at most ${BODY_BYTES_MAX} bytes`);
  if (status >= 400 && status < 500) return fail('5001', 'the body could not be read');
  onFailure(error);
  return fail('999', 'a bug, and we have been told of it');
}

// ---- documentation --------------------------------------------------------------------------------------------

const Caller = {
  certCode: Type.String({ description: 'which operator calls; a secret' }),
  vendorType: Type.String({ description: 'which site and currency', examples: ['CPS_USD', 'CPS2_USD'] }),
};

function documentation({ name, summary, fields, data }: Endpoint) {
  const own = Object.entries(fields).map(([field, { schema, required }]) => [
    field,
    required ? schema : Type.Optional(schema),
  ]);
  return {
    operationId: name,
    summary,
    tags: ['vendor'],
    security: [],
    body: Type.Object({ ...Caller, ...Object.fromEntries(own) }),
    response: { 200: envelope(data) },
  };
}
