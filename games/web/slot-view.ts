/** The elements of the slot's screen and how they are sized; no game flow in here. */
import type { WireSlot, WireView } from '../wire.ts';
import { el, glyph } from './dom.ts';
import type { Hud } from './hud.ts';
import type { Reels } from './reels.ts';
import { fill, type Texts } from './texts.ts';

export type SlotView = {
  root: HTMLElement;
  stage: HTMLElement;
  frame: HTMLElement;
  spin: HTMLButtonElement;
  less: HTMLButtonElement;
  more: HTMLButtonElement;
  stake: HTMLElement;
  win: HTMLElement;
  message: HTMLElement;
  status: HTMLElement;
  respins: HTMLButtonElement[];
  respinBox: HTMLElement;
  respinLabel: HTMLElement;
  free: { box: HTMLElement; left: HTMLElement; won: HTMLElement };
  /** What five of each picture pay, best first. */
  teaser: HTMLElement[];
  /** Fits the reels into the room there is. */
  fit(): void;
};

export type SlotActions = {
  spin: () => void;
  stake: (direction: -1 | 1) => void;
  respin: (reel: number) => void;
};

const CELL_RATIO_MAX = 1.28;

function stepper(icon: 'plus' | 'minus', label: string, run: () => void): HTMLButtonElement {
  return el(
    'button',
    { class: 'round step', type: 'button', 'aria-label': label, onclick: run },
    glyph(icon),
  );
}

function freeBox(slot: WireSlot, texts: Texts): SlotView['free'] & { box: HTMLElement } {
  const left = el('b', { class: 'free-amount' });
  const won = el('b', { class: 'free-amount' });
  const box = el(
    'div',
    { class: 'free-box', hidden: true },
    el('div', {}, el('span', { class: 'free-label' }, texts.freeLeft), left),
    el('div', {}, el('b', { class: 'free-times' }, `×${slot.freeMultiplier}`)),
    el('div', {}, el('span', { class: 'free-label' }, texts.freeWon), won),
  );
  return { box, left, won };
}

function controls(texts: Texts, actions: SlotActions) {
  const stake = el('output', { class: 'value' });
  const less = stepper('minus', texts.stakeLess, () => actions.stake(-1));
  const more = stepper('plus', texts.stakeMore, () => actions.stake(1));
  const spin = el(
    'button',
    { class: 'spin', type: 'button', 'aria-label': texts.spin, onclick: actions.spin },
    glyph('spin'),
  );
  const selector = el(
    'div',
    { class: 'stake' },
    less,
    el('div', { class: 'meter' }, el('span', { class: 'label' }, texts.stake), stake),
    more,
  );
  return { stake, less, more, spin, selector };
}

function fitReels(reels: Reels, stage: HTMLElement, frame: HTMLElement): void {
  const border = frame.offsetWidth - frame.clientWidth + 12;
  const room = { w: stage.clientWidth - border, h: stage.clientHeight - border };
  const cellW = Math.min(room.w / 5, (room.h / 3) * 1.12);
  const cellH = Math.min(room.h / 3, cellW * CELL_RATIO_MAX);
  const width = Math.max(200, Math.floor(cellW * 5));
  reels.resize(width, Math.max(120, Math.floor(cellH * 3)));
  stage.parentElement?.style.setProperty('--reels-width', `${width}px`);
}

/** Builds the screen. */
export function slotView(
  view: WireView,
  slot: WireSlot,
  by: { texts: Texts; hud: Hud; reels: Reels; actions: SlotActions; symbolUrl: (n: number) => string },
): SlotView {
  const { texts, hud, reels, actions } = by;
  const parts = controls(texts, actions);
  const win = el('output', { class: 'win-amount' });
  const message = el('p', { class: 'message' }, texts.ready);
  const status = el('p', { class: 'sr', role: 'status', 'aria-live': 'polite' });
  const free = freeBox(slot, texts);
  const respins = Array.from({ length: 5 }, (_, reel) =>
    el('button', { class: 'respin', type: 'button', onclick: () => actions.respin(reel) }),
  );
  const respinLabel = el('span', { class: 'label' });
  const respinBox = el(
    'div',
    { class: 'respins' },
    respinLabel,
    el('div', { class: 'respin-row' }, ...respins),
  );
  const frame = el('div', { class: 'frame' }, reels.canvas);
  const stage = el('div', { class: 'stage' }, frame);
  const chips = el(
    'p',
    { class: 'chips' },
    el('span', {}, fill(texts.lines, { n: slot.lines.length })),
    el('span', {}, `RTP ${slot.rtpPercent.toFixed(2)} %`),
  );
  const teaser = slot.pays.slice(0, 4).map(() => el('strong', {}));
  const tops = el(
    'ul',
    { class: 'tops', 'aria-hidden': 'true' },
    ...teaser.map((amount, n) =>
      el('li', {}, el('img', { src: by.symbolUrl(n + 2), alt: '' }), el('span', {}, '×5'), amount),
    ),
  );
  const root = el(
    'main',
    { class: 'screen slot' },
    el('img', { class: 'backdrop', src: `../backdrop/${view.game.id}.svg`, alt: '' }),
    hud.top,
    el('div', { class: 'title' }, el('h1', {}, view.game.title), chips, free.box),
    tops,
    stage,
    el('div', { class: 'under' }, respinBox, el('div', { class: 'win-line' }, win, message)),
    el('footer', { class: 'bar' }, hud.meters, parts.selector, parts.spin),
    status,
  );
  respinBox.classList.add('off');
  return {
    ...parts,
    root,
    stage,
    frame,
    win,
    message,
    status,
    respins,
    respinBox,
    respinLabel,
    free,
    teaser,
    fit: () => fitReels(reels, stage, frame),
  };
}
