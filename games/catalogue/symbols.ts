/**
 * Short names of a slot's symbols, the same in every language: what the detail of a round tells an operator.
 * Invariant: a name belongs to the picture the player saw, so both come from the same choice of style.
 */
import type { SlotGame } from './games.ts';
import type { FamilyName } from './words.ts';

/** The four pictures of each family, best first, as they are drawn. */
const PICTURES: Readonly<Record<FamilyName, readonly [string, string, string, string]>> = {
  orchard: ['melon', 'grapes', 'cherry', 'lemon'],
  gems: ['crown', 'gem', 'emerald', 'ring'],
  lantern: ['lantern', 'ingot', 'koi', 'fan'],
  forest: ['fox', 'owl', 'mushroom', 'acorn'],
  ocean: ['turtle', 'scallop', 'fish', 'starfish'],
  cosmos: ['rocket', 'planet', 'comet', 'moon'],
  desert: ['scarab', 'cat', 'pyramid', 'vase'],
  sweets: ['cupcake', 'lollipop', 'donut', 'bonbon'],
};

export type LowStyle = 'suits' | 'stones';

const LOWS: Readonly<Record<LowStyle, readonly string[]>> = {
  suits: ['heart', 'diamond', 'club', 'spade', 'star'],
  stones: ['ruby', 'amber', 'emerald', 'sapphire', 'amethyst'],
};

/** How a game's five low symbols are drawn; families of stones use suits, so that nothing looks like its better. */
export function lowStyleOf(game: SlotGame): LowStyle {
  return game.family === 'gems' || game.hue % 2 === 0 ? 'suits' : 'stones';
}

/** Names of symbols 0…10 of a game. */
export function symbolNames(game: SlotGame): readonly string[] {
  return ['wild', 'scatter', ...PICTURES[game.family], ...LOWS[lowStyleOf(game)]];
}
