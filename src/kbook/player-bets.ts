/**
 * A bet from the page: checked, placed, answered. On the way to the ledger nothing is asked of the database: whose bet
 * it is stands in the token, and the session's site and currency never change. Everything else is decided under lock.
 */
import type { Bet, BookPlace } from '../core/book/types.ts';
import { toWireNumber } from '../core/money.ts';
import { findPlayerBet } from '../db/book-history.ts';
import type { VisitHolder } from '../db/book-visit.ts';
import type { Sql } from '../db/connect.ts';
import type { Placed, Placing } from '../rain/place.ts';
import { fail, ok, type Reply } from './codes.ts';
import type { Board, Shown } from './player-board.ts';
import type { BetWish } from './player-fields.ts';
import { balanceView, betRowOf, betView, positionRowOf, positionView, quoteView } from './player-views.ts';
import type { BetHint, PlacedView } from './player-wire.ts';
import { answer, FAILURE_ANSWERS, PLACE_ANSWERS } from './replies.ts';

/**
 * How long K-Rain may take the lay-off from the instant of the bet: longer than a call to it waits, and short enough
 * for the fate of one that was not answered to be known soon.
 */
const KRAIN_MS = 8000;

export interface BetParts {
  readonly sql: Sql;
  readonly board: Board;
  readonly placing: Pick<Placing, 'place'>;
}

export async function placeBet(
  parts: BetParts,
  { holder, ip }: { readonly holder: VisitHolder; readonly ip: string },
  wish: BetWish,
): Promise<Reply> {
  const { playerId: id, operatorId, accountId, vendorType, visitId } = holder;
  const shown = await parts.board.session(wish.sessionId);
  if (shown === null || shown.view.site !== holder.site || shown.currency !== holder.currency)
    return fail('1002', 'there is no such session');
  const player = { id, operatorId, accountId, vendorType };
  const command: BookPlace = { kind: 'book_place', ...wish, player, visitId, ip, krainMs: KRAIN_MS };
  const outcome = await parts.placing.place(command);
  if (!outcome.ok) return refused(outcome, holder);
  const { bet } = outcome;
  return bet.status === 'FAILED' ? failed(bet, shown) : placed(parts, { outcome, holder, shown });
}

function refused(outcome: Placed & { ok: false }, { currency }: VisitHolder): Reply {
  const { code, quote, limit } = outcome;
  const hint: Omit<BetHint, 'detail'> = {
    ...(quote === null ? {} : { odds: quoteView(quote) }),
    ...(limit === null ? {} : { limit: toWireNumber(limit, currency) }),
  };
  return answer(PLACE_ANSWERS[code], hint);
}

/** It was placed, and K-Rain did not take it. */
function failed(bet: Bet, { view }: Shown): Reply {
  const reason = bet.reason ?? 'krain_refused';
  const hint: Omit<BetHint, 'detail'> = reason === 'krain_odds_moved' ? { odds: view.odds } : {};
  return answer(FAILURE_ANSWERS[reason], hint);
}

interface Taken {
  readonly outcome: Placed & { ok: true };
  readonly holder: VisitHolder;
  readonly shown: Shown;
}

async function placed({ sql }: BetParts, { outcome, holder, shown }: Taken): Promise<Reply> {
  const { bet, balance, position, replayed } = outcome;
  const { currency, playerId } = holder;
  // A bet that is told again may have been settled meanwhile.
  const known = replayed ? await findPlayerBet(sql, playerId, bet.id) : null;
  const view: PlacedView = {
    bet: betView(known ?? betRowOf(bet, { ...shown, currency })),
    balance: balanceView(balance, currency),
    position: positionView(positionRowOf(position), currency),
  };
  return ok(view);
}
