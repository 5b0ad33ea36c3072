/**
 * An operator as a process of its own would be: the reference wallet over HTTP with its database on the disk, faults
 * around it, and restarts that keep nothing but the disk. It notes what it did with every packet.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { callbackListener, openWallet, type Wallet } from '../../../sim/operator/seamless.ts';
import { type Fault, faultSwitches, faultyWallet, noFaults } from '../../../sim/operator/seamless-faults.ts';
import type { Effect, OperatorBooks } from './wallets.ts';

export interface Site extends OperatorBooks {
  readonly port: number;
  /** Switches faults on at these rates, for these kinds of packets; none = all off. */
  fault(rates: Partial<Record<Fault, number>>, only?: readonly string[]): void;
  restart(): void;
  close(): Promise<void>;
}

export async function openSite({ opening, seed }: { opening: bigint; seed: number }): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'croupier-site-'));
  const switches = faultSwitches(noFaults);
  const effects: Effect[] = [];
  const taken = new Set<number>();
  let db: DatabaseSync;
  let listener: RequestListener;

  /** Notes what became of every packet that reached the wallet. */
  function noted(wallet: Wallet): Wallet {
    const moved = db.prepare('select moved from entry where id = ?');
    moved.setReadBigInts(true);
    return {
      balance: wallet.balance,
      async changeBalance(packet) {
        const answer = await wallet.changeBalance(packet);
        const { status, repeated = false } = answer;
        const isNew = status === 200 && !repeated;
        effects.push({ packet, status, moved: isNew ? (moved.get(packet.id)?.moved as bigint) : 0n });
        if (status === 200) taken.add(packet.id);
        return answer;
      },
    };
  }

  function begin(): void {
    db = new DatabaseSync(join(folder, 'wallet.db'));
    const inner = noted(openWallet({ db, openWith: opening }));
    const wallet = faultyWallet({ wallet: inner, switches, forget: () => {}, seen: () => {}, unit: 1n });
    listener = callbackListener({ wallet, secret: null, decimals: 0 });
  }

  begin();
  const server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    fault: (rates, only = []) =>
      switches.set({ ...noFaults, seed, only, delayMs: 120, rates: { ...noFaults.rates, ...rates } }),
    restart() {
      // What is being decided now is lost, and its callers hear nothing.
      db.close();
      server.closeAllConnections();
      begin();
    },
    balance(username) {
      const row = db.prepare('select balance from member where name = ?');
      row.setReadBigInts(true);
      return (row.get(username)?.balance as bigint | undefined) ?? opening;
    },
    cashOf: () => 0n,
    hasTaken: (id) => taken.has(id),
    effects,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
