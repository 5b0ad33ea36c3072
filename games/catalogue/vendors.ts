/**
 * The vendors whose games the hub's catalogue knows, as the operator API spells them, and what each one lists.
 * The names are labels only; every game behind them is this studio's own.
 * The order decides titles: new vendors are added at the end.
 */
export type Vendor = { name: string; kind: 'slots' | 'tables'; zeroWins: boolean };

const TABLES = new Set([
  'evolution',
  'bota',
  'DreamGame',
  'WM Live',
  'PragmaticPlay Live',
  'Betgames.tv',
  'Skywind Live',
  'Asia Gaming',
  'dowinn',
  'onetouch-live',
  'absolute',
  '7-mojos',
  'vivo',
  'ezugi',
]);

const NAMES = [
  ...['evolution', 'EVOPLAY', 'PragmaticPlay', 'Boongo', 'Habanero', 'bota', 'netent', 'redtiger'],
  ...['DreamGame', 'WM Live', 'Wazdan', 'Relax Gaming', 'PragmaticPlay Live', 'Triple Profit Gaming'],
  ...['PlayStar', 'BigTimeGaming', 'PlaySon', 'Thunderkick', 'Nolimit City', 'Mobilots', 'PlayPearls'],
  ...['Dragoon Soft', 'Blueprint', 'GameArt', 'CQ9', 'Betgames.tv', 'Skywind Live', '1X2 Gaming'],
  ...[
    'Elk Studios',
    'Asia Gaming',
    'PG Soft',
    'dowinn',
    'MicroGaming Plus',
    'MicroGaming Plus Slo',
    'iconix',
  ],
  ...['aviator', 'intouch-games', 'bfgames', 'popok', 'vir2al', 'dreamtech', 'onetouch', 'onetouch-live'],
  ...['caletagaming', 'absolute', '7-mojos', '7-mojos-slots', 'platipus', 'mancala', 'retrogames'],
  ...['spinomenal', 'fils', 'liw', 'inrace', 'smartsoft', 'platingaming', '7777', 'eagaming', 'galaxsys'],
  ...['vivo', 'globalbet', 'ezugi', 'gamedaddy', 'PlayNGo', 'Hacksaw', 'Novomatic'],
] as const;

/** All vendors, in their fixed order. */
export const VENDORS: readonly Vendor[] = NAMES.map((name) => ({
  name,
  kind: TABLES.has(name) ? 'tables' : 'slots',
  zeroWins: name !== 'onetouch',
}));

/** The part of a game id that names the vendor. */
export function vendorSlug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
