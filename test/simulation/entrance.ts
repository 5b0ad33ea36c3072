/** How a player comes in: launched by the operator, opened by the studio, with nothing on the wallet yet. */
import assert from 'node:assert/strict';
import type { StudioClient, XtClient } from '../world.ts';
import type { Player } from './load.ts';

const TRIES_MAX = 50;

export interface Entrance {
  readonly agent: XtClient;
  readonly studio: StudioClient;
  readonly username: string;
  readonly vendor: string;
}

export async function enter({ agent, studio, username, vendor }: Entrance): Promise<Player> {
  const launched = await agent.get('/game-launch-link', { username, vendor, game_id: `${vendor}-game` });
  assert.equal(launched.status, 200, launched.text);
  const token = new URL(launched.body.link).searchParams.get('token');
  let opened = await studio.call('POST', '/sessions/open', { token });
  // The store may be out of reach for a moment: then nothing was opened, and the call is made again.
  for (let tries = 1; opened.status === 503 && tries < TRIES_MAX; tries++)
    opened = await studio.call('POST', '/sessions/open', { token });
  assert.equal(opened.status, 200, opened.text);
  const { session, player: id, game } = opened.body;
  return { username, id, session, game };
}
