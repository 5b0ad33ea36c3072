/** What the studio's server and its pages say to each other. Amounts are minor units as decimal strings. */

export type Language = 'en' | 'ko' | 'zh';

export type WireLineWin = { line: number; length: number; win: string };

export type WireSpin = {
  window: number[];
  scatters: number;
  scatterWin: string;
  lineWins: WireLineWin[];
  multiplier: number;
  win: string;
};

export type WireStep = {
  spinId: string;
  kind: 'spin' | 'respin' | 'free';
  cost: string;
  reel: number | null;
  spin: WireSpin;
};

export type WireRound = {
  id: string;
  stake: string;
  /** The latest step only. */
  step: WireStep;
  /** A bet is on its way to the hub. */
  betting: boolean;
  /** Money is on its way to the player. */
  paying: boolean;
  offer: { prices: (string | null)[]; leftMs: number } | null;
  free: { left: number; awarded: number; won: string } | null;
  ended: null | 'settled' | 'refused' | 'void';
  code: string | null;
  won: string;
};

export type WireGame = {
  id: string;
  title: string;
  kind: 'slot' | 'lobby' | 'table';
  thumb: string;
  playable: boolean;
};

export type WireSlot = {
  hue: number;
  family: string;
  lines: string[];
  /** Symbols on each reel, top to bottom, for the picture of a spinning reel. */
  strips: number[][];
  /** For 3, 4 and 5 in a line, in line stakes, symbols 2…10. */
  pays: number[][];
  scatterPays: number[];
  freeSpins: number[];
  freeMultiplier: number;
  freeSpinsMax: number;
  volatility: number;
  rtpPercent: number;
  hitPercent: number;
  respinRtpPercent: number;
};

export type WireView = {
  nickname: string;
  currency: string;
  exponent: number;
  language: Language;
  balance: string;
  net: string;
  openedAt: number;
  now: number;
  ended: boolean;
  winMax: string | null;
  stakes: string[];
  stake: string;
  game: WireGame;
  /** Set while a slot is played. */
  slot: WireSlot | null;
  /** Set while the lobby is shown. */
  lobby: WireGame[] | null;
  /** True when the session was launched into a lobby it can return to. */
  hasLobby: boolean;
  round: WireRound | null;
};

export type WireOpened = { key: string; view: WireView };
export type WireError = { code: string; view?: WireView };
