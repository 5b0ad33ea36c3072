/** POT history: of users, of one user, of an agent's POT; and one movement whole, with what caused it. */
import { type Static, type TSchema, Type } from 'typebox';
import { CODE, type TransferCode } from '../core/chart.ts';
import { type AgentId, trusted } from '../core/ids.ts';
import { findAgentById } from '../db/agent.ts';
import {
  PLAYER_CODES,
  pageOfPlayerStatement,
  pageOfPotStatement,
  pageOfStatement,
  type StatementFilter,
  type StatementLine,
} from '../db/office-statement.ts';
import { type Column, listRoutes, type OfficeList } from './list.ts';
import { playerOf, seesPlayer } from './players-scope.ts';
import type { OfficeRoute } from './route.ts';
import { agentsOf, seesAgent } from './scope.ts';
import { At, AtGiven, Id, Minor, Nullable } from './shapes.ts';
import { MOVEMENT } from './statement-row.ts';

const codeNames = (codes: readonly TransferCode[]) =>
  Object.entries(CODE).flatMap(([name, code]) => (codes.includes(code) ? [name] : []));
const PLAYER_TYPES = codeNames(PLAYER_CODES);
const POT_TYPES = codeNames([
  CODE.potGive,
  CODE.potTake,
  ...PLAYER_CODES.filter((code) => code < CODE.pointsGive),
]);

const Bounds = {
  from: Type.Optional(AtGiven),
  to: Type.Optional(AtGiven),
  minAmount: Type.Optional(Type.String({ pattern: '^\\d{1,16}$', description: 'minor units, without sign' })),
};
const AllFilter = Type.Object({
  player: Type.Optional(Id),
  agent: Type.Optional(Id),
  type: Type.Optional(Type.Enum(PLAYER_TYPES)),
  ...Bounds,
});
const PlayerFilter = Type.Object({
  account: Type.Optional(Type.Enum(['wallet', 'points'])),
  type: Type.Optional(Type.Enum(PLAYER_TYPES)),
  ...Bounds,
});
const PotFilter = Type.Object({ type: Type.Optional(Type.Enum(POT_TYPES)), ...Bounds });

interface Asked {
  readonly type?: string;
  readonly from?: string;
  readonly to?: string;
  readonly minAmount?: string;
}

function filterOf({ type, from, to, minAmount }: Asked, types: readonly string[]): StatementFilter {
  const named = Object.entries(CODE).filter(([name]) =>
    type === undefined ? types.includes(name) : name === type,
  );
  return {
    codes: named.map(([, code]) => code),
    minAmount: minAmount === undefined || /^0*$/.test(minAmount) ? null : minAmount,
    from: from ?? null,
    to: to ?? null,
  };
}

const row: TSchema = Type.Object({
  id: Type.Integer(),
  at: At,
  step: Type.Integer(),
  what: Type.String(),
  amount: Minor,
  before: Minor,
  after: Minor,
  potBefore: Nullable(Minor),
  potAfter: Nullable(Minor),
  account: Type.Enum(['wallet', 'points', 'pot']),
  player: Nullable(Type.Integer()),
  username: Nullable(Type.String()),
  agent: Type.Integer(),
  agentName: Type.String(),
  currency: Type.String(),
  vendor: Nullable(Type.String()),
  game: Nullable(Type.String()),
  round: Nullable(Type.String()),
  refererId: Nullable(Type.Integer()),
  externalId: Nullable(Type.String()),
  ip: Nullable(Type.String()),
});

const columns: readonly Column<StatementLine>[] = [
  { key: 'at', title: 'Time', type: 'instant' },
  { key: 'id', title: 'Transaction', type: 'number' },
  { key: 'username', title: 'User', type: 'text' },
  { key: 'agentName', title: 'Agent', type: 'text' },
  { key: 'what', title: 'Type', type: 'text' },
  { key: 'currency', title: 'Currency', type: 'text' },
  { key: 'amount', title: 'Amount', type: 'money' },
  { key: 'before', title: 'Before', type: 'money' },
  { key: 'after', title: 'After', type: 'money' },
  { key: 'potBefore', title: 'POT before', type: 'money' },
  { key: 'potAfter', title: 'POT after', type: 'money' },
  { key: 'account', title: 'Account', type: 'text' },
  { key: 'vendor', title: 'Vendor', type: 'text' },
  { key: 'game', title: 'Game', type: 'text' },
  { key: 'round', title: 'Round', type: 'text' },
  { key: 'refererId', title: 'Answers', type: 'number' },
  { key: 'externalId', title: 'Vendor’s id', type: 'text' },
  { key: 'ip', title: 'Address', type: 'text' },
];

const common = {
  group: 'statement',
  permission: 'look',
  row,
  columns,
  keyOf: ({ at, step, id }: StatementLine) => [at, String(step), String(id)],
} as const;
const KEY = ['timestamptz', 'bigint', 'bigint'] as const;
const BOTH = { newest: { key: KEY, descending: true }, oldest: { key: KEY, descending: false } } as const;

const ALL: OfficeList<typeof AllFilter, StatementLine> = {
  ...common,
  path: '/statement',
  name: 'Movements',
  summary: 'User POT history: every movement of users’ money',
  filter: AllFilter,
  orders: { newest: BOTH.newest },
  async read(call, { filter }, page) {
    const agents = await agentsOf(
      call,
      filter.agent === undefined ? {} : { agent: filter.agent, below: true },
    );
    if (agents === null || !(await seesPlayer(call, filter.player))) return null;
    return pageOfStatement(
      call.sql,
      { agents, player: filter.player ?? null, filter: filterOf(filter, PLAYER_TYPES) },
      page,
    ).then(shown);
  },
};

const OF_PLAYER: OfficeList<typeof PlayerFilter, StatementLine> = {
  ...common,
  path: '/statement/player/:playerId',
  name: 'PlayerMovements',
  summary: 'The statement of a user’s wallet, or of its points',
  filter: PlayerFilter,
  orders: BOTH,
  async read(call, { params, filter }, page) {
    const player = await playerOf(call, params);
    if (player === null) return null;
    const { account = 'wallet' }: Static<typeof PlayerFilter> = filter;
    return pageOfPlayerStatement(
      call.sql,
      {
        of: {
          playerId: player.id,
          account,
          accountId: account === 'wallet' ? player.walletId : player.pointsId,
          seamless: player.fundsId !== player.walletId,
        },
        filter: filterOf(filter, PLAYER_TYPES),
      },
      page,
    ).then(shown);
  },
};

const OF_AGENT: OfficeList<typeof PotFilter, StatementLine> = {
  ...common,
  path: '/statement/agent/:agentId',
  name: 'PotMovements',
  summary: 'The statement of an agent’s POT',
  filter: PotFilter,
  orders: BOTH,
  async read(call, { params, filter }, page) {
    if (!(await seesAgent(call, params.agentId))) return null;
    const agent = await findAgentById(call.sql, trusted<AgentId>(params.agentId));
    if (agent === null) return null;
    return pageOfPotStatement(
      call.sql,
      {
        of: { agentId: agent.id, potId: agent.potId, seamless: agent.wallet === 'seamless' },
        filter: filterOf(filter, POT_TYPES),
      },
      page,
    ).then(shown);
  },
};

/** As the wire has them. */
const shown = (lines: readonly StatementLine[]): StatementLine[] =>
  lines.map(({ other: _other, ...line }) => line as StatementLine);

export const STATEMENT_ROUTES: readonly OfficeRoute[] = [
  ...listRoutes(OF_PLAYER),
  ...listRoutes(OF_AGENT),
  ...listRoutes(ALL),
  ...MOVEMENT,
];
