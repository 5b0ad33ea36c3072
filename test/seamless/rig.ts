/**
 * A world with a seamless operator: the reference wallet of sim/operator on a port of its own, its faults at hand, and
 * a studio whose players' money is there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Desk, openDesk } from '../../sim/operator/seamless-desk.ts';
import { type Fault, noFaults } from '../../sim/operator/seamless-faults.ts';
import type { AgentWish } from '../../src/office.ts';
import type { StudioClient, TestAgent, World } from '../world.ts';

export interface Operator {
  readonly url: string;
  readonly desk: Desk;
  /** Switches faults on at these rates; none = all off. */
  fault(rates: Partial<Record<Fault, number>>, rest?: { delayMs?: number; only?: readonly string[] }): void;
  close(): Promise<void>;
}

/** Starts the reference wallet. Names nobody knows have `openWith` minor units. */
export async function openOperator({ openWith = 100_000n, currency = 'KRW' } = {}): Promise<Operator> {
  const folder = await mkdtemp(join(tmpdir(), 'croupier-wallet-'));
  const desk = openDesk({
    path: join(folder, 'wallet.db'),
    currency,
    secret: null,
    openWith,
    faults: noFaults,
  });
  const server = createServer((request, response) => desk.callbacks(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    desk,
    fault(rates, rest = {}) {
      desk.switches.set({ ...noFaults, ...rest, rates: { ...noFaults.rates, ...rates } });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      desk.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An agent whose players' money is at the operator. */
export function seamlessAgent(
  world: World,
  operator: Pick<Operator, 'url'>,
  wish: Partial<AgentWish> & { pot?: bigint } = {},
): Promise<TestAgent> {
  return world.agent({ pot: 100_000_000n, wallet: 'seamless', callbackUrl: operator.url, ...wish });
}

export interface Seat {
  readonly username: string;
  readonly session: string;
  readonly player: string;
  /** Sends one item of round r1; ids are made unique to the player. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  send(id: string, type: string, rest?: Record<string, unknown>): Promise<any>;
}

let players = 0;

export interface SeatWish {
  readonly agent: TestAgent;
  readonly studio: StudioClient;
  readonly vendor?: string;
  readonly username?: string;
  readonly currency?: string;
}

/** A seamless player at a vendor's game. */
export async function seat(world: World, wish: SeatWish): Promise<Seat> {
  const { agent, studio, vendor = 'evolution', username = `seamless${players++}`, currency = 'KRW' } = wish;
  const { session, player, game } = await world.play(agent, studio, { username, vendor, balance: 0 });
  return {
    username,
    session,
    player,
    async send(id, type, rest = {}) {
      const item = { id: `${username}-${id}`, type, session, game, round: 'r1', currency, ...rest };
      const [result] = await studio.transact(item);
      return result;
    },
  };
}
