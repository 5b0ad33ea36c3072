/**
 * Players who play, pay in and cash out while the world breaks: each remembers every answer it was given and every
 * request it got no answer to. Requests go out doubled, late and out of order, as studios and operators send them.
 * What was not answered is repeated with its id; an answer once given must be given again.
 */
import assert from 'node:assert/strict';
import type { Answer, StudioClient, XtClient } from '../world.ts';
import type { Chance } from './random.ts';

export interface Verdict {
  readonly accepted: boolean;
  readonly code: string | null;
  readonly transactionId: number | null;
  /** The player's balance after it, as it was told. */
  readonly balance: string | null;
  readonly repeated: boolean;
}

export type Kind = 'add' | 'subtract' | 'subtract_all' | 'bet' | 'win' | 'cancel';

/** What one id stands for. */
export interface Operation {
  readonly id: string;
  readonly kind: Kind;
  readonly player: Player;
  /** Minor units; null for those that take what is there. */
  readonly amount: number | null;
  readonly round: string | null;
  readonly reference: string | null;
  readonly closesRound: boolean;
  /** A transfer without an id of its own: it can't be repeated, so without an answer it stays unknown. */
  readonly bare: boolean;
  /** Null until a definite answer came. */
  verdict: Verdict | null;
}

export interface Player {
  readonly username: string;
  readonly id: string;
  session: string;
  readonly game: { readonly id: string; readonly type: string; readonly title: string };
}

export interface Site {
  readonly xt: () => XtClient;
  readonly studio: () => StudioClient;
  /** Resolves when it is worth asking again after a request without an answer. */
  readonly mayRetry: () => Promise<void>;
}

export interface Load {
  readonly operations: readonly Operation[];
  /** Plays until `stop`; ends when every request has been answered or lost. */
  play(player: Player, chance: Chance): Promise<void>;
  stop(): void;
  stopped(): boolean;
  /** Repeats what has no definite answer until it has one. */
  settle(): Promise<void>;
  answered(): number;
}

export function createLoad(site: Site): Load {
  const operations: Operation[] = [];
  let stopped = false;
  let answers = 0;
  let made = 0;

  const nextId = (player: Player, kind: Kind) => `${player.username}-${kind}-${++made}`;

  function note(part: Partial<Operation> & Pick<Operation, 'kind' | 'player'>): Operation {
    const id = nextId(part.player, part.kind);
    const rest = {
      amount: null,
      round: null,
      reference: null,
      closesRound: false,
      bare: false,
      verdict: null,
    };
    const operation: Operation = { ...rest, ...part, id };
    operations.push(operation);
    return operation;
  }

  /** Sends them in one request where they are a studio's; keeps what came back. False: no answer. */
  async function send(...batch: Operation[]): Promise<boolean> {
    const verdicts = await ask(batch).catch(() => null);
    if (verdicts === null) {
      await site.mayRetry();
      return false;
    }
    for (const [index, operation] of batch.entries()) keep(operation, verdicts[index]);
    answers++;
    return true;
  }

  async function ask(batch: readonly Operation[]): Promise<Verdict[] | null> {
    const [first] = batch;
    assert.ok(first !== undefined);
    if (isWallet(first))
      return walletVerdict(await site.xt().post(WALLET_PATHS[first.kind], walletBody(first)));
    return itemVerdicts(await site.studio().call('POST', '/transactions', { transactions: batch.map(item) }));
  }

  function keep(operation: Operation, verdict: Verdict | undefined): void {
    assert.ok(verdict !== undefined, 'an answer for every item');
    const known = operation.verdict;
    const definite = known !== null && (known.accepted || !isWallet(operation));
    if (!definite) {
      operation.verdict = verdict;
      return;
    }
    const told = ({ accepted, code, transactionId, balance }: Verdict) => ({
      accepted,
      code,
      transactionId,
      balance,
    });
    assert.deepEqual(told(verdict), told(known), `${operation.id} was answered otherwise before`);
  }

  async function play(player: Player, chance: Chance): Promise<void> {
    for (let turn = 0; !stopped; turn++) await act(player, chance, `${player.username}-r${turn}`);
  }

  async function act(player: Player, chance: Chance, round: string): Promise<void> {
    const amount = 1 + chance.below(500);
    const common = { player, round };
    switch (chance.pick(ACTS)) {
      case 'wallet': {
        const kind = chance.pick(['add', 'add', 'add', 'subtract', 'subtract_all'] as const);
        const moved = note({ kind, player, amount: kind === 'subtract_all' ? null : amount });
        await Promise.all(chance.happens(20) ? [send(moved), send(moved)] : [send(moved)]);
        return;
      }
      case 'bare wallet':
        await send(note({ kind: 'add', player, amount, bare: true }));
        return;
      case 'round': {
        const bet = note({ ...common, kind: 'bet', amount });
        await Promise.all(chance.happens(20) ? [send(bet), send(bet)] : [send(bet)]);
        await end(common, bet, chance);
        return;
      }
      case 'one request': {
        const bet = note({ ...common, kind: 'bet', amount });
        const win = note({
          ...common,
          kind: 'win',
          amount: chance.below(900),
          closesRound: chance.happens(50),
        });
        await send(bet, win);
        return;
      }
      case 'cancel overtakes': {
        const bet = note({ ...common, kind: 'bet', amount });
        const named = chance.happens(50) ? round : null;
        const cancel = note({ player, round: named, kind: 'cancel', reference: bet.id });
        await Promise.all(chance.happens(50) ? [send(cancel), send(bet)] : [send(bet), send(cancel)]);
        return;
      }
      case 'repeat': {
        const old = operations[operations.length - 1 - chance.below(Math.min(operations.length, 200))];
        if (old !== undefined && !old.bare && (old.verdict?.accepted || !isWallet(old))) await send(old);
        return;
      }
    }
  }

  /** How a round goes on: a win, two, a cancel, both in the wrong order, or nothing at all. */
  async function end(
    common: { player: Player; round: string },
    bet: Operation,
    chance: Chance,
  ): Promise<void> {
    const reference = chance.happens(50) ? bet.id : null;
    const win = () =>
      note({
        ...common,
        kind: 'win',
        amount: chance.happens(40) ? 0 : chance.below(2000),
        reference,
        closesRound: chance.happens(30),
      });
    const cancel = () =>
      note({ ...common, kind: 'cancel', reference: bet.id, amount: chance.happens(50) ? bet.amount : null });
    const course = chance.pick([
      'win',
      'win',
      'win twice',
      'cancel',
      'cancel twice',
      'late cancel',
      'race',
      'open',
    ] as const);
    if (course === 'win') await send(win());
    if (course === 'win twice') await Promise.all([send(win()), send(win())]);
    if (course === 'cancel') await send(cancel());
    if (course === 'cancel twice') await Promise.all([send(cancel()), send(cancel())]);
    if (course === 'late cancel') {
      await send(win());
      await send(cancel());
    }
    if (course === 'race') await Promise.all([send(win()), send(cancel())]);
  }

  return {
    operations,
    play,
    stop: () => {
      stopped = true;
    },
    stopped: () => stopped,
    async settle() {
      const deadline = performance.now() + SETTLE_MS_MAX;
      const open = operations.filter(({ verdict, bare }) => verdict === null && !bare);
      await inTurns(open, async (operation) => {
        while (!(await send(operation)))
          assert.ok(performance.now() < deadline, `${operation.id} gets no definite answer`);
      });
    },
    answered: () => answers,
  };
}

const ACTS = [
  'wallet',
  'bare wallet',
  'round',
  'round',
  'round',
  'one request',
  'cancel overtakes',
  'repeat',
] as const;
const WALLET_PATHS = {
  add: '/user/add-balance',
  subtract: '/user/sub-balance',
  subtract_all: '/user/sub-balance-all',
} as const;
const SETTLERS = 8;
const SETTLE_MS_MAX = 30_000;

type WalletOperation = Operation & { readonly kind: keyof typeof WALLET_PATHS };

export function isWallet(operation: Operation): operation is WalletOperation {
  return operation.kind in WALLET_PATHS;
}

function walletBody({ player, amount, id, bare }: Operation) {
  return { username: player.username, ...(bare ? {} : { uuid: id }), ...(amount === null ? {} : { amount }) };
}

function item({ id, kind, player, amount, round, reference, closesRound }: Operation) {
  return {
    id,
    type: kind,
    session: player.session,
    game: player.game,
    currency: 'KRW',
    ...(round === null ? {} : { round }),
    ...(reference === null ? {} : { reference }),
    ...(amount === null ? {} : { amount: String(amount) }),
    ...(closesRound ? { closesRound } : {}),
  };
}

/** 200 and 403 are definite; a 5xx is not. Anything else is no answer this load should ever get. */
function walletVerdict({ status, body, text }: Answer): Verdict[] | null {
  if (status >= 500) return null;
  assert.ok(status === 200 || status === 403, `operator API answered ${status}: ${text}`);
  if (status === 403)
    return [{ accepted: false, code: 'refused', transactionId: null, balance: null, repeated: false }];
  const { transaction_id: transactionId, balance, cached: repeated } = body;
  return [{ accepted: true, code: null, transactionId, balance: String(balance), repeated }];
}

function itemVerdicts({ status, body, text }: Answer): Verdict[] | null {
  if (status >= 500) return null;
  assert.equal(status, 200, `studio API answered ${status}: ${text}`);
  return body.results.map(
    (result: {
      status: string;
      code?: string;
      transactionId: number | null;
      balance: string;
      replayed: boolean;
    }) => ({
      accepted: result.status === 'accepted',
      code: result.code ?? null,
      transactionId: result.transactionId,
      balance: result.balance,
      repeated: result.replayed,
    }),
  );
}

async function inTurns<T>(list: readonly T[], work: (each: T) => Promise<unknown>): Promise<void> {
  const left = [...list];
  const worker = async () => {
    for (let each = left.shift(); each !== undefined; each = left.shift()) await work(each);
  };
  await Promise.all(Array.from({ length: SETTLERS }, worker));
}
