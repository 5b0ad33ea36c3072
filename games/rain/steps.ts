/**
 * One act of a stay, done: the call it stands for, and what the answer makes of the stay.
 * Invariant: `again` says that nothing definite is known and the stay stands where it stood.
 */
import type { Logger } from 'pino';
import type { HubClient, MoneyAnswer, MoneyItem } from '../hub-client.ts';
import { BOOK, type BookAnswer, type BookClient, type Transfer } from './book-client.ts';
import { RAIN } from './seller-game.ts';
import type { Act, Rules, Stay, Step, Visit } from './stay.ts';
import * as stays from './stay.ts';
import type { Store } from './store.ts';

export type House = {
  hub: HubClient;
  book: BookClient;
  store: Store;
  log: Logger;
  now: () => number;
  /** A new id, never given before. */
  newId: () => string;
  rules: Rules;
  waits: Waits;
  /** Most that goes into the book at once, in minor units; null = all there is. */
  stakeMax: bigint | null;
};

export type Waits = {
  /** How long a player waits at the door, and a bet for the hub's answer, before it is cancelled. */
  patienceMs: number;
  /** After silence of the book a refusal counts only when so much time has passed without a trace of the deposit. */
  doubtMs: number;
};

export type Done = { kind: 'done' } | { kind: 'again'; code: string };

const DONE: Done = { kind: 'done' };
const again = (code: string): Done => ({ kind: 'again', code });
const SIZINGS_MAX = 3;

/** Does the act. `rest` is nothing to do. */
export async function perform(house: House, stay: Stay, act: Exclude<Act, { kind: 'rest' }>): Promise<Done> {
  switch (act.kind) {
    case 'enter':
      return enter(house, stay, act.visit);
    case 'leave':
      return leave(house, stay);
    case 'look':
      return look(house, stay);
    case 'close':
      return change(house, stay, (now) => stays.closing(now, house.now()));
    case 'step':
      return performStep(house, stay, act.step);
  }
}

async function change(house: House, stay: Stay, by: (stay: Stay) => Stay): Promise<Done> {
  await house.store.change(stay.player, by);
  return DONE;
}

function performStep(house: House, stay: Stay, step: Step): Promise<Done> {
  switch (step.op) {
    case 'bet':
      return bet(house, stay, step);
    case 'deposit':
      return deposit(house, stay, step);
    case 'cancel':
      return cancel(house, stay, step);
    case 'withdraw':
      return withdraw(house, stay, step);
    case 'pay':
      return pay(house, stay, step);
    case 'close':
      return close(house, stay, step);
  }
}

// ---- at the door ----------------------------------------------------------------------------------------------

/** The book must be there and know the player before anything is taken from the wallet. */
async function enter(house: House, stay: Stay, visit: Visit): Promise<Done> {
  const { key } = visit;
  const refused = (code: string) => change(house, stay, (now) => stays.refuse(now, key, code));
  const patient = house.now() - visit.since < house.waits.patienceMs;
  const login = await house.book.loginUrl(stay.userId);
  if (login.kind === 'unknown') return patient ? again(`book ${login.code}`) : refused('book_unreachable');
  if (login.kind === 'refused') {
    house.log.warn({ code: login.code }, 'the book lets nobody in');
    return refused('book_refused');
  }
  const purse = await house.hub.purse(stay.player);
  if (purse === null) return patient ? again('hub balance') : refused('hub_unreachable');
  if (purse.currency !== stay.currency) return refused('currency_mismatch');
  const most = [purse.balance, visit.stakeMax, house.stakeMax].filter((limit) => limit !== null);
  const amount = most.reduce((least, limit) => (limit < least ? limit : least));
  const ids = { betId: `rain-${house.newId()}`, roundId: `rain-${house.newId()}`, now: house.now() };
  return change(house, stay, (now) => stays.stake(now, key, { amount: amount > 0n ? amount : 0n, ...ids }));
}

/** The player's pages at the book end first, so that nobody bets with money that is going. */
async function leave(house: House, stay: Stay): Promise<Done> {
  await house.store.change(stay.player, stays.left);
  await house.book.logout(stay.userId);
  return DONE;
}

async function look(house: House, stay: Stay): Promise<Done> {
  const credit = await house.book.credit(stay.userId);
  const by = { code: house.newId(), now: house.now(), lookMs: house.rules.lookMs };
  if (credit.kind === 'ok') return change(house, stay, (now) => stays.looked(now, credit.value, by));
  if (credit.code !== BOOK.notFound) return again(`book ${credit.code}`);
  const nothing = { balance: 0n, exposure: 0n, withdrawable: 0n };
  return change(house, stay, (now) => stays.looked(now, nothing, by));
}

// ---- from the wallet to the book ------------------------------------------------------------------------------

function itemOf(stay: Stay, item: Pick<MoneyItem, 'id' | 'type' | 'round'> & { at: number }) {
  const at = new Date(item.at).toISOString();
  return { ...item, at, game: RAIN, currency: stay.currency };
}

async function bet(house: House, stay: Stay, step: Extract<Step, { op: 'bet' }>): Promise<Done> {
  const { id, amount, session, at } = step;
  const round = stay.round!.id;
  const item = itemOf(stay, { id, type: 'bet', round, at });
  const answer = await house.hub.move({ ...item, session, amount: amount.toString() });
  const ids = { code: house.newId(), cancelId: `rain-${house.newId()}`, now: house.now() };
  if (answer.kind === 'accepted') return change(house, stay, (now) => stays.betTaken(now, ids));
  if (answer.kind === 'refused' || answer.kind === 'rejected') {
    const { code } = answer;
    return change(house, stay, (now) => stays.betRefused(now, { code, sizingsMax: SIZINGS_MAX }));
  }
  if (house.now() - at < house.waits.patienceMs) return again('hub silent');
  return change(house, stay, (now) => stays.betVoid(now, { ...ids, why: 'hub_unreachable' }));
}

async function deposit(house: House, stay: Stay, step: Extract<Step, { op: 'deposit' }>): Promise<Done> {
  const { code, amount } = step;
  const answer = await traced(house, stay, {
    step,
    answer: await house.book.deposit({ userId: stay.userId, code, amount }),
  });
  if (answer.kind === 'unknown') return again(`book ${answer.code}`);
  if (answer.kind === 'ok') return deposited(house, stay, { step, answer });
  house.log.warn({ code: answer.code }, 'the book did not take a deposit; its bet is cancelled');
  const by = { cancelId: `rain-${house.newId()}`, why: 'book_refused', now: house.now() };
  return change(house, stay, (now) => stays.betVoid(now, by));
}

/**
 * What a transfer has come to for certain. Silence is a doubt that is written down; from then on a refusal counts only
 * when no attempt can still be under way and the book knows nothing of the code.
 */
async function traced(
  house: House,
  stay: Stay,
  by: { step: Extract<Step, { op: 'deposit' | 'withdraw' }>; answer: BookAnswer<Transfer> },
): Promise<BookAnswer<Transfer>> {
  const { step, answer } = by;
  if (answer.kind === 'unknown')
    await house.store.change(stay.player, (now) => stays.doubted(now, house.now()));
  if (answer.kind !== 'refused' || step.doubtAt === null) return answer;
  const unsure: BookAnswer<Transfer> = { kind: 'unknown', code: answer.code };
  if (house.now() - step.doubtAt < house.waits.doubtMs) return unsure;
  const trace = await house.book.transfer(step.code);
  if (trace.kind === 'ok') return trace;
  return trace.code === BOOK.notFound ? answer : unsure;
}

function deposited(
  house: House,
  stay: Stay,
  by: { step: Extract<Step, { op: 'deposit' }>; answer: Extract<BookAnswer<Transfer>, { kind: 'ok' }> },
): Promise<Done> {
  const { step, answer } = by;
  if (answer.value.amount !== step.amount || answer.value.code !== step.code)
    return park(house, stay, 'deposit_differs');
  return change(house, stay, stays.deposited);
}

async function cancel(house: House, stay: Stay, step: Extract<Step, { op: 'cancel' }>): Promise<Done> {
  const { id, bet: reference, amount, at } = step;
  const round = stay.round!.id;
  const item = itemOf(stay, { id, type: 'cancel', round, at });
  const { player } = stay;
  const answer = await house.hub.move({ ...item, player, reference, amount: amount.toString() });
  return settle(house, stay, { answer, after: stays.cancelled });
}

// ---- and back -------------------------------------------------------------------------------------------------

/** Only want of money ends a withdrawal that brings nothing; whatever else the book says no with, the money is owed. */
async function withdraw(house: House, stay: Stay, step: Extract<Step, { op: 'withdraw' }>): Promise<Done> {
  const answer = await traced(house, stay, {
    step,
    answer: await house.book.withdrawAll({ userId: stay.userId, code: step.code }),
  });
  const isShort = answer.kind === 'refused' && answer.code === BOOK.insufficient;
  if (answer.kind !== 'ok' && !isShort) return again(`book ${answer.code}`);
  const moved = answer.kind === 'ok' ? answer.value : { amount: 0n, code: step.code };
  if (moved.amount > 0n || moved.code !== step.code) return park(house, stay, 'withdrawal_differs');
  const ids = { payId: `rain-${house.newId()}`, now: house.now(), lookMs: house.rules.lookMs };
  return change(house, stay, (now) => stays.withdrawn(now, { amount: -moved.amount, ...ids }));
}

async function pay(house: House, stay: Stay, step: Extract<Step, { op: 'pay' }>): Promise<Done> {
  const { id, type, round, amount, at } = step;
  const item = itemOf(stay, { id, type, round, at });
  const answer = await house.hub.move({ ...item, player: stay.player, amount: amount.toString() });
  return settle(house, stay, { answer, after: stays.paid });
}

async function close(house: House, stay: Stay, step: Extract<Step, { op: 'close' }>): Promise<Done> {
  const told = await house.hub.closeRound({ game: RAIN.id, round: step.round, player: stay.player });
  return told ? change(house, stay, stays.closed) : again('hub silent');
}

/** Money that is owed: until the hub has taken it. What it refuses waits for a person. */
function settle(
  house: House,
  stay: Stay,
  by: { answer: MoneyAnswer; after: (stay: Stay) => Stay },
): Promise<Done> | Done {
  const { answer, after } = by;
  if (answer.kind === 'accepted') return change(house, stay, after);
  if (answer.kind === 'refused' || answer.kind === 'rejected') return park(house, stay, answer.code);
  return again('hub silent');
}

function park(house: House, stay: Stay, code: string): Promise<Done> {
  house.log.error({ code, op: stay.step?.op }, 'a step of a stay waits for a person, see /status');
  return change(house, stay, (now) => ({ ...now, stuck: { code, at: house.now() } }));
}
