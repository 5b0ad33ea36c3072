/**
 * Playing a slot: one flow from the press of the button to the last line shown.
 * Invariants: one action at a time; a call that was not answered is repeated with the same spin id until it is;
 * the balance shown never runs ahead of what the reels have shown; free spins go on where they were left.
 */
import type { WireRound, WireSlot, WireView } from '../wire.ts';
import { type Answer, type Api, freshId, mayRepeat } from './api.ts';
import { coinShower } from './coins.ts';
import { curtain, modal, toast } from './dialogs.ts';
import { glyph, wait } from './dom.ts';
import type { Hud } from './hud.ts';
import type { MoneyFormat } from './money.ts';
import { newReels } from './reels.ts';
import { type SlotView, slotView } from './slot-view.ts';
import type { Sound } from './sound.ts';
import { fill, refusalText, type Texts } from './texts.ts';
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

export type SlotScreen = {
  root: HTMLElement;
  /** Starts the game; call once when the screen is in the page. */
  begin: () => Promise<void>;
  stake: () => bigint;
  leave: () => void;
};

const SPIN_MS_MIN = 650;
const RETRY_MS = 2_500;
const LINE_SHOW_MS = 1_300;
const LINE_ROUNDS = 3;
const FREE_PAUSE_MS = 700;
const BIG_WIN_STAKES = 15;
const HUGE_WIN_STAKES = 50;
const ENDED: ReadonlySet<string> = new Set(['session_ended', 'session_unknown', 'currency_mismatch']);

/** The slot's screen over a view; `symbolUrl` names the picture of a symbol. */
export function slotScreen(
  first: WireView,
  slot: WireSlot,
  host: SlotHost & { symbolUrl: (n: number) => string },
): SlotScreen {
  const { api, texts, money, sound, hud } = host;
  let view = first;
  let busy = true;
  let gone = false;
  let stakeAt = Math.max(0, first.stakes.indexOf(first.stake));
  let showing = 0;
  let offerTimer: ReturnType<typeof setTimeout> | undefined;
  let hurry: (() => void) | null = null;

  const reels = newReels(slot.strips, host.symbolUrl);
  const page: SlotView = slotView(first, slot, {
    texts,
    hud,
    reels,
    symbolUrl: host.symbolUrl,
    actions: { spin: () => void press(), stake: changeStake, respin: (reel) => void respin(reel) },
  });

  function stake(): bigint {
    return BigInt(view.stakes[stakeAt] ?? '0');
  }

  function say(text: string, spoken?: 'spoken'): void {
    page.message.textContent = text;
    if (spoken === 'spoken') page.status.textContent = text;
  }

  /** Shows the view's amounts, less what the player has not seen won yet, or plus what is staked already. */
  function showAmounts(hidden = 0n): void {
    hud.show({ balance: BigInt(view.balance) - hidden, net: BigInt(view.net) - hidden });
  }

  function refresh(): void {
    const round = view.round;
    const free = (round?.free?.left ?? 0) > 0;
    page.stake.textContent = money.plain(stake());
    const lineStake = stake() / BigInt(slot.lines.length);
    page.teaser.forEach((amount, n) => {
      amount.textContent = money.plain(BigInt(slot.pays[n]![2]!) * lineStake);
    });
    page.less.disabled = busy || free || stakeAt === 0;
    page.more.disabled = busy || free || stakeAt >= view.stakes.length - 1;
    page.spin.disabled = busy || view.stakes.length === 0;
    page.spin.classList.toggle('busy', busy);
    page.free.box.hidden = !(round?.free && (free || busy));
    page.root.classList.toggle('in-free', !page.free.box.hidden);
    showOffer();
  }

  function showOffer(): void {
    const offer = busy ? null : (view.round?.offer ?? null);
    page.respinBox.classList.toggle('off', offer === null);
    page.respins.forEach((button, reel) => {
      const price = offer?.prices[reel] ?? null;
      const dear = price !== null && BigInt(price) > BigInt(view.balance);
      button.disabled = price === null || dear;
      button.replaceChildren(glyph('spin'), price === null ? '–' : money.plain(price));
      const label = fill(texts.respinReel, { n: reel + 1, amount: price === null ? '–' : money.full(price) });
      button.setAttribute('aria-label', label);
    });
  }

  /** Takes the offer away when the studio does. */
  function watchOffer(): void {
    clearTimeout(offerTimer);
    const { offer } = view.round ?? { offer: null };
    if (offer === null) return;
    offerTimer = setTimeout(() => {
      if (view.round?.offer === offer) view = { ...view, round: { ...view.round, offer: null } };
      if (!busy) refresh();
    }, offer.seconds * 1000);
  }

  function changeStake(direction: -1 | 1): void {
    if (busy) return;
    stakeAt = Math.min(view.stakes.length - 1, Math.max(0, stakeAt + direction));
    sound.tick();
    refresh();
    page.status.textContent = `${texts.stake} ${money.full(stake())}`;
  }

  /** Makes a call until it is answered; shows that it is being tried meanwhile. */
  async function insist(call: () => Promise<Answer>): Promise<Answer> {
    let away: (() => void) | null = null;
    for (;;) {
      const answer = await call();
      const again = !answer.ok && mayRepeat(answer.code) && !gone;
      if (!again) {
        away?.();
        return answer;
      }
      const pressed = Promise.withResolvers<void>();
      away?.();
      away = toast(page.root, texts.reconnect, { label: texts.retry, run: pressed.resolve });
      await Promise.race([pressed.promise, wait(RETRY_MS)]);
    }
  }

  function lineup(round: WireRound): void {
    const pictures = highlightsOf(round.step.spin, slot);
    if (pictures.length === 0) return;
    const mine = ++showing;
    const hits = round.step.spin.lineWins;
    const turn = (n: number): void => {
      if (mine !== showing || gone) return;
      reels.highlight(pictures[n % pictures.length]!);
      const hit =
        pictures.length > 1 && n % pictures.length > 0 ? hits[(n % pictures.length) - 1] : undefined;
      if (n > 0 && !busy) {
        say(
          hit === undefined
            ? fill(texts.won, { amount: money.full(round.step.spin.win) })
            : `${fill(texts.line, { n: hit.line + 1 })} · ${money.full(hit.win)}`,
        );
      }
      if (pictures.length > 1 && n < pictures.length * LINE_ROUNDS) {
        setTimeout(() => turn(n + 1), LINE_SHOW_MS);
      }
    };
    turn(0);
  }

  async function celebrate(round: WireRound): Promise<void> {
    const win = BigInt(round.step.spin.win);
    const times = timesStake(win, BigInt(round.stake));
    lineup(round);
    say(texts.win);
    sound.win(Math.min(6, Math.floor(times)));
    const inFree = round.step.kind === 'free';
    const before = inFree ? BigInt(round.free?.won ?? '0') - win : 0n;
    const count = countUp(win, times, (amount) => {
      page.win.textContent = money.plain(amount);
      if (inFree) page.free.won.textContent = money.plain(before + amount);
      showAmounts(win - amount);
    });
    hurry = count.hurry;
    if (times >= BIG_WIN_STAKES) {
      coinShower(page.stage);
      sound.fanfare();
      const title = times >= HUGE_WIN_STAKES ? texts.hugeWin : texts.bigWin;
      const veil = curtain(page.frame, { kind: 'big', title, text: money.full(win), ms: 3_400 });
      await Promise.all([count.done, veil]);
    } else await count.done;
    hurry = null;
    page.win.textContent = money.plain(win);
    const spoken = fill(texts.won, { amount: money.full(win) });
    say(round.paying ? `${spoken} · ${texts.paying}` : spoken, 'spoken');
  }

  async function present(round: WireRound): Promise<void> {
    const win = BigInt(round.step.spin.win);
    showAmounts(win);
    await reels.stop(round.step.spin.window, round.step.kind !== 'respin');
    if (win > 0n) await celebrate(round);
    else {
      page.win.textContent = '';
      say(texts.noWin, 'spoken');
    }
    showAmounts();
  }

  async function explain(code: string): Promise<void> {
    reels.show(view.round?.step.spin.window ?? openingWindow());
    showAmounts();
    if (ENDED.has(code)) return host.ended(code);
    say(refusalText(texts, code), 'spoken');
    await modal({ title: first.game.title, body: [refusalText(texts, code)], button: texts.ok });
  }

  function openingWindow(): number[] {
    return slot.strips.flatMap((strip, reel) =>
      [0, 1, 2].map((row) => strip[(reel * 5 + row) % strip.length]!),
    );
  }

  /** Turns the reels, makes the call, shows what came of it. True when the step was played. */
  async function play(spinId: string, call: () => Promise<Answer>, cost: bigint): Promise<boolean> {
    showing += 1;
    reels.highlight(null);
    page.win.textContent = '';
    hud.show({ balance: BigInt(view.balance) - cost, net: BigInt(view.net) - cost });
    say(texts.spinning);
    sound.spin();
    const [answer] = await Promise.all([insist(call), wait(SPIN_MS_MIN)]);
    if (gone) return false;
    if (answer.view !== null) view = answer.view;
    const round = view.round;
    const played = answer.ok && round !== null && round.step.spinId === spinId && round.ended !== 'refused';
    if (!played || round.ended === 'void') {
      await explain(answer.ok ? (round?.code ?? 'other') : answer.code);
      return false;
    }
    await present(round);
    watchOffer();
    return true;
  }

  async function freeSpins(resumed: boolean): Promise<void> {
    const round = view.round;
    if (round?.free == null || round.free.left === 0) return;
    refresh();
    page.free.left.textContent = String(round.free.left);
    page.free.won.textContent = money.plain(round.free.won);
    sound.fanfare();
    const m = slot.freeMultiplier;
    await curtain(page.frame, {
      kind: 'free',
      title: fill(resumed ? texts.freeResume : texts.freeTitle, { n: round.free.left }),
      text: fill(texts.freeText, { m }),
      button: resumed ? texts.goOn : texts.start,
    });
    while (!gone && (view.round?.free?.left ?? 0) > 0) {
      const before = view.round!.free!;
      page.free.left.textContent = String(before.left - 1);
      const id = freshId();
      const { id: roundId } = view.round!;
      reels.start();
      if (!(await play(id, () => api.free(id, roundId), 0n))) return;
      const more = (view.round?.free?.awarded ?? 0) - before.awarded;
      page.free.left.textContent = String(view.round?.free?.left ?? 0);
      if (more > 0) {
        await curtain(page.frame, {
          kind: 'free',
          title: fill(texts.freeMore, { n: more }),
          text: '',
          ms: 1_800,
        });
      }
      await wait(FREE_PAUSE_MS);
    }
    if (gone) return;
    const total = view.round?.won ?? '0';
    await curtain(page.frame, {
      kind: 'free',
      title: texts.freeTotal,
      text: money.full(total),
      button: texts.ok,
    });
  }

  async function act(work: () => Promise<void>): Promise<void> {
    if (busy || gone) return;
    busy = true;
    refresh();
    await work();
    busy = false;
    if (!gone) refresh();
  }

  async function press(): Promise<void> {
    if (busy) {
      hurry?.();
      return;
    }
    await act(async () => {
      const id = freshId();
      const staked = stake();
      if (staked > BigInt(view.balance)) return explain('insufficient_funds');
      reels.start();
      if (await play(id, () => api.spin(id, staked.toString()), staked)) await freeSpins(false);
    });
  }

  async function respin(reel: number): Promise<void> {
    const round = view.round;
    const price = round?.offer?.prices[reel] ?? null;
    if (round === null || price === null) return;
    await act(async () => {
      const id = freshId();
      reels.start(reel);
      const order = { round: round.id, reel, price };
      if (await play(id, () => api.respin(id, order), BigInt(price))) await freeSpins(false);
    });
  }

  const onKey = (event: KeyboardEvent): void => {
    const inWindow = document.querySelector('dialog[open]') !== null;
    const onButton = event.target instanceof HTMLButtonElement && event.target !== page.spin;
    if (event.code !== 'Space' || event.repeat || inWindow || onButton) return;
    event.preventDefault();
    void press();
  };
  const onResize = (): void => page.fit();

  /** After a reload: what the latest step won, which the player may not have seen. */
  function recall(): void {
    const round = view.round;
    if (round === null || round.step.spin.win === '0') return;
    page.win.textContent = money.plain(round.step.spin.win);
    say(fill(texts.won, { amount: money.full(round.step.spin.win) }), 'spoken');
    lineup(round);
  }

  async function begin(): Promise<void> {
    document.addEventListener('keydown', onKey);
    addEventListener('resize', onResize);
    reels.onReelStop = (reel) => sound.stop(reel);
    page.fit();
    reels.show(view.round?.step.spin.window ?? openingWindow());
    await reels.load();
    showAmounts();
    watchOffer();
    recall();
    await freeSpins(true);
    busy = false;
    refresh();
    if (view.stakes.length === 0) await explain('no_stakes');
  }

  return {
    root: page.root,
    begin,
    stake,
    leave() {
      gone = true;
      clearTimeout(offerTimer);
      document.removeEventListener('keydown', onKey);
      removeEventListener('resize', onResize);
    },
  };
}
