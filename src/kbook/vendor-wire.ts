/** What goes out over the vendor API: the contract's shapes, and the writers that fill them. */
import { type TSchema, Type } from 'typebox';
import { BET_STATUSES, BET_TYPES, SESSION_TYPES, type TransferRecord } from '../core/book/types.ts';
import { type Currency, toWireNumber } from '../core/money.ts';
import type { BookFeedRow, BookSummaryRow } from '../db/book-feed.ts';
import type { BookMoney } from '../db/book-player.ts';
import type { VendorType } from '../db/book-vendor-type.ts';

const epochMs = (about: string) =>
  Type.Integer({ description: `${about}, epoch ms`, examples: [1717482781704] });
const money = (about: string) => Type.Number({ description: about });

export const TransferShape = Type.Object({
  userId: Type.String(),
  vendorType: Type.String(),
  currencyType: Type.String(),
  tsCode: Type.String(),
  transferAmount: money('what was moved; below zero for a withdrawal'),
  accountProfitLoss: money('won and lost since the transfer before'),
  costExposure: money('what open bets could cost at that moment'),
  currentCredit: money('credit before: as the transfer before left it'),
  afterCredit: money('currentCredit + accountProfitLoss + transferAmount'),
  createTime: epochMs('when it was made'),
});

export function writeTransfer(
  record: TransferRecord,
  player: { readonly userId: string; readonly vendorType: VendorType },
) {
  const { currency, name } = player.vendorType;
  return {
    userId: player.userId,
    vendorType: name,
    currencyType: currency,
    tsCode: record.tsCode,
    transferAmount: toWireNumber(record.amount, currency),
    accountProfitLoss: toWireNumber(record.profitLoss, currency),
    costExposure: toWireNumber(record.exposure, currency),
    currentCredit: toWireNumber(record.creditBefore, currency),
    afterCredit: toWireNumber(record.creditAfter, currency),
    createTime: record.at,
  };
}

export const BalanceShape = Type.Object({
  userId: Type.String(),
  vendorType: Type.String(),
  currentBalance: money('credit and what was won and lost since'),
  withdrawableAmount: money('currentBalance less exposureAmount, never below zero'),
  availableBetAmount: money('what further bets may cost: the same'),
  exposureAmount: money('what open bets may cost, at worst'),
  queryTime: epochMs('when it was read'),
});

export function writeBalance(
  { balance, exposure, at }: BookMoney,
  player: { readonly userId: string; readonly vendorType: VendorType },
) {
  const { currency, name } = player.vendorType;
  const free = toWireNumber(balance > exposure ? balance - exposure : 0n, currency);
  return {
    userId: player.userId,
    vendorType: name,
    currentBalance: toWireNumber(balance, currency),
    withdrawableAmount: free,
    availableBetAmount: free,
    exposureAmount: toWireNumber(exposure, currency),
    queryTime: at,
  };
}

export const TransactionShape = Type.Object({
  id: Type.Integer(),
  vendorType: Type.String(),
  gameSessionId: Type.Integer(),
  gameDate: Type.String({ description: "dd-MM-yyyy, the site's day", examples: ['26-03-2024'] }),
  userId: Type.String(),
  currencyType: Type.String(),
  originStake: money('stake'),
  transactionStatus: Type.Enum([...BET_STATUSES]),
  betType: Type.Enum([...BET_TYPES]),
  betOdds: Type.Number({ description: 'decimal', examples: [49.0] }),
  originPayout: money('net: what was won beside the stake, or the stake below zero; 0 until settled'),
  betTime: epochMs('when it was placed'),
  summaryTime: Type.Union([Type.Integer(), Type.Null()], { description: 'when it was settled, epoch ms' }),
  updateTime: epochMs('its last change'),
  betSourceType: Type.Enum(['PLAYER']),
  gameSessionType: Type.Enum([...SESSION_TYPES]),
});

export function writeTransaction(row: BookFeedRow, { name, currency }: VendorType) {
  return {
    id: row.id,
    vendorType: name,
    gameSessionId: row.sessionId,
    gameDate: row.gameDate,
    userId: row.userId,
    currencyType: currency,
    originStake: toWireNumber(row.stake, currency),
    transactionStatus: row.status,
    betType: row.type,
    betOdds: row.odds / 1000,
    originPayout: toWireNumber(row.payout, currency),
    betTime: row.placedAt,
    summaryTime: row.settledAt,
    updateTime: row.updatedAt,
    betSourceType: 'PLAYER',
    gameSessionType: row.sessionType,
  };
}

export const SummaryShape = Type.Object({
  vendorType: Type.String(),
  gameSessionId: Type.Integer(),
  userId: Type.String(),
  currencyType: Type.String(),
  gameDate: Type.String({ examples: ['26-03-2024'] }),
  stake: money('stakes of settled bets'),
  payout: money('net of settled bets'),
  betSourceType: Type.Enum(['PLAYER']),
});

export function writeSummary(row: BookSummaryRow, { name, currency }: { name: string; currency: Currency }) {
  return {
    vendorType: name,
    gameSessionId: row.sessionId,
    userId: row.userId,
    currencyType: currency,
    gameDate: row.gameDate,
    stake: toWireNumber(row.stake, currency),
    payout: toWireNumber(row.payout, currency),
    betSourceType: 'PLAYER',
  };
}

/** Every answer's envelope: `data` of a success, or what is wrong. */
export function envelope(data: TSchema | null) {
  const failure = Type.Object({
    code: Type.String({ description: 'any but 1', pattern: '^(?!1$)\\d+$' }),
    message: Type.String(),
    data: Type.Optional(
      Type.Object({
        detail: Type.String({ description: 'what exactly is wrong, for a developer' }),
        field: Type.Optional(Type.String({ description: 'the field that is wrong' })),
      }),
    ),
  });
  const success = {
    code: Type.Enum(['1']),
    message: Type.Enum(['SUCCESS']),
  };
  return Type.Union([Type.Object(data === null ? success : { ...success, data }), failure]);
}
