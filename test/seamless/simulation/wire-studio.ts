/**
 * A studio over HTTP: the same acts as in virtual time, sent to any of the hubs until they are answered. Pauses are
 * short: nobody waits for a player to think.
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from '../../simulation/random.ts';
import type { Answer, StudioClient } from '../../world.ts';
import { ACTS, type Ending, type Operation, type Studio, type Wish } from './acts.ts';
import type { SimPlayer } from './cast.ts';

export interface WireSeat {
  readonly player: SimPlayer;
  readonly session: string;
}

export interface WireStudioParts {
  readonly chance: Chance;
  readonly seats: readonly WireSeat[];
  /** A client of some hub that is up. */
  readonly client: () => StudioClient;
  /** The studio's games, by vendor. */
  readonly gameOf: (vendorId: number) => string;
}

/** What a pause of virtual time is here. */
const HASTE = 100;
const REPEAT_MS_MAX = 60;
/** A studio's own: then it asks again, maybe another hub. */
const TIMEOUT_MS = 800;

export class WireStudio implements Studio {
  readonly operations = new Map<string, Operation>();
  readonly endings: Ending[] = [];
  readonly chance: Chance;
  private readonly parts: WireStudioParts;
  private rounds = 0;
  private isStopped = false;

  constructor(parts: WireStudioParts) {
    this.parts = parts;
    this.chance = parts.chance;
  }

  /** Plays every seat in so many tabs, and ends when all is answered. */
  async play(tabs: number, acts: number): Promise<void> {
    const { seats } = this.parts;
    const tab = async ({ player }: WireSeat) => {
      for (let act = 0; act < acts; act++) {
        this.rounds += 1;
        const round = `r${this.rounds}`;
        await this.chance.pick(ACTS)(this, { player, round, other: this.chance.pick(seats).player });
      }
    };
    await Promise.all(Array.from({ length: tabs }, () => seats.map(tab)).flat());
  }

  /** Sends nothing more: what is played yet fails. */
  stop(): void {
    this.isStopped = true;
  }

  /** Asks every id once more. */
  async askAgain(): Promise<void> {
    await Promise.all([...this.operations.values()].map((each) => this.once([each])));
  }

  note(wish: Wish): Operation {
    const id = `${wish.player.username}-${wish.type}${this.operations.size}`;
    const rest = { round: null, amount: null, reference: null, closesRound: false };
    const operation: Operation = { ...rest, ...wish, id, answer: null };
    this.operations.set(id, operation);
    return operation;
  }

  async pause(msMax: number): Promise<void> {
    await delay(this.chance.below(Math.ceil(msMax / HASTE) + 1));
  }

  async insist(...list: readonly Operation[]): Promise<void> {
    for (let tries = 0; list.some(({ answer }) => answer === null); tries++) {
      if (tries > 0) await delay(this.chance.below(REPEAT_MS_MAX));
      await Promise.all(this.chance.happens(10) ? [this.once(list), this.once(list)] : [this.once(list)]);
    }
  }

  /** Staff has no such call here: the studio closes the round. */
  async endRound({ player, game, round, amount }: Ending): Promise<void> {
    this.endings.push({ mode: 'close', player, game, round, amount });
    const body = { game: this.parts.gameOf(game.vendorId), round, player: String(player.id) };
    while ((await this.call('/rounds/close', body))?.status !== 200)
      await delay(this.chance.below(REPEAT_MS_MAX));
  }

  private async once(list: readonly Operation[]): Promise<void> {
    const answer = await this.call('/transactions', {
      transactions: list.map((each) => this.toItem(each)),
    });
    if (answer === null || answer.status >= 500) return;
    assert.equal(answer.status, 200, answer.text);
    for (const [index, { status, code = null, transactionId, balance }] of answer.body.results.entries()) {
      const operation = list[index]!;
      const told = { status, code, transactionId, balance };
      if (operation.answer !== null)
        assert.deepEqual(told, operation.answer, `${operation.id} had another answer`);
      operation.answer = told;
    }
  }

  /** Null: the hub could not be reached, ended meanwhile, or took too long. */
  private async call(path: string, body: unknown): Promise<Answer | null> {
    if (this.isStopped) throw new Error('the studio was stopped');
    const answer = this.parts.client().call('POST', path, body);
    return Promise.race([answer.catch(() => null), delay(TIMEOUT_MS, null)]);
  }

  private toItem({ id, type, player, game, round, amount, reference, closesRound }: Operation) {
    return {
      id,
      type,
      session: this.parts.seats.find((seat) => seat.player === player)!.session,
      game: { id: this.parts.gameOf(game.vendorId) },
      currency: player.currency,
      ...(round === null ? {} : { round }),
      ...(amount === null ? {} : { amount: String(amount) }),
      ...(reference === null ? {} : { reference }),
      ...(closesRound ? { closesRound } : {}),
    };
  }
}
