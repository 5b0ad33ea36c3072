/**
 * What a player can do: open, choose a game, spin, respin, play free spins, leave.
 * Invariants: one action of a session at a time; the same spin id is the same spin, whatever happens to the
 * answer; the outcome is durable before its money moves; refusals are values with a code the page can explain.
 */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Cashier } from './cashier.ts';
import { gameById, gamesOfVendor, type SlotGame } from './catalogue/games.ts';
import { digestOf, type HubClient } from './hub-client.ts';
import { firstStake, stakesWithin } from './money.ts';
import { keyedQueue } from './queue.ts';
import type { Rng } from './rng.ts';
import { beginRespin, beginRound, declineOffer, playFree, type Round, type Step } from './round.ts';
import { consequenceOf, modelOf } from './rules.ts';
import { spinReel, spinReels } from './slot/play.ts';
import type { Session, Store } from './store.ts';
import { viewOf } from './view.ts';
import type { WireView } from './wire.ts';

export type Refusal = { ok: false; code: string };
export type Acted = { ok: true; view: WireView } | (Refusal & { view: WireView });
export type Opened = { ok: true; key: string; view: WireView } | Refusal;

export type ParlourOptions = {
  hub: HubClient;
  store: Store;
  cashier: Cashier;
  rng: Rng;
  now: () => number;
  log: Logger;
  /** How long an answer to the page waits for a win to be paid. */
  payWaitMs?: number;
  /** Free spins nobody plays are played by the studio after this time, so that every round ends. */
  freeIdleMs?: number;
};

export type Parlour = ReturnType<typeof parlour>;

const SPIN_IDS_KEPT = 32;
const ACTIONS_WAITING_MAX = 4;

export function parlour(options: ParlourOptions) {
  const { hub, store, cashier, rng, now } = options;
  const payWaitMs = options.payWaitMs ?? 4_000;
  const freeIdleMs = options.freeIdleMs ?? 15 * 60_000;
  const queue = keyedQueue(ACTIONS_WAITING_MAX);

  const roundOf = (session: Session): Round | undefined => store.round(session.round ?? '');
  const view = (key: string): WireView => {
    const session = store.session(key)!;
    return viewOf(session, roundOf(session), now());
  };
  const done = (key: string): Acted => ({ ok: true, view: view(key) });
  const refused = (key: string, code: string): Acted => ({ ok: false, code, view: view(key) });

  const delivered = async (id: string): Promise<void> => {
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, payWaitMs);
    await Promise.race([cashier.deliver(id), timer.promise]);
    clearTimeout(timeout);
  };

  const slotOf = (session: Session): SlotGame | null => {
    const game = gameById(session.playing ?? '');
    return game?.kind === 'slot' ? game : null;
  };

  const remember = (session: Session, spinId: string): string[] =>
    [...session.spinIds, spinId].slice(-SPIN_IDS_KEPT);

  /** The answer of a spin id seen before, or null when it is new. */
  const seenBefore = (session: Session, spinId: string): Acted | null => {
    if (!session.spinIds.includes(spinId)) return null;
    const latest = roundOf(session)?.steps.some((step) => step.spinId === spinId);
    return latest || session.spinIds.at(-1) === spinId ? done(session.key) : refused(session.key, 'old_spin');
  };

  /** Sends the bet of a durable step and waits a while for what it won. */
  async function stakeStep(session: Session, round: Round, stepsBefore: number): Promise<Acted> {
    const after = await cashier.placeBet(round);
    const counted = after.steps.length > stepsBefore && after.ended !== 'refused' && after.ended !== 'void';
    if (!counted) return refused(session.key, after.code ?? 'refused');
    await delivered(round.id);
    return done(session.key);
  }

  async function finishOffer(round: Round): Promise<void> {
    if (round.offer === null || round.ended !== null || round.bet !== null) return;
    await store.changeRound(round.id, declineOffer);
    void cashier.deliver(round.id);
  }

  async function spin(session: Session, order: { spinId: string; stake: bigint }): Promise<Acted> {
    const seen = seenBefore(session, order.spinId);
    if (seen !== null) return seen;
    const game = slotOf(session);
    if (session.closed) return refused(session.key, 'session_ended');
    if (game === null) return refused(session.key, 'no_game');
    if (!stakesWithin(session.currency, session.limits).includes(order.stake)) {
      return refused(session.key, 'invalid_stake');
    }
    const before = roundOf(session);
    if (before !== undefined && (before.bet !== null || (before.free?.left ?? 0) > 0)) {
      return refused(session.key, 'round_open');
    }
    if (before !== undefined) await finishOffer(before);
    const outcome = spinReels(modelOf(game), rng, { stake: order.stake, multiplier: 1 });
    const step: Step = { spinId: order.spinId, kind: 'spin', cost: order.stake, reel: null, spin: outcome };
    const id = `r${randomBytes(12).toString('hex')}`;
    const round = beginRound(
      { id, sessionKey: session.key, game: game.id, stake: order.stake, touchedAt: now() },
      step,
    );
    await store.addRound(round, {
      ...store.session(session.key)!,
      stake: order.stake,
      touchedAt: now(),
      spinIds: remember(session, order.spinId),
    });
    return stakeStep(session, round, 0);
  }

  async function respin(
    session: Session,
    order: { spinId: string; round: string; reel: number; price: bigint },
  ): Promise<Acted> {
    const seen = seenBefore(session, order.spinId);
    if (seen !== null) return seen;
    const round = roundOf(session);
    const game = slotOf(session);
    if (session.closed) return refused(session.key, 'session_ended');
    if (game === null || round === undefined || round.id !== order.round || round.offer === null) {
      return refused(session.key, 'offer_over');
    }
    if (round.ended !== null || round.bet !== null || round.offer.until < now()) {
      return refused(session.key, 'offer_over');
    }
    if (round.offer.prices[order.reel] !== order.price) return refused(session.key, 'price_changed');
    await delivered(round.id); // the first bet is settled before the second is made
    if (store.round(round.id)!.owed.length > 0) return refused(session.key, 'still_paying');
    const held = round.steps.at(-1)!.spin;
    const outcome = spinReel(modelOf(game), rng, {
      stake: round.stake,
      multiplier: 1,
      stops: held.stops,
      reel: order.reel,
    });
    const step: Step = {
      spinId: order.spinId,
      kind: 'respin',
      cost: order.price,
      reel: order.reel,
      spin: outcome,
    };
    const next = await store.changeBoth(round.id, {
      round: (r) => beginRespin(r, step, now()),
      session: (s) => ({ ...s, touchedAt: now(), spinIds: remember(s, order.spinId) }),
    });
    return stakeStep(session, next, round.steps.length);
  }

  async function drawFree(session: Session, round: Round, spinId: string): Promise<void> {
    const game = gameById(round.game);
    if (game?.kind !== 'slot') throw new Error(`round ${round.id} is of no slot`);
    const model = modelOf(game);
    const { freeMultiplier } = model.profile;
    const outcome = spinReels(model, rng, { stake: round.stake, multiplier: freeMultiplier });
    const step: Step = { spinId, kind: 'free', cost: 0n, reel: null, spin: outcome };
    const drawn: Round = { ...round, steps: [...round.steps, step] };
    const after = consequenceOf(drawn, { game, limits: session.limits, now: now() });
    await store.changeBoth(round.id, {
      round: (r) => playFree(r, step, after),
      session: (s) => ({
        ...s,
        won: s.won + outcome.win,
        touchedAt: now(),
        spinIds: remember(s, spinId),
      }),
    });
  }

  async function free(session: Session, order: { spinId: string; round: string }): Promise<Acted> {
    const seen = seenBefore(session, order.spinId);
    if (seen !== null) return seen;
    const round = roundOf(session);
    if (round === undefined || round.id !== order.round || (round.free?.left ?? 0) === 0) {
      return refused(session.key, 'no_free_spins');
    }
    await drawFree(session, round, order.spinId);
    await delivered(round.id);
    return done(session.key);
  }

  /** Plays what free spins are left, so that the round ends and is paid. */
  async function playOut(key: string, roundId: string): Promise<void> {
    for (;;) {
      const session = store.session(key);
      const round = store.round(roundId);
      if (session === undefined || round === undefined || (round.free?.left ?? 0) === 0) return;
      await drawFree(session, round, `auto-${round.steps.length}-${round.id}`);
      void cashier.deliver(roundId);
    }
  }

  async function endIfIdle(round: Round): Promise<void> {
    const current = store.round(round.id);
    if (current === undefined) return;
    if (current.offer !== null && current.offer.until < now()) await finishOffer(current);
    const idle = current.touchedAt + freeIdleMs < now();
    if (idle && current.bet === null && (current.free?.left ?? 0) > 0) {
      await playOut(current.sessionKey, current.id);
    }
  }

  async function close(session: Session): Promise<Acted> {
    const round = roundOf(session);
    if (round !== undefined) {
      await finishOffer(round);
      if (round.bet === null) await playOut(session.key, round.id);
    }
    if (!session.closed) {
      await store.changeSession(session.key, (s) => ({ ...s, closed: true, touchedAt: now() }));
      void hub.closeSession(session.session);
    }
    return done(session.key);
  }

  async function choose(session: Session, gameId: string | null): Promise<Acted> {
    const entry = gameById(session.entry)!;
    if (session.closed) return refused(session.key, 'session_ended');
    if (entry.kind !== 'lobby') return refused(session.key, 'no_game');
    const chosen = gamesOfVendor(entry.vendor).find((game) => game.id === gameId && game.kind === 'slot');
    if (gameId !== null && chosen === undefined) return refused(session.key, 'no_game');
    const round = roundOf(session);
    if (round !== undefined && round.game !== gameId && (round.free?.left ?? 0) > 0) {
      return refused(session.key, 'round_open');
    }
    if (round !== undefined) await finishOffer(round);
    await store.changeSession(session.key, (s) => ({ ...s, playing: chosen?.id ?? null, touchedAt: now() }));
    return done(session.key);
  }

  /** Refreshes the balance where nothing of the player's is under way. */
  async function state(session: Session): Promise<Acted> {
    const round = roundOf(session);
    if (round === undefined || (round.bet === null && round.owed.length === 0)) {
      const balance = await hub.balance(session.player);
      if (balance !== null && balance !== session.balance) {
        await store.changeSession(session.key, (s) => ({ ...s, balance }));
      }
    } else if (round.bet === null) await delivered(round.id);
    return done(session.key);
  }

  async function open(order: { token: string; opening: string; language: string }): Promise<Opened> {
    const opening = digestOf(`opening\n${order.token}\n${order.opening}`);
    const keyText = digestOf(`key\n${order.token}\n${order.opening}`);
    const key = digestOf(keyText);
    const known = store.sessionOfOpening(opening);
    if (known !== undefined) return { ok: true, key: keyText, view: view(known.key) };
    const answer = await hub.open(order.token);
    if (answer.kind === 'unknown') return { ok: false, code: 'hub_unreachable' };
    if (answer.kind === 'refused') return { ok: false, code: answer.code };
    const game = gameById(answer.session.game);
    if (game === undefined || game.kind === 'table') return { ok: false, code: 'game_disabled' };
    await store.addSession({
      ...answer.session,
      language: order.language === '' ? answer.session.language : order.language,
      key,
      opening,
      entry: game.id,
      playing: game.kind === 'slot' ? game.id : null,
      openedAt: now(),
      touchedAt: now(),
      closed: false,
      staked: 0n,
      won: 0n,
      stake: firstStake(stakesWithin(answer.session.currency, answer.session.limits)),
      round: null,
      spinIds: [],
    });
    return { ok: true, key: keyText, view: view(key) };
  }

  /** Runs an action of the session the page's key names; null when too many wait. */
  function act(keyText: string, action: (session: Session) => Promise<Acted>): Promise<Acted | Refusal> {
    const key = digestOf(keyText);
    if (store.session(key) === undefined) return Promise.resolve({ ok: false, code: 'session_unknown' });
    const run = queue.run(key, () => action(store.session(key)!));
    return run ?? Promise.resolve({ ok: false, code: 'busy' });
  }

  return {
    open: (order: { token: string; opening: string; language: string }): Promise<Opened> =>
      queue.run(`open ${digestOf(order.token)}`, () => open(order)) ??
      Promise.resolve({ ok: false, code: 'busy' }),
    state: (key: string) => act(key, state),
    spin: (key: string, order: { spinId: string; stake: bigint }) => act(key, (s) => spin(s, order)),
    respin: (key: string, order: { spinId: string; round: string; reel: number; price: bigint }) =>
      act(key, (s) => respin(s, order)),
    free: (key: string, order: { spinId: string; round: string }) => act(key, (s) => free(s, order)),
    choose: (key: string, game: string | null) => act(key, (s) => choose(s, game)),
    close: (key: string) => act(key, close),
    /** Ends rounds whose player has left: offers that are over, free spins nobody plays. */
    async sweep(): Promise<void> {
      for (const round of store.rounds()) {
        if (round.ended === null) await queue.run(round.sessionKey, () => endIfIdle(round));
      }
    },
    /** Takes up what the last run of the studio left unfinished; resolves when all of it is. */
    async recover(): Promise<void> {
      const finish = async (round: Round): Promise<void> => {
        if (round.bet !== null) await queue.run(round.sessionKey, () => cashier.recoverBet(round));
        await cashier.deliver(round.id);
      };
      await Promise.all([...store.rounds()].map(finish));
    },
    idle: (): Promise<void> => queue.idle(),
  };
}
