/** Calls about the rain book, for the house alone: its table of contents. */
import { RAIN_SESSION_ACTS } from './rain-acts.ts';
import { RAIN_BETS } from './rain-bets.ts';
import { RAIN_BOARD } from './rain-board.ts';
import { RAIN_PLAYER_ACTS } from './rain-player-acts.ts';
import { RAIN_PLAYERS } from './rain-players.ts';
import { RAIN_SESSIONS } from './rain-sessions.ts';
import { RAIN_SETUP } from './rain-setup.ts';
import type { OfficeRoute } from './route.ts';

export const RAIN_BOOK: readonly OfficeRoute[] = [
  ...RAIN_SESSIONS,
  ...RAIN_SESSION_ACTS,
  ...RAIN_BETS,
  ...RAIN_PLAYERS,
  ...RAIN_PLAYER_ACTS,
  ...RAIN_SETUP,
  ...RAIN_BOARD,
];
