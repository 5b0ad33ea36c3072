/** A seamless wallet in Node.js (22 or later), whole: one file, one small database. Its certification is a test. */
export const WALLET_NODE = `// node wallet.mjs: CALLBACK_SECRET, PORT, WALLET_FILE
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';

const secret = process.env.CALLBACK_SECRET;
const db = new DatabaseSync(process.env.WALLET_FILE ?? 'wallet.db');
// Amounts in minor units: 100 = one of a currency with two decimals.
const UNIT = Number(process.env.UNIT ?? 100);
db.exec('create table if not exists account (name text primary key, balance integer not null)');
db.exec('create table if not exists seen (id integer primary key, status integer not null, moved integer not null)');

const minor = (amount) => Math.round(amount * UNIT);
const balanceOf = (name) => db.prepare('select balance from account where name = ?').get(name)?.balance;

function isSigned(headers, payload) {
  const timestamp = headers['x-timestamp'] ?? '';
  if (Math.abs(Date.now() - Number(timestamp)) > 300_000) return false;
  const expected = createHmac('sha256', secret).update(timestamp).update(payload).digest();
  // While the secret is changed there are two signatures: either will do.
  return [headers['x-signature'], headers['x-signature-previous']].some((text) => {
    const given = Buffer.from(text ?? '', 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** The status to answer. All in one transaction: after the answer it must be on your disk. */
function change({ username, amount, transaction: { id, type, referer_id: referer } }) {
  const name = username.toLowerCase();
  db.exec('begin immediate');
  try {
    const status = apply();
    db.exec('commit');
    return status;
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
  function apply() {
    // The same id again: the same answer, and nothing moves.
    const before = db.prepare('select status from seen where id = ?').get(id);
    if (before !== undefined) return before.status;
    const balance = balanceOf(name);
    if (balance === undefined) return 404;
    let moved = minor(amount);
    if (type === 'cancel') {
      // Gives back what is said (of several bets of a round it names the first), once, if the bet was taken.
      const bet = db.prepare('select status, moved from seen where id = ?').get(referer);
      moved = (bet?.moved ?? 0) === 0 ? 0 : minor(amount);
      // It is cancelled now; one that comes after its cancel is refused.
      db.prepare('insert or replace into seen values (?, ?, 0)').run(referer, bet?.status ?? 410);
    }
    // Only bets and charges may be refused. A win, an adjust, an exceed_credit has happened.
    const isShort = (type === 'bet' || type === 'charge') && balance + moved < 0;
    if (isShort) moved = 0;
    db.prepare('insert into seen values (?, ?, ?)').run(id, isShort ? 402 : 200, moved);
    db.prepare('update account set balance = balance + ? where name = ?').run(moved, name);
    return isShort ? 402 : 200;
  }
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url, 'http://wallet');
  const isRead = request.method === 'GET' && url.pathname.endsWith('/balance');
  const payload = isRead ? url.search.slice(1) : Buffer.concat(chunks);
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (!isSigned(request.headers, payload)) return answer(401, { message: 'signature' });
  try {
    const packet = isRead ? null : JSON.parse(payload.toString());
    const status = packet === null ? 200 : change(packet);
    const name = (packet?.username ?? url.searchParams.get('username') ?? '').toLowerCase();
    const balance = balanceOf(name);
    if (balance === undefined || status !== 200) return answer(status === 200 ? 404 : status, {});
    answer(200, { balance: balance / UNIT });
  } catch {
    answer(500, {});
  }
}).listen(Number(process.env.PORT ?? 8000), process.env.HOST ?? '127.0.0.1');
`;
