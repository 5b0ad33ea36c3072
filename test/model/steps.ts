/**
 * Streams of commands for properties. fast-check makes plain steps out of small spaces, so that ids collide, rounds
 * are shared and money runs out; `perform` turns them into commands while the naive model answers each.
 */
import fc from 'fast-check';
import { CODE } from '../../src/core/chart.ts';
import { type AccountId, type Instant, type TransferId, trusted } from '../../src/core/ids.ts';
import type { Command, ItemType, Outcome, StudioItem } from '../../src/core/ledger-types.ts';
import { type Cast, type CastPlayer, itemOf, T0 } from './cast.ts';
import { Model } from './model.ts';

const AMOUNTS = [0n, 1n, 500n, 1000n, 1000n, 3000n, 3001n, 5000n, 5001n, 12_000n, 400_000n] as const;
const WAITS = [1, 999, 1000, 9_999, 10_000, 49_000, 60_000] as const;

const index = (max: number) => fc.nat({ max: max - 1 });
const amount = fc.constantFrom(...AMOUNTS);
const mostly = <T, U>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<U>, weight = 6) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: other });
const nothing = fc.constant(null);
const key = mostly(nothing, fc.constantFrom('k0', 'k1', 'k2', 'k3', 'k4'), 1);
/** One player and few rounds see most of the play: that is where the stories happen. */
const player = mostly(fc.constant(0), index(99), 3);
const round = fc.constantFrom('r0', 'r1', 'r2');

const itemStep = fc.record({
  step: fc.constant('item' as const),
  type: fc.oneof(
    { weight: 8, arbitrary: fc.constant<ItemType>('bet') },
    { weight: 6, arbitrary: fc.constantFrom<ItemType>('win', 'cancel') },
    {
      weight: 1,
      arbitrary: fc.constantFrom<ItemType>('charge', 'adjust_credit', 'adjust_debit', 'promo_win'),
    },
  ),
  player,
  game: mostly(index(3), fc.option(index(4)), 12),
  round: mostly(round, nothing),
  /** A fresh id, or one that was or will be used. */
  id: mostly(nothing, index(60), 10),
  /** So many items back; negative ones are still to come. */
  reference: mostly(nothing, fc.integer({ min: -2, max: 5 }), 1),
  amount: mostly(amount, nothing, 2),
  closesRound: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 9),
  quirk: mostly(
    nothing,
    fc.constantFrom('ended session', 'other currency', 'no currency', 'bad amount', 'nobody'),
    16,
  ),
});
type ItemStep = typeof itemStep extends fc.Arbitrary<infer T> ? T : never;

const otherSteps = fc.oneof(
  fc.record({ step: fc.constant('wait' as const), ms: fc.constantFrom(...WAITS) }),
  fc.record({ step: fc.constant('repeat' as const), nth: index(1000) }),
  fc.record({
    step: fc.constant('wallet' as const),
    player,
    direction: fc.constantFrom('add', 'subtract', 'subtract_all'),
    amount,
    key,
  }),
  fc.record({
    step: fc.constant('pot' as const),
    agent: index(99),
    giving: fc.boolean(),
    amount: fc.oneof(amount, fc.constant('all' as const)),
    key,
  }),
  fc.record({ step: fc.constant('points' as const), player, giving: fc.boolean(), amount, key }),
  fc.record({
    step: fc.constant('round end' as const),
    player,
    game: index(4),
    round,
    mode: fc.constantFrom('close', 'void', 'settle'),
    amount,
  }),
  fc.record({ step: fc.constant('reserve' as const), player, fromPot: fc.boolean(), amount }),
  fc.record({
    step: fc.constant('end' as const),
    nth: index(8),
    how: fc.constantFrom('post', 'void'),
    amount: mostly(amount, nothing, 1),
  }),
);

export const anyStep = fc.oneof({ weight: 4, arbitrary: itemStep }, { weight: 2, arbitrary: otherSteps });
export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** Commands decided at one instant: they may share a batch. */
export interface Segment {
  readonly now: Instant;
  readonly commands: Command[];
}

export interface Performance {
  readonly model: Model;
  readonly segments: readonly Segment[];
  /** What the model answered, in the order of all commands. */
  readonly expected: readonly Outcome[];
}

/** POT and wallets are filled first, so that most of what follows is about something. */
export function funding(cast: Cast, pot = 200_000n): Command[] {
  const pots = cast.agents.map((agent) => potMove(cast, { agent, giving: true, amount: pot, root: true }));
  const wallets = cast.players
    .filter((player) => cast.agents.find(({ id }) => id === player.agentId)?.wallet === 'transfer')
    .map((player) => walletMove(cast, player, { direction: 'add', amount: 15_000n, key: null }));
  return [...pots, ...wallets];
}

/** Runs the steps through the model; `pot` is what every agent is given first. */
export function perform(cast: Cast, steps: readonly Step[], pot?: bigint): Performance {
  const model = new Model(cast);
  const commands = funding(cast, pot);
  const segments: Segment[] = [{ now: T0, commands: [...commands] }];
  const expected = commands.map((command) => model.run(command, T0));
  const reservations: { id: TransferId; locked: AccountId[] }[] = [];
  let now = trusted<Instant>(T0 + 2000);
  for (const step of [{ step: 'wait', ms: 1 } as const, ...steps]) {
    if (step.step === 'wait') {
      now = trusted(now + step.ms);
      segments.push({ now, commands: [] });
      continue;
    }
    const command = commandOf(cast, step, { commands, reservations });
    if (command === null) continue;
    const outcome = model.run(command, now);
    if (command.kind === 'reserve' && 'reservationId' in outcome)
      reservations.push({ id: outcome.reservationId, locked: [command.debit] });
    commands.push(command);
    segments.at(-1)!.commands.push(command);
    expected.push(outcome);
  }
  return { model, segments, expected };
}

interface Past {
  readonly commands: readonly Command[];
  readonly reservations: readonly { id: TransferId; locked: AccountId[] }[];
}

function commandOf(cast: Cast, step: Exclude<Step, { step: 'wait' }>, past: Past): Command | null {
  switch (step.step) {
    case 'item':
      return itemCommand(cast, step, past.commands.length);
    case 'repeat':
      return past.commands[step.nth % past.commands.length]!;
    case 'wallet':
      return walletMove(cast, among(cast.players, step.player), step);
    case 'pot':
      return potMove(cast, { ...step, agent: among(cast.agents, step.agent), root: false });
    case 'points':
      return pointsMove(cast, among(cast.players, step.player), step);
    case 'round end':
      return roundEnd(cast, step);
    case 'reserve':
      return reserveCommand(cast, step);
    case 'end': {
      const held = past.reservations[step.nth] ?? { id: trusted<TransferId>(1), locked: [] };
      return { kind: step.how, reservationId: held.id, locked: held.locked, amount: step.amount };
    }
  }
}

const among = <T>(list: readonly T[], at: number): T => list[at % list.length]!;

const WRONG_CURRENCY = new Map<string | null, string>([
  ['other currency', 'EUR'],
  ['no currency', 'XXX'],
]);

/** `at` numbers the step: ids follow it, so references reach back and ahead. */
function itemCommand(cast: Cast, step: ItemStep, at: number): StudioItem {
  // A seamless wallet's play has a contract of its own (xt §5).
  const player = among(playing(cast), step.player);
  const game = step.game === null ? null : among(cast.games, step.game);
  // The edge refuses a bet or a win without a round.
  const round = step.round ?? (step.type === 'bet' || step.type === 'win' ? 'r0' : null);
  const { type, closesRound, quirk } = step;
  const reference = step.reference === null ? null : `i${at - step.reference}`;
  const amountOrNone = quirk === 'bad amount' ? null : (step.amount ?? (type === 'cancel' ? null : 1000n));
  const currency = WRONG_CURRENCY.get(quirk) ?? player.currency;
  const item = itemOf(cast.studioId, {
    id: `i${step.id ?? at}`,
    type,
    player,
    game,
    round,
    amount: amountOrNone,
    currency,
    reference,
    closesRound,
    sessionId: quirk === 'ended session' ? player.endedSessionId : player.sessionId,
  });
  if (quirk === 'no currency') return { ...item, vendorAccount: null };
  if (quirk === 'bad amount') return { ...item, amountValid: false, content: `${item.content} ill-formed` };
  if (quirk === 'nobody')
    return { ...item, player: null, sessionId: null, vendorAccount: null, content: `${item.content} nobody` };
  return item;
}

function playing(cast: Cast): CastPlayer[] {
  return cast.players.filter(
    (player) => cast.agents.find(({ id }) => id === player.agentId)?.wallet === 'transfer',
  );
}

export function walletMove(
  cast: Cast,
  player: CastPlayer,
  wish: { direction: 'add' | 'subtract' | 'subtract_all'; amount: bigint; key: string | null },
): Command {
  const { id: playerId, agentId, walletId } = player;
  const { potId } = cast.agents.find(({ id }) => id === agentId)!;
  const { direction, key: uuid } = wish;
  // The edge refuses amounts below one.
  const least = wish.amount > 0n ? wish.amount : 1n;
  return {
    kind: 'wallet_transfer',
    direction,
    agentId,
    playerId,
    walletId,
    potId,
    amount: least,
    key: uuid,
    ip: null,
  };
}

/** POT from or to the upline; a root agent's (or with `root` anyone's) from or to the outside world. */
export function potMove(
  cast: Cast,
  wish: {
    agent: Cast['agents'][number];
    giving: boolean;
    amount: bigint | 'all';
    root: boolean;
    key?: string | null;
  },
): Command {
  const { agent, giving, key: uuid = null } = wish;
  const upline = wish.root ? undefined : cast.agents.find(({ id }) => id === agent.path.at(-2));
  const other = upline?.potId ?? cast.outside[agent.currency === 'USD' ? 'USD' : 'KRW'];
  // 'all' of an account without a lock means nothing.
  const sum = wish.amount === 'all' && giving && upline === undefined ? 1000n : wish.amount;
  return {
    kind: 'move',
    code: giving ? CODE.potGive : CODE.potTake,
    agentId: agent.id,
    playerId: null,
    debit: giving ? other : agent.potId,
    credit: giving ? agent.potId : other,
    locked: upline === undefined ? [agent.potId] : [agent.potId, upline.potId],
    amount: sum,
    key: uuid,
    ip: null,
  };
}

function pointsMove(
  cast: Cast,
  player: CastPlayer,
  wish: { giving: boolean; amount: bigint; key: string | null },
): Command | null {
  if (player.currency !== 'KRW') return null;
  const { id: playerId, agentId, walletId, pointsId } = player;
  const { giving, key: uuid } = wish;
  return {
    kind: 'move',
    code: giving ? CODE.pointsGive : CODE.pointsExchange,
    agentId,
    playerId,
    debit: giving ? cast.promotion : pointsId,
    credit: giving ? pointsId : walletId,
    locked: giving ? [pointsId] : [pointsId, walletId],
    amount: giving ? wish.amount : 'all',
    key: uuid,
    ip: null,
  };
}

function roundEnd(cast: Cast, step: Extract<Step, { step: 'round end' }>): Command {
  const player = among(playing(cast), step.player);
  const game = among(cast.games, step.game);
  return {
    kind: 'round_end',
    mode: step.mode,
    key: { gameId: game.id, ref: step.round, playerId: player.id },
    studioId: cast.studioId,
    agentId: player.agentId,
    walletId: player.walletId,
    fundsId: player.walletId,
    vendorAccount: player.vendorAccounts.get(game.vendorId)!,
    game,
    amount: step.amount,
  };
}

function reserveCommand(cast: Cast, step: Extract<Step, { step: 'reserve' }>): Command {
  const player = among(cast.players, step.player);
  const agent = cast.agents.find(({ id }) => id === player.agentId)!;
  return {
    kind: 'reserve',
    agentId: agent.id,
    debit: step.fromPot ? agent.potId : player.walletId,
    credit: player.vendorAccounts.get(1)!,
    amount: step.amount,
    code: CODE.bet,
    owner: 'a bet that waits',
  };
}
