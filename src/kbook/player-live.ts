/**
 * The live line: what changes is pushed to the pages that look at it. A session that changed is read once on this node
 * and written once for all lines; a page joins without a gap, since what it has missed and what comes next are given to
 * it in one go. A page that misbehaves, sleeps or does not read harms itself alone.
 */
import type { WebSocket } from 'ws';
import type { Bet } from '../core/book/types.ts';
import type { VisitHolder } from '../db/book-visit.ts';
import type { Sql } from '../db/connect.ts';
import type { Board, Shown } from './player-board.ts';
import { frameOf, type Line, openLine } from './player-line.ts';
import { openNews } from './player-news.ts';
import { openRoom, type Room } from './player-room.ts';
import type { Visits } from './player-visits.ts';
import { digitsOf, fieldsOf, readJson } from './vendor-json.ts';

export interface Live {
  /** Takes over a socket that was opened from this address. */
  enter(socket: WebSocket, ip: string): void;
  /** A bet that was placed or answered on this node. */
  onBet(bet: Bet): void;
  /** A visit that was ended on this node. */
  onLogout(holder: VisitHolder): void;
  close(): Promise<void>;
}

export interface LiveParts {
  readonly sql: Sql;
  readonly board: Board;
  readonly visits: Pick<Visits, 'admit'>;
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** Bytes of a message of the page. */
export const MESSAGE_BYTES_MAX = 2048;
const JOIN_MS_MAX = 5000;
/** Below what proxies take for a line that is dead, and half of what the page takes for one. */
const BEAT_MS = 10_000;
const UNANSWERED_MAX = 3;
/** Between two heartbeats; the page speaks when its token is renewed. */
const HEARD_MAX = 10;
/** A page renews its token as it ends; one that sleeps for so long has left. */
const RENEWAL_MS = 30_000;
const LINES_MAX = 10_000;
export const LINES_OF_VISIT_MAX = 5;

export function openLive(parts: LiveParts): Live {
  const { board, now, onFailure } = parts;
  const room = openRoom();
  const news = openNews({ ...parts, room });
  board.onChange((shown) => {
    const frame = sessionFrame(shown, now());
    for (const line of room.ofMarket({ site: shown.view.site, currency: shown.currency })) line.send(frame);
  });
  const beat = setInterval(() => beatAll(room, { revision: board.revision(), at: now() }), BEAT_MS);
  beat.unref();
  let closed = false;
  return {
    enter(socket, ip) {
      const line = openLine(socket, ip, room.leave);
      if (closed || room.lines.size >= LINES_MAX) return line.close(1013);
      room.enter(line);
      setTimeout(() => line.state !== 'live' && line.close(1008), JOIN_MS_MAX).unref();
      socket.on('message', (data: Buffer) => {
        hear(parts, { line, room, onJoin: news.onJoin }, data).catch((error) => {
          onFailure(error);
          line.close(1011);
        });
      });
    },
    onBet: (bet) => void news.onBet(bet),
    onLogout({ playerId }) {
      for (const line of [...room.ofPlayer(playerId)]) line.end('2001');
    },
    async close() {
      closed = true;
      clearInterval(beat);
      for (const line of [...room.lines]) line.close(1001);
      await news.close();
    },
  };
}

function sessionFrame({ json }: Shown, serverTime: number): Buffer {
  return Buffer.from(`{"type":"session","serverTime":${serverTime},"session":${json}}`);
}

/** A sign of life to all, and an end to those that give none, or whose token has run out. */
export function beatAll({ lines }: Room, { revision, at }: { revision: number; at: number }): void {
  const hello = frameOf({ type: 'hello', serverTime: at, revision });
  for (const line of [...lines]) {
    line.heard = 0;
    if (line.state !== 'live') continue;
    if (line.unanswered >= UNANSWERED_MAX) line.close(1001);
    else if ((line.visitor?.expiresAt ?? 0) + RENEWAL_MS < at) line.end('2001');
    else {
      line.send(hello);
      line.ping();
    }
  }
}

interface Joining {
  readonly line: Line;
  readonly room: Room;
  readonly onJoin: (playerId: VisitHolder['playerId']) => void;
}

/** The first message says who it is and what it has; later ones bring a renewed token. */
async function hear(parts: LiveParts, { line, room, onJoin }: Joining, data: Buffer): Promise<void> {
  line.heard += 1;
  const message = readMessage(data);
  if (message === null || line.heard > HEARD_MAX || line.state === 'asking') return line.close(1008);
  const isFirst = line.state === 'new';
  if (isFirst) line.state = 'asking';
  await parts.board.start();
  const found = await parts.visits.admit({ access: message.access, ip: line.ip });
  if (line.state === 'over') return;
  if ('refusal' in found) return line.end(found.refusal.code === '1' ? '999' : found.refusal.code);
  if (!isFirst) {
    if (found.holder.visitId !== line.visitor?.holder.visitId) return line.end('2001');
    line.visitor = found;
    return;
  }
  if (room.ofVisit(found.holder.visitId).size >= LINES_OF_VISIT_MAX) return line.close(1013);
  line.visitor = found;
  line.state = 'live';
  greet(parts, line, message.since);
  room.join(line);
  onJoin(found.holder.playerId);
}

/** In one go with joining: nothing changes in between. */
function greet({ board, now }: LiveParts, line: Line, since: number): void {
  const holder = line.visitor?.holder;
  if (holder === undefined) return;
  const serverTime = now();
  line.send(frameOf({ type: 'hello', serverTime, revision: board.revision() }));
  for (const shown of board.changedSince(holder, since)) line.send(sessionFrame(shown, serverTime));
}

/** Without `since` the page has nothing. */
function readMessage(data: Buffer): { access: string; since: number } | null {
  const given = fieldsOf(readJson(data));
  const access = given?.get('access');
  const raw = given?.get('since') ?? null;
  const since = raw === null ? '0' : (digitsOf(raw) ?? '');
  if (typeof access !== 'string' || access.length > 256 || !/^\d{1,15}$/.test(since)) return null;
  return { access, since: Number(since) };
}
