/** User betting history: rounds in a list, one round whole, and the search for whatever id somebody holds in hand. */
import { type Static, Type } from 'typebox';
import { type GameId, trusted } from '../core/ids.ts';
import {
  pageOfOpenings,
  ROUND_STATE_NAMES,
  type RoundFilter,
  type RoundLine,
  roundLines,
} from '../db/office-bet.ts';
import { sumRounds } from '../db/office-bet-sums.ts';
import { GAMES_SEEN } from './bets-names.ts';
import { ROUND_PAGE } from './bets-round.ts';
import { listRoutes, type OfficeList } from './list.ts';
import { seesPlayer } from './players-scope.ts';
import { type OfficeReply, refuse } from './replies.ts';
import type { OfficeCall, OfficeRoute } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, AtGiven, Id, Line, Minor, SmallId } from './shapes.ts';

const Filter = Type.Object({
  player: Type.Optional(Id),
  agent: Type.Optional(Id),
  vendor: Type.Optional(SmallId),
  game: Type.Optional(SmallId),
  from: Type.Optional(AtGiven),
  to: Type.Optional(AtGiven),
  state: Type.Optional(Type.Enum([...ROUND_STATE_NAMES])),
  round: Type.Optional(Line(1, 200)),
  minStake: Type.Optional(
    Type.String({
      pattern: '^\\d{1,16}$',
      description: 'minor units; with a user, a round or a time of a day at most',
    }),
  ),
});
type Given = Static<typeof Filter>;

/** What a filter stands for. Null: it names somebody who is not there for the caller. */
export async function roundFilter(call: OfficeCall, given: Given): Promise<RoundFilter | null> {
  const agents = await agentsOf(call, given.agent === undefined ? {} : { agent: given.agent, below: true });
  if (agents === null || !(await seesPlayer(call, given.player))) return null;
  return {
    agents,
    player: given.player ?? null,
    games: await gamesOf(call, given),
    state: given.state ?? null,
    ref: given.round ?? null,
    minStake: given.minStake === undefined || given.minStake === '0' ? null : given.minStake,
    from: given.from ?? null,
    to: given.to ?? null,
  };
}

/** Games of a vendor, or the one; null: all. */
export async function gamesOf(
  { directory }: Pick<OfficeCall, 'directory'>,
  { vendor, game }: { readonly vendor?: string; readonly game?: string },
): Promise<readonly GameId[] | null> {
  if (game !== undefined) return [trusted<GameId>(game)];
  if (vendor === undefined) return null;
  const { games } = await directory.catalogue();
  return games.filter((each) => String(each.vendorId) === vendor).map((each) => each.id);
}

const DAY_MS = 86_400_000;

/** Stakes are in no index: what is looked through for them must be little. */
function isTooWide({ minStake, player, round, state, from, to }: Given): boolean {
  if (minStake === undefined || player !== undefined || round !== undefined) return false;
  if (state === 'open') return false;
  return from === undefined || (to === undefined ? Date.now() : Date.parse(to)) - Date.parse(from) > DAY_MS;
}

const ROUNDS: OfficeList<typeof Filter, RoundLine> = {
  path: '/rounds',
  name: 'Rounds',
  summary: 'User betting history: a line for each round',
  group: 'bets',
  permission: 'look',
  filter: Filter,
  orders: { newest: { key: ['timestamptz', 'bigint'], descending: true } },
  row: Type.Object({
    id: Type.Integer({ description: 'the bet that opened it' }),
    at: At,
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
    payout: Minor,
    refunds: Minor,
    other: Minor,
    net: Minor,
    state: Type.Enum([...ROUND_STATE_NAMES]),
  }),
  columns: [
    { key: 'at', title: 'Time', type: 'instant' },
    { key: 'id', title: 'Transaction', type: 'number' },
    { key: 'username', title: 'User', type: 'text' },
    { key: 'agentName', title: 'Agent', type: 'text' },
    { key: 'vendor', title: 'Vendor', type: 'text' },
    { key: 'game', title: 'Game', type: 'text' },
    { key: 'round', title: 'Round', type: 'text' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'bets', title: 'Bets', type: 'number' },
    { key: 'stake', title: 'Stake', type: 'money' },
    { key: 'payout', title: 'Payout', type: 'money' },
    { key: 'refunds', title: 'Refunds', type: 'money' },
    { key: 'other', title: 'Corrections', type: 'money' },
    { key: 'net', title: 'Net for the user', type: 'money' },
    { key: 'state', title: 'State', type: 'text' },
  ],
  async read(call, { filter }, page) {
    const found = await roundFilter(call, filter);
    if (found === null) return null;
    return roundLines(call.sql, await pageOfOpenings(call.sql, found, page));
  },
  keyOf: (row) => [row.at, String(row.id)],
  totals: {
    shape: Type.Object({
      count: Type.Integer(),
      more: Type.Boolean({ description: 'there are more than were counted' }),
      from: Type.Union([At, Type.Null()], { description: 'since when it was counted; null: all there are' }),
      sums: Type.Union(
        [
          Type.Array(
            Type.Object({
              currency: Type.String(),
              bets: Type.Integer(),
              stake: Minor,
              payout: Minor,
              refunds: Minor,
              other: Minor,
            }),
          ),
          Type.Null(),
        ],
        {
          description:
            'what was booked in the time, by currency; null under filters the hourly sums do not know',
        },
      ),
    }),
    async read(call, { filter }) {
      const found = await roundFilter(call, filter);
      return found === null ? null : { ...(await sumRounds(call.sql, found)) };
    },
  },
};

/** The list's calls, refusing what would be looked for through everything there is. */
const rounds = listRoutes(ROUNDS).map(
  (route): OfficeRoute => ({
    ...route,
    async handle(
      call,
      input: { readonly query: Given },
    ): Promise<OfficeReply | Awaited<ReturnType<OfficeRoute['handle']>>> {
      if (isTooWide(input.query))
        return refuse('invalid_request', {
          fields: { minStake: 'choose a user, or a time of one day at most' },
        });
      return route.handle(call, input as never);
    },
  }),
);

export const BET_ROUTES: readonly OfficeRoute[] = [...GAMES_SEEN, ...rounds, ...ROUND_PAGE];
