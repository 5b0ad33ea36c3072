/** The calls of the player page (player-wire.ts), one function each. Who calls, and how often, was checked before. */
import { type BetId, trusted } from '../core/ids.ts';
import { boardHours } from '../db/book-board.ts';
import { listPlayerBets, listPlayerTransfers, readPlayerState } from '../db/book-history.ts';
import { excludeSelf, setLanguage, setOwnLimits } from '../db/book-protection.ts';
import type { VisitHolder } from '../db/book-visit.ts';
import type { RainSite } from '../db/rain-site.ts';
import { fail, ok, type Reply } from './codes.ts';
import { type BetParts, placeBet } from './player-bets.ts';
import * as read from './player-fields.ts';
import { betView, playerView, stateView, transferView } from './player-views.ts';
import type { Visits } from './player-visits.ts';
import type { BetView, Page, TransferView, WeatherView } from './player-wire.ts';

export interface PlayerParts extends BetParts {
  readonly visits: Visits;
  readonly site: (name: string) => Promise<RainSite | null>;
  /** Told at once that a player's visits are over. */
  readonly onLogout: (holder: VisitHolder) => void;
}

export interface PlayerCall {
  readonly parts: PlayerParts;
  readonly holder: VisitHolder;
  readonly given: read.Given;
  readonly query: URLSearchParams;
  readonly ip: string;
}

export interface PlayerRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What a database that fails is called: an update's fate may be open. */
  readonly kind: 'read' | 'update';
  /** The ledger itself sees under lock that the visit goes on. */
  readonly ledgerLooks?: true;
  readonly handle: (call: PlayerCall) => Promise<Reply>;
}

export const PLAYER_ROUTES: readonly PlayerRoute[] = [
  { method: 'GET', path: '/state', kind: 'read', handle: showState },
  { method: 'GET', path: '/bets', kind: 'read', handle: showBets },
  { method: 'GET', path: '/transfers', kind: 'read', handle: showTransfers },
  { method: 'GET', path: '/weather', kind: 'read', handle: showWeather },
  { method: 'POST', path: '/bets', kind: 'update', ledgerLooks: true, handle: bet },
  { method: 'POST', path: '/limits', kind: 'update', handle: limits },
  { method: 'POST', path: '/exclude', kind: 'update', handle: exclude },
  { method: 'POST', path: '/password', kind: 'update', handle: password },
  { method: 'POST', path: '/language', kind: 'update', handle: language },
  { method: 'POST', path: '/logout', kind: 'update', handle: logout },
];

// ---- reading --------------------------------------------------------------------------------------------------

async function showState({ parts: { sql, board }, holder }: PlayerCall): Promise<Reply> {
  // Drawn before the reading: whatever comes later is told by the live line.
  const scene = { holder, revision: board.revision(), sessions: board.shown(holder) };
  const state = await readPlayerState(sql, holder.visitId);
  return state === null ? fail('2001', 'the visit is over') : ok(stateView(state, scene));
}

async function showBets({ parts, holder, query }: PlayerCall): Promise<Reply> {
  const [state, before, limit] = [read.readBetState(query), read.readBefore(query), read.readLimit(query)];
  if ('refusal' in state) return state.refusal;
  if ('refusal' in before) return before.refusal;
  if ('refusal' in limit) return limit.refusal;
  const page = {
    state: state.value,
    before: before.value === null ? null : trusted<BetId>(before.value),
    limit: limit.value,
  };
  const rows = await listPlayerBets(parts.sql, holder.playerId, page);
  const last = rows.length === limit.value ? rows.at(-1) : undefined;
  const answer: Page<BetView> = {
    rows: rows.map(betView),
    next: last === undefined ? null : String(last.id),
  };
  return ok(answer);
}

async function showTransfers({ parts, holder, query }: PlayerCall): Promise<Reply> {
  const [before, limit] = [read.readTransferCursor(query), read.readLimit(query)];
  if ('refusal' in before) return before.refusal;
  if ('refusal' in limit) return limit.refusal;
  const page = { before: before.value, limit: limit.value };
  const { rows, next } = await listPlayerTransfers(parts.sql, holder.playerId, page);
  const answer: Page<TransferView> = {
    rows: rows.map((row) => transferView(row, holder.currency)),
    next: next === null ? null : `${next.atUs}-${next.id}`,
  };
  return ok(answer);
}

/** Of the player's own site; absent, it is meant. */
async function showWeather({ parts, holder, query }: PlayerCall): Promise<Reply> {
  if ((query.get('site') ?? holder.site) !== holder.site) return fail('1002', 'there is no such site');
  const site = await parts.site(holder.site);
  if (site === null) return fail('1002', 'there is no such site');
  const { name, station, timeZone, thresholdMm } = site;
  const hours = await boardHours(parts.sql, name);
  const answer: WeatherView = { site: name, station, timeZone, thresholdMm, hours };
  return ok(answer);
}

// ---- doing ----------------------------------------------------------------------------------------------------

async function bet({ parts, holder, given, ip }: PlayerCall): Promise<Reply> {
  const wish = read.readBet(given, holder.currency);
  return 'refusal' in wish ? wish.refusal : placeBet(parts, { holder, ip }, wish.value);
}

async function limits({ parts, holder, given }: PlayerCall): Promise<Reply> {
  const wish = read.readLimits(given, holder.currency);
  if ('refusal' in wish) return wish.refusal;
  await setOwnLimits(parts.sql, holder, wish.value);
  return showPlayer(parts, holder);
}

async function exclude({ parts, holder, given }: PlayerCall): Promise<Reply> {
  const wish = read.readExclusion(given);
  if ('refusal' in wish) return wish.refusal;
  await excludeSelf(parts.sql, holder, wish.value);
  return showPlayer(parts, holder);
}

async function password({ parts, holder, given }: PlayerCall): Promise<Reply> {
  const change = read.readPasswordChange(given);
  if ('refusal' in change) return change.refusal;
  return (await parts.visits.changePassword(holder, change.value)) ?? showPlayer(parts, holder);
}

async function language({ parts, holder, given }: PlayerCall): Promise<Reply> {
  const wish = read.readLanguage(given);
  if ('refusal' in wish) return wish.refusal;
  await setLanguage(parts.sql, holder.playerId, wish.value);
  return showPlayer(parts, holder);
}

async function logout({ parts, holder }: PlayerCall): Promise<Reply> {
  await parts.visits.logout(holder);
  parts.onLogout(holder);
  return ok();
}

async function showPlayer({ sql }: PlayerParts, { visitId }: VisitHolder): Promise<Reply> {
  const state = await readPlayerState(sql, visitId);
  return state === null ? fail('2001', 'the visit is over') : ok(playerView(state.player, state.now));
}
