/**
 * Who plays in the ledger's tests: agents in a tree, players, a studio's games, limits. A cast is data, so that the
 * same streams of commands run against memory (ids made up here) and against a real database (ids drawn there).
 */
import { ACCOUNT, type AccountKind } from '../../src/core/chart.ts';
import {
  type AccountId,
  type AgentId,
  type Instant,
  type PlayerId,
  type SessionId,
  type StudioId,
  trusted,
} from '../../src/core/ids.ts';
import type { Agent, Game, Session, StudioItem } from '../../src/core/ledger-types.ts';
import type { LimitRow } from '../../src/core/limits.ts';
import type { Currency } from '../../src/core/money.ts';
import type { VendorRules } from '../../src/core/round.ts';

export interface CastAgent extends Agent {
  readonly potId: AccountId;
}

export interface CastPlayer {
  readonly id: PlayerId;
  readonly agentId: AgentId;
  readonly currency: Currency;
  readonly walletId: AccountId;
  readonly pointsId: AccountId;
  readonly sessionId: SessionId;
  readonly endedSessionId: SessionId;
  readonly blocked: boolean;
  /** By vendor id. */
  readonly vendorAccounts: ReadonlyMap<number, AccountId>;
}

export interface CastAccount {
  readonly id: AccountId;
  readonly kind: AccountKind;
  readonly currency: Currency;
}

export interface Cast {
  readonly agents: readonly CastAgent[];
  readonly players: readonly CastPlayer[];
  readonly sessions: readonly Session[];
  readonly studioId: StudioId;
  readonly games: readonly Game[];
  readonly accounts: readonly CastAccount[];
  readonly outside: Readonly<Record<'KRW' | 'USD', AccountId>>;
  readonly promotion: AccountId;
  readonly limits: readonly LimitRow[];
}

export const T0 = trusted<Instant>(Date.UTC(2026, 0, 5, 12));
export const FIRST_ID = 3_000_000_001;

/** One vendor of each kind the contract knows. */
export const RULES = {
  single: { zeroWins: true, multiBet: false, cancelPauseMs: 0, bettingMs: 0 },
  bundles: { zeroWins: true, multiBet: true, cancelPauseMs: 10_000, bettingMs: 50_000 },
  noZeroWins: { zeroWins: false, multiBet: false, cancelPauseMs: 0, bettingMs: 0 },
} as const satisfies Record<string, VendorRules>;

const VENDORS = [RULES.single, RULES.bundles, RULES.noZeroWins];

/** The cast in memory: a parent and its sub-agent, an agent in dollars, one that paces, one with a seamless wallet. */
export function memoryCast(): Cast {
  const agents = [
    agent({ id: 1001, path: [1001] }),
    agent({ id: 1002, path: [1001, 1002] }),
    agent({ id: 1003, path: [1003], currency: 'USD' }),
    agent({ id: 1004, path: [1004], pacing: true }),
    agent({ id: 1005, path: [1005], wallet: 'seamless' }),
  ];
  const players = [
    player(agents[1]!, { id: 2001 }),
    player(agents[0]!, { id: 2002 }),
    player(agents[2]!, { id: 2003 }),
    player(agents[3]!, { id: 2004 }),
    player(agents[0]!, { id: 2005, blocked: true }),
    player(agents[4]!, { id: 2006 }),
  ];
  const games = [1, 2, 3].map((vendor) => game({ id: 10 + vendor, vendor }));
  games.push({ ...game({ id: 14, vendor: 1 }), enabled: false });
  const outside = { KRW: trusted<AccountId>(901), USD: trusted<AccountId>(902) };
  const promotion = trusted<AccountId>(903);
  return {
    agents,
    players,
    sessions: players.flatMap(sessionsOf),
    studioId: trusted(3001),
    games,
    accounts: [
      ...agents.map(({ potId: id, currency }) => ({ id, currency, kind: ACCOUNT.pot })),
      ...players.flatMap(accountsOf),
      { id: outside.KRW, kind: ACCOUNT.outside, currency: 'KRW' },
      { id: outside.USD, kind: ACCOUNT.outside, currency: 'USD' },
      { id: promotion, kind: ACCOUNT.promotion, currency: 'KRW' },
    ],
    outside,
    promotion,
    limits: [
      limit({ agentId: 1001, maxBet: 5000n, maxWin: null }),
      limit({ agentId: 1002, gameId: 12, maxBet: 3000n, maxWin: 9000n }),
      limit({ agentId: 1003, playerId: 2003, maxBet: null, maxWin: 7000n }),
    ],
  };
}

type Plain<T> = { -readonly [K in keyof T]?: NonNullable<T[K]> extends number ? number : T[K] };

function agent(
  wish: { id: number; path: readonly number[] } & Pick<Plain<Agent>, 'currency' | 'wallet' | 'pacing'>,
) {
  const { id, path, currency = 'KRW', wallet = 'transfer', pacing = false } = wish;
  const ids = path.map((each) => trusted<AgentId>(each));
  return {
    id: trusted<AgentId>(id),
    path: ids,
    currency,
    wallet,
    pacing,
    potId: trusted<AccountId>(id - 900),
  };
}

function player(of: CastAgent, wish: { id: number; blocked?: boolean }): CastPlayer {
  const { id, blocked = false } = wish;
  const base = (id - 2000) * 10;
  return {
    id: trusted(id),
    agentId: of.id,
    currency: of.currency,
    walletId: trusted(200 + base),
    pointsId: trusted(201 + base),
    sessionId: trusted(300 + base),
    endedSessionId: trusted(301 + base),
    blocked,
    vendorAccounts: new Map(
      [1, 2, 3].map((vendor) => [vendor, trusted<AccountId>(of.id - 400 + vendor * 10)]),
    ),
  };
}

function sessionsOf({ id: playerId, sessionId, endedSessionId }: CastPlayer): Session[] {
  const expiresAt = trusted<Instant>(T0 + 86_400_000);
  return [
    { id: sessionId, playerId, ended: false, expiresAt },
    { id: endedSessionId, playerId, ended: true, expiresAt },
  ];
}

function accountsOf({ walletId, pointsId, currency, vendorAccounts }: CastPlayer): CastAccount[] {
  return [
    { id: walletId, kind: ACCOUNT.wallet, currency },
    { id: pointsId, kind: ACCOUNT.points, currency },
    ...[...vendorAccounts.values()].map((id) => ({ id, kind: ACCOUNT.vendor, currency })),
  ];
}

function game({ id, vendor }: { id: number; vendor: number }): Game {
  return { id: trusted(id), vendorId: trusted(vendor), enabled: true, rules: VENDORS[vendor - 1]! };
}

function limit(
  wish: Plain<LimitRow> & { agentId: number; maxBet: bigint | null; maxWin: bigint | null },
): LimitRow {
  const { agentId, vendorId, gameId, playerId, maxBet, maxWin } = wish;
  return {
    agentId: trusted(agentId),
    vendorId: vendorId == null ? null : trusted(vendorId),
    gameId: gameId == null ? null : trusted(gameId),
    playerId: playerId == null ? null : trusted(playerId),
    maxBet,
    maxWin,
  };
}

/** What a studio item says, in the words of a test; the rest has sensible values. */
export interface ItemWish {
  readonly id: string;
  readonly type: StudioItem['type'];
  readonly player: CastPlayer;
  readonly game: Game | null;
  readonly round?: string | null;
  readonly amount?: bigint | null;
  readonly currency?: string;
  readonly reference?: string | null;
  readonly closesRound?: boolean;
  readonly sessionId?: SessionId;
  readonly detail?: string | null;
}

/** The command an edge would make of it. */
export function itemOf(studioId: StudioId, wish: ItemWish): StudioItem {
  const { id, type, game, player: of } = wish;
  const { amount = null, round = null, reference = null, closesRound = false } = wish;
  const currency = wish.currency ?? of.currency;
  const said = [
    type,
    of.id,
    game?.id ?? null,
    round,
    amount?.toString() ?? null,
    currency,
    reference,
    closesRound,
  ];
  return {
    kind: 'studio_item',
    studioId,
    id,
    type,
    content: JSON.stringify(said),
    player: { id: of.id, agentId: of.agentId, walletId: of.walletId, fundsId: of.walletId },
    sessionId: wish.sessionId ?? of.sessionId,
    vendorAccount: of.vendorAccounts.get(game?.vendorId ?? 1) ?? null,
    game,
    round,
    amount,
    amountValid: amount !== null || type === 'cancel',
    currency,
    reference,
    closesRound,
    detail: wish.detail ?? null,
    mayAsk: true,
    balanceAsked: false,
  };
}
