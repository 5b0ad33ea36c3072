/**
 * Who plays in the simulation: two seamless agents whose operators are apart (one in dollars, with slot booster), and
 * one with a transfer wallet. Every id is data.
 */
import { ACCOUNT, CODE } from '../../../src/core/chart.ts';
import { type AccountId, type AgentId, type GameId, trusted } from '../../../src/core/ids.ts';
import type { Command, Game, StudioItem } from '../../../src/core/ledger-types.ts';
import {
  type Cast,
  type CastAgent,
  type CastPlayer,
  type ItemWish,
  itemOf,
  RULES,
  T0,
} from '../../model/cast.ts';

export interface SimPlayer extends CastPlayer {
  readonly username: string;
  /** The POT in seamless mode, else the wallet. */
  readonly fundsId: AccountId;
  readonly isSeamless: boolean;
}

export interface SimCast extends Cast {
  readonly players: readonly SimPlayer[];
}

export const SEAMLESS_KRW = trusted<AgentId>(1001);
export const SEAMLESS_USD = trusted<AgentId>(1002);
export const TRANSFER = trusted<AgentId>(1003);
export const STUDIO = trusted<Cast['studioId']>(3001);
/** A win in the first game above this is cut. */
export const MAX_WIN = 2500n;
export const MAX_BET = 3000n;

const DAY_MS = 86_400_000;

const AGENTS: readonly CastAgent[] = [
  { id: SEAMLESS_KRW, currency: 'KRW', wallet: 'seamless' },
  { id: SEAMLESS_USD, currency: 'USD', wallet: 'seamless' },
  { id: TRANSFER, currency: 'KRW', wallet: 'transfer' },
].map((agent, index) => ({
  ...(agent as Pick<CastAgent, 'id' | 'currency' | 'wallet'>),
  path: [agent.id],
  pacing: false,
  potId: trusted<AccountId>(101 + index),
}));

const VENDORS = [RULES.single, RULES.bundles, RULES.noZeroWins];

/** One game of each vendor. */
export const GAMES: readonly Game[] = VENDORS.map((rules, index) => ({
  id: trusted<GameId>(11 + index),
  vendorId: trusted(1 + index),
  enabled: true,
  rules,
}));

/** So many players of each agent, in the order of AGENTS. */
export function simCast(counts: readonly number[]): SimCast {
  const players = AGENTS.flatMap((agent, place) =>
    Array.from({ length: counts[place] ?? 0 }, (_, nth) => playerOf(agent, { place, nth })),
  );
  const vendorAccounts = AGENTS.flatMap((agent) =>
    VENDORS.map((_, index) => ({
      id: vendorAccountId(agent, index),
      kind: ACCOUNT.vendor,
      currency: agent.currency,
    })),
  );
  const outside = { KRW: trusted<AccountId>(901), USD: trusted<AccountId>(902) };
  return {
    agents: AGENTS,
    players,
    sessions: players.map(({ sessionId, id }) => ({
      id: sessionId,
      playerId: id,
      ended: false,
      expiresAt: trusted(T0 + DAY_MS),
    })),
    studioId: STUDIO,
    games: GAMES,
    accounts: [
      ...AGENTS.map(({ potId: id, currency }) => ({ id, currency, kind: ACCOUNT.pot })),
      ...players.map(({ walletId: id, currency }) => ({ id, currency, kind: ACCOUNT.wallet })),
      ...vendorAccounts,
      { id: outside.KRW, kind: ACCOUNT.outside, currency: 'KRW' },
      { id: outside.USD, kind: ACCOUNT.outside, currency: 'USD' },
    ],
    outside,
    promotion: trusted(903),
    limits: AGENTS.map(({ id: agentId }) => ({
      agentId,
      vendorId: null,
      gameId: GAMES[0]!.id,
      playerId: null,
      maxBet: MAX_BET,
      maxWin: MAX_WIN,
    })),
  };
}

const vendorAccountId = (agent: CastAgent, index: number) => trusted<AccountId>(agent.potId * 10 + 1 + index);

function playerOf(agent: CastAgent, { place, nth }: { place: number; nth: number }): SimPlayer {
  const base = 10 * place + nth;
  const walletId = trusted<AccountId>(201 + base);
  const isSeamless = agent.wallet === 'seamless';
  return {
    id: trusted(2001 + base),
    agentId: agent.id,
    currency: agent.currency,
    walletId,
    pointsId: trusted(301 + base),
    sessionId: trusted(401 + base),
    endedSessionId: trusted(501 + base),
    blocked: false,
    vendorAccounts: new Map(VENDORS.map((_, index) => [1 + index, vendorAccountId(agent, index)])),
    username: `p${1 + base}`,
    fundsId: isSeamless ? agent.potId : walletId,
    isSeamless,
  };
}

/** The command an edge makes of an item. */
export function commandOf(wish: ItemWish & { readonly player: SimPlayer }): StudioItem {
  const item = itemOf(STUDIO, wish);
  const { id, agentId, walletId, fundsId } = wish.player;
  return { ...item, player: { id, agentId, walletId, fundsId } };
}

/** POTs are filled from outside; players of a transfer wallet are given money of theirs. */
export function funding(cast: SimCast, { pot, wallet }: { pot: bigint; wallet: bigint }): Command[] {
  const pots = cast.agents.map(
    ({ id: agentId, potId: credit, currency }): Command => ({
      kind: 'move',
      code: CODE.potGive,
      agentId,
      playerId: null,
      debit: cast.outside[currency as 'KRW' | 'USD'],
      credit,
      locked: [credit],
      amount: pot,
      key: null,
      ip: null,
    }),
  );
  const wallets = cast.players
    .filter(({ isSeamless }) => !isSeamless)
    .map(({ agentId, id: playerId, walletId }): Command => {
      const { potId } = AGENTS.find(({ id }) => id === agentId)!;
      const to = { agentId, playerId, walletId, potId };
      return { kind: 'wallet_transfer', direction: 'add', ...to, amount: wallet, key: null, ip: null };
    });
  return [...pots, ...wallets];
}
