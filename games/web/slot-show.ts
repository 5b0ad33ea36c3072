/** What the slot's screen shows at any moment, out of the view and what the player has seen so far. */
import type { WireRound, WireSlot, WireView } from '../wire.ts';
import type { Api } from './api.ts';
import { coinShower } from './coins.ts';
import { curtain } from './dialogs.ts';
import { glyph } from './dom.ts';
import type { Hud } from './hud.ts';
import type { MoneyFormat } from './money.ts';
import type { Pace } from './pace.ts';
import type { Reels } from './reels.ts';
import type { SlotView } from './slot-view.ts';
import type { Sound } from './sound.ts';
import { fill, type Texts } from './texts.ts';
import { countUp, highlightsOf, timesStake } from './winning.ts';

export type SlotHost = {
  api: Api;
  texts: Texts;
  money: MoneyFormat;
  sound: Sound;
  hud: Hud;
  /** The session is over; the page has nothing more to do. */
  ended: (code: string) => void;
};

/** A slot being played: its parts, and where the player is. */
export type Play = SlotHost & {
  slot: WireSlot;
  reels: Reels;
  pace: Pace;
  page: SlotView;
  view: WireView;
  /** An action runs; nothing else may begin. */
  busy: boolean;
  /** The game is in sight: the button plays, or while an action runs, skips what is being shown. */
  ready: boolean;
  /** The player has left; nothing more is shown. */
  gone: boolean;
  stakeAt: number;
  /** Counts shows of winning lines, so that an old one stops when a new one begins. */
  showing: number;
  /** When the respin's offer ends, by the page's own monotonic clock (ms). */
  offerUntil: number;
  offerTimer: ReturnType<typeof setInterval> | undefined;
};

const LINE_SHOW_MS = 1_300;
const LINE_ROUNDS = 3;
/** The whole time of an offer, for its bar; the studio says how much is left. */
const OFFER_MS = 12_000;
const OFFER_TICK_MS = 200;
/** The page stops offering a little before the studio stops taking. */
const OFFER_SAFETY_MS = 300;
const BIG_WIN_MS = 3_400;
const BIG_WIN_STAKES = 15;
const HUGE_WIN_STAKES = 50;

export function stake(game: Play): bigint {
  return BigInt(game.view.stakes[game.stakeAt] ?? '0');
}

export function say(game: Play, text: string, spoken?: 'spoken'): void {
  game.page.message.textContent = text;
  if (spoken === 'spoken') game.page.status.textContent = text;
}

/** Shows the view's amounts, less what the player has not seen won yet, or plus what is staked already. */
export function showAmounts(game: Play, hidden = 0n): void {
  game.hud.show({ balance: BigInt(game.view.balance) - hidden, net: BigInt(game.view.net) - hidden });
}

function showOffer(game: Play): void {
  const offer = game.busy ? null : (game.view.round?.offer ?? null);
  game.page.respinBox.classList.toggle('off', offer === null);
  game.page.respins.forEach((button, reel) => {
    const price = offer?.prices[reel] ?? null;
    const dear = price !== null && BigInt(price) > BigInt(game.view.balance);
    button.disabled = price === null || dear;
    button.replaceChildren(glyph('spin'), price === null ? '–' : game.money.plain(price));
    const label = fill(game.texts.respinReel, {
      n: reel + 1,
      amount: price === null ? '–' : game.money.full(price),
    });
    button.setAttribute('aria-label', label);
  });
}

export function refresh(game: Play): void {
  const round = game.view.round;
  const free = (round?.free?.left ?? 0) > 0;
  game.page.stake.textContent = game.money.plain(stake(game));
  const lineStake = stake(game) / BigInt(game.slot.lines.length);
  game.page.teaser.forEach((amount, n) => {
    amount.textContent = game.money.plain(BigInt(game.slot.pays[n]![2]!) * lineStake);
  });
  game.page.less.disabled = game.busy || free || game.stakeAt === 0;
  game.page.more.disabled = game.busy || free || game.stakeAt >= game.view.stakes.length - 1;
  game.page.spin.disabled = !game.ready || (!game.busy && game.view.stakes.length === 0);
  game.page.spin.classList.toggle('busy', game.busy);
  game.page.spin.setAttribute('aria-label', game.busy ? game.texts.skip : game.texts.spin);
  game.page.spin.replaceChildren(glyph(game.busy ? 'skip' : 'spin'));
  game.page.free.box.hidden = !(round?.free && (free || game.busy));
  game.page.root.classList.toggle('in-free', !game.page.free.box.hidden);
  showOffer(game);
}

/** Takes a fresh view over; what is left of an offer counts from now, not from when the reels have stopped. */
export function takeView(game: Play, view: WireView): void {
  game.view = view;
  game.offerUntil = performance.now() + (view.round?.offer?.leftMs ?? 0) - OFFER_SAFETY_MS;
}

function showOfferLeft(game: Play): void {
  const left = Math.max(0, game.offerUntil - performance.now());
  game.page.respinLabel.textContent = fill(game.texts.respinFor, { s: Math.ceil(left / 1000) });
  game.page.respinBox.style.setProperty('--left', (left / OFFER_MS).toFixed(3));
}

/** Counts the offer down in sight, and takes it away when the studio does. */
export function watchOffer(game: Play): void {
  clearInterval(game.offerTimer);
  if (game.view.round?.offer == null) return;
  const tick = (): void => {
    const { round } = game.view;
    if (performance.now() < game.offerUntil && round?.offer != null) {
      showOfferLeft(game);
      return;
    }
    clearInterval(game.offerTimer);
    if (round != null) game.view = { ...game.view, round: { ...round, offer: null } };
    if (!game.busy) refresh(game);
  };
  game.offerTimer = setInterval(tick, OFFER_TICK_MS);
  tick();
}

function lineup(game: Play, round: WireRound): void {
  const pictures = highlightsOf(round.step.spin, game.slot);
  if (pictures.length === 0) return;
  const mine = ++game.showing;
  const hits = round.step.spin.lineWins;
  const turn = (n: number): void => {
    if (mine !== game.showing || game.gone) return;
    game.reels.highlight(pictures[n % pictures.length]!);
    const hit = pictures.length > 1 && n % pictures.length > 0 ? hits[(n % pictures.length) - 1] : undefined;
    if (n > 0 && !game.busy) {
      say(
        game,
        hit === undefined
          ? fill(game.texts.won, { amount: game.money.full(round.step.spin.win) })
          : `${fill(game.texts.line, { n: hit.line + 1 })} · ${game.money.full(hit.win)}`,
      );
    }
    if (pictures.length > 1 && n < pictures.length * LINE_ROUNDS) {
      setTimeout(() => turn(n + 1), LINE_SHOW_MS);
    }
  };
  turn(0);
}

async function celebrate(game: Play, round: WireRound): Promise<void> {
  const win = BigInt(round.step.spin.win);
  const times = timesStake(win, BigInt(round.stake));
  lineup(game, round);
  say(game, game.texts.win);
  game.sound.win(Math.min(6, Math.floor(times)));
  const inFree = round.step.kind === 'free';
  const before = inFree ? BigInt(round.free?.won ?? '0') - win : 0n;
  const counted = countUp(win, { strength: times, pace: game.pace }, (amount) => {
    game.page.win.textContent = game.money.plain(amount);
    if (inFree) game.page.free.won.textContent = game.money.plain(before + amount);
    showAmounts(game, win - amount);
  });
  if (times >= BIG_WIN_STAKES) {
    coinShower(game.page.stage);
    game.sound.fanfare();
    const title = times >= HUGE_WIN_STAKES ? game.texts.hugeWin : game.texts.bigWin;
    const content = { kind: 'big', title, text: game.money.full(win) };
    await curtain(game.page.frame, content, game.pace.hold(BIG_WIN_MS));
  }
  await counted;
  game.page.win.textContent = game.money.plain(win);
  const spoken = fill(game.texts.won, { amount: game.money.full(win) });
  say(game, round.paying ? `${spoken} · ${game.texts.paying}` : spoken, 'spoken');
}

export function openingWindow(game: Play): number[] {
  return game.slot.strips.flatMap((strip, reel) =>
    [0, 1, 2].map((row) => strip[(reel * 5 + row) % strip.length]!),
  );
}

export async function present(game: Play, round: WireRound): Promise<void> {
  const win = BigInt(round.step.spin.win);
  showAmounts(game, win);
  await game.reels.stop(round.step.spin.window, round.step.kind === 'respin' ? 'plain' : 'tense');
  if (win > 0n) await celebrate(game, round);
  else {
    game.page.win.textContent = '';
    say(game, game.texts.noWin, 'spoken');
  }
  showAmounts(game);
}

/** After a reload: what the latest step won, which the player may not have seen. */
export function recall(game: Play): void {
  const round = game.view.round;
  if (round === null || round.step.spin.win === '0') return;
  game.page.win.textContent = game.money.plain(round.step.spin.win);
  say(game, fill(game.texts.won, { amount: game.money.full(round.step.spin.win) }), 'spoken');
  lineup(game, round);
}
