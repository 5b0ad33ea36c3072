/** What staff do to a session of the rain book, in the order of its life. */
export const RAIN_ACTS = [
  'open',
  'suspend',
  'resume',
  'close',
  'result',
  'confirm',
  'settle',
  'void',
  'resettle',
] as const;
export type RainAct = (typeof RAIN_ACTS)[number];
