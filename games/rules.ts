/** What a step of a round leads to, by the game's model: free spins, respin offers, how a loss is told. */
import type { SlotGame } from './catalogue/games.ts';
import type { Consequence, Offer, Round } from './round.ts';
import { freeSpinsWon } from './slot/evaluate.ts';
import { buildModel, type Model } from './slot/model.ts';
import { PROFILES } from './slot/profiles.ts';
import { respinPrices } from './slot/respin.ts';

/** How long a respin is on offer before the round closes by itself: operators wait for the end of a round. */
export const OFFER_MS = 12_000;

const MODELS: ReadonlyMap<string, Model> = new Map(
  PROFILES.map((profile) => [profile.id, buildModel(profile)]),
);

/** The mathematical model a game is played by. */
export function modelOf(game: SlotGame): Model {
  return MODELS.get(game.profile.id)!;
}

function offerOf(
  round: Round,
  by: { game: SlotGame; limits: { betMin: bigint | null; betMax: bigint | null }; now: number },
): Offer | null {
  const step = round.steps.at(-1)!;
  // Vendors that tell no lost rounds keep one bet a round: their bundle stays open until the round closes.
  if (step.kind !== 'spin' || !by.game.zeroWins) return null;
  const { betMin, betMax } = by.limits;
  const prices = respinPrices(modelOf(by.game), step.spin.stops, round.stake).map((price) =>
    price === null || (betMin !== null && price < betMin) || (betMax !== null && price > betMax)
      ? null
      : price,
  );
  return prices.every((price) => price === null) ? null : { prices, until: by.now + OFFER_MS };
}

/** What follows from the round's latest step, once it counts. */
export function consequenceOf(
  round: Round,
  by: { game: SlotGame; limits: { betMin: bigint | null; betMax: bigint | null }; now: number },
): Consequence {
  const { scatters } = round.steps.at(-1)!.spin;
  const freeSpins = freeSpinsWon(modelOf(by.game), scatters, round.free?.awarded ?? 0);
  return {
    freeSpins,
    offer: freeSpins > 0 ? null : offerOf(round, by),
    zeroWins: by.game.zeroWins,
    now: by.now,
  };
}
