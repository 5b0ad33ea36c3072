/** Open rounds, and ending one by hand: one person orders it, another confirms. */
import { type Static, Type } from 'typebox';
import { type GameId, type PlayerId, trusted } from '../core/ids.ts';
import {
  countOpenRounds,
  isRoundOpen,
  makeOrder,
  type OpenRoundFilter,
  type OpenRoundLine,
  pageOfOpenRounds,
  pageOfOrders,
  ROUND_ORDER_STATES,
  type RoundOrder,
} from '../db/office-round.ts';
import { recordAct } from './act.ts';
import { gamesOf } from './bets.ts';
import { listRoutes, type OfficeList } from './list.ts';
import { playerOf, seesPlayer, subjectOf } from './players-scope.ts';
import { ok, refuse } from './replies.ts';
import { ORDER_ACTS, orderShape } from './rounds-orders.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, Id, Line, Minor, Nullable, Reason, SmallId } from './shapes.ts';

const Filter = Type.Object({
  vendor: Type.Optional(SmallId),
  game: Type.Optional(SmallId),
  agent: Type.Optional(Id),
  player: Type.Optional(Id),
  studio: Type.Optional(Id),
  overdue: Type.Optional(Type.Enum(['true', 'false'])),
});

async function filterOf(call: OfficeCall, given: Static<typeof Filter>): Promise<OpenRoundFilter | null> {
  const agents = await agentsOf(call, given.agent === undefined ? {} : { agent: given.agent, below: true });
  if (agents === null || !(await seesPlayer(call, given.player))) return null;
  return {
    agents,
    player: given.player ?? null,
    games: await gamesOf(call, given),
    studio: given.studio ?? null,
    overdue: given.overdue === 'true',
  };
}

const OPEN: OfficeList<typeof Filter, OpenRoundLine> = {
  path: '/open-rounds',
  name: 'OpenRounds',
  summary: 'Rounds that have not ended, oldest first',
  group: 'rounds',
  permission: 'look',
  filter: Filter,
  orders: {
    oldest: { key: ['timestamptz', 'bigint'], descending: false },
    newest: { key: ['timestamptz', 'bigint'], descending: true },
  },
  row: Type.Object({
    id: Type.Integer({ description: 'the bet that opened it' }),
    openedAt: At,
    player: Type.Integer(),
    username: Type.String(),
    agent: Type.Integer(),
    agentName: Type.String(),
    currency: Type.String(),
    vendor: Type.String(),
    game: Type.String(),
    gameId: Type.Integer(),
    round: Type.String(),
    bets: Type.Integer(),
    stake: Minor,
    ageS: Type.Integer({ description: 'seconds' }),
    overdue: Type.Boolean({ description: 'older than the vendor’s limit' }),
    order: Nullable(Type.Integer({ description: 'an order to end it, not carried out yet' })),
  }),
  columns: [
    { key: 'openedAt', title: 'Opened', type: 'instant' },
    { key: 'ageS', title: 'Age (s)', type: 'number' },
    { key: 'overdue', title: 'Overdue', type: 'flag' },
    { key: 'username', title: 'User', type: 'text' },
    { key: 'agentName', title: 'Agent', type: 'text' },
    { key: 'vendor', title: 'Vendor', type: 'text' },
    { key: 'game', title: 'Game', type: 'text' },
    { key: 'round', title: 'Round', type: 'text' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'bets', title: 'Bets', type: 'number' },
    { key: 'stake', title: 'Stake', type: 'money' },
  ],
  async read(call, { filter }, page) {
    const found = await filterOf(call, filter);
    return found === null ? null : pageOfOpenRounds(call.sql, found, page);
  },
  keyOf: (row) => [row.openedAt, String(row.id)],
  totals: {
    shape: Type.Object({
      count: Type.Integer(),
      more: Type.Boolean(),
      overdue: Type.Integer(),
      sums: Type.Array(Type.Object({ currency: Type.String(), count: Type.Integer(), stake: Minor })),
    }),
    async read(call, { filter }) {
      const found = await filterOf(call, filter);
      return found === null ? null : countOpenRounds(call.sql, found);
    },
  },
};

const OrderFilter = Type.Object({
  state: Type.Optional(Type.Enum([...ROUND_ORDER_STATES])),
  agent: Type.Optional(Id),
});

const ORDERS: OfficeList<typeof OrderFilter, RoundOrder> = {
  path: '/round-orders',
  name: 'RoundOrders',
  summary: 'Orders to end rounds by hand',
  group: 'rounds',
  permission: 'rounds',
  filter: OrderFilter,
  orders: { newest: { key: ['bigint'], descending: true } },
  row: orderShape,
  columns: [
    { key: 'id', title: 'Order', type: 'number' },
    { key: 'madeAt', title: 'Made', type: 'instant' },
    { key: 'madeBy', title: 'By', type: 'text' },
    { key: 'act', title: 'What', type: 'text' },
    { key: 'amount', title: 'Amount', type: 'money' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'username', title: 'User', type: 'text' },
    { key: 'agentName', title: 'Agent', type: 'text' },
    { key: 'vendor', title: 'Vendor', type: 'text' },
    { key: 'game', title: 'Game', type: 'text' },
    { key: 'round', title: 'Round', type: 'text' },
    { key: 'reason', title: 'Why', type: 'text' },
    { key: 'state', title: 'State', type: 'text' },
    { key: 'confirmedBy', title: 'Confirmed by', type: 'text' },
    { key: 'endedAt', title: 'Ended', type: 'instant' },
    { key: 'endReason', title: 'Outcome', type: 'text' },
    { key: 'transferId', title: 'Transaction', type: 'number' },
  ],
  async read(call, { filter }, page) {
    const agents = await agentsOf(
      call,
      filter.agent === undefined ? {} : { agent: filter.agent, below: true },
    );
    return agents === null ? null : pageOfOrders(call.sql, { agents, state: filter.state ?? null }, page);
  },
  keyOf: (row) => [String(row.id)],
};

const make = route({
  method: 'POST',
  path: '/round-orders',
  operationId: 'orderRoundEnd',
  summary: 'Order that an open round be settled or voided; a second person confirms',
  group: 'rounds',
  permission: 'rounds',
  body: Type.Object(
    {
      player: Id,
      game: SmallId,
      round: Line(1, 200),
      act: Type.Enum(['settle', 'void']),
      amount: Type.Optional(
        Type.String({ pattern: '^\\d{1,15}$', description: 'what it wins, minor units; 0: it is lost' }),
      ),
      reason: Reason,
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({ id: Type.Integer() }),
  async handle(call, { body }) {
    const player = await playerOf(call, { playerId: body.player });
    if (player === null) return refuse('not_found');
    const { act, reason } = body;
    if ((act === 'settle') !== (body.amount !== undefined))
      return refuse('invalid_request', { fields: { amount: 'goes with settle, and only with it' } });
    const amount = BigInt(body.amount ?? '0');
    const key = {
      ...{ gameId: trusted<GameId>(body.game), ref: body.round, playerId: trusted<PlayerId>(body.player) },
    };
    const open = await isRoundOpen(call.sql, key);
    if (open === null) return refuse('not_found');
    if (!open) return refuse('refused', { detail: 'the round is not open' });
    const id = await call.sql.begin(async (tx) => {
      const made = await makeOrder(tx, {
        ...{ ...key, agentId: player.agentId, act, amount, reason, by: call.principal.person },
      });
      if (made === null) return null;
      await recordAct(call, tx, {
        ...{ action: 'round-order.make', subject: subjectOf(player), agentId: player.agentId, reason },
        after: { order: made, game: key.gameId, round: key.ref, act, amount: String(amount) },
      });
      return made;
    });
    return id === null ? refuse('conflict', { detail: 'another order for it waits' }) : ok({ id });
  },
});

export const ROUND_ROUTES: readonly OfficeRoute[] = [
  ...listRoutes(OPEN),
  ...listRoutes(ORDERS),
  make,
  ...ORDER_ACTS,
];
