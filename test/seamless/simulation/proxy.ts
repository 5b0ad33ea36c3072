/**
 * A stretch of network in front of an operator: bytes pass, are held up, or the connection ends, by chance. What was
 * taken up arrives even when its sender has long given it up.
 */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Chance } from '../../simulation/random.ts';

/** In a thousand pieces of data. */
export interface Weather {
  /** The connection ends, and the piece is lost. */
  readonly cutBefore: number;
  /** The piece goes on, and the connection to its sender ends. */
  readonly cutAfter: number;
  /** It is held up on its way there, or its answer is. */
  readonly late: number;
  readonly lateMsMax: number;
  /** New connections end at once. */
  readonly isOut: boolean;
}

export const FAIR: Weather = { cutBefore: 0, cutAfter: 0, late: 0, lateMsMax: 0, isOut: false };

export interface Network {
  readonly url: string;
  set(weather: Weather): void;
  /** True when nothing is held up. */
  isClear(): boolean;
  close(): Promise<void>;
}

/** What was held up still arrives so long after its sender has gone. */
const GRACE_MS = 300;

export async function openProxy(targetPort: number, chance: Chance): Promise<Network> {
  let weather = FAIR;
  const open = new Set<Socket>();
  let heldUp = 0;

  function keep(socket: Socket): Socket {
    open.add(socket);
    // Its other end may vanish at any time: that is what it is for.
    return socket.on('error', () => {}).on('close', () => open.delete(socket));
  }

  function take(client: Socket): void {
    keep(client);
    if (weather.isOut) {
      client.destroy();
      return;
    }
    const operator = keep(connect(targetPort, '127.0.0.1'));
    passOn(client, operator, GRACE_MS);
    passOn(operator, client, 0);
  }

  /** In order: what is held up holds up what follows. */
  function passOn(from: Socket, to: Socket, graceMs: number): void {
    let before: Promise<unknown> = Promise.resolve();
    from.on('data', (piece: Buffer) => {
      const fate = draw();
      if (fate === 'cutBefore') {
        from.destroy();
        to.destroy();
        return;
      }
      const lateMs = fate === 'late' ? chance.below(weather.lateMsMax) : 0;
      heldUp += 1;
      before = before
        .then(() => (lateMs > 0 ? pause(lateMs) : undefined))
        .then(() => {
          heldUp -= 1;
          if (!to.destroyed) to.write(piece);
          if (fate === 'cutAfter') (graceMs > 0 ? from : to).destroy();
        });
    });
    from.on('close', () => void before.then(() => pause(graceMs)).then(() => to.destroy()));
  }

  function draw(): 'cutBefore' | 'cutAfter' | 'late' | null {
    let drawn = chance.below(1000);
    for (const fate of ['cutBefore', 'cutAfter', 'late'] as const) {
      if (drawn < weather[fate]) return fate;
      drawn -= weather[fate];
    }
    return null;
  }

  const server: Server = createServer(take);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(next) {
      weather = next;
    },
    isClear: () => heldUp === 0,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Time is part of these faults: nothing else waits for it. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
