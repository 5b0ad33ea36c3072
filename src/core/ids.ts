/** Brands of ids and instants. A brand is made only where a value enters: by a parser or by the database. */

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

export type AgentId = Branded<number, 'AgentId'>;
export type PlayerId = Branded<number, 'PlayerId'>;
export type StudioId = Branded<number, 'StudioId'>;
export type AccountId = Branded<number, 'AccountId'>;
export type SessionId = Branded<number, 'SessionId'>;
export type VendorId = Branded<number, 'VendorId'>;
export type GameId = Branded<number, 'GameId'>;
/** Public id of a transfer, above 2^31 and below 2^53; id + 1 is its causer's row. */
export type TransferId = Branded<number, 'TransferId'>;
/** A site that sells the rain book to its players. Drawn from the same ids as agents: its money is kept as an agent's. */
export type BookOperatorId = Branded<number, 'BookOperatorId'>;
/** A player of a book operator, in one vendor type. */
export type BookPlayerId = Branded<number, 'BookPlayerId'>;
export type RainSessionId = Branded<number, 'RainSessionId'>;
/** A visit of the player page: what its tokens stand for. */
export type VisitId = Branded<number, 'VisitId'>;
/** Drawn from the ids of transfers. */
export type BetId = Branded<number, 'BetId'>;
/** Epoch milliseconds. */
export type Instant = Branded<number, 'Instant'>;

type IdBrand =
  | AgentId
  | PlayerId
  | StudioId
  | AccountId
  | SessionId
  | VendorId
  | GameId
  | TransferId
  | BookOperatorId
  | BookPlayerId
  | RainSessionId
  | VisitId
  | BetId
  | Instant;

/** Brands a number the database or a checked token vouches for. Throws on anything but a safe whole number. */
export function trusted<Id extends IdBrand>(value: number | bigint | string): Id {
  const id = Number(value);
  if (!Number.isSafeInteger(id)) throw new Error(`not an id: ${value}`);
  return id as Id;
}

/** The same for a nullable column. */
export function trustedOrNull<Id extends IdBrand>(value: number | bigint | string | null): Id | null {
  return value === null ? null : trusted<Id>(value);
}
