/**
 * Pages on the live line, many of them, in a process of their own: plain sockets that say who they are, and note when
 * a quote of a session has arrived. Lean because they share the machine's cores with what they measure.
 * A program for fork(): it takes one plan, says `ready` once all lines have joined, and gives its notes when told to.
 */
import { connect } from 'node:net';

export interface LivePlan {
  readonly port: number;
  /** An access token for each line. */
  readonly access: readonly string[];
}
/** Epoch ms at which each line has got a quote, by session and quote. */
export type LiveNotes = Readonly<Record<string, readonly number[]>>;
export type LiveSaid = { readonly kind: 'ready' } | { readonly kind: 'notes'; readonly notes: LiveNotes };

const notes = new Map<string, number[]>();
const JOINED = '"type":"money"';
const MOVED = /"session":\{.*?"id":(\d+).*?"quote":(\d+)/;
const AT_ONCE = 100;

process.on('message', (message: LivePlan | 'tell') => {
  if (message === 'tell') say({ kind: 'notes', notes: Object.fromEntries(notes) });
  else
    void joinAll(message).then(
      () => say({ kind: 'ready' }),
      (error) => {
        process.stderr.write(`live sockets: ${error}\n`);
        process.exit(1);
      },
    );
});
process.once('disconnect', () => process.exit(0));

function say(said: LiveSaid): void {
  process.send?.(said);
}

async function joinAll({ port, access }: LivePlan): Promise<void> {
  for (let from = 0; from < access.length; from += AT_ONCE)
    await Promise.all(access.slice(from, from + AT_ONCE).map((token) => join(port, token)));
}

/** Resolves once the line has told what its player has. */
function join(port: number, access: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const joined = Promise.withResolvers<void>();
  socket.on('error', joined.reject);
  socket.on('close', () => joined.reject(new Error('a line was closed')));
  socket.write(
    'GET /player/api/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  let rest: Buffer = Buffer.alloc(0);
  let isOpen = false;
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!isOpen) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      isOpen = true;
      rest = rest.subarray(end + 4);
      socket.write(masked(JSON.stringify({ access })));
    }
    rest = readFrames(rest, (text) => {
      if (text.includes(JOINED)) joined.resolve();
      else note(text);
    });
  });
  return joined.promise;
}

function note(text: string): void {
  const [, session, quote] = MOVED.exec(text) ?? [];
  if (session === undefined) return;
  const key = `${session}/${quote}`;
  const at = performance.timeOrigin + performance.now();
  const known = notes.get(key);
  if (known === undefined) notes.set(key, [at]);
  else known.push(at);
}

/** Hands out the text frames that are whole, and gives back what is left. The hub's frames are short and not masked. */
function readFrames(bytes: Buffer, hand: (text: string) => void): Buffer {
  let at = 0;
  while (bytes.length - at >= 2) {
    const short = (bytes[at + 1] ?? 0) & 127;
    const head = short === 126 ? 4 : 2;
    if (bytes.length - at < head) break;
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short;
    if (bytes.length - at < head + length) break;
    if (((bytes[at] ?? 0) & 15) === 1) hand(bytes.toString('latin1', at + head, at + head + length));
    at += head + length;
  }
  return bytes.subarray(at);
}

/** A mask of zeros leaves the payload as it is. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([
    Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]),
    payload,
  ]);
}
