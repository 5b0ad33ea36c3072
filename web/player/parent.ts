/**
 * Word to the site that framed this page or opened it: that somebody is there, and that the player wants to go. It says
 * nothing about the player or the money, so whoever the parent is may hear it.
 */

type Word = { readonly type: 'rain:active' } | { readonly type: 'rain:leave' };

const ACTIVE_MS = 30_000;

function tell(word: Word): void {
  const opener: Window | null = window.opener;
  for (const other of new Set([window.parent, opener])) {
    if (other !== null && other !== window) other.postMessage(word, '*');
  }
}

export function tellLeave(): void {
  tell({ type: 'rain:leave' });
}

/** Tells of the player's doings, at most every ACTIVE_MS. */
export function tellActivity(): void {
  let last = Number.NEGATIVE_INFINITY;
  const active = () => {
    if (performance.now() - last < ACTIVE_MS) return;
    last = performance.now();
    tell({ type: 'rain:active' });
  };
  for (const name of ['pointerdown', 'keydown', 'scroll']) addEventListener(name, active, { passive: true });
}
