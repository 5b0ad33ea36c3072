/** What is always in sight: time, session clock, balance, net result, and the buttons to leave or to read. */
import type { WireView } from '../wire.ts';
import { el, glyph } from './dom.ts';
import type { MoneyFormat } from './money.ts';
import type { Texts } from './texts.ts';

export type Hud = {
  top: HTMLElement;
  meters: HTMLElement;
  /** Shows amounts; `pending` is what the view's balance holds that the player has not seen won yet. */
  show(amounts: { balance: bigint; net: bigint }): void;
  stop(): void;
};

export type HudActions = {
  close: () => void;
  rules: (() => void) | null;
  lobby: (() => void) | null;
  sound: (() => boolean) | null;
  reality: (minutes: number) => void;
};

const REALITY_MINUTES = 60;

function two(n: number): string {
  return String(n).padStart(2, '0');
}

function elapsed(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

function button(icon: Parameters<typeof glyph>[0], label: string, run: () => void): HTMLButtonElement {
  return el(
    'button',
    { class: 'round', type: 'button', 'aria-label': label, title: label, onclick: run },
    glyph(icon),
  );
}

function soundButton(texts: Texts, toggle: () => boolean): HTMLButtonElement {
  const element = button('mute', texts.soundOn, () => {
    const on = toggle();
    element.replaceChildren(glyph(on ? 'sound' : 'mute'));
    element.setAttribute('aria-label', on ? texts.soundOff : texts.soundOn);
    element.setAttribute('aria-pressed', String(on));
  });
  return element;
}

function meter(label: string, value: HTMLElement): HTMLElement {
  return el('div', { class: 'meter' }, el('span', { class: 'label' }, label), value);
}

/** Builds the bars around a game. */
export function newHud(
  view: WireView,
  words: { texts: Texts; money: MoneyFormat },
  actions: HudActions,
): Hud {
  const { texts, money } = words;
  const skewMs = Date.now() - view.now;
  const clock = el('time', { class: 'value clock' });
  const session = el('time', { class: 'value' });
  const balance = el('output', { class: 'value balance' });
  const net = el('output', { class: 'value net' });
  let reminded = Math.floor((view.now - view.openedAt) / 60_000 / REALITY_MINUTES);

  const tick = (): void => {
    const now = new Date();
    clock.textContent = `${two(now.getHours())}:${two(now.getMinutes())}`;
    const seconds = Math.max(0, Math.floor((now.getTime() - skewMs - view.openedAt) / 1000));
    session.textContent = elapsed(seconds);
    const hour = Math.floor(seconds / 60 / REALITY_MINUTES);
    if (hour > reminded) {
      reminded = hour;
      actions.reality(hour * REALITY_MINUTES);
    }
  };
  tick();
  const timer = setInterval(tick, 1000);

  const top = el(
    'header',
    { class: 'top' },
    actions.lobby === null ? null : button('back', texts.lobby, actions.lobby),
    clock,
    el('div', { class: 'session' }, el('span', { class: 'label' }, texts.session), session),
    el('span', { class: 'grow' }),
    actions.sound === null ? null : soundButton(texts, actions.sound),
    actions.rules === null ? null : button('info', texts.rules, actions.rules),
    button('close', texts.close, actions.close),
  );
  const meters = el('div', { class: 'meters' }, meter(texts.balance, balance), meter(texts.net, net));
  return {
    top,
    meters,
    show(amounts) {
      balance.textContent = money.full(amounts.balance);
      net.textContent = money.signed(amounts.net);
      net.classList.toggle('up', amounts.net > 0n);
      net.classList.toggle('down', amounts.net < 0n);
    },
    stop: () => clearInterval(timer),
  };
}
