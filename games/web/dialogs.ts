/** Windows over the game: messages, free-spin and big-win curtains, rules. All close by keyboard, too. */
import { el } from './dom.ts';

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

/** A curtain over the reels with large words; resolves on its button, or by itself after `ms`. */
export function curtain(
  stage: HTMLElement,
  content: { kind: string; title: string; text: string; button?: string; ms?: number },
): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      if (!veil.isConnected) return;
      veil.remove();
      resolve();
    };
    const button =
      content.button === undefined
        ? null
        : el('button', { class: 'primary', type: 'button', onclick: finish }, content.button);
    const veil = el(
      'div',
      { class: `curtain ${content.kind}`, role: 'alert' },
      el('strong', {}, content.title),
      el('span', {}, content.text),
      button,
    );
    stage.append(veil);
    button?.focus();
    if (content.ms !== undefined) setTimeout(finish, content.ms);
    if (button === null) veil.addEventListener('click', finish);
  });
}

/** A message at the edge of the game, with an optional button; answers how to take it away. */
export function toast(
  host: HTMLElement,
  text: string,
  action?: { label: string; run: () => void },
): () => void {
  const box = el(
    'div',
    { class: 'toast', role: 'alert' },
    el('span', {}, text),
    action === undefined ? null : el('button', { type: 'button', onclick: action.run }, action.label),
  );
  host.append(box);
  return () => box.remove();
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
