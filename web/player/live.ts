/**
 * The live line. Joins, hears, and joins again by itself: pauses grow to PAUSE_MS_MAX and are shortened to nothing when
 * the machine wakes or finds its network. Silence longer than the hub's heartbeat allows counts as a line that is gone.
 * Invariant: one socket at a time, and nothing of a socket that was left is heard any more.
 */
import type { LiveMessage } from '../../src/kbook/player-wire.ts';

export interface LiveHost {
  readonly access: () => string | null;
  /** The revision the page has. */
  readonly since: () => number;
  readonly hear: (message: LiveMessage) => void;
  readonly turned: (line: 'live' | 'gone') => void;
}

export interface Live {
  /** Tries at once instead of after the pause. */
  wake(): void;
  /** Hands the hub a token that has been renewed. */
  renewed(access: string): void;
  /** Lets go of a line the machine says it has not. */
  drop(): void;
  close(): void;
}

const PAUSE_MS_MIN = 500;
const PAUSE_MS_MAX = 15_000;
const JOIN_MS_MAX = 8_000;
const SILENCE_MS_MAX = 25_000;

export function openLive(host: LiveHost): Live {
  let socket: WebSocket | null = null;
  let joined = false;
  let tries = 0;
  let watch: ReturnType<typeof setTimeout> | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  function join(): void {
    clearTimeout(pause);
    leave();
    const address = new URL('api/live', document.baseURI);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const mine = new WebSocket(address);
    socket = mine;
    expectWithin(JOIN_MS_MAX);
    mine.onopen = () => mine.send(JSON.stringify({ access: host.access(), since: host.since() }));
    mine.onmessage = (event) => socket === mine && hear(event.data);
    mine.onclose = () => socket === mine && lose();
  }
  function hear(text: unknown): void {
    const message = readMessage(text);
    if (message === null) return;
    expectWithin(SILENCE_MS_MAX);
    if (message.type === 'hello' && !joined) {
      joined = true;
      tries = 0;
      host.turned('live');
    }
    host.hear(message);
  }
  function lose(): void {
    clearTimeout(pause);
    leave();
    host.turned('gone');
    const most = Math.min(PAUSE_MS_MIN * 2 ** tries, PAUSE_MS_MAX);
    tries += 1;
    pause = setTimeout(join, most * (0.5 + Math.random() / 2));
  }
  function leave(): void {
    clearTimeout(watch);
    joined = false;
    const old = socket;
    socket = null;
    old?.close();
  }
  function expectWithin(ms: number): void {
    clearTimeout(watch);
    watch = setTimeout(lose, ms);
  }

  join();
  return {
    wake: () => (joined ? undefined : join()),
    drop: lose,
    renewed: (access) => (joined ? socket?.send(JSON.stringify({ access })) : undefined),
    close() {
      clearTimeout(pause);
      leave();
    },
  };
}

function readMessage(text: unknown): LiveMessage | null {
  try {
    const message: LiveMessage | null = JSON.parse(String(text));
    return typeof message?.type === 'string' ? message : null;
  } catch {
    return null;
  }
}
