/**
 * Brings a round's money to the hub.
 * Invariants: one delivery per round runs at a time; owed items go out in order, each until the hub answers for
 * good, under the id it always had; a bet whose fate stays unknown is cancelled, never silently given up.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Game } from './catalogue/games.ts';
import type { HubClient, MoneyAnswer, MoneyItem } from './hub-client.ts';
import {
  type Bet,
  betAccepted,
  betFailed,
  betUnknown,
  type Consequence,
  detailOfRound,
  type Owed,
  type Round,
} from './round.ts';
import type { Session, Store } from './store.ts';

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

export function cashier(options: CashierOptions) {
  const { hub, store, log, now } = options;
  const betPatienceMs = options.betPatienceMs ?? 12_000;
  const retry = options.retryMs ?? { first: 250, most: 15_000 };
  const stop = new AbortController();
  const deliveries = new Map<string, Promise<void>>();

  /** Waits before attempt `n + 1`; rejects when the studio is stopping. */
  const pause = (n: number): Promise<void> =>
    sleep(Math.min(retry.first * 2 ** n, retry.most), undefined, { signal: stop.signal });

  const itemOf = (
    round: Round,
    part: Pick<MoneyItem, 'id' | 'type' | 'amount'> & { at: number },
  ): Omit<MoneyItem, 'session' | 'player'> => {
    const game = options.game(round.game)!;
    return {
      ...part,
      game: { id: game.id, type: game.type, title: game.title.en },
      round: round.id,
      currency: store.session(round.sessionKey)!.currency,
      at: new Date(part.at).toISOString(),
    };
  };

  const noteBalance = async (round: Round, answer: MoneyAnswer): Promise<void> => {
    if (answer.kind !== 'accepted' || answer.balance === null) return;
    const { balance } = answer;
    await store.changeSession(round.sessionKey, (session) => ({ ...session, balance }));
  };

  /** Sends an item until the hub answers for good. */
  async function insist(item: MoneyItem): Promise<MoneyAnswer> {
    for (let n = 0; ; n += 1) {
      const answer = await hub.move(item);
      if (answer.kind === 'accepted' || answer.kind === 'refused') return answer;
      if (n === 3) log.warn({ id: item.id }, 'the hub does not answer for an item; repeating it');
      await pause(n);
    }
  }

  async function sendBet(round: Round, bet: Bet, session: Session): Promise<MoneyAnswer> {
    const item: MoneyItem = {
      ...itemOf(round, { id: bet.id, type: 'bet', amount: bet.amount.toString(), at: bet.at }),
      session: session.session,
    };
    const until = now() + betPatienceMs;
    for (let n = 0; ; n += 1) {
      const answer = await hub.move(item);
      if (answer.kind === 'accepted' || answer.kind === 'refused' || now() >= until) return answer;
      await pause(Math.min(n, 3));
    }
  }

  async function cancelBet(round: Round, bet: Bet): Promise<Round> {
    const answer = await insist({
      ...itemOf(round, { id: `${bet.id}-cancel`, type: 'cancel', amount: bet.amount.toString(), at: bet.at }),
      player: store.session(round.sessionKey)!.player,
      reference: bet.id,
    });
    if (answer.kind === 'refused') {
      log.error({ bet: bet.id, code: answer.code }, 'the hub refused to cancel an unknown bet');
    }
    await noteBalance(round, answer);
    return store.changeRound(round.id, (r) => betFailed(r, { code: 'operator_unavailable', ended: 'void' }));
  }

  async function applyBetAnswer(round: Round, bet: Bet, answer: MoneyAnswer): Promise<Round> {
    if (answer.kind === 'refused') {
      return store.changeRound(round.id, (r) => betFailed(r, { code: answer.code, ended: 'refused' }));
    }
    if (answer.kind !== 'accepted') {
      return cancelBet(await store.changeRound(round.id, betUnknown), bet);
    }
    const { win } = round.steps.at(-1)!.spin;
    return store.changeBoth(round.id, {
      round: (r) => betAccepted(r, options.consequence(r)),
      session: (session) => ({
        ...session,
        balance: answer.balance ?? session.balance,
        staked: session.staked + bet.amount,
        won: session.won + win,
      }),
    });
  }

  /** Sends the bet of the round's latest step and applies the answer. The step must be durable already. */
  async function placeBet(round: Round): Promise<Round> {
    const bet = round.bet!;
    const session = store.session(round.sessionKey)!;
    return applyBetAnswer(round, bet, await sendBet(round, bet, session));
  }

  /** After a restart: learns whether the bet of the latest step was taken; one the hub never saw is cancelled. */
  async function recoverBet(round: Round): Promise<Round> {
    const bet = round.bet!;
    if (bet.state === 'cancelling') return cancelBet(round, bet);
    for (let n = 0; ; n += 1) {
      const answer = await hub.stored(bet.id);
      if (answer.kind !== 'unknown') return applyBetAnswer(round, bet, answer);
      await pause(n);
    }
  }

  async function payWin(round: Round, owed: Extract<Owed, { op: 'win' }>): Promise<void> {
    const answer = await insist({
      ...itemOf(round, { id: owed.id, type: 'win', amount: owed.amount.toString(), at: owed.at }),
      player: store.session(round.sessionKey)!.player,
      closesRound: owed.closes,
    });
    if (answer.kind === 'refused') {
      // Only a round that the back office has ended by hand answers so; the decision is theirs and is on record.
      log.error({ id: owed.id, code: answer.code }, 'the hub refused a win');
    }
    await noteBalance(round, answer);
  }

  /** One attempt at an owed item; true when it is done for good. */
  async function settle(round: Round, owed: Owed): Promise<boolean> {
    if (owed.op === 'detail') return hub.putDetail(owed.bet, detailOfRound(round));
    if (owed.op === 'win') {
      await payWin(round, owed);
      return true;
    }
    const { player } = store.session(round.sessionKey)!;
    return hub.closeRound({ game: round.game, round: round.id, player });
  }

  async function deliverAll(id: string): Promise<void> {
    let tries = 0;
    for (;;) {
      const round = store.round(id);
      const owed = round?.owed[0];
      if (round === undefined || owed === undefined) return;
      if (await settle(round, owed)) {
        tries = 0;
        await store.changeRound(id, (r) => ({ ...r, owed: r.owed.slice(1) }));
      } else {
        await pause(tries);
        tries += 1;
      }
    }
  }

  /** Delivers all a round owes; resolves when it owes nothing, or the studio stops. */
  function deliver(id: string): Promise<void> {
    const running = deliveries.get(id);
    if (running !== undefined) return running;
    const run = deliverAll(id).then(
      () => {
        deliveries.delete(id);
        // Something may have come to be owed between the last look and now.
        return (store.round(id)?.owed.length ?? 0) > 0 ? deliver(id) : undefined;
      },
      (error: unknown) => {
        deliveries.delete(id);
        if (!stop.signal.aborted) log.error({ round: id, error }, 'a delivery stopped');
      },
    );
    deliveries.set(id, run);
    return run;
  }

  return {
    placeBet,
    recoverBet,
    deliver,
    /** Stops waiting and repeating, lets what is on the wire finish. What is left is in the journal. */
    async stop(): Promise<void> {
      stop.abort();
      await Promise.allSettled(deliveries.values());
    },
  };
}
