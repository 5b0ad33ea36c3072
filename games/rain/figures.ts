/** What a page shows of wallet and book: asked at most every so often a player, however many pages ask. */
import type { Stay } from './stay.ts';
import type { House } from './steps.ts';
import type { RainView } from './wire.ts';

export type Figures = {
  /** Null: the hub has not told. */
  wallet: bigint | null;
  book: RainView['book'];
};

type Entry = Figures & {
  at: number;
  /** As the stay was then: money that has moved since makes them old. */
  of: Stay | null;
  asking: Promise<void> | null;
};

const OLD_MS = 1_500;
const KEPT_MAX = 10_000;

export function figureReader(house: House): (stay: Stay) => Promise<Figures> {
  const entries = new Map<string, Entry>();

  async function ask(stay: Stay, entry: Entry): Promise<void> {
    const isThere = stay.holds || stay.visit?.state === 'in';
    const [purse, credit] = await Promise.all([
      house.hub.purse(stay.player),
      isThere ? house.book.credit(stay.userId) : null,
    ]);
    entry.wallet = purse?.balance ?? null;
    entry.book =
      credit?.kind === 'ok'
        ? { balance: credit.value.balance.toString(), exposure: credit.value.exposure.toString() }
        : null;
    entry.at = house.now();
    entry.of = stay;
  }

  return async (stay) => {
    if (entries.size >= KEPT_MAX) entries.clear();
    const entry = entries.get(stay.player) ?? { wallet: null, book: null, at: 0, of: null, asking: null };
    entries.set(stay.player, entry);
    if (entry.of !== stay || house.now() - entry.at >= OLD_MS) {
      entry.asking ??= ask(stay, entry).finally(() => {
        entry.asking = null;
      });
      await entry.asking;
    }
    return entry;
  };
}
