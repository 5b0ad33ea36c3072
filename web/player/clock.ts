/**
 * The hub's clock as this page knows it. A phone's own clock may be minutes off; the offset comes with every state and
 * every hello, and the one that took the shortest way counts most, so it is only ever moved by what is plainly better.
 */

/** A drift below this is the way's, not the clock's. */
const SLACK_MS = 400;

let offsetMs = 0;
let set = false;

/** Told when an answer carries the hub's time. */
export function hearTime(serverTime: number): void {
  const heard = serverTime - Date.now();
  // What comes late shows an offset too small, never one too large.
  if (!set || heard > offsetMs || offsetMs - heard > SLACK_MS) offsetMs = heard;
  set = true;
}

/** Epoch ms by the hub's clock. */
export function now(): number {
  return Date.now() + offsetMs;
}
