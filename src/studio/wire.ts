/** Shapes of the studio API (contract studio). Amounts are whole minor units as decimal strings. */
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ITEM_REFUSALS } from '../core/ledger-types.ts';

export const ITEMS_MAX = 500;
export const DETAIL_BYTES_MAX = 64 * 1024;
const DETAIL_LEVELS_MAX = 100;

// No controls and no half of a surrogate pair: the store keeps neither.
const PLAIN = '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$';
const Name = (max: number) => Type.String({ minLength: 1, maxLength: max, pattern: PLAIN });
const Minor = Type.String({ maxLength: 40, description: 'minor units', examples: ['5000'] });

export const ItemShape = Type.Object({
  id: Name(128),
  type: Type.Enum(['bet', 'win', 'cancel', 'charge', 'adjust_credit', 'adjust_debit', 'promo_win']),
  session: Type.Optional(Name(128)),
  player: Type.Optional(Name(32)),
  game: Type.Object({ id: Name(128), type: Type.Optional(Name(64)), title: Type.Optional(Name(256)) }),
  round: Type.Optional(Name(128)),
  amount: Type.Optional(Minor),
  currency: Name(8),
  reference: Type.Optional(Name(128)),
  closesRound: Type.Optional(Type.Boolean()),
  skin: Type.Optional(Type.String({ maxLength: 64 })),
  detail: Type.Optional(Type.Any()),
  at: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Number()])),
});
export type WireItem = Type.Static<typeof ItemShape>;

export const ResultShape = Type.Object({
  id: Type.String(),
  status: Type.Enum(['accepted', 'refused']),
  code: Type.Optional(Type.Enum([...ITEM_REFUSALS])),
  transactionId: Type.Union([Type.Integer(), Type.Null()]),
  balance: Type.Union([Type.String(), Type.Null()]),
  replayed: Type.Boolean(),
});

export const OpenShape = Type.Object({ token: Type.String({ minLength: 1, maxLength: 256 }) });
export const OpenedShape = Type.Object({
  session: Type.String(),
  player: Type.String(),
  nickname: Type.String(),
  currency: Type.String(),
  country: Type.String(),
  language: Type.String(),
  balance: Minor,
  game: Type.Object({ id: Type.String(), type: Type.String(), title: Type.String(), vendor: Type.String() }),
  limits: Type.Object({
    betMin: Type.Union([Minor, Type.Null()]),
    betMax: Type.Union([Minor, Type.Null()]),
    winMax: Type.Union([Minor, Type.Null()]),
  }),
  skin: Type.Union([Type.String(), Type.Null()]),
});
export const CloseShape = Type.Object({ session: Type.String({ minLength: 1, maxLength: 256 }) });
export const BalanceShape = Type.Object({ balance: Minor, currency: Type.String() });
export const TransactionsShape = Type.Object({ transactions: Type.Array(Type.Any(), { minItems: 1 }) });
/** The same as it is documented. Items are checked one by one, so that a refusal can name the bad one. */
export const ItemsShape = Type.Object({
  transactions: Type.Array(ItemShape, { minItems: 1, maxItems: ITEMS_MAX }),
});
export const DetailShape = Type.Any({ description: 'any JSON up to 64 KiB' });
export const ResultsShape = Type.Object({ results: Type.Array(ResultShape) });
export const RoundCloseShape = Type.Object({
  game: Name(128),
  round: Name(128),
  player: Type.Optional(Name(32)),
});
export const OpenRoundsQueryShape = Type.Object({
  state: Type.Optional(Type.Literal('open')),
  olderThan: Type.Optional(
    Type.String({ description: 'ISO time or epoch milliseconds', examples: ['2026-01-31T09:00:00Z'] }),
  ),
});
export const OpenRoundsShape = Type.Object({
  rounds: Type.Array(
    Type.Object({
      game: Type.String(),
      vendor: Type.String(),
      round: Type.String(),
      player: Type.String(),
      openedAt: Type.String(),
      stake: Minor,
      overdue: Type.Boolean(),
    }),
  ),
});

const Url = Type.String({ maxLength: 2048, pattern: '^https?://[^\\u0000-\\u0020\\ud800-\\udfff]+$' });
const Texts = Type.Record(Type.String({ pattern: PLAIN }), Type.String({ maxLength: 2048, pattern: PLAIN }), {
  additionalProperties: false,
});
export const GamesShape = Type.Object({
  games: Type.Array(
    Type.Object({
      id: Name(128),
      title: Name(256),
      type: Name(64),
      thumbnail: Type.Optional(Type.Union([Url, Type.Null()])),
      thumbnails: Type.Optional(Texts),
      rank: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 1_000_000 }), Type.Null()])),
      langs: Type.Optional(Type.Union([Texts, Type.Null()])),
      lobby: Type.Optional(Type.Boolean()),
      enabled: Type.Optional(Type.Boolean()),
      launchUrl: Url,
      vendor: Type.Optional(
        Type.String({ description: 'needed when the studio has several vendors', maxLength: 64 }),
      ),
    }),
    { minItems: 1, maxItems: 2000 },
  ),
});
export const PublishedShape = Type.Object({
  created: Type.Integer(),
  updated: Type.Integer(),
  refused: Type.Array(Type.String()),
});
export const DoneShape = Type.Object({});
export const RefusalShape = Type.Object({ code: Type.String(), message: Type.String() });

/** True for a detail nested so deeply that writing it out again could exhaust the stack. */
export function isTooDeep(detail: unknown, levels = DETAIL_LEVELS_MAX): boolean {
  if (typeof detail !== 'object' || detail === null) return false;
  return levels === 0 || Object.values(detail).some((part) => isTooDeep(part, levels - 1));
}

export const checks = {
  item: Compile(ItemShape),
  open: Compile(OpenShape),
  close: Compile(CloseShape),
  transactions: Compile(TransactionsShape),
  roundClose: Compile(RoundCloseShape),
  games: Compile(GamesShape),
};
