/**
 * Making a call until it is answered.
 * Invariants: one call at a time; one notice stays in sight from the first silence to the answer, and its button
 * can be pressed only while nothing is under way.
 */
import { type Notice, newNotice } from './dialogs.ts';

const RETRY_MS = 2_500;

/** Repeats a call for as long as its answer says `again`: after a while by itself, at once by the notice's button. */
export async function insist<T>(
  call: () => Promise<T>,
  by: { again: (answer: T) => boolean; host: HTMLElement; text: string; button: string },
): Promise<T> {
  let notice: Notice | null = null;
  for (;;) {
    const answer = await call();
    if (!by.again(answer)) {
      notice?.away();
      return answer;
    }
    notice ??= newNotice(by.host, by.text, by.button);
    await notice.pressed(RETRY_MS);
  }
}
