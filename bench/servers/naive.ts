/** The rival: the same transfer as most would write it. Row locks, one transaction a request, its own tables. */
import Fastify from 'fastify';
import postgres from 'postgres';

const sql = postgres(process.env.NAIVE_DATABASE_URL ?? '', { max: 20, onnotice: () => {} });
const agents = new Map(
  (await sql`select id, api_key from naive_agent`).map((row) => [`Bearer ${row.api_key}`, row.id as number]),
);
const app = Fastify();

app.post<{ Body: { username: string; amount: number } }>('/api/user/add-balance', async (request, reply) => {
  const agent = agents.get(request.headers.authorization ?? '');
  const { username, amount } = request.body;
  if (agent === undefined) return reply.code(401).send({ error: 'unauthenticated' });
  return sql.begin(async (tx) => {
    const [pot] = await tx`select balance from naive_agent where id = ${agent} for update`;
    const [wallet] =
      await tx`select id, balance from naive_wallet where agent_id = ${agent} and username = ${username} for update`;
    if (wallet === undefined) return reply.code(422).send({ error: 'unknown user' });
    if (Number(pot?.balance) < amount) return reply.code(403).send({ error: 'balance too low' });
    await tx`update naive_agent set balance = balance - ${amount} where id = ${agent}`;
    await tx`update naive_wallet set balance = balance + ${amount} where id = ${wallet.id}`;
    const [row] =
      await tx`insert into naive_transfer (agent_id, wallet_id, amount, agent_before, wallet_before)
      values (${agent}, ${wallet.id}, ${amount}, ${pot?.balance}, ${wallet.balance}) returning id`;
    return { username, balance: Number(wallet.balance) + amount, amount, transaction_id: Number(row?.id) };
  });
});

process.stdout.write(`naive listens on ${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.on('SIGTERM', () => process.exit(0));
