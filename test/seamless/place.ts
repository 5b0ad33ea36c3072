/** A player at an operator of its own on a stand, whose script can change at any time, and what must hold of its line. */
import assert from 'node:assert/strict';
import type { AgentId } from '../../src/core/ids.ts';
import { setAgent } from '../../src/db/agent.ts';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';
import { type Seat, seat } from './rig.ts';
import { answer, auditHolds, openStand, rowsOf, type Script, type Stand, untilTold } from './stand.ts';

export interface Ground {
  readonly world: World;
  readonly stand: Stand;
  readonly studio: StudioClient;
}

/** A world, a stand, and a studio of evolution. */
export async function openGround(): Promise<Ground> {
  const world = await openWorld();
  const stand = await openStand({ openWith: 10_000n });
  return { world, stand, studio: await world.studio('evolution') };
}

/** Ends it; the books must hold. */
export async function closeGround({ world, stand }: Ground): Promise<void> {
  await auditHolds(world);
  await world.close();
  await stand.close();
}

export interface Place extends Seat, Ground {
  readonly agent: TestAgent;
  /** The operator's script from now on; null = its wallet answers. */
  becomes(script: Script | null): void;
  /** Types of the packets in the order of their arrival. */
  types(): string[];
  /** What the operator holds for the player. */
  held(): Promise<number>;
}

let places = 0;

export async function openPlace(ground: Ground, wish: { callbackCutoffMs?: number } = {}): Promise<Place> {
  const { world, stand, studio } = ground;
  const prefix = `place${places++}`;
  const callbackUrl = stand.under(prefix, null);
  const agent = await world.agent({ pot: 1_000_000n, wallet: 'seamless', callbackUrl });
  await setAgent(world.hub.sql, agent.id as AgentId, wish);
  world.hub.directory.forget();
  const username = `at-${prefix}`;
  return {
    ...ground,
    ...(await seat(world, { agent, studio, username })),
    agent,
    becomes: (script) => void stand.under(prefix, script),
    types: () => stand.packetsOf(username).map(({ transaction }) => transaction.type),
    held: async () => Number((await stand.desk.wallet.balance(username)).balance),
  };
}

/** Holds calls that match until it is opened. */
export function gate(matches: (type: string) => boolean) {
  const opened = Promise.withResolvers<void>();
  const script: Script = async (call, response) => {
    if (matches(call.packet?.transaction.type ?? 'balance')) await opened.promise;
    return answer(call, response);
  };
  return { script, open: opened.resolve };
}

export const failing: Script = (_call, response) => void response.writeHead(500).end();

export const told = (result: { code?: string; status: string }): string => result.code ?? result.status;

/** Once all is told: the operator has heard of each row once and in order, and holds what the feed says. */
export async function chainHolds({ world, stand, agent, username, held }: Place): Promise<void> {
  await untilTold(world, agent);
  const rows = await rowsOf(agent);
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1];
    if (next !== undefined) assert.equal(row.before + row.amount, next.before, `row ${index}`);
  }
  const last = rows.at(-1);
  assert.equal(await held(), (last?.before ?? 0) + (last?.amount ?? 0));
  assert.deepEqual(
    [...new Set(stand.packetsOf(username).map(({ transaction }) => transaction.id))],
    rows.map((row) => row.id),
  );
}
