/**
 * The seamless wallet at an operator, whole: the two callbacks the hub calls. What an integrator begins from.
 *   GET  …/balance?username=  200 {"balance":10000}; 404 when there is no such member
 *   POST …/changeBalance      200 {"balance":9000} once the change is on the disk; 4xx when it was refused
 * What always holds:
 *  - a transaction id has one effect at most, and the same answer for ever, over restarts too;
 *  - nothing is answered before it is on the disk; calls that come together share one write to it;
 *  - only a bet and a charge are refused for lack of money: everything else has happened already;
 *  - a cancel gives back only what was taken here, and once. Of a bet never seen it is accepted, and remembered: that
 *    bet, should it still come, is refused and moves nothing;
 *  - money is whole minor units of one currency, as bigint; numbers exist on the wire only.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = full; -- a commit is on the disk when it returns
  create table if not exists member (name text primary key, balance integer not null) strict, without rowid;
  create table if not exists entry (
    id integer primary key,  -- the hub's transaction id
    type text not null,      -- the hub's; 'never_came' marks a bet that was cancelled before it was seen
    name text not null, amount integer not null, referer_id integer,           -- as they were sent
    moved integer not null, status integer not null, balance integer not null, -- what was done, and answered
    cancelled_by integer,    -- the cancel that gave this bet back
    at integer not null      -- ms since 1970
  ) strict;`;

/** The sign of an amount; 0 = either. */
const SIGNS = new Map(
  Object.entries({ bet: -1, charge: -1, exceed_credit: -1, adjust: 0, win: 1, cancel: 1, promo_win: 1 }),
);
const BALANCE_MAX = 2n ** 53n - 1n; // what a JSON number carries exactly
const BODY_BYTES_MAX = 65_536;
const CLOCKS_APART_MS_MAX = 300_000;

export interface Packet {
  readonly id: number;
  readonly type: string;
  readonly username: string;
  /** Signed minor units. */
  readonly amount: bigint;
  readonly refererId: number | null;
}

export interface Answer {
  readonly status: number;
  readonly balance?: bigint;
  readonly message?: string;
  /** The id had its answer before, and nothing was done now. */
  readonly repeated?: boolean;
  /** Sent in place of the JSON. Only faults do that. */
  readonly raw?: { readonly body: string; readonly headers: Readonly<Record<string, string>> };
}

/** The two callbacks. A promise is rejected when nothing is certain: then nothing is answered. */
export interface Wallet {
  balance(username: string): Promise<Answer>;
  changeBalance(packet: Packet): Promise<Answer>;
}

/** `openWith`: what a name that nobody knows has, in minor units; null = it is refused. */
export function openWallet({ db, openWith }: { db: DatabaseSync; openWith: bigint | null }): Wallet {
  db.exec(SCHEMA);
  const memberRow = db.prepare('select balance from member where name = ?');
  const setMember = db.prepare('insert or replace into member values (?, ?)');
  const entryRow = db.prepare(
    'select type, name, amount, status, balance, cancelled_by from entry where id = ?',
  );
  const addEntry = db.prepare('insert into entry values (?, ?, ?, ?, ?, ?, ?, ?, null, ?)');
  const setCancelled = db.prepare('update entry set cancelled_by = ? where id = ?');
  for (const reading of [memberRow, entryRow]) reading.setReadBigInts(true);
  const balanceOf = (name: string) => (memberRow.get(name)?.balance as bigint | undefined) ?? openWith;

  /** One packet by the rules above. */
  function decide({ id, type, username, amount, refererId }: Packet): Answer {
    const name = foldName(username);
    const known = entryRow.get(id);
    if (known?.type === 'never_came') return { status: 410, message: 'cancelled before it came' };
    if (known !== undefined) {
      const isSame = known.type === type && known.name === name && known.amount === amount;
      if (!isSame) return { status: 409, message: 'this id stands for something else' };
      return { ...answerOf(Number(known.status), known.balance as bigint), repeated: true };
    }
    const bet = type === 'cancel' ? entryRow.get(refererId) : undefined;
    const isTaken =
      bet?.status === 200n && isStake(bet.type) && bet.name === name && bet.cancelled_by === null;
    const isVoid = type === 'cancel' && !isTaken;
    const before = balanceOf(name) ?? (isVoid ? 0n : null);
    if (before === null) return { status: 404, message: 'no such member' };
    const after = isVoid ? before : before + amount;
    if (after > BALANCE_MAX || after < -BALANCE_MAX) return { status: 400, message: 'too much' };
    const isShort = amount < 0n && after < 0n && isStake(type);
    const [status, balance] = isShort ? [402, before] : [200, after];
    // From here on it is kept, whatever it was.
    const at = Date.now();
    if (type === 'cancel' && bet === undefined)
      addEntry.run(refererId, 'never_came', name, 0, null, 0, 410, balance, at);
    addEntry.run(id, type, name, amount, refererId, balance - before, status, balance, at);
    if (isTaken) setCancelled.run(id, refererId);
    if (balance !== before) setMember.run(name, balance);
    return answerOf(status, balance);
  }

  const inGroup = groupedWrites(db);
  return {
    async balance(username) {
      const balance = balanceOf(foldName(username));
      return balance === null ? { status: 404, message: 'no such member' } : answerOf(200, balance);
    },
    changeBalance: (packet) => inGroup(() => decide(packet)),
  };
}

/** One account a name, as the hub compares them: whatever its case or width. */
export const foldName = (name: string) => name.normalize('NFKC').toLowerCase();

const isStake = (type: unknown) => type === 'bet' || type === 'charge';

const answerOf = (status: number, balance: bigint): Answer =>
  status === 200 ? { status, balance } : { status, message: 'the balance is too low' };

/** What is asked for in one turn of the event loop is written by one commit, and answered after it. */
function groupedWrites(db: DatabaseSync): (work: () => Answer) => Promise<Answer> {
  let waiting: { work: () => Answer; done: PromiseWithResolvers<Answer> }[] = [];
  function flush(): void {
    const batch = waiting;
    waiting = [];
    try {
      db.exec('begin immediate');
      const answers = batch.map(({ work }) => work());
      db.exec('commit');
      for (const [i, answer] of answers.entries()) batch[i]?.done.resolve(answer);
    } catch (error) {
      if (db.isOpen && db.isTransaction) db.exec('rollback');
      for (const { done } of batch) done.reject(error);
    }
  }
  return (work) => {
    const done = Promise.withResolvers<Answer>();
    if (waiting.push({ work, done }) === 1) setImmediate(flush);
    return done.promise;
  };
}

export interface CallbackOptions {
  readonly wallet: Wallet;
  /** What the hub signs with; null = unsigned calls are taken too. */
  readonly secret: string | null;
  /** Of the currency: KRW 0, USD 2. */
  readonly decimals: number;
}

/** Serves the two calls below any prefix. */
export function callbackListener({ wallet, secret, decimals }: CallbackOptions): RequestListener {
  async function answerTo(request: IncomingMessage): Promise<Answer> {
    const [, path = '', query = ''] = /^([^?]*)\??(.*)$/.exec(request.url ?? '') ?? [];
    const call = `${request.method} ${path.slice(path.lastIndexOf('/'))}`;
    if (call !== 'GET /balance' && call !== 'POST /changeBalance')
      return { status: 404, message: 'no such call' };
    const payload = call === 'GET /balance' ? query : await readBody(request);
    if (secret !== null && !isSigned(request, { payload, secret }))
      return { status: 401, message: 'not signed' };
    if (call === 'GET /balance') return wallet.balance(new URLSearchParams(query).get('username') ?? '');
    const packet = packetOf(payload, decimals);
    return packet === null ? { status: 400, message: 'malformed' } : wallet.changeBalance(packet);
  }

  return (request, response) => {
    answerTo(request).then(
      ({ status, balance, message, raw }) => {
        const json = balance === undefined ? { message } : { balance: Number(balance) / 10 ** decimals };
        const body = raw?.body ?? JSON.stringify(json);
        const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
        response.writeHead(status, { ...headers, ...raw?.headers }).end(body);
      },
      () => response.destroy(),
    );
  };
}

function readBody(request: IncomingMessage): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) request.destroy();
    else chunks.push(chunk);
  });
  request.once('end', () => resolve(Buffer.concat(chunks).toString()));
  request.once('close', () => reject(new Error('broken off')));
  return promise;
}

/** HMAC-SHA-256(secret, timestamp + payload) in hex; while secrets are changed, a second one by the older secret. */
function isSigned({ headers }: IncomingMessage, by: { payload: string; secret: string }): boolean {
  const at = String(headers['x-timestamp']);
  if (!(Math.abs(Date.now() - Number(at)) <= CLOCKS_APART_MS_MAX)) return false;
  const expected = createHmac('sha256', by.secret)
    .update(at + by.payload)
    .digest();
  return [headers['x-signature'], headers['x-signature-previous']].some((text) => {
    const given = Buffer.from(String(text), 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** Null for what the rules don't know what to do with. */
function packetOf(body: string, decimals: number): Packet | null {
  try {
    const { username, amount: sent, transaction } = JSON.parse(body);
    const { id, type, referer_id: refererId = null } = transaction;
    const [amount, sign] = [minorOf(transaction.amount, decimals), SIGNS.get(type)];
    const isKnown = typeof username === 'string' && username !== '' && isId(id) && sign !== undefined;
    const isRight = amount !== null && amount * BigInt(sign ?? 0) >= 0n && amount === minorOf(sent, decimals);
    const isReferring = refererId === null ? type !== 'cancel' : isId(refererId) && refererId !== id;
    return isKnown && isRight && isReferring ? { id, type, username, amount, refererId } : null;
  } catch {
    return null;
  }
}

const isId = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0;

/** A number in the currency's unit, exactly, in minor units; null when there is no such amount. */
export function minorOf(value: unknown, decimals: number): bigint | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d{1,16})(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  if (sign === undefined || fraction.length > decimals) return null;
  const minor = BigInt(whole + fraction.padEnd(decimals, '0'));
  return sign === '-' ? -minor : minor;
}
