/**
 * What the hub sends to an operator's seamless wallet: the packet of `POST changeBalance`, byte for byte as the
 * contract orders its fields. One writer, so that whoever builds a packet for an operator sends the same one.
 */
import { type Currency, toWireNumber } from '../core/money.ts';

/** The facts of one packet. Amounts are signed minor units of the currency. */
export interface ChangeBalancePacket {
  readonly username: string;
  readonly currency: Currency;
  /** What the player's balance changes by: bet and charge −, win, cancel and promo_win +, adjust ±, exceed_credit −. */
  readonly amount: bigint;
  readonly transaction: {
    /** Whole and below 2^53: what the operator dedupes by. */
    readonly id: number;
    readonly type: string;
    readonly refererId: number | null;
    /** ISO text in UTC with six decimals. */
    readonly at: string;
    readonly game: PacketGame | null;
    /** The player; `balance` is the one after this transaction. */
    readonly target: { readonly id: number; readonly username: string; readonly balance: bigint };
  };
}

export interface PacketGame {
  readonly id: string;
  readonly type: string;
  readonly round: string;
  readonly title: string;
  readonly vendor: string;
}

/** The body of `POST changeBalance`. */
export function changeBalanceBody({ username, currency, amount, transaction }: ChangeBalancePacket): string {
  const { id, type, refererId, at, game, target } = transaction;
  const wireAmount = toWireNumber(amount, currency);
  return JSON.stringify({
    username,
    amount: wireAmount,
    transaction: {
      id,
      type,
      referer_id: refererId,
      amount: wireAmount,
      processed_at: at,
      details: game === null ? null : { game: writeGame(game) },
      target: {
        id: target.id,
        username: target.username,
        balance: toWireNumber(target.balance, currency),
        point: '0.00',
      },
    },
  });
}

function writeGame({ id, type, round, title, vendor }: PacketGame): PacketGame {
  return { id, type, round, title, vendor };
}
