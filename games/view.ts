/** The player's picture of a session: everything a page needs to draw itself anew at any moment. */
import { type Game, gameById, gamesOfVendor, isPlayable, type SlotGame } from './catalogue/games.ts';
import { exponentOf, stakesWithin } from './money.ts';
import type { Round } from './round.ts';
import { modelOf } from './rules.ts';
import { lineRows } from './slot/model.ts';
import { RESPIN_RTP_BPS } from './slot/respin.ts';
import type { Session } from './store.ts';
import type { Language, WireGame, WireRound, WireSlot, WireView } from './wire.ts';

/** The page's language out of what a launch link or the hub says. */
export function languageOf(text: string): Language {
  const lower = text.toLowerCase();
  if (lower.startsWith('ko') || lower.startsWith('kr')) return 'ko';
  return lower.startsWith('zh') || lower.startsWith('tw') || lower.startsWith('cn') ? 'zh' : 'en';
}

function wireGame(game: Game, language: Language): WireGame {
  return {
    id: game.id,
    title: game.title[language],
    kind: game.kind,
    thumb: `thumb/${game.id}.svg`,
    playable: isPlayable(game),
  };
}

function wireSlot(game: SlotGame): WireSlot {
  const { profile } = game;
  return {
    hue: game.hue,
    family: game.family,
    lines: [...lineRows(profile.lines)],
    strips: modelOf(game).strips.map((strip) => [...strip]),
    pays: (['A', 'B', 'C', 'D', 'a', 'b', 'c', 'd', 'e'] as const).map((letter) => [...profile.pays[letter]]),
    scatterPays: [...profile.scatterPays],
    freeSpins: [...profile.freeSpins],
    freeMultiplier: profile.freeMultiplier,
    freeSpinsMax: profile.freeSpinsMax,
    volatility: profile.volatility,
    rtpPercent: profile.published.rtpPercent,
    hitPercent: profile.published.hitPercent,
    respinRtpPercent: Number(RESPIN_RTP_BPS) / 100,
  };
}

function wireRound(round: Round, now: number): WireRound {
  const step = round.steps.at(-1)!;
  const { spin } = step;
  return {
    id: round.id,
    stake: round.stake.toString(),
    step: {
      spinId: step.spinId,
      kind: step.kind,
      cost: step.cost.toString(),
      reel: step.reel,
      spin: {
        window: spin.window,
        scatters: spin.scatters,
        scatterWin: spin.scatterWin.toString(),
        lineWins: spin.lineWins.map((hit) => ({ ...hit, win: hit.win.toString() })),
        multiplier: spin.multiplier,
        win: spin.win.toString(),
      },
    },
    betting: round.bet !== null,
    paying: round.owed.some((owed) => owed.op === 'win'),
    offer:
      round.offer === null || round.bet !== null || round.stuck !== null
        ? null
        : {
            prices: round.offer.prices.map((price) => price?.toString() ?? null),
            leftMs: Math.max(0, round.offer.until - now),
          },
    free:
      round.free === null
        ? null
        : { left: round.free.left, awarded: round.free.awarded, won: round.free.won.toString() },
    ended: round.ended,
    code: round.code,
    won: round.won.toString(),
  };
}

/** The whole view. A bet that is still under way shows no outcome: it does not count yet. */
export function viewOf(session: Session, round: Round | undefined, now: number): WireView {
  const game = gameById(session.playing ?? session.entry)!;
  const entry = gameById(session.entry)!;
  const language = languageOf(session.language);
  const stakes = stakesWithin(session.currency, session.limits);
  const shown = round !== undefined && round.game === game.id && round.bet === null ? round : undefined;
  return {
    nickname: session.nickname,
    currency: session.currency,
    exponent: exponentOf(session.currency),
    language,
    balance: session.balance.toString(),
    net: (session.won - session.staked).toString(),
    openedAt: session.openedAt,
    now,
    ended: session.closed,
    winMax: session.limits.winMax?.toString() ?? null,
    stakes: stakes.map(String),
    stake: session.stake.toString(),
    game: wireGame(game, language),
    slot: game.kind === 'slot' ? wireSlot(game) : null,
    lobby: game.kind === 'lobby' ? gamesOfVendor(game.vendor).map((each) => wireGame(each, language)) : null,
    hasLobby: entry.kind === 'lobby',
    round: shown === undefined ? null : wireRound(shown, now),
  };
}
