/**
 * The limit: the hub's own server with the same request and an answer of the same size, and no work. What the
 * ledger costs is what lies between this and the hub.
 */
import { connect } from '../../src/db/connect.ts';
import { createMetrics, createServer } from '../../src/http/server.ts';
import { bearerKey } from '../../src/xt/request.ts';

/** The server wants a database for its readiness check, which nobody asks here: no connection is ever made. */
const sql = connect('postgres://127.0.0.1:1/none', { max: 1, name: 'echo' });
const server = await createServer(
  { sql, trustProxy: false, waitingCommands: () => 0, isDraining: () => false },
  createMetrics(),
);

server.post<{ Body: { username: string; amount: number } }>(
  '/api/user/add-balance',
  async (request, reply) => {
    if (bearerKey(request) === null) return reply.code(401).send({ message: 'Unauthenticated.' });
    const { username, amount } = request.body;
    const answer = { username, balance: 1_000_000, amount, transaction_id: 3_000_000_001, cached: false };
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer));
  },
);

process.stdout.write(`echo listens on ${await server.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.on('SIGTERM', () => process.exit(0));
