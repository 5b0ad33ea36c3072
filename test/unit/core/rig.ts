/** A store with money in it, and short words for what tables of plays say. */
import { trusted } from '../../../src/core/ids.ts';
import type { Answered, Command, Outcome } from '../../../src/core/ledger-types.ts';
import { type Cast, type CastPlayer, type ItemWish, itemOf, memoryCast, T0 } from '../../model/cast.ts';
import { funding } from '../../model/steps.ts';
import { MemoryStore } from '../../model/store.ts';

export const cast: Cast = memoryCast();
export const [single, bundles, noZeroWins, disabled] = cast.games as [
  Cast['games'][number],
  Cast['games'][number],
  Cast['games'][number],
  Cast['games'][number],
];
/** `plain` has no limit but its agent's maxBet 5000; `limited` bets 3000 and wins 9000 at most in `bundles`. */
export const [limited, plain, dollars, paced, blocked, seamless] = cast.players as [
  CastPlayer,
  CastPlayer,
  CastPlayer,
  CastPlayer,
  CastPlayer,
  CastPlayer,
];

export type Wish = Partial<ItemWish> & Pick<ItemWish, 'type'>;

export class Rig {
  readonly store = new MemoryStore(cast);
  now = T0;
  private count = 0;

  constructor() {
    this.store.run(funding(cast), this.now);
    this.wait(5000);
  }

  wait(ms: number): void {
    this.now = trusted(this.now + ms);
  }

  run<C extends Command>(command: C): Outcome {
    return this.store.run([command], this.now)[0]!;
  }

  /** Plays an item: by default `plain` in round r1 of the single-bet game, for 1000, under an id of its own. */
  play(wish: Wish): Answered {
    const amount = wish.type === 'cancel' ? null : 1000n;
    const id = `auto${this.count++}`;
    const full = { id, player: plain, game: single, round: 'r1', amount, ...wish };
    return this.run(itemOf(cast.studioId, full)) as Answered;
  }

  /** `accepted`, `nothing` (accepted, moved nothing) or the refusal. */
  say(wish: Wish): string {
    const { status, code, transactionId } = this.play(wish).answer;
    return status === 'refused' ? code! : transactionId === null ? 'nothing' : 'accepted';
  }

  balance(player: CastPlayer = plain): bigint {
    return this.store.accounts.get(player.walletId)!.balance;
  }

  /** The rows since the funding: code, amount, and the position among them of the row they refer to. */
  rows(): [code: number, amount: bigint, referer: number | null][] {
    const own = this.store.transfers.slice(funding(cast).length);
    return own.map(({ code, amount, refererId }) => {
      const position = own.findIndex(({ id }) => id === refererId);
      return [code, amount, position < 0 ? null : position];
    });
  }
}
