/** What goes out over the operator API: the shapes of the contract and the writers that fill them. */
import { Type } from 'typebox';
import { type Currency, toWireNumber } from '../core/money.ts';
import type { AgentRecord } from '../db/agent.ts';
import type { AttemptSeen, CallbackSeen } from '../db/callback-view.ts';
import type { FeedRow } from '../db/feed.ts';
import type { GameRecord, Vendor } from '../db/game.ts';
import type { PlayerRecord } from '../db/player.ts';
import { CLASS_WORDS } from './callback-words.ts';
import type { Language } from './replies.ts';

const time = (example = '2026-01-31T09:00:00.000000Z') =>
  Type.String({ description: 'UTC, six decimals', examples: [example] });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

export const MyInfoShape = Type.Object({
  id: Type.Integer(),
  type: Type.String(),
  username: Type.String(),
  nickname: Type.String(),
  callback_url: nullable(Type.String()),
  balance: Type.Number({ description: 'POT' }),
  created_at: time(),
});

export const UserShape = Type.Object({
  id: Type.Integer(),
  username: Type.String(),
  nickname: Type.String(),
  country: Type.String(),
  currency_code: Type.String(),
  token: nullable(Type.String({ description: 'launch token while it is good' })),
  balance: Type.Number(),
  point: Type.String({ examples: ['0.00'] }),
  config: Type.Null(),
  banned_at: nullable(time()),
  created_at: time(),
  updated_at: time(),
  last_access_at: nullable(time()),
  agent_id: Type.Integer(),
});

export const UserListShape = Type.Array(
  Type.Object({
    id: Type.Integer(),
    username: Type.String(),
    nickname: Type.String(),
    token: nullable(Type.String()),
    balance: Type.Number(),
    point: Type.String(),
    created_at: time(),
    last_access_at: nullable(time()),
    agent_id: Type.Integer(),
  }),
);

export const VendorListShape = Type.Record(
  Type.String(),
  Type.Object({ name: Type.String(), enabled: Type.Integer() }),
);

export const GameShape = Type.Object({
  title: Type.String(),
  type: Type.String(),
  id: Type.String(),
  vendor: Type.String(),
  provider: Type.String(),
  thumbnail: nullable(Type.String()),
  thumbnails: Type.Record(Type.String(), Type.String()),
  rank: nullable(Type.Integer()),
  langs: nullable(Type.Record(Type.String(), Type.String())),
});
export const LobbyShape = Type.Object({
  title: Type.String(),
  type: Type.Literal('lobby'),
  id: Type.String(),
  vendor: Type.String(),
  provider: Type.String(),
  thumbnail: nullable(Type.String()),
  thumbnails: Type.Record(Type.String(), Type.String()),
});

export const LaunchShape = Type.Object({
  link: Type.String(),
  userCreated: Type.Boolean(),
  user: Type.Object({
    id: Type.Integer(),
    username: Type.String(),
    nickname: Type.String(),
    balance: Type.Number(),
    last_access_at: nullable(time()),
    token: nullable(Type.String()),
  }),
});
export const LinkShape = Type.Object({ link: Type.String() });

export const EntryShape = Type.Object({ link: Type.String(), expires_at: Type.String() });

export const BalanceShape = Type.Object({
  username: Type.String(),
  balance: Type.Number(),
  amount: Type.Number({ description: 'negative when taken from the user' }),
  transaction_id: Type.Integer(),
  cached: Type.Boolean({ description: 'true: the first answer of this uuid, nothing moved now' }),
});

export const RowShape = Type.Object({
  id: Type.Integer(),
  type: Type.String(),
  amount: Type.Number(),
  before: Type.Number(),
  status: Type.Literal('success'),
  details: nullable(Type.Object({}, { additionalProperties: true })),
  processed_at: time(),
  referer_id: nullable(Type.Integer()),
  created_at: time(),
  user: Type.Object({ id: Type.Integer(), username: Type.String() }),
  external: nullable(Type.Object({ id: Type.String(), detail: nullable(Type.Any()) })),
});
export const RowsShape = Type.Object({ data: Type.Array(RowShape) });
export const DetailShape = Type.Object({ data: Type.Any() });

const callbackShape = {
  transaction_id: Type.Integer({
    description: 'what the callback is deduped by, and the id in /transactions',
  }),
  type: Type.String(),
  amount: Type.Number(),
  state: Type.String({
    description:
      'asking: a bet in flight; due: it is being tried; listed: given up, waits for you; resolved: by hand. Ended: accepted, refused, taken_back, delivered',
  }),
  attempts: Type.Integer({ description: 'tries in vain' }),
  next_at: nullable(time()),
  last: nullable(
    Type.Object({
      at: time(),
      class: Type.String(),
      status: nullable(Type.Integer({ description: 'HTTP' })),
    }),
  ),
  details: nullable(Type.Object({}, { additionalProperties: true })),
  processed_at: time(),
  referer_id: nullable(Type.Integer()),
  user: Type.Object({ id: Type.Integer(), username: Type.String() }),
  resolved_by: nullable(Type.String()),
  reason: nullable(Type.String()),
};
export const CallbacksShape = Type.Object({ data: Type.Array(Type.Object(callbackShape)) });
export const CallbackAnswerShape = Type.Object({ data: Type.Object(callbackShape) });
export const CallbackHistoryShape = Type.Object({
  data: Type.Object({
    ...callbackShape,
    history: Type.Array(
      Type.Object({
        at: time(),
        class: Type.String(),
        meaning: Type.String({ description: 'the class in words' }),
        status: nullable(Type.Integer()),
        elapsed_ms: Type.Integer(),
        request: Type.String({ description: 'the body as it was sent' }),
        answer: Type.String({ description: 'the first of what came back' }),
      }),
    ),
  }),
});
export const DoneShape = Type.Object({}, { additionalProperties: true });

export function writeMyInfo(agent: AgentRecord, balance: bigint) {
  const { id, username, nickname, callbackUrl: callback_url, createdAt: created_at, currency } = agent;
  return {
    id,
    type: '유저',
    username,
    nickname,
    callback_url,
    balance: toWireNumber(balance, currency),
    created_at,
  };
}

export interface UserContext {
  readonly currency: Currency;
  /** Writes the launch token of a session. */
  readonly tokenOf: (player: PlayerRecord) => string | null;
}

export function writeUser(player: PlayerRecord, { currency, tokenOf }: UserContext) {
  return {
    id: player.id,
    username: player.username,
    nickname: player.nickname,
    country: 'KOR',
    currency_code: currency,
    token: tokenOf(player),
    balance: toWireNumber(player.balance, currency),
    point: writePoint(player, currency),
    config: null,
    banned_at: player.blockedAt,
    created_at: player.createdAt,
    updated_at: player.updatedAt,
    last_access_at: player.lastAccessAt,
    agent_id: player.agentId,
  };
}

export function writeListedUser(player: PlayerRecord, context: UserContext) {
  const { id, username, nickname, token, balance, point, created_at, last_access_at, agent_id } = writeUser(
    player,
    context,
  );
  return { id, username, nickname, token, balance, point, created_at, last_access_at, agent_id };
}

export function writeLaunchedUser(player: PlayerRecord, context: UserContext) {
  const { id, username, nickname, balance, last_access_at, token } = writeUser(player, context);
  return { id, username, nickname, balance, last_access_at, token };
}

function writePoint(player: PlayerRecord, currency: Currency): string {
  return toWireNumber(player.points, currency).toFixed(2);
}

export function writeVendors(vendors: readonly Vendor[], sold: ReadonlySet<string>) {
  return Object.fromEntries(
    vendors.map(({ name, enabled }) => [name, { name, enabled: enabled && sold.has(name) ? 1 : 0 }]),
  );
}

export function writeGame(game: GameRecord, language: Language) {
  const { title, type, publicId: id, vendor, studioName: provider, rank, langs } = game;
  return { title, type, id, vendor, provider, ...picturesOf(game, language), rank, langs };
}

export function writeLobby(game: GameRecord, language: Language) {
  const { title, publicId: id, vendor, studioName: provider } = game;
  return { title, type: 'lobby', id, vendor, provider, ...picturesOf(game, language) };
}

/** The house's own picture goes before the studio's, whose sizes it then stands for. */
function picturesOf({ thumbnail, thumbnails, houseThumbnails }: GameRecord, language: Language) {
  const own = houseThumbnails[language] ?? houseThumbnails['*'];
  return own === undefined ? { thumbnail, thumbnails } : { thumbnail: own, thumbnails: {} };
}

/** A row of the feed; nothing but the contract's keys. */
export function writeRow(row: FeedRow, currency: Currency) {
  const { id, type, at, refererId: referer_id } = row;
  const details = row.game !== null ? { game: row.game } : row.ip !== null ? { ip: row.ip } : null;
  const external =
    row.external === null
      ? null
      : {
          id: row.external.id,
          detail: row.external.detail === null ? null : JSON.parse(row.external.detail),
        };
  return {
    id,
    type,
    amount: toWireNumber(row.amount, currency),
    before: toWireNumber(row.before, currency),
    status: 'success',
    details,
    processed_at: at,
    referer_id,
    created_at: at,
    user: { id: row.userId, username: row.username },
    external,
  };
}

/** A callback, kept or ended. */
export function writeCallback(callback: CallbackSeen) {
  const { id: transaction_id, type, state, attempts, currency, game, resolution, last } = callback;
  return {
    transaction_id,
    type,
    amount: toWireNumber(callback.amount, currency),
    state,
    attempts,
    next_at: callback.nextAt,
    last: last === null ? null : { at: last.at, class: last.class, status: last.status },
    details: game === null ? null : { game },
    processed_at: callback.at,
    referer_id: callback.refererId,
    user: { id: callback.playerId, username: callback.username },
    resolved_by: resolution?.by ?? null,
    reason: resolution?.reason ?? null,
  };
}

export function writeAttempt(attempt: AttemptSeen, language: Language) {
  const { at, class: found, status, elapsedMs: elapsed_ms, request, answer } = attempt;
  return { at, class: found, meaning: CLASS_WORDS[found][language], status, elapsed_ms, request, answer };
}
