/**
 * The operator API's calls (contract xt §2): the table of contents. Each names its parameters, its answer's shape and
 * the function that does it; `routes.ts` turns the table into routes.
 */
import type { TSchema } from 'typebox';
import { CALLBACK_FILTERS } from '../db/callback-view.ts';
import { autoLogin, ENTRY_ROLES } from './auto-login.ts';
import * as callbacks from './callbacks.ts';
import type { Call, CallResult } from './context.ts';
import {
  amount,
  choice,
  type Field,
  type Fields,
  flag,
  instant,
  integer,
  nickname,
  optional,
  text,
  username,
  uuid,
  type ValuesOf,
} from './fields.ts';
import * as games from './games.ts';
import * as money from './money.ts';
import * as feed from './transactions.ts';
import * as users from './users.ts';
import * as wire from './wire.ts';

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly group: 'agent' | 'user' | 'game' | 'money' | 'transaction' | 'callback';
  readonly summary: string;
  readonly fields: Fields;
  readonly answer: TSchema;
  readonly handle: (call: Call, values: never) => Promise<CallResult>;
}

type Described<F extends Fields> = Omit<Endpoint, 'fields' | 'handle'> & {
  readonly fields: F;
  readonly handle: (call: Call, values: ValuesOf<F>) => Promise<CallResult>;
};

function endpoint<F extends Fields>(described: Described<F>): Endpoint {
  return described as Endpoint;
}

const gameId = (): Field<string> =>
  text({ min: 1, max: 128, about: 'id from /game-list or /lobby-list', example: 'evolution_lobby' });
const vendor = (): Field<string> =>
  text({ min: 1, max: 64, about: 'vendor from /vendor-list', example: 'evolution' });
const page = () => optional(integer({ min: 1, max: 1_000_000, about: 'page, from 1' }), 1);
const perPage = (standard: number, max: number) =>
  optional(integer({ min: 1, max, about: `rows a page, ${standard} when absent` }), standard);
const reason = () => text({ min: 1, max: 500, about: 'why, kept in the audit trail' });
const transactionId = (about: string) => integer({ min: 1, max: Number.MAX_SAFE_INTEGER, about });
const accessFields = {
  game_id: gameId(),
  token: text({ min: 3, max: 128, about: "the user's token" }),
  vendor: vendor(),
};

export const ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/my-info',
    group: 'agent',
    summary: "The agent's own account",
    fields: {},
    answer: wire.MyInfoShape,
    handle: users.myInfo,
  }),
  endpoint({
    method: 'POST',
    path: '/auto-login',
    group: 'agent',
    summary: "A link into the agent's back office: good once, for two minutes",
    fields: {
      role: optional(choice(ENTRY_ROLES, 'as what, agent_owner when absent'), 'agent_owner' as const),
    },
    answer: wire.EntryShape,
    handle: autoLogin,
  }),
  endpoint({
    method: 'POST',
    path: '/user/create',
    group: 'user',
    summary: 'Create a user',
    fields: { username: username(), nickname: nickname() },
    answer: wire.UserShape,
    handle: users.create,
  }),
  endpoint({
    method: 'PATCH',
    path: '/user/refresh-token',
    group: 'user',
    summary: 'Issue a fresh launch token; the former one is dead',
    fields: { username: username() },
    answer: wire.UserShape,
    handle: users.refreshToken,
  }),
  endpoint({
    method: 'GET',
    path: '/user',
    group: 'user',
    summary: 'One user',
    fields: { username: username() },
    answer: wire.UserShape,
    handle: users.show,
  }),
  endpoint({
    method: 'GET',
    path: '/user-list',
    group: 'user',
    summary: "The agent's users",
    fields: { page: page(), perPage: perPage(5000, 10_000) },
    answer: wire.UserListShape,
    handle: users.list,
  }),
  endpoint({
    method: 'POST',
    path: '/user/kick',
    group: 'user',
    summary: 'End all game sessions of a user',
    fields: { username: username() },
    answer: wire.DoneShape,
    handle: users.kick,
  }),
  endpoint({
    method: 'GET',
    path: '/vendor-list',
    group: 'game',
    summary: 'Vendors',
    fields: {},
    answer: wire.VendorListShape,
    handle: games.vendors,
  }),
  endpoint({
    method: 'GET',
    path: '/game-list',
    group: 'game',
    summary: 'Games of a vendor, or of all',
    fields: { vendor: optional(vendor(), null) },
    answer: listOf(wire.GameShape),
    handle: games.list,
  }),
  endpoint({
    method: 'GET',
    path: '/lobby-list',
    group: 'game',
    summary: 'Lobbies',
    fields: {},
    answer: listOf(wire.LobbyShape),
    handle: games.lobbies,
  }),
  endpoint({
    method: 'GET',
    path: '/game-launch-link',
    group: 'game',
    summary: 'A link that opens a game for a user; creates the user when missing',
    fields: {
      username: username(),
      nickname: nickname(),
      game_id: gameId(),
      vendor: vendor(),
      skin: optional(text({ min: 1, max: 64, about: 'skin (Evolution)' }), null),
    },
    answer: wire.LaunchShape,
    handle: games.launch,
  }),
  endpoint({
    method: 'GET',
    path: '/get-game-url',
    group: 'game',
    summary: 'The address of a game for a token',
    fields: accessFields,
    answer: wire.LinkShape,
    handle: games.open,
  }),
  endpoint({
    method: 'GET',
    path: '/open',
    group: 'game',
    summary: 'The same as /get-game-url',
    fields: accessFields,
    answer: wire.LinkShape,
    handle: games.open,
  }),
  endpoint({
    method: 'POST',
    path: '/user/add-balance',
    group: 'money',
    summary: 'Pay a user from the POT',
    fields: { username: username(), amount: amount(), uuid: uuid() },
    answer: wire.BalanceShape,
    handle: money.addBalance,
  }),
  endpoint({
    method: 'POST',
    path: '/user/sub-balance',
    group: 'money',
    summary: 'Take money back from a user',
    fields: { username: username(), amount: amount(), uuid: uuid() },
    answer: wire.BalanceShape,
    handle: money.subBalance,
  }),
  endpoint({
    method: 'POST',
    path: '/user/sub-balance-all',
    group: 'money',
    summary: 'Take all money back from a user',
    fields: { username: username(), uuid: uuid() },
    answer: wire.BalanceShape,
    handle: money.subBalanceAll,
  }),
  endpoint({
    method: 'POST',
    path: '/user/exchange-point-all',
    group: 'money',
    summary: "Turn a user's points into balance",
    fields: { username: username(), uuid: uuid() },
    answer: wire.BalanceShape,
    handle: money.exchangePoints,
  }),
  endpoint({
    method: 'GET',
    path: '/transactions',
    group: 'transaction',
    summary: 'Rows of a window of time, start inclusive, end exclusive',
    fields: {
      start: instant('from, UTC'),
      end: instant('up to, UTC'),
      page: page(),
      perPage: perPage(100, 1000),
      withDetails: optional(flag('1: with external.detail on bet rows'), false),
      order: optional(choice(['asc', 'desc'], 'order of time, asc when absent', 'order'), 'asc' as const),
    },
    answer: wire.RowsShape,
    handle: feed.transactions,
  }),
  endpoint({
    method: 'GET',
    path: '/transaction-detail',
    group: 'transaction',
    summary: 'The detail of one row',
    fields: { transaction_id: transactionId('id of a row') },
    answer: wire.DetailShape,
    handle: feed.detail,
  }),
  endpoint({
    method: 'GET',
    path: '/transaction-list',
    group: 'transaction',
    summary: 'Rows after an id, without gaps',
    fields: {
      start_transaction_id: optional(
        integer({ min: 0, max: Number.MAX_SAFE_INTEGER, about: 'rows with a higher id' }),
        0,
      ),
      start: optional(instant('not before, UTC'), null),
      perPage: perPage(100, 1000),
    },
    answer: wire.RowsShape,
    handle: feed.after,
  }),
  endpoint({
    method: 'GET',
    path: '/callback-list',
    group: 'callback',
    summary: "Seamless wallet: what the agent's server has not been told yet, or was given up",
    fields: {
      state: optional(
        choice(CALLBACK_FILTERS, 'only in this state; outstanding (when absent) = all but resolved'),
        'outstanding' as const,
      ),
      username: optional(username(), null),
      after_id: optional(transactionId('rows beyond this id in the order asked for'), null),
      page: page(),
      perPage: perPage(100, 1000),
      order: optional(
        choice(['asc', 'desc'], 'order of ids; desc (newest first) when absent', 'order'),
        'desc' as const,
      ),
    },
    answer: wire.CallbacksShape,
    handle: callbacks.list,
  }),
  endpoint({
    method: 'GET',
    path: '/callback',
    group: 'callback',
    summary: 'Seamless wallet: one callback with its attempts, also one that has ended',
    fields: { transaction_id: transactionId('id of the transaction') },
    answer: wire.CallbackHistoryShape,
    handle: callbacks.show,
  }),
  endpoint({
    method: 'POST',
    path: '/callback/resend',
    group: 'callback',
    summary: 'Seamless wallet: send a callback again now',
    fields: {
      transaction_id: transactionId('id of the transaction'),
      reason: optional(reason(), null),
    },
    answer: wire.CallbackAnswerShape,
    handle: callbacks.resend,
  }),
  endpoint({
    method: 'POST',
    path: '/callback/resolve',
    group: 'callback',
    summary: 'Seamless wallet: take a callback off as settled by hand; it is not sent again',
    fields: { transaction_id: transactionId('id of the transaction'), reason: reason() },
    answer: wire.CallbackAnswerShape,
    handle: callbacks.resolve,
  }),
];

function listOf(item: TSchema): TSchema {
  return { type: 'array', items: item } as TSchema;
}
