/** What there is of one user in lists: its launches, notes on it, the audit trail about it, and the limits that bind it. */
import { type TObject, Type } from 'typebox';
import { type AgentId, type GameId, trusted, trustedOrNull, type VendorId } from '../core/ids.ts';
import { effectiveLimits } from '../core/limits.ts';
import type { KeysetPage } from '../db/keyset.ts';
import {
  type AuditLine,
  type LimitLine,
  limitsThatBind,
  type NoteLine,
  pageOfNotes,
  pageOfPlayerAudit,
  pageOfSessions,
  type SessionLine,
} from '../db/office-player.ts';
import type { PlayerRecord } from '../db/player.ts';
import { type ListRow, listRoutes, type OfficeList } from './list.ts';
import { playerOf, subjectOf } from './players-scope.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, Id, Minor, Nullable } from './shapes.ts';

const NEWEST = { newest: { key: ['bigint'], descending: true } } as const;
const isHouse = (call: OfficeCall) => call.principal.scope.kind === 'house';

/** A list of one user's: its page is read once the user is found to be in scope. */
function ofPlayer<Filter extends TObject, Row extends ListRow>(
  list: Omit<OfficeList<Filter, Row>, 'read' | 'group' | 'orders'>,
  read: (
    call: OfficeCall,
    player: PlayerRecord,
    given: { page: KeysetPage; filter: Readonly<Record<string, unknown>> },
  ) => Promise<readonly Row[]>,
): OfficeRoute[] {
  return listRoutes<Filter, Row>({
    ...list,
    group: 'users',
    orders: NEWEST,
    async read(call, { params, filter }, page) {
      const player = await playerOf(call, params);
      return player === null
        ? null
        : read(call, player, { page, filter: filter as Readonly<Record<string, unknown>> });
    },
  });
}

const SESSIONS = ofPlayer(
  {
    path: '/players/:playerId/sessions',
    name: 'PlayerSessions',
    summary: 'A user’s launches and sessions',
    permission: 'look',
    filter: Type.Object({ open: Type.Optional(Type.Enum(['true', 'false'])) }),
    row: Type.Object({
      id: Type.Integer(),
      game: Nullable(Type.String()),
      title: Nullable(Type.String()),
      vendor: Nullable(Type.String()),
      state: Type.Enum(['token', 'open', 'ended']),
      issuedAt: At,
      openedAt: Nullable(At),
      endedAt: Nullable(At),
      expiresAt: At,
      endReason: Nullable(Type.String()),
    }),
    columns: [
      { key: 'id', title: 'Id', type: 'number' },
      { key: 'issuedAt', title: 'Issued', type: 'instant' },
      { key: 'vendor', title: 'Vendor', type: 'text' },
      { key: 'title', title: 'Game', type: 'text' },
      { key: 'state', title: 'State', type: 'text' },
      { key: 'openedAt', title: 'Opened', type: 'instant' },
      { key: 'endedAt', title: 'Ended', type: 'instant' },
      { key: 'endReason', title: 'Why', type: 'text' },
    ],
    keyOf: (row: SessionLine) => [String(row.id)],
  },
  (call, { id: playerId }, { page, filter }) =>
    pageOfSessions(call.sql, { playerId, open: filter.open === 'true' }, page),
);

const NOTES = ofPlayer(
  {
    path: '/players/:playerId/notes',
    name: 'PlayerNotes',
    summary: 'What staff wrote down about a user',
    permission: 'look',
    filter: Type.Object({}),
    row: Type.Object({
      id: Type.Integer(),
      person: Type.String(),
      houseOnly: Type.Boolean({ description: 'the house’s own: agents do not see it' }),
      text: Type.String(),
      at: At,
    }),
    columns: [
      { key: 'at', title: 'Time', type: 'instant' },
      { key: 'person', title: 'By', type: 'text' },
      { key: 'houseOnly', title: 'House only', type: 'flag' },
      { key: 'text', title: 'Note', type: 'text' },
    ],
    keyOf: (row: NoteLine) => [String(row.id)],
  },
  (call, { id: playerId }, { page }) => pageOfNotes(call.sql, { playerId, forHouse: isHouse(call) }, page),
);

const AUDIT = ofPlayer(
  {
    path: '/players/:playerId/audit',
    name: 'PlayerAudit',
    summary:
      'The audit trail about a user; from where and why others than one’s own people acted is not told',
    permission: 'audit',
    filter: Type.Object({}),
    row: Type.Object({
      n: Type.Integer(),
      at: At,
      actor: Type.String(),
      action: Type.String(),
      detail: Type.Unknown(),
    }),
    columns: [
      { key: 'n', title: 'Line', type: 'number' },
      { key: 'at', title: 'Time', type: 'instant' },
      { key: 'actor', title: 'Who', type: 'text' },
      { key: 'action', title: 'What', type: 'text' },
    ],
    keyOf: (row: AuditLine) => [String(row.n)],
  },
  async (call, player, { page }) => {
    const peopleOf = isHouse(call) ? null : await agentsOf(call);
    return pageOfPlayerAudit(call.sql, { subject: subjectOf(player), peopleOf }, page);
  },
);

const limits = route({
  method: 'GET',
  path: '/players/:playerId/limits',
  operationId: 'getPlayerLimits',
  summary: 'Every bet and win limit that can bind a user, and which of them is the narrowest',
  group: 'users',
  permission: 'look',
  query: Type.Object({ game: Type.Optional(Id) }, { additionalProperties: false }),
  answer: Type.Object({
    currency: Type.String(),
    maxBet: Nullable(Minor),
    maxWin: Nullable(Minor),
    rows: Type.Array(
      Type.Object({
        agent: Nullable(Type.Integer({ description: 'null: set by an upline' })),
        agentName: Nullable(Type.String()),
        vendor: Nullable(Type.String()),
        game: Nullable(Type.String()),
        own: Type.Boolean({ description: 'for this user alone' }),
        maxBet: Nullable(Minor),
        maxWin: Nullable(Minor),
        fits: Type.Boolean({ description: 'holds in the game asked about; without one: in every game' }),
        bindsBet: Type.Boolean({ description: 'no other row that fits is narrower' }),
        bindsWin: Type.Boolean(),
      }),
    ),
  }),
  async handle(call, { params, query }) {
    const player = await playerOf(call, params);
    if (player === null) return refuse('not_found');
    const { scope } = call.principal;
    const rows = await limitsThatBind(call.sql, {
      playerId: player.id,
      top: scope.kind === 'house' ? null : scope.agentId,
    });
    const { byId } = await call.directory.catalogue();
    const game = query.game === undefined ? null : byId.get(trusted<GameId>(query.game));
    if (game === undefined) return refuse('not_found');
    const [agent] = await call.sql`select currency from agent where id = ${player.agentId}`;
    return ok({ currency: agent?.currency, ...weighed(rows, { player, game }) });
  },
});

/** Which rows hold, and which of them decide: by the ledger's own function. */
function weighed(
  rows: readonly LimitLine[],
  { player, game }: { player: PlayerRecord; game: { id: GameId; vendorId: VendorId } | null },
) {
  const narrowest = (some: readonly LimitLine[]) =>
    effectiveLimits(
      some.map((row) => ({
        agentId: trusted<AgentId>(row.agentId),
        vendorId: trustedOrNull<VendorId>(row.vendorId),
        gameId: trustedOrNull<GameId>(row.gameId),
        playerId: row.own ? player.id : null,
        maxBet: row.maxBet === null ? null : BigInt(row.maxBet),
        maxWin: row.maxWin === null ? null : BigInt(row.maxWin),
      })),
      {
        path: rows.map((row) => trusted<AgentId>(row.agentId)),
        // No game has the id 0: then only what holds in every game fits.
        vendorId: game?.vendorId ?? trusted<VendorId>(0),
        gameId: game?.id ?? trusted<GameId>(0),
        playerId: player.id,
      },
    );
  const { maxBet, maxWin } = narrowest(rows);
  return {
    maxBet: maxBet?.toString() ?? null,
    maxWin: maxWin?.toString() ?? null,
    rows: rows.map(({ agentId: _whose, vendorId: _vendor, gameId: _game, ...row }, index) => {
      const alone = narrowest(rows.slice(index, index + 1));
      return {
        ...row,
        fits: alone.maxBet !== null || alone.maxWin !== null,
        bindsBet: alone.maxBet !== null && alone.maxBet === maxBet,
        bindsWin: alone.maxWin !== null && alone.maxWin === maxWin,
      };
    }),
  };
}

export const PLAYER_LISTS: readonly OfficeRoute[] = [...SESSIONS, ...NOTES, ...AUDIT, limits];
