/** Callbacks in every state, for what shows them and acts on them. */
import type { AgentId } from '../../src/core/ids.ts';
import { setAgent } from '../../src/db/agent.ts';
import { until } from '../http/rig.ts';
import type { StudioClient, TestAgent, World } from '../world.ts';
import { type Operator, type Seat, seamlessAgent, seat } from './rig.ts';

/** All calls of a kind fail with 500 for a while. */
export const FAILING = { error: 1 } as const;

export interface Trouble {
  readonly agent: TestAgent;
  readonly seat: Seat;
  /** Plays a bet that is accepted, and a win the operator fails to take: its id. */
  lose(round: string): Promise<number>;
  /** The state a callback is kept in; null = it is through. */
  stateOf(id: number): Promise<string | null>;
  /** From now on one failed attempt is enough to be given up. */
  giveUpSoon(): Promise<void>;
}

const STATES = ['asking', 'due', 'listed', 'resolved'] as const;

export async function openTrouble(
  world: World,
  operator: Operator,
  { studio, vendor = 'evolution', username }: { studio: StudioClient; vendor?: string; username?: string },
): Promise<Trouble> {
  const agent = await seamlessAgent(world, operator, username === undefined ? {} : { username });
  const at = await seat(world, { agent, studio, vendor });
  const { sql } = world.hub;
  const kept = async (id: number) => (await sql`select state, attempts from callback where id = ${id}`)[0];
  return {
    agent,
    seat: at,
    async lose(round) {
      operator.fault(FAILING, { only: ['win'] });
      const bet = await at.send(`bet-${round}`, 'bet', { round, amount: '100' });
      if (bet.status !== 'accepted') throw new Error(`the bet was ${bet.code}`);
      const { transactionId } = await at.send(`win-${round}`, 'win', { round, amount: '250' });
      await until(`win ${transactionId} failed once`, async () => {
        const row = await kept(transactionId);
        return row?.state === 2 || row?.attempts > 0;
      });
      return transactionId;
    },
    async stateOf(id) {
      const row = await kept(id);
      return row === undefined ? null : (STATES[row.state as 0 | 1 | 2 | 3] ?? '?');
    },
    async giveUpSoon() {
      await setAgent(sql, agent.id as AgentId, { callbackCutoffMs: 1 });
      world.hub.directory.forget();
    },
  };
}

/** The ids of transactions the operator has processed, in the order of ids. */
export function processed(operator: Operator): number[] {
  return [...operator.desk.books.pages()].flatMap((page) =>
    page.filter(({ status }) => status === 200n).map(({ id }) => Number(id)),
  );
}
