/**
 * The rain book the load bets on: players with credit and a visit, and open sessions of two sites, one of which keeps
 * every stake in its pool while the other lays most of it off. Odds are K-Rain's own less the margin, so that the hub,
 * which asks for them too, leaves them as they are.
 */
import { offerOf } from '../src/core/book/odds.ts';
import { trusted, type VisitId } from '../src/core/ids.ts';
import { createBookPlayer } from '../src/db/book-player.ts';
import type { Sql } from '../src/db/connect.ts';
import type { Hub } from '../src/hub.ts';
import { makeAccess } from '../src/kbook/player-tokens.ts';
import { createBookOperatorWithCert } from '../src/office-book.ts';
import { type Market, marketIdOf } from '../src/rain/market.ts';
import type { BookSite, BookWorld } from './load/world.ts';

export interface BookSize {
  /** Of each site. */
  readonly players: number;
  readonly sessions: number;
}

type Operator = Awaited<ReturnType<typeof createBookOperatorWithCert>>['id'];

const CREDIT = 1_000_000_000n;
const LIMIT = { minBet: 10_000n, maxBet: 1_000_000n, maxExposure: 5_000_000n };
const POOL = 1_000_000_000_000_000n;
const OPEN_HOURS = 4;
const AT_ONCE = 200;

export async function fillBook(hub: Hub, size: BookSize, market: Pick<Market, 'odds'>): Promise<BookWorld> {
  await hub.sql`update rain_site set pool_max = ${POOL}, own_bps = case name when 'CPS' then 10000 else own_bps end`;
  const { id } = await createBookOperatorWithCert(hub, { name: 'bench', actor: 'bench' });
  return {
    kept: await fillSite(hub, { operator: id, site: 'CPS', size, market }),
    laidOff: await fillSite(hub, { operator: id, site: 'CPS2', size, market }),
  };
}

async function fillSite(
  hub: Hub,
  wish: { operator: Operator; site: string; size: BookSize; market: Pick<Market, 'odds'> },
): Promise<BookSite> {
  const { operator, site, size, market } = wish;
  const outsideId = await hub.book.outsideAccount(operator, 'USD');
  const access: string[] = [];
  while (access.length < size.players) {
    const names = Array.from({ length: AT_ONCE }, (_, nth) => `u${access.length + nth}`);
    const addOne = (userId: string) =>
      addPlayer(hub, { operator, vendorType: `${site}_USD`, userId }, outsideId);
    access.push(...(await Promise.all(names.map(addOne))));
  }
  const sessions = Array.from({ length: size.sessions }, (_, day) =>
    addSession(hub.sql, { site, day, market }),
  );
  return { access, sessions: await Promise.all(sessions) };
}

/** With credit, and a visit whose access token outlasts the run. */
async function addPlayer(
  { sql, writer, vault }: Hub,
  { operator: operatorId, ...name }: { operator: Operator; vendorType: string; userId: string },
  outsideId: Awaited<ReturnType<Hub['book']['outsideAccount']>>,
): Promise<string> {
  const player = await createBookPlayer(sql, { operatorId, ...name, currency: 'USD', limit: LIMIT });
  if (player === null) throw new Error(`player ${name.userId} was not made`);
  const tsCode = `${name.vendorType}-${name.userId}`;
  const deposit = { kind: 'book_transfer', direction: 'deposit', player, outsideId, tsCode } as const;
  const outcome = await writer.submit({ ...deposit, amount: CREDIT });
  if (!outcome.ok) throw new Error(`paying ${name.userId} failed: ${outcome.code}`);
  const [visit] = await sql`insert into book_visit (player_id, login_hash, login_expires_at, ip, opened_at)
    values (${player.id}, sha256(${tsCode}::text::bytea), now(), '127.0.0.1', now()) returning id`;
  const visitId = trusted<VisitId>(visit?.id);
  return makeAccess(vault, { visitId, expiresAt: Date.now() + OPEN_HOURS * 3_600_000 });
}

/** Of a betting day long ago, so that no calendar makes the same. */
async function addSession(
  sql: Sql,
  { site, day, market }: { site: string; day: number; market: Pick<Market, 'odds'> },
): Promise<BookSite['sessions'][number]> {
  const gameDate = new Date(Date.UTC(2001, 0, 1 + day)).toISOString().slice(0, 10);
  const said = await market.odds(marketIdOf({ site, gameDate, type: 'NOON', currency: 'USD' }));
  if (said.kind !== 'odds' || said.rain === null || said.dry === null) throw new Error('K-Rain has no odds');
  const [known] = await sql`select margin_bps from rain_site where name = ${site}`;
  const offer = offerOf({ rain: said.rain, dry: said.dry }, known?.margin_bps);
  if (offer === null) throw new Error('K-Rain’s odds are too short to be offered');
  const [row] = await sql`
    insert into rain_session (site, currency, type, game_date, opens_at, closes_at, starts_at, ends_at, status, market, quote,
      odds_rain, odds_dry, krain_rain, krain_dry, quote_until)
    select ${site}, 'USD', 'NOON', ${gameDate}::text::date, now() - interval '1 hour', e.closes, e.closes, e.closes + interval '12 hours', 'OPEN', 'OPEN', 1,
      ${offer.rain}, ${offer.dry}, ${said.rain}, ${said.dry}, now() + interval '30 seconds'
    from (select now() + make_interval(hours => ${OPEN_HOURS}) as closes) e returning id`;
  return { id: Number(row?.id), rain: offer.rain / 1000, noRain: offer.dry / 1000 };
}
