/**
 * The door to a player's actions.
 * Invariants: one action of a session at a time, in order; the same spin id is the same spin, whatever happens
 * to the answer; rounds their player has left end by themselves.
 */
import { endIfLeft, type FreeOrder, free, isLeft } from './free-spins.ts';
import type { Acted, House, Opened, Refusal } from './house.ts';
import { digestOf } from './hub-client.ts';
import { type RespinOrder, respin, type SpinOrder, spin } from './paid-spins.ts';
import { keyedQueue } from './queue.ts';
import type { Round } from './round.ts';
import type { Session } from './store.ts';
import { choose, close, decline, type OpenOrder, open, state } from './visit.ts';

export type Parlour = ReturnType<typeof parlour>;

const ACTIONS_WAITING_MAX = 4;
const BUSY: Refusal = { ok: false, code: 'busy' };

/** Opens the door of a house. */
export function parlour(house: House) {
  const { store, cashier } = house;
  const queue = keyedQueue(ACTIONS_WAITING_MAX);
  /** Rounds that are being ended; a session that is slow to answer must not fill its queue with them. */
  const ending = new Set<string>();

  /** Runs an action of the session the page's key names. */
  async function act(
    keyText: string,
    action: (session: Session) => Promise<Acted>,
  ): Promise<Acted | Refusal> {
    const key = digestOf(keyText);
    if (store.session(key) === undefined) return { ok: false, code: 'session_unknown' };
    return queue.run(key, () => action(store.session(key)!)) ?? BUSY;
  }

  /** Finishes what is left of a round: its bet in turn with the session's actions, then what it owes. */
  async function finish(round: Round): Promise<void> {
    // What the hub could not read gets one more try from every start: it may have been the hub's mistake.
    if (round.stuck !== null) await store.changeRound(round.id, (r) => ({ ...r, stuck: null }));
    if (round.bet !== null) await queue.run(round.sessionKey, () => cashier.recoverBet(round));
    await cashier.deliver(round.id);
  }

  async function end(round: Round): Promise<void> {
    ending.add(round.id);
    await queue.run(round.sessionKey, () => endIfLeft(house, round.id));
    ending.delete(round.id);
  }

  return {
    open: async (order: OpenOrder): Promise<Opened> =>
      queue.run(`open ${digestOf(order.token)}`, () => open(house, order)) ?? BUSY,
    state: (key: string) => act(key, (s) => state(house, s)),
    spin: (key: string, order: SpinOrder) => act(key, (s) => spin(house, s, order)),
    respin: (key: string, order: RespinOrder) => act(key, (s) => respin(house, s, order)),
    free: (key: string, order: FreeOrder) => act(key, (s) => free(house, s, order)),
    choose: (key: string, game: string | null) => act(key, (s) => choose(house, s, game)),
    decline: (key: string) => act(key, (s) => decline(house, s)),
    close: (key: string) => act(key, (s) => close(house, s)),
    /** Ends rounds whose player has left: offers that are over, free spins nobody plays. */
    async sweep(): Promise<void> {
      const left = [...store.rounds()].filter((round) => isLeft(house, round) && !ending.has(round.id));
      await Promise.all(left.map(end));
    },
    /** Takes up what the last run of the studio left unfinished; resolves when all of it is. */
    async recover(): Promise<void> {
      await Promise.all([...store.rounds()].map(finish));
    },
    idle: (): Promise<void> => queue.idle(),
  };
}
