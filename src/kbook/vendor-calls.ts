/**
 * The calls of the vendor API (contract kbook). Each is its fields, its answer and what it does; who calls, and from
 * where, has been checked before (vendor-routes.ts).
 *
 * A vendor type that is switched off takes no new players, limits and deposits; what its players have is still told
 * and paid out.
 */
import { type TSchema, Type } from 'typebox';
import type { BookTransfer } from '../core/book/types.ts';
import { readBookFeed, summarizeBets } from '../db/book-feed.ts';
import type { BookOperator } from '../db/book-operator.ts';
import {
  type BetLimit,
  type BookPlayerKey,
  createBookPlayer,
  readBookMoney,
  setBetLimit,
} from '../db/book-player.ts';
import { findBookTransfer } from '../db/book-transfer.ts';
import type { VendorType } from '../db/book-vendor-type.ts';
import { endVisits, issueLogin } from '../db/book-visit.ts';
import type { Sql } from '../db/connect.ts';
import type { BookDirectory } from '../engine/book-directory.ts';
import type { LedgerWriter } from '../engine/ledger-writer.ts';
import { fail, ok, type Reply } from './codes.ts';
import { answer, TRANSFER_ANSWERS } from './replies.ts';
import * as field from './vendor-fields.ts';
import * as wire from './vendor-wire.ts';

export interface VendorDependencies {
  readonly sql: Sql;
  readonly book: BookDirectory;
  readonly writer: LedgerWriter;
}

export interface VendorCall extends VendorDependencies {
  readonly operator: BookOperator;
  readonly vendorType: VendorType;
  /** Where the player page is, as the caller reaches the hub. */
  readonly baseUrl: string;
}

export interface Endpoint {
  readonly name: string;
  readonly summary: string;
  /** What a database that fails is called: an update's fate may be open. */
  readonly kind: 'read' | 'update';
  /** Not of a vendor type that is switched off. */
  readonly opens: boolean;
  readonly fields: field.Fields;
  readonly data: TSchema | null;
  readonly handle: (call: VendorCall, values: never) => Promise<Reply>;
}

function endpoint<F extends field.Fields>(
  given: Omit<Endpoint, 'fields' | 'handle'> & {
    readonly fields: F;
    readonly handle: (call: VendorCall, values: field.ValuesOf<F>) => Promise<Reply>;
  },
): Endpoint {
  return given;
}

const userId = field.name({
  max: 15,
  about: "the operator's own id of the player, case-sensitive",
  example: 'willy001',
});
const tsCode = field.name({
  max: 36,
  about: 'the id of the transfer: a repeat answers the first answer and moves nothing',
  example: '0cf4fdf2-814a-494e-9348-7286dbee7695',
});
const betLimit = field.betLimit();

export const ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    name: 'getLoginUrl',
    summary: "Address of the player's page, good for 15 minutes and from one place; makes the player",
    kind: 'update',
    opens: true,
    fields: { userId, betLimit },
    data: Type.String({ examples: ['https://rain.test/player/index.html?token=7230d64f'] }),
    handle: getLoginUrl,
  }),
  endpoint({
    name: 'logout',
    summary: "End all of a player's visits",
    kind: 'update',
    opens: false,
    fields: { userId },
    data: null,
    handle: logout,
  }),
  endpoint({
    name: 'updateBetLimit',
    summary: "Change the limits of a player's bets",
    kind: 'update',
    opens: true,
    fields: { userId, betLimit },
    data: null,
    handle: updateBetLimit,
  }),
  endpoint({
    name: 'deposit',
    summary: "Add to a player's credit",
    kind: 'update',
    opens: true,
    fields: { userId, tsCode, depositAmount: field.amount('what is added') },
    data: wire.TransferShape,
    handle: deposit,
  }),
  endpoint({
    name: 'withdraw',
    summary: "Take from a player's credit; without an amount, all that can be withdrawn",
    kind: 'update',
    opens: false,
    fields: { userId, tsCode, withdrawAmount: field.optional(field.amount('what is taken; absent = all')) },
    data: wire.TransferShape,
    handle: withdraw,
  }),
  endpoint({
    name: 'getCreditBalance',
    summary: 'What a player has, may withdraw and may bet',
    kind: 'read',
    opens: false,
    fields: { userId },
    data: wire.BalanceShape,
    handle: getCreditBalance,
  }),
  endpoint({
    name: 'getWalletTransferLog',
    summary: 'The transfer of a tsCode',
    kind: 'read',
    opens: false,
    fields: { tsCode },
    data: wire.TransferShape,
    handle: getWalletTransferLog,
  }),
  endpoint({
    name: 'getVendorTransactionByUpdateTime',
    summary: 'Bets changed after a time, within two days from it',
    kind: 'read',
    opens: false,
    fields: { updateTime: field.updateTime() },
    data: Type.Array(wire.TransactionShape),
    handle: getVendorTransactionByUpdateTime,
  }),
  endpoint({
    name: 'getSummaryTxnByGameDate',
    summary: 'Settled bets by session and player',
    kind: 'read',
    opens: false,
    fields: { startDate: field.gameDate('first betting day'), endDate: field.gameDate('last betting day') },
    data: Type.Array(wire.SummaryShape),
    handle: getSummaryTxnByGameDate,
  }),
];

const NO_PLAYER = fail('1002', 'no such userId in this vendorType', { field: 'userId' });

function playerOf({ book, operator, vendorType }: VendorCall, user: string): Promise<BookPlayerKey | null> {
  return book.player({ operatorId: operator.id, vendorType: vendorType.name, userId: user });
}

async function getLoginUrl(
  call: VendorCall,
  values: { readonly userId: string; readonly betLimit: BetLimit },
): Promise<Reply> {
  const { id } = await ensurePlayer(call, values);
  const token = await issueLogin(call.sql, id);
  return ok(`${call.baseUrl}/player/index.html?token=${token}`);
}

/** The player with these limits, made if it isn't there yet. */
async function ensurePlayer(
  call: VendorCall,
  values: { readonly userId: string; readonly betLimit: BetLimit },
): Promise<BookPlayerKey> {
  const { sql, operator, vendorType } = call;
  const known = await playerOf(call, values.userId);
  if (known === null) {
    const made = await createBookPlayer(sql, {
      operatorId: operator.id,
      vendorType: vendorType.name,
      userId: values.userId,
      currency: vendorType.currency,
      limit: values.betLimit,
    });
    if (made !== null) return made;
  }
  // Made by somebody else meanwhile, if it was not known.
  const player = known ?? (await playerOf(call, values.userId));
  if (player === null) throw new Error('a player that is there can not be found');
  await setBetLimit(sql, player.id, values.betLimit);
  return player;
}

async function logout(call: VendorCall, values: { readonly userId: string }): Promise<Reply> {
  const player = await playerOf(call, values.userId);
  if (player === null) return NO_PLAYER;
  await endVisits(call.sql, player.id);
  return ok();
}

async function updateBetLimit(
  call: VendorCall,
  values: { readonly userId: string; readonly betLimit: BetLimit },
): Promise<Reply> {
  const player = await playerOf(call, values.userId);
  if (player === null) return NO_PLAYER;
  await setBetLimit(call.sql, player.id, values.betLimit);
  return ok();
}

interface TransferValues {
  readonly userId: string;
  readonly tsCode: string;
}

function deposit(
  call: VendorCall,
  values: TransferValues & { readonly depositAmount: bigint },
): Promise<Reply> {
  return transfer(call, values, { direction: 'deposit', amount: values.depositAmount });
}

function withdraw(
  call: VendorCall,
  values: TransferValues & { readonly withdrawAmount: bigint | null },
): Promise<Reply> {
  return transfer(call, values, { direction: 'withdraw', amount: values.withdrawAmount ?? 'all' });
}

async function transfer(
  call: VendorCall,
  values: TransferValues,
  what: Pick<BookTransfer, 'direction' | 'amount'>,
): Promise<Reply> {
  const { operator, vendorType, book, writer } = call;
  const player = await playerOf(call, values.userId);
  if (player === null) return NO_PLAYER;
  const outsideId = await book.outsideAccount(operator.id, vendorType.currency);
  const { tsCode: code } = values;
  const outcome = await writer.submit({ kind: 'book_transfer', ...what, player, outsideId, tsCode: code });
  if (!outcome.ok) return answer(TRANSFER_ANSWERS[outcome.code]);
  return ok(wire.writeTransfer(outcome.record, { userId: player.userId, vendorType }));
}

async function getCreditBalance(call: VendorCall, values: { readonly userId: string }): Promise<Reply> {
  const player = await playerOf(call, values.userId);
  if (player === null) return NO_PLAYER;
  const money = await readBookMoney(call.sql, player.accountId);
  return ok(wire.writeBalance(money, { userId: player.userId, vendorType: call.vendorType }));
}

async function getWalletTransferLog(call: VendorCall, values: { readonly tsCode: string }): Promise<Reply> {
  const { sql, operator, vendorType } = call;
  const key = { operatorId: operator.id, vendorType: vendorType.name, tsCode: values.tsCode };
  const stored = await findBookTransfer(sql, key);
  if (stored === null)
    return fail('1002', 'no transfer of this tsCode in this vendorType', { field: 'tsCode' });
  return ok(wire.writeTransfer(stored.record, { userId: stored.userId, vendorType }));
}

/** Most bets of an answer; it is cut at the end of a millisecond, so that going on from its last one misses nothing. */
export const TRANSACTIONS_MAX = 20_000;

async function getVendorTransactionByUpdateTime(
  call: VendorCall,
  values: field.ValuesOf<{ updateTime: ReturnType<typeof field.updateTime> }>,
): Promise<Reply> {
  const { sql, operator, vendorType } = call;
  const rows = await readBookFeed(sql, {
    operatorId: operator.id,
    vendorType: vendorType.name,
    after: values.updateTime,
    limit: TRANSACTIONS_MAX,
  });
  return ok(rows.map((row) => wire.writeTransaction(row, vendorType)));
}

const SUMMARY_DAYS_MAX = 31;
const SUMMARY_ROWS_MAX = 100_000;
const DAY_MS = 86_400_000;

async function getSummaryTxnByGameDate(
  call: VendorCall,
  { startDate: start, endDate: end }: { readonly startDate: string; readonly endDate: string },
): Promise<Reply> {
  if (end < start) return fail('1001', 'endDate must not be before startDate', { field: 'endDate' });
  const days = (Date.parse(end) - Date.parse(start)) / DAY_MS + 1;
  if (days > SUMMARY_DAYS_MAX)
    return fail('1001', `endDate must be within ${SUMMARY_DAYS_MAX} days from startDate`, {
      field: 'endDate',
    });
  const { sql, operator, vendorType } = call;
  // One day is given whole: there is nothing smaller to ask for.
  const limit = days === 1 ? null : SUMMARY_ROWS_MAX + 1;
  const rows = await summarizeBets(sql, { operatorId: operator.id, vendorType, start, end, limit });
  if (days > 1 && rows.length > SUMMARY_ROWS_MAX)
    return fail('1001', 'endDate must be nearer: the answer would be too long', { field: 'endDate' });
  return ok(rows.map((row) => wire.writeSummary(row, vendorType)));
}
