/** The catalogue: vendors with their behaviours, and the games studios publish. */
import { type GameId, type StudioId, trusted, trustedOrNull, type VendorId } from '../core/ids.ts';
import type { VendorRules } from '../core/round.ts';
import type { Query } from './connect.ts';

export interface Vendor {
  readonly id: VendorId;
  readonly name: string;
  readonly studioId: StudioId | null;
  readonly enabled: boolean;
  readonly rules: VendorRules;
  readonly roundLimitMs: number;
}

/** What a studio says of a game. */
interface GameProfile {
  readonly title: string;
  readonly type: string;
  readonly lobby: boolean;
  readonly thumbnail: string | null;
  readonly thumbnails: Readonly<Record<string, string>>;
  readonly rank: number | null;
  readonly langs: Readonly<Record<string, string>> | null;
  readonly launchUrl: string;
}

export interface GameRecord extends GameProfile {
  readonly id: GameId;
  readonly studioId: StudioId;
  readonly studioName: string;
  readonly vendorId: VendorId;
  readonly vendor: string;
  /** Also the house's, the vendor's and the studio's switch: false when any is off. */
  readonly enabled: boolean;
  readonly rules: VendorRules;
  readonly publicId: string;
  /** The house's own pictures by language, '*' for all others; they go before the studio's. */
  readonly houseThumbnails: Readonly<Record<string, string>>;
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toRules(row: any): VendorRules {
  return {
    zeroWins: row.zero_wins,
    multiBet: row.multi_bet,
    cancelPauseMs: row.cancel_pause_ms,
    bettingMs: row.betting_ms,
  };
}

export async function listVendors(db: Query): Promise<Vendor[]> {
  const rows = await db`select * from vendor order by id`;
  return rows.map((row) => ({
    id: trusted(row.id),
    name: row.name,
    studioId: trustedOrNull(row.studio_id),
    enabled: row.enabled,
    rules: toRules(row),
    roundLimitMs: Number(row.round_limit_ms),
  }));
}

export async function listGames(db: Query): Promise<GameRecord[]> {
  const rows =
    await db`select g.*, g.enabled and not g.house_off and v.enabled and s.enabled as sold, coalesce(g.house_rank, g.rank) as shown_rank, v.name as vendor, v.zero_wins, v.multi_bet, v.cancel_pause_ms, v.betting_ms, s.name as studio_name
    from game g join vendor v on v.id = g.vendor_id join studio s on s.id = g.studio_id order by v.id, shown_rank nulls last, g.id`;
  return rows.map((row) => ({
    id: trusted(row.id),
    studioId: trusted(row.studio_id),
    studioName: row.studio_name,
    vendorId: trusted(row.vendor_id),
    vendor: row.vendor,
    enabled: row.sold,
    rules: toRules(row),
    publicId: row.public_id,
    title: row.title,
    type: row.type,
    lobby: row.lobby,
    thumbnail: row.thumbnail,
    thumbnails: row.thumbnails,
    rank: row.shown_rank,
    langs: row.langs,
    launchUrl: row.launch_url,
    houseThumbnails: row.house_thumbnails,
  }));
}

export interface PublishedGame extends GameProfile {
  readonly id: string;
  readonly vendorId: VendorId;
  readonly enabled: boolean;
}

export interface PublishCounts {
  readonly created: number;
  readonly updated: number;
  /** Ids that already name another game (other vendor, type or kind): left as they were. */
  readonly refused: readonly string[];
}

/** Publishes games. A published id never changes its game: vendor, type and lobby stay what they were first. */
export async function publishGames(
  db: Query,
  studioId: StudioId,
  games: readonly PublishedGame[],
): Promise<PublishCounts> {
  const rows = await db`
    insert into game (studio_id, vendor_id, public_id, title, type, lobby, thumbnail, thumbnails, rank, langs, enabled, launch_url)
    select ${studioId}, "vendorId", id, title, type, lobby, thumbnail, thumbnails, rank, langs, enabled, "launchUrl"
    from jsonb_to_recordset(${JSON.stringify(games)}::text::jsonb) as g (id text, "vendorId" integer, title text, type text, lobby boolean, thumbnail text,
      thumbnails jsonb, rank integer, langs jsonb, enabled boolean, "launchUrl" text)
    on conflict (studio_id, public_id) do update set title = excluded.title, thumbnail = excluded.thumbnail, thumbnails = excluded.thumbnails,
      rank = excluded.rank, langs = excluded.langs, enabled = excluded.enabled, launch_url = excluded.launch_url, updated_at = now()
    where game.vendor_id = excluded.vendor_id and game.type = excluded.type and game.lobby = excluded.lobby
    returning public_id, xmax = 0 as created`;
  const written = new Set(rows.map((row) => row.public_id));
  const created = rows.filter((row) => row.created).length;
  return {
    created,
    updated: rows.length - created,
    refused: games.map((game) => game.id).filter((id) => !written.has(id)),
  };
}

/** Vendors a studio may publish for. */
export async function assignVendors(db: Query, studioId: StudioId, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await db`insert into vendor (name, studio_id) values (${name}, ${studioId}) on conflict (name) do update set studio_id = excluded.studio_id`;
  }
}

export interface VendorSettings {
  readonly enabled: boolean | null;
  readonly zeroWins: boolean | null;
  readonly multiBet: boolean | null;
  readonly cancelPauseMs: number | null;
  readonly bettingMs: number | null;
  readonly roundLimitMs: number | null;
}

/** Changes behaviours; null leaves one as it is. False when there is no such vendor. */
export async function setVendor(db: Query, name: string, settings: VendorSettings): Promise<boolean> {
  const { enabled, zeroWins, multiBet, cancelPauseMs, bettingMs, roundLimitMs } = settings;
  const rows =
    await db`update vendor set enabled = coalesce(${enabled}::boolean, enabled), zero_wins = coalesce(${zeroWins}::boolean, zero_wins),
    multi_bet = coalesce(${multiBet}::boolean, multi_bet), cancel_pause_ms = coalesce(${cancelPauseMs}::integer, cancel_pause_ms),
    betting_ms = coalesce(${bettingMs}::integer, betting_ms), round_limit_ms = coalesce(${roundLimitMs}::bigint, round_limit_ms)
    where name = ${name} returning id`;
  return rows.length > 0;
}
