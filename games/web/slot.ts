/**
 * Playing a slot: one flow from the press of the button to the last line shown.
 * Invariants: one action at a time; a call that was not answered is repeated with the same spin id until it is;
 * the balance shown never runs ahead of what the reels have shown; free spins go on where they were left.
 */
import type { WireSlot, WireView } from '../wire.ts';
import { type Answer, freshId, mayRepeat } from './api.ts';
import { curtain, modal } from './dialogs.ts';
import { wait } from './dom.ts';
import { insist } from './insist.ts';
import { newPace } from './pace.ts';
import { newReels } from './reels.ts';
import {
  openingWindow,
  type Play,
  present,
  recall,
  refresh,
  type SlotHost,
  say,
  showAmounts,
  stake,
  takeView,
  watchOffer,
} from './slot-show.ts';
import { slotView } from './slot-view.ts';
import { fill, refusalText } from './texts.ts';

export type SlotScreen = {
  root: HTMLElement;
  /** Starts the game; call once when the screen is in the page. */
  begin: () => Promise<void>;
  stake: () => bigint;
  leave: () => void;
};

const SPIN_MS_MIN = 650;
const FREE_PAUSE_MS = 700;
const FREE_MORE_MS = 1_800;
const ENDED: ReadonlySet<string> = new Set(['session_ended', 'session_unknown', 'currency_mismatch']);

function changeStake(game: Play, direction: -1 | 1): void {
  if (game.busy) return;
  game.stakeAt = Math.min(game.view.stakes.length - 1, Math.max(0, game.stakeAt + direction));
  game.sound.tick();
  refresh(game);
  game.page.status.textContent = `${game.texts.stake} ${game.money.full(stake(game))}`;
}

/** Makes a call until it is answered; shows that it is being tried meanwhile. */
function answerOf(game: Play, call: () => Promise<Answer>): Promise<Answer> {
  return insist(call, {
    again: (answer) => !answer.ok && mayRepeat(answer.code) && !game.gone,
    host: game.page.root,
    text: game.texts.reconnect,
    button: game.texts.retry,
  });
}

async function explain(game: Play, code: string): Promise<void> {
  game.reels.show(game.view.round?.step.spin.window ?? openingWindow(game));
  showAmounts(game);
  if (ENDED.has(code)) return game.ended(code);
  say(game, refusalText(game.texts, code), 'spoken');
  await modal({ title: game.view.game.title, body: [refusalText(game.texts, code)], button: game.texts.ok });
}

/** Turns the reels, makes the call, shows what came of it. True when the step was played. */
async function play(
  game: Play,
  step: { spinId: string; cost: bigint; call: () => Promise<Answer> },
): Promise<boolean> {
  const { spinId, cost, call } = step;
  game.showing += 1;
  game.reels.highlight(null);
  game.page.win.textContent = '';
  game.hud.show({ balance: BigInt(game.view.balance) - cost, net: BigInt(game.view.net) - cost });
  say(game, game.texts.spinning);
  game.sound.spin();
  const [answer] = await Promise.all([answerOf(game, call), wait(SPIN_MS_MIN)]);
  if (game.gone) return false;
  if (answer.view !== null) takeView(game, answer.view);
  const round = game.view.round;
  const played = answer.ok && round !== null && round.step.spinId === spinId && round.ended !== 'refused';
  if (!played || round.ended === 'void') {
    await explain(game, answer.ok ? (round?.code ?? 'other') : answer.code);
    return false;
  }
  await present(game, round);
  watchOffer(game);
  return true;
}

async function freeSpins(game: Play, how: 'won' | 'resumed'): Promise<void> {
  const round = game.view.round;
  if (round?.free == null || round.free.left === 0) return;
  refresh(game);
  game.page.free.left.textContent = String(round.free.left);
  game.page.free.won.textContent = game.money.plain(round.free.won);
  game.sound.fanfare();
  const m = game.slot.freeMultiplier;
  const resumed = how === 'resumed';
  const invitation = {
    kind: 'free',
    title: fill(resumed ? game.texts.freeResume : game.texts.freeTitle, { n: round.free.left }),
    text: fill(game.texts.freeText, { m }),
    button: resumed ? game.texts.goOn : game.texts.start,
  };
  await curtain(game.page.frame, invitation, game.pace.hold());
  while (!game.gone && (game.view.round?.free?.left ?? 0) > 0) {
    const before = game.view.round!.free!;
    game.page.free.left.textContent = String(before.left - 1);
    const id = freshId();
    const { id: roundId } = game.view.round!;
    game.reels.start();
    if (!(await play(game, { spinId: id, cost: 0n, call: () => game.api.free(id, roundId) }))) return;
    const more = (game.view.round?.free?.awarded ?? 0) - before.awarded;
    game.page.free.left.textContent = String(game.view.round?.free?.left ?? 0);
    if (more > 0) {
      const news = { kind: 'free', title: fill(game.texts.freeMore, { n: more }), text: '' };
      await curtain(game.page.frame, news, game.pace.hold(FREE_MORE_MS));
    }
    await game.pace.wait(FREE_PAUSE_MS);
  }
  if (game.gone) return;
  const total = game.money.full(game.view.round?.won ?? '0');
  const summary = { kind: 'free', title: game.texts.freeTotal, text: total, button: game.texts.ok };
  await curtain(game.page.frame, summary, game.pace.hold());
}

async function act(game: Play, work: () => Promise<void>): Promise<void> {
  if (game.busy || game.gone) return;
  game.busy = true;
  refresh(game);
  try {
    await work();
  } finally {
    game.busy = false;
    if (!game.gone) refresh(game);
  }
}

/** Whether the balance covers a stake; one that seems not to is looked up anew: the player may have paid in. */
async function affordable(game: Play, staked: bigint): Promise<boolean> {
  if (staked <= BigInt(game.view.balance)) return true;
  const answer = await answerOf(game, game.api.state);
  if (answer.view !== null) takeView(game, answer.view);
  showAmounts(game);
  return staked <= BigInt(game.view.balance);
}

async function press(game: Play): Promise<void> {
  if (game.busy) {
    game.pace.hurry();
    return;
  }
  await act(game, async () => {
    if ((game.view.round?.free?.left ?? 0) > 0) return freeSpins(game, 'resumed');
    const id = freshId();
    const staked = stake(game);
    if (!(await affordable(game, staked))) return explain(game, 'insufficient_funds');
    game.reels.start();
    const call = () => game.api.spin(id, staked.toString());
    if (await play(game, { spinId: id, cost: staked, call })) await freeSpins(game, 'won');
  });
}

async function respin(game: Play, reel: number): Promise<void> {
  const round = game.view.round;
  const price = round?.offer?.prices[reel] ?? null;
  if (round === null || price === null) return;
  await act(game, async () => {
    const id = freshId();
    game.reels.start(reel);
    const order = { round: round.id, reel, price };
    const call = () => game.api.respin(id, order);
    if (await play(game, { spinId: id, cost: BigInt(price), call })) await freeSpins(game, 'won');
  });
}

/** Space spins, unless a window is open or a button has the focus. A key held down is one press, never a row of bets. */
function keyHandler(game: Play): (event: KeyboardEvent) => void {
  return (event) => {
    const inWindow = document.querySelector('dialog[open]') !== null;
    const onButton = event.target instanceof HTMLButtonElement;
    if (event.repeat && event.target === game.page.spin) event.preventDefault();
    if (event.code !== 'Space' || event.repeat || inWindow || onButton) return;
    event.preventDefault();
    void press(game);
  };
}

async function begin(game: Play): Promise<void> {
  const { reels, page, sound } = game;
  reels.onReelStop((reel) => sound.stop(reel));
  page.fit();
  reels.show(game.view.round?.step.spin.window ?? openingWindow(game));
  await reels.load();
  game.ready = true;
  showAmounts(game);
  watchOffer(game);
  recall(game);
  await freeSpins(game, 'resumed');
  game.busy = false;
  refresh(game);
  if (game.view.stakes.length === 0) await explain(game, 'no_stakes');
}

/** The slot's screen over a view; `symbolUrl` names the picture of a symbol. */
export function slotScreen(
  view: WireView,
  slot: WireSlot,
  host: SlotHost & { symbolUrl: (n: number) => string },
): SlotScreen {
  const { texts, hud, symbolUrl } = host;
  const pace = newPace();
  const reels = newReels(slot.strips, symbolUrl, pace);
  const actions = {
    spin: () => void press(game),
    stake: (direction: -1 | 1) => changeStake(game, direction),
    respin: (reel: number) => void respin(game, reel),
  };
  const game: Play = {
    ...host,
    slot,
    reels,
    pace,
    page: slotView(view, slot, { texts, hud, reels, symbolUrl, actions }),
    view,
    busy: true,
    ready: false,
    gone: false,
    stakeAt: Math.max(0, view.stakes.indexOf(view.stake)),
    showing: 0,
    offerUntil: 0,
    offerTimer: undefined,
  };
  const onKey = keyHandler(game);
  const onResize = (): void => game.page.fit();
  // A player who leaves does not want the respin: the round ends now and not when the offer is over.
  const onHide = (): void => {
    if (game.view.round?.offer != null) void game.api.decline();
  };
  takeView(game, view);
  // The amounts are in sight, and nothing can be pressed, while the pictures still load.
  showAmounts(game);
  refresh(game);
  return {
    root: game.page.root,
    begin() {
      document.addEventListener('keydown', onKey);
      addEventListener('resize', onResize);
      addEventListener('pagehide', onHide);
      return begin(game);
    },
    stake: () => stake(game),
    leave() {
      game.gone = true;
      clearInterval(game.offerTimer);
      removeEventListener('pagehide', onHide);
      document.removeEventListener('keydown', onKey);
      removeEventListener('resize', onResize);
    },
  };
}
