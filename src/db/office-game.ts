/** Games and studios as the house looks after them. */
import type { Fragment } from 'postgres';
import type { GameId } from '../core/ids.ts';
import type { Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface HouseGame {
  readonly [key: string]: unknown;
  readonly id: number;
  readonly publicId: string;
  readonly title: string;
  readonly type: string;
  readonly lobby: boolean;
  readonly vendorId: number;
  readonly vendor: string;
  readonly studioId: number;
  readonly studio: string;
  /** Its studio offers it. */
  readonly published: boolean;
  /** The house has not switched it off. */
  readonly on: boolean;
  /** It can be played: also its vendor and its studio are on. */
  readonly sold: boolean;
  /** As shown: the house's, or the studio's. */
  readonly rank: number | null;
  readonly houseRank: number | null;
  /** The studio's. */
  readonly thumbnail: string | null;
  /** The house's own by language, '*' for all others. */
  readonly thumbnails: Readonly<Record<string, string>>;
}

export interface HouseGameFilter {
  readonly vendor?: string | undefined;
  readonly studio?: string | undefined;
  readonly begins?: string | undefined;
  readonly sold?: string | undefined;
}

const columns = (
  db: Query,
) => db`g.id, g.public_id, g.title, g.type, g.lobby, g.vendor_id, v.name as vendor, g.studio_id, s.name as studio,
  g.enabled, g.house_off, g.enabled and not g.house_off and v.enabled and s.enabled as sold, g.rank, g.house_rank, g.thumbnail, g.house_thumbnails, ${place(db)} as place`;
const tables = (db: Query) =>
  db`game g join vendor v on v.id = g.vendor_id join studio s on s.id = g.studio_id`;
/** Those without a rank come last. */
const place = (db: Query) => db`coalesce(g.house_rank, g.rank, 2147483647)::bigint`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toGame(row: any): HouseGame {
  return {
    id: row.id,
    publicId: row.public_id,
    title: row.title,
    type: row.type,
    lobby: row.lobby,
    vendorId: row.vendor_id,
    vendor: row.vendor,
    studioId: Number(row.studio_id),
    studio: row.studio,
    published: row.enabled,
    on: !row.house_off,
    sold: row.sold,
    rank: row.house_rank ?? row.rank,
    houseRank: row.house_rank,
    thumbnail: row.thumbnail,
    thumbnails: row.house_thumbnails,
  };
}

/** By vendor in the order players see them, or the newest first. */
export async function listHouseGames(
  db: Query,
  filter: HouseGameFilter,
  page: KeysetPage & { readonly order: string },
): Promise<HouseGame[]> {
  const keys =
    page.order === 'shown'
      ? ([
          { column: db`g.vendor_id`, type: 'bigint' },
          { column: place(db), type: 'bigint' },
          { column: db`g.id`, type: 'bigint' },
        ] as const)
      : ([{ column: db`g.id`, type: 'bigint' }] as const);
  const { where, order, limit } = keyset(db, page, keys);
  const rows =
    await db`select ${columns(db)} from ${tables(db)} where ${where} and ${matches(db, filter)} ${order} ${limit}`;
  return rows.map(toGame);
}

function matches(db: Query, { vendor, studio, begins, sold }: HouseGameFilter): Fragment {
  const named = (begins ?? '').toLowerCase().replace(/[\\%_]/g, '\\$&');
  return db`${vendor === undefined ? db`true` : db`g.vendor_id = ${vendor}::bigint`}
    and ${studio === undefined ? db`true` : db`g.studio_id = ${studio}::bigint`}
    and ${named === '' ? db`true` : db`(lower(g.title) like ${`${named}%`} or lower(g.public_id) like ${`${named}%`})`}
    and ${sold === undefined ? db`true` : db`(g.enabled and not g.house_off and v.enabled and s.enabled) = ${sold === 'true'}`}`;
}

export async function findHouseGame(db: Query, id: GameId): Promise<HouseGame | null> {
  const [row] = await db`select ${columns(db)} from ${tables(db)} where g.id = ${id}`;
  return row === undefined ? null : toGame(row);
}

export interface HouseGameChange {
  readonly on?: boolean | undefined;
  /** Null: the studio's. */
  readonly rank?: number | null | undefined;
  readonly thumbnails?: Readonly<Record<string, string>> | undefined;
}

export async function setHouseGame(db: Query, id: GameId, change: HouseGameChange): Promise<void> {
  const { on, rank, thumbnails } = change;
  await db`
    update game set house_off = coalesce(not ${on ?? null}::boolean, house_off),
      house_rank = case when ${rank !== undefined} then ${rank ?? null}::integer else house_rank end,
      house_thumbnails = coalesce(${thumbnails === undefined ? null : JSON.stringify(thumbnails)}::text::jsonb, house_thumbnails)
    where id = ${id}`;
}

/** Of each vendor: how many games there are, and how many can be played. */
export async function gamesByVendor(db: Query): Promise<Map<number, { games: number; sold: number }>> {
  const rows = await db`
    select g.vendor_id, count(*)::int as games, (count(*) filter (where g.enabled and not g.house_off and v.enabled and s.enabled))::int as sold
    from ${tables(db)} group by g.vendor_id`;
  return new Map(rows.map(({ vendor_id, games, sold }) => [vendor_id, { games, sold }]));
}

export interface HouseStudio {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly createdAt: string;
  /** Its public key. */
  readonly key: string | null;
  /** Live secrets: two while they are being changed over. */
  readonly secrets: number;
  readonly secretAt: string | null;
  readonly vendors: readonly string[];
  readonly games: number;
}

export async function listHouseStudios(db: Query): Promise<HouseStudio[]> {
  const rows = await db`
    select s.id, s.name, s.enabled, wire_time(s.created_at) as created_at, k.key, coalesce(k.secrets, 0)::int as secrets, wire_time(k.at) as secret_at,
      (select coalesce(json_agg(v.name order by v.name), '[]') from vendor v where v.studio_id = s.id) as vendors,
      (select count(*)::int from game g where g.studio_id = s.id) as games
    from studio s left join (select studio_id, max(key) as key, count(*) as secrets, max(created_at) as at from studio_secret
      where revoked_at is null group by studio_id) k on k.studio_id = s.id
    order by s.id`;
  return rows.map((row) => ({
    id: Number(row.id),
    name: row.name,
    enabled: row.enabled,
    createdAt: row.created_at,
    key: row.key,
    secrets: row.secrets,
    secretAt: row.secret_at,
    vendors: row.vendors,
    games: row.games,
  }));
}

export async function setStudioEnabled(
  db: Query,
  { id, enabled }: Pick<HouseStudio, 'id' | 'enabled'>,
): Promise<void> {
  await db`update studio set enabled = ${enabled} where id = ${id}`;
}
