/**
 * A lean HTTP/1.1 client for load: one keep-alive connection, one request at a time, requests given as ready text.
 * It understands answers with a content-length, which is all that the measured servers send; anything else is an
 * error. Lean because it shares the machine's cores with what it measures.
 */
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Latin-1: one character a byte. */
  readonly body: string;
  readonly elapsedMs: number;
  /** What the server says its operator had of the time; null when it says nothing. */
  readonly operatorMs: number | null;
}

export interface Connection {
  /** Sends a request; `onAnswer` or `onFailure` follows, once. Nothing may be under way. */
  send(request: string): void;
  /** When the request under way was sent (performance.now); null when none is. */
  sentAtMs(): number | null;
  /** Ends the connection; a request under way fails. */
  close(why?: string): void;
}

export interface ConnectionOptions {
  readonly port: number;
  readonly onAnswer: (answer: Answer) => void;
  /** The connection is gone. */
  readonly onFailure: (why: string) => void;
}

/** Connects to this port of the loopback interface. Resolves once connected. */
export function openConnection({ port, onAnswer, onFailure }: ConnectionOptions): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let sentAtMs: number | null = null;
  let received = '';
  const end = (why: string) => {
    socket.destroy();
    if (sentAtMs === null) return;
    sentAtMs = null;
    onFailure(why);
  };
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    const answer = readAnswer(received);
    if (answer === null) return;
    if (answer === 'unreadable' || sentAtMs === null)
      return end(`unreadable answer: ${received.slice(0, 200)}`);
    const elapsedMs = performance.now() - sentAtMs;
    sentAtMs = null;
    received = '';
    onAnswer({ ...answer, elapsedMs });
  });
  socket.on('error', (error) => end(error.message));
  socket.on('close', () => end('the server closed the connection'));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () =>
      resolve({
        send(request) {
          sentAtMs = performance.now();
          socket.write(request, 'latin1');
        },
        sentAtMs: () => sentAtMs,
        close: (why = 'closed') => end(why),
      }),
    );
  });
}

/** The answer, or null while some of it is still to come. */
function readAnswer(text: string): Omit<Answer, 'elapsedMs'> | 'unreadable' | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const bodyStart = headEnd + 4;
  const head = text.slice(0, headEnd);
  const length = /\r\ncontent-length: (\d+)/i.exec(head);
  if (length === null) return 'unreadable';
  const bodyEnd = bodyStart + Number(length[1]);
  if (text.length < bodyEnd) return null;
  const timing = /\r\nserver-timing: operator;dur=([\d.]+)/i.exec(head);
  const operatorMs = timing === null ? null : Number(timing[1]);
  return { status: Number(text.slice(9, 12)), body: text.slice(bodyStart, bodyEnd), operatorMs };
}

/** One request and its answer, by a connection of its own. */
export async function exchange(port: number, request: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onFailure = (why: string) => reject(new Error(why));
    openConnection({ port, onAnswer: resolve, onFailure }).then(
      (connection) => connection.send(request),
      reject,
    );
  });
}
