/** One round whole, with what the studio told of it; and where an id that somebody holds in hand leads. */
import { Type } from 'typebox';
import type { AgentId, TransferId } from '../core/ids.ts';
import { type OpeningKey, pageOfOpenings, ROUND_STATE_NAMES, roundLines } from '../db/office-bet.ts';
import {
  answersUnderKey,
  askedInRound,
  type FoundTransfer,
  findRound,
  findTransfer,
  ROUND_ROWS_MAX,
  rowsOfRound,
  transferIdOf,
  whatOf,
} from '../db/office-bet-round.ts';
import { DETAIL_DAYS } from '../db/partition.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, Line, Minor, Nullable } from './shapes.ts';

const page = route({
  method: 'GET',
  path: '/rounds/:transferId',
  operationId: 'getRound',
  summary: 'A round: every row of it in the order in which the money moved. Any transaction of it names it',
  group: 'bets',
  permission: 'look',
  answer: Type.Object({
    player: Type.Integer(),
    username: Type.String(),
    agent: Type.Integer(),
    agentName: Type.String(),
    wallet: Type.Enum(['transfer', 'seamless']),
    currency: Type.String(),
    vendor: Type.String(),
    game: Type.String(),
    gameId: Type.Integer(),
    gameType: Type.String(),
    round: Type.String(),
    state: Nullable(Type.Enum([...ROUND_STATE_NAMES], { description: 'null: no bet of it stands' })),
    closed: Type.Boolean(),
    overdue: Type.Boolean(),
    openedAt: Nullable(At),
    bundles: Type.Array(
      Type.Object({
        firstId: Type.Integer(),
        stake: Minor,
        bets: Type.Integer(),
        state: Type.Enum(['open', 'won', 'lost', 'cancelled']),
      }),
    ),
    rows: Type.Array(
      Type.Object({
        id: Type.Integer(),
        at: At,
        what: Type.String(),
        amount: Minor,
        before: Nullable(Minor),
        after: Nullable(Minor),
        potBefore: Nullable(Minor),
        potAfter: Nullable(Minor),
        refererId: Nullable(Type.Integer()),
        externalId: Nullable(Type.String()),
        ip: Nullable(Type.String()),
        inRound: Type.Boolean(),
        callback: Nullable(Type.String()),
        detail: Nullable(Type.String()),
      }),
    ),
    more: Type.Boolean({ description: 'there are more rows' }),
    asked: Type.Array(
      Type.Object({
        id: Type.Integer(),
        at: At,
        what: Type.String(),
        amount: Minor,
        externalId: Nullable(Type.String()),
      }),
    ),
    detailDays: Type.Integer({ description: 'what studios tell is kept for so many days' }),
  }),
  async handle(call, { params }) {
    const agents = await agentsOf(call);
    const found = await findTransfer(call.sql, agents ?? [], transferIdOf(params.transferId));
    if (found === null || !isOfRound(found)) return refuse('not_found');
    const [rows, round, asked, names] = [
      await rowsOfRound(call.sql, found),
      await findRound(call.sql, found),
      await askedInRound(call.sql, found),
      await namesOf(call, found),
    ];
    return ok({
      ...names,
      round: found.round,
      state: round === null ? null : ROUND_STATE_NAMES[round.state],
      closed: round?.closed ?? false,
      overdue: round?.overdue ?? false,
      openedAt: round?.openedAt ?? null,
      bundles: round?.bundles ?? [],
      rows,
      more: rows.length === ROUND_ROWS_MAX,
      asked,
      detailDays: DETAIL_DAYS,
    });
  },
});

const isOfRound = ({ gameId, round, playerId }: FoundTransfer) =>
  gameId !== null && round !== null && playerId !== null;

async function namesOf({ sql }: OfficeCall, { playerId, gameId }: FoundTransfer) {
  const [row] = await sql`
    select p.id as player, p.username, a.id as agent, a.username as agent_name, a.wallet, a.currency, v.name as vendor, g.title as game, g.id as game_id,
      g.type as game_type
    from player p join agent a on a.id = p.agent_id, game g join vendor v on v.id = g.vendor_id where p.id = ${playerId} and g.id = ${gameId}`;
  if (row === undefined) throw new Error('a row of nobody');
  const { username, wallet, currency, vendor, game } = row;
  return {
    ...{ username, wallet, currency, vendor, game },
    ...{ player: Number(row.player), agent: Number(row.agent), agentName: row.agent_name },
    ...{ gameId: row.game_id, gameType: row.game_type },
  };
}

const FOUND_MAX = 20;

const find = route({
  method: 'GET',
  path: '/find',
  operationId: 'findById',
  summary: 'Where an id leads: a transaction’s, a vendor’s own, an operator’s uuid, or a round’s',
  group: 'bets',
  permission: 'look',
  query: Type.Object({ what: Line(1, 200) }, { additionalProperties: false }),
  answer: Type.Object({
    found: Type.Array(
      Type.Object({
        by: Type.Enum(['transaction', 'key', 'round']),
        id: Type.Integer({ description: 'of the transaction' }),
        at: At,
        what: Type.String(),
        round: Nullable(Type.String()),
        inRound: Type.Boolean({ description: 'GET /rounds/{id} shows it; else GET /movements/{id}' }),
      }),
    ),
  }),
  async handle(call, { query }) {
    const what = query.what.trim();
    const agents = (await agentsOf(call)) ?? [];
    const found = [
      ...(await byId(call, agents, what)),
      ...(await byKey(call, agents, what)),
      ...(await byRound(call, agents, what)),
    ];
    const once = found.filter(({ id }, index) => found.findIndex((each) => each.id === id) === index);
    return ok({ found: once.slice(0, FOUND_MAX) });
  },
});

const shown = (by: 'transaction' | 'key' | 'round', found: FoundTransfer) => ({
  by,
  ...{ id: found.id, at: found.at, what: whatOf(found.code), round: found.round },
  inRound: isOfRound(found),
});

async function byId({ sql }: OfficeCall, agents: readonly AgentId[], what: string) {
  if (!/^\d{1,15}$/.test(what)) return [];
  const found = await findTransfer(sql, agents, transferIdOf(what));
  return found === null ? [] : [shown('transaction', found)];
}

async function byKey({ sql }: OfficeCall, agents: readonly AgentId[], what: string) {
  const ids: readonly TransferId[] = await answersUnderKey(sql, agents, what);
  const found = await Promise.all(ids.map((id) => findTransfer(sql, agents, id)));
  return found.flatMap((each) => (each === null ? [] : [shown('key', each)]));
}

async function byRound({ sql }: OfficeCall, agents: readonly AgentId[], ref: string) {
  const nothing = { player: null, games: null, state: null, minStake: null, from: null, to: null };
  const keys: readonly OpeningKey[] = await pageOfOpenings(
    sql,
    { ...nothing, agents, ref },
    { after: null, descending: true, limit: FOUND_MAX },
  );
  const lines = await roundLines(sql, keys);
  return lines.map(({ id, at, round }) => ({
    ...{ by: 'round' as const, id, at, round },
    what: 'bet',
    inRound: true,
  }));
}

export const ROUND_PAGE: readonly OfficeRoute[] = [page, find];
