/** The slot's page as a player handles it, alone or in an operator's frame. */
import type { FrameLocator, Page } from 'playwright-core';

/** The button when a press of it makes a bet: nothing is under way or being shown. */
export const AT_REST = 'button.spin:not(.busy):not([disabled])';

/** How long a test waits for what a page does at once: a machine under load may take that long to draw it. */
export const PAGE_MS_MAX = 60_000;

const SETTLE_MS_MAX = 180_000;
const PRESS_MS = 100;

interface SpinButton {
  readonly disabled: boolean;
  readonly className: string;
  readonly ownerDocument: { readonly body: { readonly innerText: string } };
  click(): void;
}

/**
 * Runs in the page: presses on until nothing is under way. Looking and pressing is one task of the page, so that no
 * press comes a moment late and makes a bet.
 */
async function pressOn(button: SpinButton, by: { everyMs: number; msMax: number }): Promise<void> {
  const until = performance.now() + by.msMax;
  while (button.disabled || button.className.includes('busy')) {
    if (performance.now() > until) {
      throw new Error(`the game does not come to rest: ${button.ownerDocument.body.innerText}`);
    }
    button.click();
    await new Promise((resolve) => setTimeout(resolve, by.everyMs));
  }
}

/**
 * Plays like a hasty player until the game is at rest: shows are skipped, free spins that were won are begun and
 * played. Throws with the page's words when it does not come to rest.
 */
export async function settle(game: Page | FrameLocator): Promise<void> {
  await game.locator('button.spin').evaluate(pressOn, { everyMs: PRESS_MS, msMax: SETTLE_MS_MAX });
}
