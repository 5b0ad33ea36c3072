/** What else goes on meanwhile: deployments and crashes, staff at the list of callbacks, operators at their cash desks. */
import type { Callback, CallbackAct } from '../../../src/core/callback-types.ts';
import { LedgerFault } from '../../../src/engine/ledger-writer.ts';
import type { Chance } from '../../simulation/random.ts';
import type { SimCast } from './cast.ts';
import { type Clock, type Owner, WORLD } from './clock.ts';
import type { SimNode } from './node.ts';
import type { Plan } from './plan.ts';
import type { Shelf } from './shelf.ts';
import type { SimOperator } from './wallets.ts';
import { SimWriter } from './writer.ts';

export interface StaffParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly plan: Plan;
  readonly cast: SimCast;
  readonly shelf: Shelf;
  readonly operators: ReadonlyMap<string, SimOperator>;
  readonly nodes: readonly SimNode[];
  readonly isFaulty: () => boolean;
  readonly onBug: (error: unknown) => void;
  readonly log: (line: () => string) => void;
}

/** By then a node has found and told what the command line has put back. */
const FOUND_MS = 15_000;

export class Staff {
  private readonly parts: StaffParts;

  constructor(parts: StaffParts) {
    this.parts = parts;
  }

  /** Lays on all that the plan has. */
  begin(): void {
    const { clock, plan, nodes, operators } = this.parts;
    for (const { node, at, downMs, graceful } of plan.stops)
      clock.after(at, WORLD, () => (graceful ? nodes[node]!.stop(downMs) : nodes[node]!.crash(downMs)));
    for (const at of plan.operatorRestarts)
      clock.after(at, WORLD, () => {
        for (const operator of operators.values()) operator.restart();
      });
    this.every(plan.staff.everyMs, () => this.act());
    this.every(plan.cashEveryMs, () => this.cash());
  }

  /** Sends everything that was given up again; ends once nothing of it is left on the list. */
  async resendAll(): Promise<void> {
    for (let left = this.listed(); left.length > 0; left = this.listed()) {
      await this.commandLine().submitAll(left.map((each) => actOn(each, 'resend')));
      await this.parts.clock.pause(FOUND_MS, WORLD);
    }
  }

  private every(ms: number, work: () => void): void {
    const { clock, chance, isFaulty } = this.parts;
    if (ms === 0) return;
    clock.after(1 + chance.below(2 * ms), WORLD, () => {
      if (!isFaulty()) return;
      work();
      this.every(ms, work);
    });
  }

  /** A program of its own each time, which delivers nothing. */
  private commandLine(): SimWriter {
    const owner: Owner = { name: 'cli', alive: true };
    const crash = () => {
      owner.alive = false;
    };
    return new SimWriter({ ...this.parts, owner, crash, onDue: null });
  }

  private listed(): Callback[] {
    return [...this.parts.shelf.store.callbacks.values()].filter(({ state }) => state === 'listed');
  }

  /** Mostly on those given up; now and then on what is still being tried. */
  private act(): void {
    const { chance, plan, shelf, nodes, onBug } = this.parts;
    const found = chance.happens(80) ? this.listed() : [...shelf.store.callbacks.values()];
    if (found.length === 0) return;
    const chosen = chance.happens(30) ? found : [chance.pick(found)];
    const what = chance.below(1000) < plan.staff.resolves ? 'resolve' : 'resend';
    const up = nodes.filter((node) => node.isUp());
    const writer = up.length === 0 || chance.happens(50) ? this.commandLine() : chance.pick(up).writer();
    writer
      .submitAll(chosen.map((each) => actOn(each, what)))
      .catch((error) => error instanceof LedgerFault || onBug(error));
  }

  private cash(): void {
    const { chance, cast, operators, log } = this.parts;
    const { agentId, username, isSeamless } = chance.pick(cast.players);
    if (!isSeamless) return;
    const operator = operators.get(String(agentId))!;
    const balance = operator.balance(username);
    const amount = chance.happens(50)
      ? BigInt(1 + chance.below(3000))
      : -balance / BigInt(1 + chance.below(3));
    if (amount === 0n || balance + amount < 0n) return;
    operator.cash(username, amount);
    log(() => `cash ${amount} for ${username}`);
  }
}

function actOn({ id, playerId, walletId }: Callback, act: CallbackAct['act']): CallbackAct {
  const player = { id: playerId, walletId };
  return { kind: 'callback_act', act, id, player, by: 'staff', reason: 'test' };
}
