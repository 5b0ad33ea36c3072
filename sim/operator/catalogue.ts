/**
 * The games on sale, read from the hub and kept for a while.
 * Invariant: only games of enabled vendors are in it; while the hub is away, the last list stays.
 */
import type { Logger } from 'pino';
import type { XtClient } from './xt-client.ts';
import type { Game, Vendor } from './xt-wire.ts';

export interface Catalogue {
  readonly vendors: readonly Vendor[];
  readonly games: readonly Game[];
  readonly lobbies: readonly Game[];
}

export interface CatalogueFilter {
  /** Empty text means all, everywhere. */
  readonly vendor: string;
  readonly type: string;
  readonly search: string;
}

export interface CatalogueCache {
  /** Null while the hub has never answered. */
  read(): Promise<Catalogue | null>;
}

/** `base` is what relative picture addresses are resolved against. */
export function catalogueCache(parts: {
  xt: XtClient;
  log: Logger;
  base: string;
  keepMs: number;
}): CatalogueCache {
  let held: Catalogue | null = null;
  let freshUntilMs = 0;
  let loading: Promise<void> | null = null;

  async function load(): Promise<void> {
    const [vendors, games, lobbies] = await Promise.all([
      parts.xt.vendorList(),
      parts.xt.gameList(),
      parts.xt.lobbyList(),
    ]);
    if (vendors.kind !== 'ok' || games.kind !== 'ok') {
      parts.log.warn({ vendors: vendors.kind, games: games.kind }, 'the catalogue could not be read');
      // Soon again, but not with every visitor.
      freshUntilMs = performance.now() + 2000;
      return;
    }
    held = onSale({
      vendors: vendors.value,
      games: games.value.map((game) => withPicture(game, parts.base)),
      lobbies: lobbies.kind === 'ok' ? lobbies.value.map((game) => withPicture(game, parts.base)) : [],
    });
    freshUntilMs = performance.now() + parts.keepMs;
  }

  return {
    async read() {
      if (performance.now() >= freshUntilMs) {
        loading ??= load().finally(() => {
          loading = null;
        });
        // With a list in hand nobody waits for the hub.
        if (held === null) await loading;
      }
      return held;
    },
  };
}

/** Leaves what may be sold: games and lobbies of enabled vendors, the best ranked first. Pure. */
export function onSale(all: Catalogue): Catalogue {
  const vendors = all.vendors.filter((vendor) => vendor.enabled);
  const keys = new Set(vendors.map((vendor) => vendor.key));
  const enabled = (game: Game) => keys.has(game.vendor);
  const rank = (game: Game) => game.rank ?? Number.MAX_SAFE_INTEGER;
  return {
    vendors,
    games: all.games.filter(enabled).toSorted((left, right) => rank(left) - rank(right)),
    lobbies: all.lobbies.filter(enabled),
  };
}

/** Pure. The search looks at every title, whatever the language of the page, and at the provider. */
export function filterGames(games: readonly Game[], filter: CatalogueFilter): readonly Game[] {
  const words = filter.search.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  return games.filter((game) => {
    if (filter.vendor !== '' && game.vendor !== filter.vendor) return false;
    if (filter.type !== '' && game.type !== filter.type) return false;
    if (words.length === 0) return true;
    const text = [game.title, game.provider, game.vendor, ...Object.values(game.langs)]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function withPicture(game: Game, base: string): Game {
  const address = game.thumbnail === null ? null : URL.parse(game.thumbnail, base);
  const usable = address !== null && /^https?:$/.test(address.protocol);
  return { ...game, thumbnail: usable ? address.href : null };
}
