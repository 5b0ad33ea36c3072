/** The rain book on a database: an operator, players with a visit, sessions with odds, and its four commands. */
import type { BetType, Bettor, MarketAnswer } from '../../src/core/book/types.ts';
import { ACCOUNT } from '../../src/core/chart.ts';
import { type AccountId, type BetId, type RainSessionId, trusted } from '../../src/core/ids.ts';
import { ensureAccount } from '../../src/db/agent.ts';
import type { Sql } from '../../src/db/connect.ts';
import type { LedgerWriter } from '../../src/engine/ledger-writer.ts';

export interface Seat extends Bettor {
  readonly visitId: number;
}

/** Odds of every session: 2.0 on rain, 49.0 on none. */
export const ODDS: Readonly<Record<BetType, number>> = { RAIN: 2000, NO_RAIN: 49_000 };

export async function openBookGround({ sql, writer }: { sql: Sql; writer: Pick<LedgerWriter, 'submit'> }) {
  let names = 0;
  const [operator] =
    await sql`insert into book_operator (name, cert_hash, cert_hint) values ('site', '\\x01', 'x') returning id`;
  const operatorId = Number(operator?.id);
  const house = (kind: typeof ACCOUNT.rainPool | typeof ACCOUNT.krainClearing) =>
    ensureAccount(sql, { agentId: null, kind, ownerId: 0, currency: 'USD' });
  const outsideId: AccountId = await ensureAccount(sql, {
    agentId: trusted(operatorId),
    kind: ACCOUNT.outside,
    ownerId: operatorId,
    currency: 'USD',
  });
  const accounts = {
    poolId: await house(ACCOUNT.rainPool),
    krainId: await house(ACCOUNT.krainClearing),
  };
  return {
    async seat(): Promise<Seat> {
      const user = `u${names++}`;
      const [player] =
        await sql`insert into book_player (operator_id, vendor_type, user_id, account_id, min_bet, max_bet, max_exposure)
        values (${operatorId}, 'CPS_USD', ${user}, nextval('account_id_seq'), 10000, 1000000, 5000000) returning id, account_id`;
      await sql`insert into account (id, agent_id, kind, owner_id, currency) values (${player?.account_id}, ${operatorId}, 4, ${player?.id}, 'USD')`;
      const [visit] =
        await sql`insert into book_visit (player_id, login_hash, login_expires_at) values (${player?.id}, ${`\\x${Buffer.from(user).toString('hex')}`}, now()) returning id`;
      return {
        id: trusted(player?.id),
        operatorId: trusted(operatorId),
        accountId: trusted(player?.account_id),
        vendorType: 'CPS_USD',
        visitId: Number(visit?.id),
      };
    },
    async session({ ownBps = 3000 } = {}): Promise<RainSessionId> {
      await sql`update rain_site set own_bps = ${ownBps}`;
      const [row] =
        await sql`insert into rain_session (site, currency, type, game_date, opens_at, closes_at, starts_at, ends_at, status, market, quote, odds_rain, odds_dry, krain_rain, krain_dry, quote_until)
        values ('CPS', 'USD', 'NOON', date '2024-01-01' + ${names++}::int, now() - interval '1 hour', now() + interval '1 hour', now() + interval '2 hours', now() + interval '3 hours',
          'OPEN', 'OPEN', 1, ${ODDS.RAIN}, ${ODDS.NO_RAIN}, 2050, 50000, now() + interval '1 hour') returning id`;
      return trusted(row?.id);
    },
    deposit: (player: Bettor, tsCode: string, amount: bigint) =>
      writer.submit({ kind: 'book_transfer', direction: 'deposit', player, outsideId, tsCode, amount }),
    withdraw: (player: Bettor, tsCode: string, amount: bigint | 'all') =>
      writer.submit({ kind: 'book_transfer', direction: 'withdraw', player, outsideId, tsCode, amount }),
    place: (player: Seat, sessionId: RainSessionId, wish: { type: BetType; stake: bigint; key: string }) =>
      writer.submit({
        kind: 'book_place',
        player,
        visitId: trusted(player.visitId),
        sessionId,
        odds: ODDS[wish.type],
        ip: null,
        krainMs: 5000,
        ...wish,
      }),
    answer: (player: Seat, bet: { sessionId: RainSessionId; id: BetId }, answer: MarketAnswer) =>
      writer.submit({ kind: 'book_answer', player, sessionId: bet.sessionId, betId: bet.id, answer }),
    settle: (player: Seat, sessionId: RainSessionId) =>
      writer.submit({ kind: 'book_settle', sessionId, player, accounts }),
    /** States a result as the results' machine would, without its persons. */
    async result(sessionId: RainSessionId, result: 'RAIN' | 'NO_RAIN' | 'VOID'): Promise<void> {
      await sql`update rain_session set status = 'UNSETTLED', market = 'CLOSE', result = ${result}, version = version + 1, resulted_at = now() where id = ${sessionId}`;
    },
  };
}

export type BookGround = Awaited<ReturnType<typeof openBookGround>>;
