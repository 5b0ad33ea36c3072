/**
 * The rival of seamless play: the same route, signed and checked alike, which passes each item on to the operator and
 * answers what that says. No nonce is kept, no promise, no row, nothing to send again.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import Fastify from 'fastify';
import { type OperatorTarget, openOperatorClient } from '../../src/callbacks/client.ts';
import { changeBalanceBody } from '../../src/callbacks/wire.ts';
import { readItems } from '../../src/studio/items.ts';
import type { WireItem } from '../../src/studio/wire.ts';
import { readWorld } from '../load/world.ts';

const world = await readWorld(process.env.WORLD ?? '');
const client = openOperatorClient({ allowLoopback: true, allowedNetworks: [] });
const players = new Map<string, { username: string; target: OperatorTarget }>();
for (const [index, sessions] of world.seamless.entries()) {
  const target = {
    key: String(index),
    callbackUrl: process.env.OPERATOR_URL ?? '',
    userAgent: 'GuzzleHttp/7',
    secrets: ['a secret of the benchmark'],
    tls: null,
  };
  for (const { session, username } of sessions) players.set(session, { username, target });
}
let id = 2 ** 40;

const server = Fastify({ bodyLimit: 4 * 1024 * 1024 });
server.removeAllContentTypeParsers();
server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
server.post('/studio/v1/transactions', async (request, reply) => {
  const body = request.body as Buffer;
  const { 'x-timestamp': timestamp, 'x-nonce': nonce, 'x-signature': signature } = request.headers;
  const mac = createHmac('sha256', world.studio.secret)
    .update(`${request.method}\n${request.raw.url}\n${timestamp}\n${nonce}\n`)
    .update(body)
    .digest();
  if (!timingSafeEqual(mac, Buffer.from(String(signature), 'hex'))) return reply.code(401).send({});
  const items = readItems(JSON.parse(body.toString()).transactions);
  if (typeof items === 'string') return reply.code(400).send({ message: items });
  const results = await Promise.all(items.map(pass));
  return reply
    .type('application/json; charset=utf-8')
    .header('server-timing', 'operator;dur=0.1')
    .send(JSON.stringify({ results }));
});

async function pass(item: WireItem) {
  const player = players.get(item.session ?? '');
  if (player === undefined) throw new Error('no such session');
  const { username, target } = player;
  const minor = BigInt(item.amount ?? '0');
  id += 2;
  const packet = changeBalanceBody({
    username,
    currency: 'KRW',
    amount: item.type === 'bet' ? -minor : minor,
    transaction: {
      id,
      type: item.type,
      refererId: null,
      at: new Date().toISOString(),
      game: {
        id: item.game.id,
        type: 'slot',
        round: item.round ?? '',
        title: 'Bench',
        vendor: 'evolution',
      },
      target: { id: 1, username, balance: 0n },
    },
  });
  const { answer } = await client.changeBalance(target, packet, 'question');
  const taken = answer.kind === 'answered' && answer.status === 200;
  return {
    id: item.id,
    status: taken ? 'accepted' : 'refused',
    transactionId: id,
    balance: '0',
    replayed: false,
  };
}

process.stdout.write(`proxy listens on ${await server.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.on('SIGTERM', () => process.exit(0));
