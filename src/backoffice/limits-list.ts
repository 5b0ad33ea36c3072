/** Limits as a list by key, and what a bet or a win would meet. */
import { type Static, Type } from 'typebox';
import { type AgentId, type PlayerId, trusted } from '../core/ids.ts';
import { tryLimits } from '../core/office/limits.ts';
import { findAgentById } from '../db/agent.ts';
import {
  agentsAbove,
  countLimits,
  findGameForLimit,
  type LimitFilter,
  limitsOver,
  listLimits,
} from '../db/office-limit.ts';
import { playerBelow } from '../db/office-thread.ts';
import { LimitShape, type ShownLimit, shownLimit } from './limits-view.ts';
import { type Column, listRoutes } from './list.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { Id, Minor, Nullable, SmallId } from './shapes.ts';

const COUNT_MAX = 100_000;
const group = 'limits';

const Filter = Type.Object({
  kind: Type.Optional(Type.Enum(['bet', 'win'])),
  agent: Type.Optional(Id),
  vendor: Type.Optional(SmallId),
  game: Type.Optional(SmallId),
  player: Type.Optional(Id),
});

type Row = ShownLimit & Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column<Row>[] = [
  { key: 'id', title: 'No.', type: 'number' },
  { key: 'agent', title: 'Agent', type: 'text' },
  { key: 'vendor', title: 'Vendor', type: 'text' },
  { key: 'game', title: 'Game', type: 'text' },
  { key: 'player', title: 'Player', type: 'text' },
  { key: 'maxBet', title: 'Largest bet', type: 'money' },
  { key: 'maxWin', title: 'Largest win', type: 'money' },
  { key: 'currency', title: 'Currency', type: 'text' },
  { key: 'owner', title: 'Whose', type: 'text' },
  { key: 'ownerName', title: 'Set by', type: 'text' },
  { key: 'setBy', title: 'Person', type: 'text' },
  { key: 'setAt', title: 'Set', type: 'instant' },
];

/** Those of the agents in sight; with them, for an agent's people, what binds from above. Null: not there for them. */
async function filterOf(call: OfficeCall, given: Static<typeof Filter>): Promise<LimitFilter | null> {
  const { kind = null, agent, vendor = null, game = null, player = null } = given;
  const { scope } = call.principal;
  const agents = await agentsOf(call, agent === undefined ? {} : { agent, below: true });
  if (agents === null) return null;
  const own = scope.kind === 'agent' ? scope.agentId : null;
  if (player !== null && (await playerBelow(call.sql, player, own)) === null) return null;
  const isAll = own === null && agent === undefined;
  const above = own === null || agent !== undefined ? [] : await agentsAbove(call.sql, own);
  return { agents: isAll ? null : agents, above, kind, vendorId: vendor, gameId: game, playerId: player };
}

interface Trial {
  readonly agent?: string;
  readonly player?: string;
  readonly game: string;
  readonly what: 'bet' | 'win';
  readonly amount: string;
}

/** Whose bet it would be: an agent's, or a player's in sight. */
async function playerOf(
  call: OfficeCall,
  { agent, player }: Trial,
): Promise<{ path: readonly AgentId[]; playerId: PlayerId | null } | null> {
  const { scope } = call.principal;
  const own = scope.kind === 'agent' ? scope.agentId : null;
  const named = agent === undefined ? own : trusted<AgentId>(agent);
  if (agent !== undefined && (await agentsOf(call, { agent })) === null) return null;
  if (player !== undefined) {
    const found = await playerBelow(call.sql, player, named);
    return found === null ? null : { path: found.path, playerId: found.id };
  }
  const found = named === null ? null : await findAgentById(call.sql, named);
  return found === null ? null : { path: found.path, playerId: null };
}

async function tryOne(call: OfficeCall, given: Trial): Promise<OfficeReply> {
  if (given.agent === undefined && given.player === undefined && call.principal.scope.kind === 'house')
    return refuse('invalid_request', { fields: { agent: 'say which agent, or which player' } });
  const of = await playerOf(call, given);
  const game = await findGameForLimit(call.sql, Number(given.game));
  if (of === null || game === null) return refuse('not_found');
  const rows = await limitsOver(call.sql, of.path, of.playerId);
  const scope = { path: of.path, vendorId: game.vendorId, gameId: game.id, playerId: of.playerId ?? NOBODY };
  const trial = tryLimits(rows, scope, { what: given.what, amount: BigInt(given.amount) });
  const agents = (await agentsOf(call)) ?? [];
  const agent = await findAgentById(call.sql, of.path.at(-1) ?? trusted(0));
  return ok({
    allowed: trial.allowed,
    amount: String(trial.amount),
    currency: agent?.currency ?? '',
    maxBet: trial.maxBet?.toString() ?? null,
    maxWin: trial.maxWin?.toString() ?? null,
    rows: trial.rows.map(({ row, holds }) => ({
      ...shownLimit(call.principal.scope, row, agents),
      holds,
    })),
  });
}

/** No player has it. */
const NOBODY = trusted<PlayerId>(0);

export const LIMIT_LISTS: readonly OfficeRoute[] = [
  route({
    method: 'GET',
    path: '/limits/trial',
    operationId: 'tryLimits',
    summary: 'What a bet or a win would meet, by the ledger’s own rule',
    group,
    permission: 'look',
    query: Type.Object(
      {
        agent: Type.Optional(Id),
        player: Type.Optional(Id),
        game: SmallId,
        what: Type.Enum(['bet', 'win']),
        amount: Type.String({ pattern: '^(0|[1-9]\\d{0,15})$', description: 'minor units' }),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      allowed: Type.Boolean(),
      amount: Type.String({ description: 'that would be staked, or paid' }),
      currency: Type.String(),
      maxBet: Nullable(Minor),
      maxWin: Nullable(Minor),
      rows: Type.Array(
        Type.Object({
          ...LimitShape.properties,
          holds: Type.Boolean({ description: 'its amount is the one that counts' }),
        }),
      ),
    }),
    handle: (call, { query }) => tryOne(call, query as Trial),
  }),
  ...listRoutes<typeof Filter, Row>({
    path: '/limits',
    name: 'Limits',
    summary: 'Limits in sight, the newest first',
    group,
    permission: 'look',
    filter: Filter,
    orders: { newest: { key: ['bigint'], descending: true } },
    row: LimitShape,
    columns: COLUMNS,
    async read(call, given, page) {
      const filter = await filterOf(call, given.filter);
      if (filter === null) return null;
      const agents = call.principal.scope.kind === 'house' ? [] : ((await agentsOf(call)) ?? []);
      const rows = await listLimits(call.sql, filter, page);
      return rows.map((row) => shownLimit(call.principal.scope, row, agents) as Row);
    },
    keyOf: ({ id }) => [String(id)],
    totals: {
      shape: Type.Object({ count: Type.Integer(), more: Type.Boolean() }),
      async read(call, given) {
        const filter = await filterOf(call, given.filter);
        if (filter === null) return null;
        const count = await countLimits(call.sql, filter, COUNT_MAX + 1);
        return { count: Math.min(count, COUNT_MAX), more: count > COUNT_MAX };
      },
    },
  }),
];
