/** Bets of the rain book, as the player page sends them: each under a key of its own, on rain and on none in turn. */
import { randomUUID } from 'node:crypto';
import type { Source } from './requests.ts';
import type { BookWorld, LoadWorld } from './world.ts';

/** 100.00, the least an operator may allow. */
const STAKE = 100;

/** `kept`: the pool keeps all of a stake. `laidOff`: most of it goes to K-Rain, and the bet waits for the answer. */
export function bets({ book }: LoadWorld, where: keyof BookWorld): Source {
  if (book === undefined) throw new Error('nobody was made who could bet on the rain');
  const { access, sessions } = book[where];
  let turn = 0;
  return {
    next() {
      const nth = turn++;
      const session = sessions[nth % sessions.length];
      if (session === undefined) throw new Error('no session is open');
      // All players bet on rain, then all on none: what one has on both sides nets off.
      const isRain = Math.floor(nth / access.length) % 2 === 0;
      const [type, odds] = isRain ? ['RAIN', session.rain] : ['NO_RAIN', session.noRain];
      const bet = { key: randomUUID(), sessionId: session.id, type, odds, stake: STAKE };
      return betRequest(access[nth % access.length] ?? '', JSON.stringify(bet));
    },
    prepare() {},
    accepts: (body) => body.startsWith('{"code":"1"') && body.includes('"status":"ACTIVE"'),
    itemsPerRequest: 1,
  };
}

function betRequest(access: string, body: string): string {
  return (
    `POST /player/api/bets HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${access}\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  );
}
