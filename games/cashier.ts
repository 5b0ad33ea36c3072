/**
 * Brings a round's money to the hub.
 * Invariants: one delivery per round runs at a time; owed items go out in order, each until the hub answers for
 * good, under the id it always had; a bet whose fate stays unknown is cancelled, never silently given up; an
 * item the hub can't read is not repeated for ever, it is parked in the journal and told in the log.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Game } from './catalogue/games.ts';
import { symbolNames } from './catalogue/symbols.ts';
import type { HubClient, MoneyAnswer, MoneyItem } from './hub-client.ts';
import {
  betAccepted,
  betFailed,
  betUnknown,
  betVoid,
  type Consequence,
  cancelOf,
  cancelStuck,
  detailOfRound,
  type Owed,
  parked,
  type Round,
} from './round.ts';
import type { Store } from './store.ts';

export type CashierOptions = {
  hub: HubClient;
  store: Store;
  log: Logger;
  now: () => number;
  game: (id: string) => Game | undefined;
  /** What the latest step of a round leads to once its bet is accepted. */
  consequence: (round: Round) => Consequence;
  /** How long a bet is tried before it is cancelled. */
  betPatienceMs?: number;
  retryMs?: { first: number; most: number };
};

export type Cashier = ReturnType<typeof cashier>;

/** The cashier's context: what it works with and what it is at. */
type Till = Required<Omit<CashierOptions, 'retryMs'>> & {
  retry: { first: number; most: number };
  stop: AbortController;
  deliveries: Map<string, Promise<void>>;
};

/** Waits before attempt `n + 1`; rejects when the studio is stopping. */
function pause(till: Till, n: number): Promise<void> {
  const { first, most } = till.retry;
  return sleep(Math.min(first * 2 ** n, most), undefined, { signal: till.stop.signal });
}

function itemOf(
  till: Till,
  round: Round,
  part: Pick<MoneyItem, 'id' | 'type' | 'amount'> & { at: number },
): Omit<MoneyItem, 'session' | 'player'> {
  const game = till.game(round.game)!;
  return {
    ...part,
    game: { id: game.id, type: game.type, title: game.title.en },
    round: round.id,
    currency: till.store.session(round.sessionKey)!.currency,
    at: new Date(part.at).toISOString(),
  };
}

async function noteBalance(till: Till, round: Round, answer: MoneyAnswer): Promise<void> {
  if ((answer.kind !== 'accepted' && answer.kind !== 'refused') || answer.balance === null) return;
  const { balance } = answer;
  await till.store.changeSession(round.sessionKey, (session) => ({ ...session, balance }));
}

function isDefinite(answer: MoneyAnswer): boolean {
  return answer.kind !== 'unknown' && answer.kind !== 'absent';
}

/** Sends an item until the hub answers for good. */
async function insist(till: Till, item: MoneyItem): Promise<MoneyAnswer> {
  for (let n = 0; ; n += 1) {
    const answer = await till.hub.move(item);
    if (isDefinite(answer)) return answer;
    if (n === 3) till.log.warn({ id: item.id }, 'the hub does not answer for an item; repeating it');
    await pause(till, n);
  }
}

async function sendBet(till: Till, round: Round): Promise<MoneyAnswer> {
  const bet = round.bet!;
  const { session } = till.store.session(round.sessionKey)!;
  const item: MoneyItem = {
    ...itemOf(till, round, { id: bet.id, type: 'bet', amount: bet.amount.toString(), at: bet.at }),
    session,
  };
  const until = till.now() + till.betPatienceMs;
  for (let n = 0; ; n += 1) {
    const answer = await till.hub.move(item);
    if (isDefinite(answer) || till.now() >= until) return answer;
    await pause(till, Math.min(n, 3));
  }
}

/** Tells the log of an item that waits for somebody to look at it. */
function tellStuck(till: Till, item: string, code: string): void {
  till.log.error({ item, code }, 'the hub cannot read a money item; it is kept in the journal, see /status');
}

async function sendCancel(
  till: Till,
  round: Round,
  owed: Extract<Owed, { op: 'cancel' }>,
): Promise<MoneyAnswer> {
  const { id, at, reference } = owed;
  const answer = await insist(till, {
    ...itemOf(till, round, { id, type: 'cancel', amount: owed.amount.toString(), at }),
    player: till.store.session(round.sessionKey)!.player,
    reference,
  });
  if (answer.kind === 'refused') {
    till.log.error({ bet: reference, code: answer.code }, 'the hub refused to cancel an unknown bet');
  }
  await noteBalance(till, round, answer);
  return answer;
}

async function cancelBet(till: Till, round: Round): Promise<Round> {
  const cancel = cancelOf(round);
  const answer = await sendCancel(till, round, cancel);
  if (answer.kind !== 'rejected') return till.store.changeRound(round.id, betVoid);
  const { code } = answer;
  tellStuck(till, cancel.id, code);
  return till.store.changeRound(round.id, (r) => cancelStuck(r, { code, at: till.now() }));
}

async function applyBetAnswer(till: Till, round: Round, answer: MoneyAnswer): Promise<Round> {
  const bet = round.bet!;
  if (answer.kind === 'refused' || answer.kind === 'rejected') {
    const { kind, code } = answer;
    if (kind === 'rejected') till.log.error({ item: bet.id, code }, 'the hub cannot read a bet');
    // The player sees what the hub sees: money may have gone elsewhere meanwhile.
    await noteBalance(till, round, answer);
    return till.store.changeRound(round.id, (r) => betFailed(r, { code, ended: 'refused' }));
  }
  if (answer.kind !== 'accepted') {
    return cancelBet(till, await till.store.changeRound(round.id, betUnknown));
  }
  const { win } = round.steps.at(-1)!.spin;
  return till.store.changeBoth(round.id, {
    round: (r) => betAccepted(r, till.consequence(r)),
    session: (session) => ({
      ...session,
      balance: answer.balance ?? session.balance,
      staked: session.staked + bet.amount,
      won: session.won + win,
    }),
  });
}

/** Sends the bet of the round's latest step and applies the answer. The step must be durable already. */
async function placeBet(till: Till, round: Round): Promise<Round> {
  return applyBetAnswer(till, round, await sendBet(till, round));
}

/** After a restart: learns whether the bet of the latest step was taken; one the hub never saw is cancelled. */
async function recoverBet(till: Till, round: Round): Promise<Round> {
  const bet = round.bet!;
  if (bet.state === 'cancelling') return cancelBet(till, round);
  for (let n = 0; ; n += 1) {
    const answer = await till.hub.stored(bet.id);
    if (answer.kind !== 'unknown') return applyBetAnswer(till, round, answer);
    await pause(till, n);
  }
}

async function sendWin(till: Till, round: Round, owed: Extract<Owed, { op: 'win' }>): Promise<MoneyAnswer> {
  const answer = await insist(till, {
    ...itemOf(till, round, { id: owed.id, type: 'win', amount: owed.amount.toString(), at: owed.at }),
    player: till.store.session(round.sessionKey)!.player,
    closesRound: owed.closes,
  });
  if (answer.kind === 'refused') {
    // Only a round that the back office has ended by hand answers so; the decision is theirs and is on record.
    till.log.error({ id: owed.id, code: answer.code }, 'the hub refused a win');
  }
  await noteBalance(till, round, answer);
  return answer;
}

function namesOf(till: Till, round: Round): readonly string[] {
  const game = till.game(round.game);
  return game?.kind === 'slot' ? symbolNames(game) : [];
}

type Settled = 'done' | 'later' | { stuck: string };

/** One attempt at an owed item: done for good, to be tried again, or of no use to try. */
async function settle(till: Till, round: Round, owed: Owed): Promise<Settled> {
  if (owed.op === 'detail') {
    const detail = detailOfRound(round, namesOf(till, round));
    return (await till.hub.putDetail(owed.bet, detail)) ? 'done' : 'later';
  }
  if (owed.op === 'close') {
    const { player } = till.store.session(round.sessionKey)!;
    const closed = await till.hub.closeRound({ game: round.game, round: round.id, player });
    return closed ? 'done' : 'later';
  }
  const answer = owed.op === 'win' ? await sendWin(till, round, owed) : await sendCancel(till, round, owed);
  if (answer.kind !== 'rejected') return 'done';
  tellStuck(till, owed.id, answer.code);
  return { stuck: answer.code };
}

async function deliverAll(till: Till, id: string): Promise<void> {
  let tries = 0;
  for (;;) {
    const round = till.store.round(id);
    const owed = round?.owed[0];
    if (round === undefined || owed === undefined || round.stuck !== null) return;
    const settled = await settle(till, round, owed);
    if (settled === 'done') {
      tries = 0;
      await till.store.changeRound(id, (r) => ({ ...r, owed: r.owed.slice(1) }));
    } else if (settled !== 'later') {
      await till.store.changeRound(id, (r) => parked(r, { code: settled.stuck, at: till.now() }));
    } else {
      await pause(till, tries);
      tries += 1;
    }
  }
}

/** Delivers all a round owes; resolves when it owes nothing, or the studio stops. */
function deliver(till: Till, id: string): Promise<void> {
  const running = till.deliveries.get(id);
  if (running !== undefined) return running;
  const run = deliverAll(till, id).then(
    () => {
      till.deliveries.delete(id);
      // Something may have come to be owed between the last look and now.
      const round = till.store.round(id);
      return round !== undefined && round.owed.length > 0 && round.stuck === null
        ? deliver(till, id)
        : undefined;
    },
    (error: unknown) => {
      till.deliveries.delete(id);
      if (!till.stop.signal.aborted) till.log.error({ round: id, error }, 'a delivery stopped');
    },
  );
  till.deliveries.set(id, run);
  return run;
}

/** Opens the till. */
export function cashier(options: CashierOptions) {
  const till: Till = {
    ...options,
    betPatienceMs: options.betPatienceMs ?? 12_000,
    retry: options.retryMs ?? { first: 250, most: 15_000 },
    stop: new AbortController(),
    deliveries: new Map(),
  };
  return {
    placeBet: (round: Round): Promise<Round> => placeBet(till, round),
    recoverBet: (round: Round): Promise<Round> => recoverBet(till, round),
    deliver: (id: string): Promise<void> => deliver(till, id),
    /** Stops waiting and repeating, lets what is on the wire finish. What is left is in the journal. */
    async stop(): Promise<void> {
      till.stop.abort();
      await Promise.allSettled(till.deliveries.values());
    },
  };
}
