/**
 * One socket of the live line. States: new → asking → live → over; `over` from any of them, and for good. What is sent
 * waits in a bounded buffer: a page that does not read is cut off, and reads /state when it comes again.
 */
import type { WebSocket } from 'ws';
import { CODES, type ErrorCode } from './codes.ts';
import type { Visitor } from './player-visits.ts';
import type { LiveMessage } from './player-wire.ts';

export interface Line {
  readonly ip: string;
  /** Null until it has said who it is. */
  visitor: Visitor | null;
  state: 'new' | 'asking' | 'live' | 'over';
  /** Of messages since the last heartbeat. */
  heard: number;
  /** Heartbeats in a row that were not answered. */
  unanswered: number;
  send(frame: Buffer): void;
  /** Asks the page's browser for a sign of life. */
  ping(): void;
  /** Says why, and closes. */
  end(code: ErrorCode): void;
  /** Closes with a code of WebSocket's: 1001 going away, 1008 misbehaves, 1011 our fault, 1013 try again later. */
  close(code: 1001 | 1008 | 1011 | 1013): void;
}

/** Some hundred messages: longer than a slow connection needs to catch up. */
const BUFFERED_BYTES_MAX = 256 * 1024;
const CLOSE_MS_MAX = 2000;

export function openLine(socket: WebSocket, ip: string, onOver: (line: Line) => void): Line {
  const line: Line = {
    ip,
    visitor: null,
    state: 'new',
    heard: 0,
    unanswered: 0,
    send(frame) {
      if (line.state === 'over') return;
      if (socket.bufferedAmount > BUFFERED_BYTES_MAX) cut();
      else socket.send(frame, { binary: false });
    },
    ping() {
      line.unanswered += 1;
      socket.ping();
    },
    end(code) {
      line.send(frameOf({ type: 'ended', code, message: CODES[code] }));
      leave(1000);
    },
    close: leave,
  };
  function leave(code: number): void {
    if (line.state === 'over') return;
    over();
    socket.close(code);
    // One that does not answer the farewell is not waited for.
    setTimeout(() => socket.terminate(), CLOSE_MS_MAX).unref();
  }
  function cut(): void {
    over();
    socket.terminate();
  }
  function over(): void {
    if (line.state === 'over') return;
    line.state = 'over';
    onOver(line);
  }
  socket.on('pong', () => {
    line.unanswered = 0;
  });
  socket.on('close', over);
  socket.on('error', cut);
  return line;
}

/** A message, written once for all who get it. */
export function frameOf(message: LiveMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}
