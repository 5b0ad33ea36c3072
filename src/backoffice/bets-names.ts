/** Vendors and games to choose from in the filters of lists: those there are games of, for everybody. */
import { Type } from 'typebox';
import { ok } from './replies.ts';
import { type OfficeRoute, route } from './route.ts';
import { Id } from './shapes.ts';

const GAMES_MAX = 500;

export const GAMES_SEEN: readonly OfficeRoute[] = [
  route({
    method: 'GET',
    path: '/vendor-names',
    operationId: 'listVendorNames',
    summary: 'Vendors that have games, for choosing one',
    group: 'bets',
    permission: 'look',
    answer: Type.Object({
      vendors: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String() })),
    }),
    async handle({ directory }) {
      const { vendors, byVendor } = await directory.catalogue();
      const withGames = vendors.filter(({ name }) => (byVendor.get(name)?.length ?? 0) > 0);
      const named = withGames.map(({ id, name }) => ({ id, name }));
      return ok({ vendors: named.toSorted((one, other) => one.name.localeCompare(other.name)) });
    },
  }),
  route({
    method: 'GET',
    path: '/game-names',
    operationId: 'listGameNames',
    summary: `Games of a vendor, or of all, for choosing one; the first ${GAMES_MAX} by title`,
    group: 'bets',
    permission: 'look',
    query: Type.Object({ vendor: Type.Optional(Id) }, { additionalProperties: false }),
    answer: Type.Object({
      games: Type.Array(Type.Object({ id: Type.Integer(), title: Type.String(), vendor: Type.String() })),
    }),
    async handle({ directory }, { query }) {
      const { games } = await directory.catalogue();
      const chosen = games.filter(
        ({ vendorId }) => query.vendor === undefined || String(vendorId) === query.vendor,
      );
      const named = chosen.map(({ id, title, vendor }) => ({ id, title, vendor }));
      const sorted = named.toSorted((one, other) => one.title.localeCompare(other.title));
      return ok({ games: sorted.slice(0, GAMES_MAX) });
    },
  }),
];
