/** The elements of the slot's screen and how they are sized; no game flow in here. */
import type { WireSlot, WireView } from '../wire.ts';
import { el, glyph } from './dom.ts';
import type { Hud } from './hud.ts';
import type { Reels } from './reels.ts';
import { fill, type Texts } from './texts.ts';

export type SlotView = {
  root: HTMLElement;
  stage: HTMLElement;
  spin: HTMLButtonElement;
  less: HTMLButtonElement;
  more: HTMLButtonElement;
  stake: HTMLElement;
  win: HTMLElement;
  message: HTMLElement;
  status: HTMLElement;
  respins: HTMLButtonElement[];
  respinBox: HTMLElement;
  free: { box: HTMLElement; left: HTMLElement; won: HTMLElement };
  /** Fits the reels into the room there is. */
  fit(): void;
};

export type SlotActions = {
  spin: () => void;
  stake: (direction: -1 | 1) => void;
  respin: (reel: number) => void;
};

const CELL_RATIO_MAX = 1.16;

function stepper(icon: 'plus' | 'minus', label: string, run: () => void): HTMLButtonElement {
  return el(
    'button',
    { class: 'round step', type: 'button', 'aria-label': label, onclick: run },
    glyph(icon),
  );
}

function freeBox(slot: WireSlot, texts: Texts): SlotView['free'] & { box: HTMLElement } {
  const left = el('b', {});
  const won = el('b', {});
  const box = el(
    'div',
    { class: 'free-box', hidden: true },
    el('div', {}, el('span', {}, texts.freeLeft), left),
    el('div', { class: 'times' }, el('b', {}, `×${slot.freeMultiplier}`)),
    el('div', {}, el('span', {}, texts.freeWon), won),
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
  reels.resize(Math.max(200, Math.floor(cellW * 5)), Math.max(120, Math.floor(cellH * 3)));
}

/** Builds the screen. */
export function slotView(
  view: WireView,
  slot: WireSlot,
  by: { texts: Texts; hud: Hud; reels: Reels; actions: SlotActions },
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
  const respinBox = el(
    'div',
    { class: 'respins' },
    el('span', { class: 'label' }, texts.respin),
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
  const root = el(
    'main',
    { class: 'screen slot' },
    el('img', { class: 'backdrop', src: `../backdrop/${view.game.id}.svg`, alt: '' }),
    hud.top,
    el('div', { class: 'title' }, el('h1', {}, view.game.title), chips, free.box),
    stage,
    el('div', { class: 'under' }, el('div', { class: 'win-line' }, win, message), respinBox),
    el('footer', { class: 'bar' }, hud.meters, parts.selector, parts.spin),
    status,
  );
  respinBox.classList.add('off');
  return {
    ...parts,
    root,
    stage,
    win,
    message,
    status,
    respins,
    respinBox,
    free,
    fit: () => fitReels(reels, stage, frame),
  };
}
