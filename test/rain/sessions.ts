/** A migrated database of its own with the standard sites, and sessions wherever a test wants them in time. */

import { type Instant, type RainSessionId, trusted } from '../../src/core/ids.ts';
import { connect, type Sql } from '../../src/db/connect.ts';
import { databaseNow } from '../../src/db/rain-due.ts';
import { findSession, type RainSession } from '../../src/db/rain-session.ts';
import { createDatabase } from '../world.ts';

export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

export interface Wish {
  readonly site?: string;
  readonly type?: string;
  readonly gameDate?: string;
  readonly status?: string;
  /** ms from the database's now. */
  readonly opens?: number;
  readonly closes?: number;
  readonly starts?: number;
  readonly ends?: number;
  /** Instead of now. */
  readonly origin?: number;
}

export interface Ground {
  readonly sql: Sql;
  readonly url: string;
  now(): Promise<Instant>;
  /** Without a wish: an open session that began an hour ago and ends in one. */
  session(wish?: Wish): Promise<RainSessionId>;
  look(id: RainSessionId): Promise<RainSession>;
  /** Lines of the audit trail, `actor action`. */
  lines(id?: RainSessionId): Promise<string[]>;
  /** A player's bet, as far as sessions know of bets: a position of that version. */
  position(id: RainSessionId, version: number): Promise<void>;
  close(): Promise<void>;
}

let day = 0;
/** Every session made here has a betting day of its own: a site has one of a type a day. */
const nextDay = () => new Date(Date.UTC(2030, 0, ++day)).toISOString().slice(0, 10);

export async function openGround(): Promise<Ground> {
  const database = await createDatabase();
  const sql = connect(database.url, { max: 6, name: 'test' });
  const now = () => databaseNow(sql);
  return {
    sql,
    url: database.url,
    now,
    async session(wish = {}) {
      const { opens = -2 * HOUR_MS, closes = HOUR_MS, starts = closes, ends = closes + HOUR_MS } = wish;
      const { site = 'CPS', type = 'NOON', status = 'OPEN', gameDate = nextDay() } = wish;
      const origin = wish.origin ?? (await now());
      const at = (ms: number) => new Date(origin + ms);
      const [row] =
        await sql`insert into rain_session (site, currency, type, game_date, status, opens_at, closes_at, starts_at, ends_at)
        values (${site}, 'USD', ${type}, ${gameDate}::text::date, ${status}, ${at(opens)}, ${at(closes)}, ${at(starts)}, ${at(ends)}) returning id`;
      return trusted<RainSessionId>(row?.id);
    },
    async look(id) {
      const found = await findSession(sql, id);
      if (found === null) throw new Error(`no session ${id}`);
      return found;
    },
    async lines(id) {
      const rows = await sql`select actor, action from audit_log
        where ${id === undefined} or subject = ${`rain session ${id ?? 0}`} order by id`;
      return rows.map(({ actor, action }) => `${actor} ${action}`);
    },
    async position(id, version) {
      const name = `operator-${id}-${version}`;
      await sql`with operator as (
          insert into book_operator (name, cert_hash, cert_hint) values (${name}, ${Buffer.from(name)}, 'x') returning id),
        player as (insert into book_player (operator_id, vendor_type, user_id, account_id, min_bet, max_bet, max_exposure)
          select id, 'CPS_USD', 'somebody', nextval('account_id_seq'), 1000, 10000, 50000 from operator returning id, operator_id, account_id)
        insert into book_position (session_id, player_id, account_id, operator_id, bets, version)
        select ${id}, player.id, player.account_id, player.operator_id, 1, ${version} from player`;
    },
    async close() {
      await sql.end();
      await database.drop();
    },
  };
}

/** A session whose hours ended so long ago that its result may be told. */
export const OVER: Wish = { status: 'CLOSE', opens: -9 * HOUR_MS, closes: -8 * HOUR_MS, ends: -2 * HOUR_MS };
