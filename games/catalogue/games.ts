/**
 * The catalogue: every game of every vendor, worked out from fixed tables, so it is the same at every start.
 * Invariants: ids are unique and never change their game (a test pins digests of all ids and titles); no two
 * slots share a title; a game that can't be played yet is not enabled; every vendor sells slots, also one whose
 * tables are not open yet. Slots of table vendors were added later, so they take their titles last.
 */
import { createHash } from 'node:crypto';
import { PROFILES, type PublishedProfile } from '../slot/profiles.ts';
import { VENDORS, type Vendor, vendorSlug } from './vendors.ts';
import { FAMILIES, type FamilyName, MOODS, NOUNS, ROOMS, TABLE_KINDS, type Words } from './words.ts';

type Common = { id: string; vendor: string; type: string; title: Words; rank: number; zeroWins: boolean };
export type SlotGame = Common & { kind: 'slot'; family: FamilyName; hue: number; profile: PublishedProfile };
export type TableGame = Common & { kind: 'table' };
export type LobbyGame = Common & { kind: 'lobby' };
export type Game = SlotGame | TableGame | LobbyGame;

/** Where a family's colours begin; games of one family spread from there. */
const HUES: Readonly<Record<FamilyName, number>> = {
  orchard: 60,
  gems: 250,
  lantern: 325,
  forest: 95,
  ocean: 175,
  cosmos: 225,
  desert: 10,
  sweets: 290,
};
const HUE_SPREAD = 72;

const SLOTS_LEAST = 5;
const SLOTS_SPREAD = 4;
const TABLES_PER_VENDOR = 5;
const SLOTS_BESIDE_TABLES = 4;

/** A number below `bound` that belongs to a text for ever. */
function drawn(text: string, bound: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % bound;
}

function joined(a: Words, b: Words): Words {
  return { en: `${a.en} ${b.en}`, ko: `${a.ko} ${b.ko}`, zh: `${a.zh}${b.zh}` };
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

/** The n-th slot of a vendor. Families follow each other, so a vendor's slots look different. */
function slotAt(vendor: Vendor, n: number, taken: Set<string>): SlotGame {
  const family = FAMILIES[(drawn(vendor.name, FAMILIES.length) + n * 3) % FAMILIES.length]!;
  for (let attempt = 0; ; attempt += 1) {
    const seed = `${vendor.name}/${n}/${attempt}`;
    const title = joined(
      MOODS[drawn(`mood ${seed}`, MOODS.length)]!,
      NOUNS[family][drawn(`noun ${seed}`, NOUNS[family].length)]!,
    );
    if (taken.has(title.en)) continue;
    taken.add(title.en);
    const id = `${vendorSlug(vendor.name)}_${slug(title.en)}`;
    return {
      kind: 'slot',
      id,
      vendor: vendor.name,
      type: 'slot',
      title,
      rank: n + 2,
      zeroWins: vendor.zeroWins,
      family,
      hue: (HUES[family] + drawn(`hue ${id}`, HUE_SPREAD)) % 360,
      profile: PROFILES[drawn(`profile ${id}`, PROFILES.length)]!,
    };
  }
}

function tableAt(vendor: Vendor, n: number): TableGame {
  const kind = TABLE_KINDS[n % TABLE_KINDS.length]!;
  const room = ROOMS[(drawn(`room ${vendor.name}`, ROOMS.length) + n) % ROOMS.length]!;
  const title: Words = {
    en: `${room.en} ${kind.en}`,
    ko: `${room.ko} ${kind.ko}`,
    zh: `${room.zh} ${kind.zh}`,
  };
  return {
    kind: 'table',
    id: `${vendorSlug(vendor.name)}_${slug(title.en)}`,
    vendor: vendor.name,
    type: kind.type,
    title,
    rank: n + 2 + SLOTS_BESIDE_TABLES,
    zeroWins: vendor.zeroWins,
  };
}

function lobbyOf(vendor: Vendor): LobbyGame {
  return {
    kind: 'lobby',
    id: `${vendorSlug(vendor.name)}_lobby`,
    vendor: vendor.name,
    type: 'lobby',
    title: { en: `${vendor.name} Lobby`, ko: `${vendor.name} 로비`, zh: `${vendor.name} 大廳` },
    rank: 1,
    zeroWins: vendor.zeroWins,
  };
}

function slotsOf(vendor: Vendor, taken: Set<string>): SlotGame[] {
  const count =
    vendor.kind === 'tables'
      ? SLOTS_BESIDE_TABLES
      : SLOTS_LEAST + drawn(`count ${vendor.name}`, SLOTS_SPREAD);
  return Array.from({ length: count }, (_, n) => slotAt(vendor, n, taken));
}

function tablesOf(vendor: Vendor): TableGame[] {
  const count = vendor.kind === 'tables' ? TABLES_PER_VENDOR : 0;
  return Array.from({ length: count }, (_, n) => tableAt(vendor, n));
}

function allGames(): Game[] {
  const taken = new Set<string>();
  const slots = new Map<Vendor, SlotGame[]>();
  for (const kind of ['slots', 'tables'] as const) {
    for (const vendor of VENDORS) if (vendor.kind === kind) slots.set(vendor, slotsOf(vendor, taken));
  }
  return VENDORS.flatMap((vendor) => [lobbyOf(vendor), ...slots.get(vendor)!, ...tablesOf(vendor)]);
}

/** Every game, vendor by vendor: its lobby, what can be played, what can't be played yet. */
export const GAMES: readonly Game[] = allGames();

const BY_ID: ReadonlyMap<string, Game> = new Map(GAMES.map((game) => [game.id, game]));

/** A game by its id. */
export function gameById(id: string): Game | undefined {
  return BY_ID.get(id);
}

/** A vendor's games without its lobby. */
export function gamesOfVendor(vendor: string): Game[] {
  return GAMES.filter((game) => game.vendor === vendor && game.kind !== 'lobby');
}

/** False while nobody can play it: tables wait for their tables. */
export function isPlayable(game: Game): boolean {
  return game.kind !== 'table';
}

/** A game as `PUT /games` wants it; `base` is where players' browsers reach the studio. */
export function publishedGame(game: Game, base: string): Record<string, unknown> {
  const thumbnail = `${base}/thumb/${game.id}.svg`;
  return {
    id: game.id,
    vendor: game.vendor,
    title: game.title.en,
    type: game.type,
    thumbnail,
    thumbnails: { '300x300': thumbnail },
    rank: game.rank,
    langs: game.title,
    lobby: game.kind === 'lobby',
    enabled: isPlayable(game),
    launchUrl: `${base}/play/${game.id}`,
  };
}
