/**
 * How an answer leaves the market: as it should, or as the fault that struck the call has it.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import type { Reply } from './wire.ts';

export interface Leaving {
  readonly faults: ReadonlySet<Fault>;
  readonly delayMs: number;
}

const PIECES = 8;
const PAGE = '<!doctype html><title>Maintenance</title><p>We are back in a moment.';

/** What is answered without doing anything; null: it is done. */
export function insteadOf(faults: ReadonlySet<Fault>): Reply | 'break' | null {
  if (faults.has('down')) return 'break';
  if (faults.has('error')) return { status: 500, body: { message: 'fault' } };
  return faults.has('busy') ? { status: 429, body: { message: 'fault' } } : null;
}

export async function send(response: ServerResponse, reply: Reply, leaving: Leaving): Promise<void> {
  const { faults, delayMs } = leaving;
  if (faults.has('lost')) return void response.destroy();
  if (faults.has('late')) await sleep(delayMs, undefined, { ref: false });
  const { status, type, body } = written(distorted(reply, faults), faults);
  const bytes = Buffer.from(body);
  const headers = {
    'content-type': type,
    'content-length': bytes.length,
    ...(status === 302 ? { location: '/elsewhere' } : {}),
  };
  response.writeHead(status, headers);
  if (faults.has('cut'))
    return void response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  if (faults.has('slow')) return writeSlowly(response, bytes, delayMs);
  if (faults.has('duplicate')) writeAgainAfter(response, { status, type, bytes });
  response.end(bytes);
}

interface Written {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function written({ status, body }: Reply, faults: ReadonlySet<Fault>): Written {
  if (faults.has('garbage')) return { status: 200, type: 'text/html', body: PAGE };
  if (faults.has('moved')) return { status: 302, type: 'text/plain', body: '' };
  if (faults.has('lostBooks')) return { status: 404, type: 'text/html', body: PAGE };
  const failed = faults.has('errorAfter');
  return {
    status: failed ? 500 : status,
    type: 'application/json',
    body: JSON.stringify(failed ? { message: 'fault' } : body),
  };
}

function distorted(reply: Reply, faults: ReadonlySet<Fault>): Reply {
  const { body } = reply;
  if (faults.has('stranger'))
    return { ...reply, body: { ...body, id: 'somebody-else', market: 'ELSEWHERE' } };
  if (!faults.has('tooMuch') || typeof body.matched !== 'string') return reply;
  return { ...reply, body: { ...body, matched: `${body.matched}0`, win: `${body.win}0` } };
}

async function writeSlowly(response: ServerResponse, bytes: Buffer, delayMs: number): Promise<void> {
  const size = Math.ceil(bytes.length / PIECES);
  for (let from = 0; from < bytes.length; from += size) {
    response.write(bytes.subarray(from, from + size));
    await sleep(delayMs / PIECES, undefined, { ref: false });
    if (response.destroyed) return;
  }
  response.end();
}

/** Second copies that have not left yet, by connection. */
const surplus = new WeakMap<Socket, () => void>();
const SURPLUS_MS = 20;

/**
 * The second copy leaves when the next call comes in on the connection, ahead of that one's own answer: who looks only
 * at the order of answers takes it for that. If none comes, it leaves by itself.
 */
function writeAgainAfter(
  response: ServerResponse,
  { status, type, bytes }: { status: number; type: string; bytes: Buffer },
): void {
  const { socket } = response;
  if (socket === null) return;
  const head = `HTTP/1.1 ${status} Again\r\ncontent-type: ${type}\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  const leave = () => {
    surplus.delete(socket);
    clearTimeout(timer);
    if (!socket.destroyed) socket.write(head + bytes);
  };
  const timer = setTimeout(leave, SURPLUS_MS).unref();
  surplus.set(socket, leave);
}

/** A call has come in on this connection. */
export function letSurplusLeave(socket: Socket): void {
  surplus.get(socket)?.();
}
