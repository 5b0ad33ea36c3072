/** Vendors, games and studios: what the house says of them holds for all agents. */
import { Type } from 'typebox';
import { type GameId, trusted } from '../core/ids.ts';
import { listVendors, setVendor, type Vendor } from '../db/game.ts';
import {
  findHouseGame,
  gamesByVendor,
  type HouseGame,
  listHouseGames,
  listHouseStudios,
  setHouseGame,
  setStudioEnabled,
} from '../db/office-game.ts';
import { createStudioWithSecret, openOffice, rotateStudioSecret } from '../office.ts';
import { recordAct } from './act.ts';
import { listRoutes } from './list.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { At, Id, Line, Nullable, Reason } from './shapes.ts';

const group = 'catalogue';
const permission = 'house_catalogue';
const MS_MAX = 24 * 24 * 3_600_000;
const Ms = Type.Integer({ minimum: 0, maximum: MS_MAX, description: 'milliseconds' });

const Rules = {
  zeroWins: Type.Boolean({ description: 'a lost round is told by a win of 0' }),
  multiBet: Type.Boolean({ description: 'bets of a round are one bundle: one win or cancel for all' }),
  cancelPauseMs: Ms,
  bettingMs: Ms,
  roundLimitMs: Ms,
};
const VendorShape = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  studio: Nullable(Type.String()),
  enabled: Type.Boolean(),
  ...Rules,
  games: Type.Integer(),
  sold: Type.Integer({ description: 'games that can be played' }),
});

async function shownVendors({ sql }: OfficeCall) {
  const [vendors, studios, games] = await Promise.all([
    listVendors(sql),
    listHouseStudios(sql),
    gamesByVendor(sql),
  ]);
  const names = new Map(studios.map(({ id, name }) => [id, name]));
  return vendors.map(({ id, name, studioId, enabled, rules, roundLimitMs }) => ({
    ...{ id, name, studio: studioId === null ? null : (names.get(studioId) ?? null), enabled },
    ...rules,
    roundLimitMs,
    ...(games.get(id) ?? { games: 0, sold: 0 }),
  }));
}

const Thumbnails = Type.Object(
  Object.fromEntries(
    ['*', 'ko', 'en', 'zh'].map((language) => [
      language,
      Type.Optional(Type.String({ maxLength: 500, pattern: '^https://[^\\s<>"]+$' })),
    ]),
  ),
  { additionalProperties: false, description: "addresses of pictures by language, '*' for all others" },
);

const GameShape = Type.Object({
  id: Type.Integer(),
  publicId: Type.String(),
  title: Type.String(),
  type: Type.String(),
  lobby: Type.Boolean(),
  vendorId: Type.Integer(),
  vendor: Type.String(),
  studioId: Type.Integer(),
  studio: Type.String(),
  published: Type.Boolean({ description: 'its studio offers it' }),
  on: Type.Boolean({ description: 'the house has not switched it off' }),
  sold: Type.Boolean({ description: 'it can be played' }),
  rank: Nullable(Type.Integer()),
  houseRank: Nullable(Type.Integer()),
  thumbnail: Nullable(Type.String({ description: "the studio's" })),
  thumbnails: Thumbnails,
});

const GameFilter = Type.Object({
  vendor: Type.Optional(Id),
  studio: Type.Optional(Id),
  begins: Type.Optional(Line(0, 100)),
  sold: Type.Optional(Type.Enum(['true', 'false'])),
});

const GAMES = listRoutes<typeof GameFilter, HouseGame>({
  path: '/games',
  name: 'Games',
  summary: 'All games, as players see them ordered',
  group,
  permission,
  filter: GameFilter,
  orders: {
    shown: { key: ['bigint', 'bigint', 'bigint'], descending: false },
    newest: { key: ['bigint'], descending: true },
  },
  row: GameShape,
  columns: [
    { key: 'vendor', title: 'Vendor', type: 'text' },
    { key: 'publicId', title: 'Game', type: 'text' },
    { key: 'title', title: 'Title', type: 'text' },
    { key: 'type', title: 'Type', type: 'text' },
    { key: 'studio', title: 'Studio', type: 'text' },
    { key: 'rank', title: 'Rank', type: 'number' },
    { key: 'published', title: 'Published', type: 'flag' },
    { key: 'on', title: 'On', type: 'flag' },
    { key: 'sold', title: 'Can be played', type: 'flag' },
  ],
  read: (call, { filter }, page) => listHouseGames(call.sql, filter, page),
  keyOf: ({ vendorId, rank, id }, order) =>
    order === 'shown' ? [vendorId, rank ?? 2147483647, id].map(String) : [String(id)],
});

async function changeVendor(call: OfficeCall, vendor: Vendor, change: Partial<Change>) {
  const { reason, ...settings } = change;
  const unchanged = {
    ...{ enabled: null, zeroWins: null, multiBet: null, cancelPauseMs: null, bettingMs: null },
    roundLimitMs: null,
  };
  await call.sql.begin(async (tx) => {
    await setVendor(tx, vendor.name, { ...unchanged, ...settings });
    const now: Record<string, unknown> = { ...vendor, ...vendor.rules };
    const before = Object.fromEntries(Object.keys(settings).map((name) => [name, now[name]]));
    await recordAct(call, tx, {
      ...{ action: 'vendor.set', subject: vendor.name, agentId: null },
      ...{ before, after: settings, reason: reason ?? null },
    });
  });
  call.directory.forget();
}

interface Change {
  readonly enabled: boolean;
  readonly zeroWins: boolean;
  readonly multiBet: boolean;
  readonly cancelPauseMs: number;
  readonly bettingMs: number;
  readonly roundLimitMs: number;
  readonly reason: string;
}

const officeOf = ({ sql, writer, directory, vault }: OfficeCall) =>
  openOffice({ sql, writer, directory, vault });

const studioOf = async ({ sql }: OfficeCall, id: string) =>
  (await listHouseStudios(sql)).find((studio) => studio.id === Number(id)) ?? null;

const optional = <S extends Parameters<typeof Type.Optional>[0]>(shape: S) => Type.Optional(shape);

export const CATALOGUE: readonly OfficeRoute[] = [
  ...GAMES,
  route({
    method: 'GET',
    path: '/vendors',
    operationId: 'listVendors',
    summary: 'All vendors and how they behave',
    group,
    permission,
    answer: Type.Object({ vendors: Type.Array(VendorShape) }),
    handle: async (call) => ok({ vendors: await shownVendors(call) }),
  }),
  route({
    method: 'PATCH',
    path: '/vendors/:vendorId',
    operationId: 'changeVendor',
    summary: 'Switches a vendor on or off for all, or changes how it behaves',
    group,
    permission,
    body: Type.Object(
      {
        enabled: optional(Type.Boolean()),
        zeroWins: optional(Rules.zeroWins),
        multiBet: optional(Rules.multiBet),
        cancelPauseMs: optional(Ms),
        bettingMs: optional(Ms),
        roundLimitMs: optional(Ms),
        reason: optional(Reason),
      },
      { additionalProperties: false },
    ),
    answer: VendorShape,
    async handle(call, { params, body }) {
      const vendor = (await listVendors(call.sql)).find(({ id }) => id === Number(params.vendorId));
      if (vendor === undefined) return refuse('not_found');
      await changeVendor(call, vendor, body as Partial<Change>);
      return ok((await shownVendors(call)).find(({ id }) => id === vendor.id));
    },
  }),
  route({
    method: 'PATCH',
    path: '/games/:gameId',
    operationId: 'changeGame',
    summary: "Switches a game on or off for all; its place and its picture, in place of its studio's",
    group,
    permission,
    body: Type.Object(
      {
        on: optional(Type.Boolean()),
        rank: optional(Nullable(Type.Integer({ minimum: 0, maximum: 1_000_000 }))),
        thumbnails: optional(Thumbnails),
        reason: optional(Reason),
      },
      { additionalProperties: false },
    ),
    answer: GameShape,
    async handle(call, { params, body: { reason = null, ...change } }) {
      const id = trusted<GameId>(params.gameId);
      const game = await findHouseGame(call.sql, id);
      if (game === null) return refuse('not_found');
      await call.sql.begin(async (tx) => {
        await setHouseGame(tx, id, change as Parameters<typeof setHouseGame>[2]);
        const now: Record<string, unknown> = { ...game, rank: game.houseRank };
        const before = Object.fromEntries(Object.keys(change).map((name) => [name, now[name]]));
        const subject = `${game.vendor}/${game.publicId}`;
        await recordAct(call, tx, {
          ...{ action: 'game.set', subject, agentId: null, before },
          ...{ after: change, reason },
        });
      });
      call.directory.forget();
      return ok(await findHouseGame(call.sql, id));
    },
  }),
  route({
    method: 'GET',
    path: '/studios',
    operationId: 'listStudios',
    summary: 'Studios, their public keys and their vendors',
    group,
    permission,
    answer: Type.Object({
      studios: Type.Array(
        Type.Object({
          id: Type.Integer(),
          name: Type.String(),
          enabled: Type.Boolean(),
          createdAt: At,
          key: Nullable(Type.String()),
          secrets: Type.Integer({ description: 'that sign now: two while they are changed over' }),
          secretAt: Nullable(At),
          vendors: Type.Array(Type.String()),
          games: Type.Integer(),
        }),
      ),
    }),
    handle: async ({ sql }) => ok({ studios: await listHouseStudios(sql) }),
  }),
  route({
    method: 'POST',
    path: '/studios',
    operationId: 'createStudio',
    summary: 'A new studio for vendors that are nobody’s yet; its secret is shown once',
    group,
    permission,
    body: Type.Object(
      { name: Line(3, 64), vendors: Type.Array(Line(1, 64), { minItems: 1, maxItems: 100 }) },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      id: Type.Integer(),
      studio: Type.String(),
      key: Type.String(),
      secret: Type.String(),
    }),
    async handle(call, { body: { name, vendors } }) {
      const actor = call.principal.person;
      return ok(await createStudioWithSecret(officeOf(call), { name, vendors, actor }));
    },
  }),
  route({
    method: 'PATCH',
    path: '/studios/:studioId',
    operationId: 'changeStudio',
    summary:
      'Switches a studio on or off: while it is off, all its calls are refused, also those that pay out',
    group,
    permission,
    body: Type.Object({ enabled: Type.Boolean(), reason: Reason }, { additionalProperties: false }),
    answer: Type.Object({ ok: Type.Literal(true) }),
    async handle(call, { params, body: { enabled, reason } }) {
      const studio = await studioOf(call, params.studioId);
      if (studio === null) return refuse('not_found');
      await call.sql.begin(async (tx) => {
        await setStudioEnabled(tx, { id: studio.id, enabled });
        await recordAct(call, tx, {
          ...{ action: 'studio.set', subject: studio.name, agentId: null, reason },
          ...{ before: { enabled: studio.enabled }, after: { enabled } },
        });
      });
      call.directory.forget();
      return ok({ ok: true });
    },
  }),
  route({
    method: 'POST',
    path: '/studios/:studioId/secret',
    operationId: 'rotateStudioSecret',
    summary: 'A fresh secret under the same key, shown once; the one before lives until the next',
    group,
    permission,
    body: Type.Object({}, { additionalProperties: false }),
    answer: Type.Object({ studio: Type.String(), key: Type.String(), secret: Type.String() }),
    async handle(call, { params }) {
      const studio = await studioOf(call, params.studioId);
      if (studio === null) return refuse('not_found');
      const { person: actor } = call.principal;
      const made = await rotateStudioSecret(officeOf(call), { name: studio.name, actor });
      call.directory.forget();
      return ok(made);
    },
  }),
];
