/** Windows over the game: messages, free-spin and big-win curtains, rules. All close by keyboard, too. */
import { el } from './dom.ts';
import { type Hold, newHold } from './pace.ts';

let opener: Element | null = null;

/** Shows a modal window; resolves when it is closed. */
export function modal(options: {
  title: string;
  body: (Node | string)[];
  button: string;
  wide?: 'wide';
}): Promise<void> {
  return new Promise((resolve) => {
    opener = document.activeElement;
    const button = el(
      'button',
      { class: 'primary', type: 'button', onclick: () => dialog.close() },
      options.button,
    );
    const dialog = el(
      'dialog',
      { class: `window ${options.wide ?? ''}`, 'aria-label': options.title },
      el('h2', {}, options.title),
      // A long text is scrolled by keyboard, too.
      el(
        'div',
        { class: 'window-body', role: 'region', tabindex: '0', 'aria-label': options.title },
        ...options.body,
      ),
      button,
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (opener instanceof HTMLElement) opener.focus();
      resolve();
    });
    document.body.append(dialog);
    dialog.showModal();
    button.focus();
  });
}

/** A curtain over the reels with large words, for as long as the hold; its button, or a click on it, ends that. */
export async function curtain(
  stage: HTMLElement,
  content: { kind: string; title: string; text: string; button?: string },
  hold: Hold,
): Promise<void> {
  const button =
    content.button === undefined
      ? null
      : el('button', { class: 'primary', type: 'button', onclick: hold.end }, content.button);
  const veil = el(
    'div',
    { class: `curtain ${content.kind}`, role: 'alert' },
    el('strong', {}, content.title),
    el('span', {}, content.text),
    button,
  );
  const focused = document.activeElement;
  stage.append(veil);
  if (button === null) veil.addEventListener('click', hold.end);
  else button.focus();
  await hold.done;
  veil.remove();
  if (button !== null && focused instanceof HTMLElement) focused.focus();
}

/** A message at the edge of the game with a button. */
export type Notice = {
  /** Lets the button be pressed; resolves when it is, or after `ms`. */
  pressed(ms: number): Promise<void>;
  away(): void;
};

/** Shows a notice. Between two waits for a press its button stays where it is, with the focus, and does nothing. */
export function newNotice(host: HTMLElement, text: string, label: string): Notice {
  let hold: Hold | null = null;
  const button = el('button', { type: 'button', onclick: () => hold?.end() }, label);
  const box = el('div', { class: 'toast', role: 'alert' }, el('span', {}, text), button);
  host.append(box);
  return {
    async pressed(ms) {
      button.setAttribute('aria-disabled', 'false');
      hold = newHold(ms);
      await hold.done;
      button.setAttribute('aria-disabled', 'true');
    },
    away: () => box.remove(),
  };
}

/** Replaces everything by a last word. */
export function endScreen(title: string, text: string): void {
  document
    .getElementById('app')
    ?.replaceChildren(
      el(
        'main',
        { class: 'end' },
        el('div', { class: 'card', role: 'alert' }, el('h1', {}, title), el('p', {}, text)),
      ),
    );
}
