/** What players do in a tab of theirs: courses of bets, wins, cancels and corrections, as studios send them. */
import type { Game, ItemAnswer, ItemType, RoundEnd } from '../../../src/core/ledger-types.ts';
import type { Chance } from '../../simulation/random.ts';
import { GAMES, MAX_BET, MAX_WIN, type SimPlayer } from './cast.ts';

/** An item that was or is to be sent. */
export interface Operation {
  readonly id: string;
  readonly type: ItemType;
  readonly player: SimPlayer;
  readonly game: Game;
  readonly round: string | null;
  readonly amount: bigint | null;
  readonly reference: string | null;
  readonly closesRound: boolean;
  /** What the studio has heard. */
  answer: Pick<ItemAnswer, 'status' | 'code' | 'transactionId' | 'balance'> | null;
}
export type Wish = Pick<Operation, 'type' | 'player' | 'game'> &
  Partial<Pick<Operation, 'round' | 'amount' | 'reference' | 'closesRound'>>;

/** A round that staff or the studio ends, without an item. */
export interface Ending {
  readonly mode: RoundEnd['mode'];
  readonly player: SimPlayer;
  readonly game: Game;
  readonly round: string;
  readonly amount: bigint;
}

/** The studio, as its players' games use it. */
export interface Studio {
  readonly chance: Chance;
  note(wish: Wish): Operation;
  /** In one request, until all of them have an answer. */
  insist(...list: readonly Operation[]): Promise<void>;
  endRound(ending: Ending): Promise<void>;
  /** A while of at most so long. */
  pause(msMax: number): Promise<void>;
}

export interface Tab {
  readonly player: SimPlayer;
  /** Nobody has used it before. */
  readonly round: string;
  /** Some player, maybe the same. */
  readonly other: SimPlayer;
}
export type Act = (studio: Studio, tab: Tab) => Promise<void>;

const [SINGLE, BUNDLES, NO_ZERO_WINS] = GAMES as [Game, Game, Game];
const STAKES = [0n, 1n, 100n, 100n, 500n, 700n, 1000n, MAX_BET, MAX_BET + 1n];
const WINS = [0n, 0n, 0n, 50n, 900n, MAX_WIN, MAX_WIN + 1n, 2n * MAX_WIN];

function bet(studio: Studio, { player, round }: Tab, game?: Game): Operation {
  const { chance } = studio;
  const at = game ?? chance.pick([SINGLE, SINGLE, NO_ZERO_WINS]);
  return studio.note({ type: 'bet', player, game: at, round, amount: chance.pick(STAKES) });
}

function win(studio: Studio, { id, player, game, round }: Operation, rest: Partial<Wish> = {}): Operation {
  const { chance } = studio;
  return studio.note({
    type: 'win',
    player,
    game,
    round,
    amount: chance.pick(WINS),
    reference: chance.happens(50) ? id : null,
    closesRound: chance.happens(40),
    ...rest,
  });
}

/** By the bet's id, or by its round. */
function cancel(studio: Studio, { id, player, game, round }: Operation): Operation {
  const named = studio.chance.happens(60) ? { reference: id } : { round };
  return studio.note({ type: 'cancel', player, game, ...named });
}

const isIn = ({ answer }: Operation) => answer?.status === 'accepted';

async function spin(studio: Studio, tab: Tab): Promise<void> {
  const { chance } = studio;
  const staked = bet(studio, tab);
  await studio.insist(staked);
  if (!isIn(staked)) {
    if (chance.happens(30)) await studio.insist(cancel(studio, staked));
    return;
  }
  await studio.pause(chance.pick([0, 500]));
  await studio.insist(win(studio, staked));
  if (chance.happens(20)) await studio.insist(win(studio, staked));
  if (chance.happens(30)) await studio.endRound({ ...tab, mode: 'close', game: staked.game, amount: 0n });
}

/** The bet and its win in one request. */
async function oneRequest(studio: Studio, tab: Tab): Promise<void> {
  const staked = bet(studio, tab);
  await studio.insist(staked, win(studio, staked));
}

async function taken(studio: Studio, tab: Tab): Promise<void> {
  const staked = bet(studio, tab);
  await studio.insist(staked);
  await studio.insist(cancel(studio, staked));
  if (studio.chance.happens(30)) await studio.insist(cancel(studio, staked));
}

/** The studio gives the bet up while it may be under way. */
async function overtaken(studio: Studio, tab: Tab): Promise<void> {
  const staked = bet(studio, tab);
  const giveUp = async () => {
    await studio.pause(300);
    await studio.insist(cancel(studio, staked));
  };
  await Promise.all([studio.insist(staked), giveUp()]);
}

/** Several bets of one round, and one win or cancel for all; what was cancelled is bet again. */
async function bundled(studio: Studio, tab: Tab): Promise<void> {
  const { chance } = studio;
  for (let turn = 0; turn < 1 + chance.below(2); turn++) {
    const bets = Array.from({ length: 1 + chance.below(3) }, () => bet(studio, tab, BUNDLES));
    if (chance.happens(50)) await studio.insist(...bets);
    else await Promise.all(bets.map((each) => studio.insist(each)));
    const staked = bets.find(isIn);
    if (staked === undefined) continue;
    if (chance.happens(60)) return studio.insist(win(studio, staked, { reference: null }));
    await studio.insist(cancel(studio, staked));
    await studio.pause(2 * BUNDLES.rules.cancelPauseMs);
  }
}

async function corrected(studio: Studio, { player, round }: Tab): Promise<void> {
  const { chance } = studio;
  const charge = studio.note({ type: 'charge', player, game: SINGLE, amount: chance.pick(STAKES) });
  await studio.insist(charge);
  const type = chance.pick(['adjust_credit', 'adjust_debit', 'promo_win'] as const);
  const reference = chance.happens(50) ? charge.id : null;
  const amount = 1n + chance.pick(WINS);
  await studio.insist(studio.note({ type, player, game: SINGLE, round, reference, amount }));
}

/** One request of several players. */
async function mixed(studio: Studio, tab: Tab): Promise<void> {
  const here = bet(studio, tab, SINGLE);
  const there = bet(studio, { ...tab, player: tab.other, round: `${tab.round}x` }, SINGLE);
  await studio.insist(here, there, win(studio, here), win(studio, there));
}

/** Two games at once. */
async function twoBets(studio: Studio, tab: Tab): Promise<void> {
  const bets = [bet(studio, tab, SINGLE), bet(studio, tab, NO_ZERO_WINS)];
  await Promise.all(bets.map((each) => studio.insist(each)));
  await Promise.all(bets.filter(isIn).map((each) => studio.insist(win(studio, each))));
}

/** Several wins with nothing between: a line forms while the operator is away. */
async function manyWins(studio: Studio, tab: Tab): Promise<void> {
  const staked = bet(studio, tab);
  await studio.insist(staked);
  if (!isIn(staked)) return;
  const wins = Array.from({ length: 5 }, () => win(studio, staked, { reference: null, closesRound: false }));
  await Promise.all(wins.map((each) => studio.insist(each)));
}

/** Staff ends the round, maybe while it is being bet in. */
async function ended(studio: Studio, tab: Tab): Promise<void> {
  const staked = bet(studio, tab);
  const mode = studio.chance.pick(['void', 'settle', 'close'] as const);
  const end = async () => {
    await studio.pause(600);
    await studio.endRound({ ...tab, mode, game: staked.game, amount: studio.chance.pick(WINS) });
  };
  await Promise.all([studio.insist(staked), end()]);
}

/** The commoner ones more than once. */
export const ACTS: readonly Act[] = [
  spin,
  spin,
  spin,
  oneRequest,
  taken,
  overtaken,
  bundled,
  corrected,
  mixed,
  twoBets,
  manyWins,
  ended,
];
