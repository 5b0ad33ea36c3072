/**
 * The stand an operator's wallet is tested on: one player, one run of ids, the hub's own client. It knows what the
 * balance has to be, sends what it is told, and writes down every call. It judges nothing but whether the hub would
 * have taken an answer for consent, by the hub's own table (src/core/delivery.ts).
 */
import { classOf, MEANING, type OperatorAnswer, readBalance } from '../../core/delivery.ts';
import { type Currency, toDecimal } from '../../core/money.ts';
import type { OperatorClient, OperatorTarget } from '../client.ts';
import type { Guard } from '../guard.ts';
import { changeBalanceBody, type PacketGame } from '../wire.ts';
import { type Moves, type Packet, type PacketType, type Settings, signed } from './check.ts';
import { idsOf } from './ids.ts';
import type { OddCall } from './odd.ts';

/** One call and what came of it. */
export interface Exchange {
  /** For a person: `bet "first" of 1,000`. */
  readonly what: string;
  readonly method: 'GET' | 'POST';
  /** The body of a POST, the query of a GET. */
  readonly payload: string;
  /** Calls with the same number were under way together; null: it was alone. */
  readonly group: number | null;
  /** In what it differed from the hub's way of calling; null: in nothing. */
  readonly odd: OddCall | null;
  readonly answer: OperatorAnswer;
  readonly elapsedMs: number;
}

/** A packet as it was sent. `amount` has its sign. */
export interface Sent {
  readonly id: number;
  readonly type: PacketType;
  readonly what: string;
  readonly amount: bigint;
  readonly body: string;
}

export interface StandOptions {
  readonly client: OperatorClient;
  /** For the calls the client does not make. */
  readonly guard: Guard;
  readonly target: OperatorTarget;
  readonly currency: Currency;
  readonly settings: Settings;
  readonly seed: string;
}

const ROUND_LENGTH_MAX = 128;
const GAME: Omit<PacketGame, 'round'> = {
  id: 'certify',
  type: 'slot',
  title: 'Certification',
  vendor: 'PragmaticPlay',
};

const isQuestion = (type: PacketType) => type === 'bet' || type === 'charge';

export class Stand {
  readonly guard: Guard;
  readonly target: OperatorTarget;
  readonly settings: Settings;
  readonly currency: Currency;
  readonly seed: string;
  /** Of the check under way. */
  exchanges: Exchange[] = [];
  /** Times of all calls of the run that were alone, in ms. */
  readonly timesMs: number[] = [];
  /** The slowest call of the run, and the first that got no answer. */
  slowest: Exchange | null = null;
  unanswered: Exchange | null = null;
  /** What the player's balance has to be now. */
  expected = 0n;
  readonly #client: OperatorClient;
  readonly #nextId: () => number;
  readonly #ids = new Map<string, number>();
  readonly #sent = new Map<string, Sent>();
  #name = '';
  #groups = 0;

  constructor({ client, guard, target, currency, settings, seed }: StandOptions) {
    this.#client = client;
    this.guard = guard;
    this.target = target;
    this.currency = currency;
    this.settings = settings;
    this.seed = seed;
    this.#nextId = idsOf(seed);
  }

  /** Forgets the labels and calls of the check before. */
  begin(name: string): void {
    this.#name = name;
    this.#ids.clear();
    this.#sent.clear();
    this.exchanges = [];
  }

  /** An amount for a person, in the currency's unit. */
  shown(amount: bigint): string {
    return `${toDecimal(amount, this.currency)} ${this.currency}`;
  }

  async look(username = this.settings.username): Promise<{ balance: bigint | null; exchange: Exchange }> {
    const { answer, elapsedMs } = await this.#client.balance(this.target, username);
    const payload = `username=${encodeURIComponent(username.toWellFormed())}`;
    const what = `balance of ${username}`;
    const exchange = this.record({ what, method: 'GET', payload, group: null, odd: null, answer, elapsedMs });
    const told = answer.kind === 'answered' && answer.status === 200;
    return { balance: told ? readBalance(answer.body, this.currency) : null, exchange };
  }

  sent(label: string): Sent {
    const known = this.#sent.get(label);
    if (known === undefined) throw new Error(`nothing was sent as ${label}`);
    return known;
  }

  /** Questions of this check whose answer never came: the operator may have taken them. */
  lostQuestions(): readonly string[] {
    const lost = this.exchanges.filter(({ method, answer }) => method === 'POST' && answer.kind === 'lost');
    const payloads = new Set(lost.map(({ payload }) => payload));
    return [...this.#sent]
      .filter(([, { type, body }]) => isQuestion(type) && payloads.has(body))
      .map(([label]) => label);
  }

  /**
   * Writes packets to be sent together; the balances they tell follow one another. A cancel that moves nothing tells
   * the balance as it is: for the hub, too, it only takes back what was never there.
   */
  write(packets: readonly Packet[], moves: Moves = 'accepted'): readonly Sent[] {
    let balance = this.expected;
    return packets.map((packet) => {
      const before = packet.type === 'cancel' && moves === 'nothing' ? null : balance;
      const sent = this.#write(packet, before);
      balance += sent.amount;
      return sent;
    });
  }

  #idOf(label: string, idBelow?: { label: string; distance: number }): number {
    const known = this.#ids.get(label);
    if (known !== undefined) return known;
    const id = idBelow === undefined ? this.#nextId() : this.#idOf(idBelow.label) - idBelow.distance;
    this.#ids.set(label, id);
    return id;
  }

  /** `before` null: it moves nothing. */
  #write({ label, type, amount, referer, variation }: Packet, before: bigint | null): Sent {
    const source = { balance: this.expected, amountOf: (name: string) => absolute(this.sent(name).amount) };
    const change = signed(type, typeof amount === 'bigint' ? amount : amount(source));
    const refererId = referer === null ? null : this.#idOf(referer);
    const id = this.#idOf(label, variation.idBelow);
    const username = variation.username?.(this.settings.username) ?? this.settings.username;
    const after = variation.targetBalance ?? (before === null ? this.expected : before + change);
    const plain = changeBalanceBody({
      username,
      currency: this.currency,
      amount: change,
      transaction: {
        id,
        type,
        refererId,
        at: new Date(Date.now() - (variation.ageMs ?? 0)).toISOString().replace('Z', '000Z'),
        game:
          variation.game === null
            ? null
            : { ...GAME, round: this.#roundOf(variation.round ?? 'round'), ...variation.game },
        // The hub's id of the player. An operator knows its players by name.
        target: { id: 1, username, balance: after },
      },
    });
    const body = variation.extra === undefined ? plain : withExtra(plain, variation.extra);
    const what = `${type} "${label}" of ${this.shown(change)}`;
    const sent: Sent = { id, type, what, amount: change, body };
    this.#sent.set(label, sent);
    return sent;
  }

  #roundOf(name: string): string {
    const prefix = `${this.seed}-${this.#name}-`.slice(0, ROUND_LENGTH_MAX - 20);
    return prefix + name.slice(-(ROUND_LENGTH_MAX - prefix.length));
  }

  /** Sends packets all at once, as the hub does. Answers in their order. */
  async post(packets: readonly Sent[]): Promise<readonly Exchange[]> {
    this.#groups += 1;
    const group = packets.length > 1 ? this.#groups : null;
    const posted = await Promise.all(
      packets.map(async ({ type, what, body }): Promise<Exchange> => {
        const purpose = isQuestion(type) ? 'question' : 'message';
        const { answer, elapsedMs } = await this.#client.changeBalance(this.target, body, purpose);
        return { what, method: 'POST', payload: body, group, odd: null, answer, elapsedMs };
      }),
    );
    for (const exchange of posted) this.record(exchange);
    return posted;
  }

  record(exchange: Exchange): Exchange {
    this.exchanges.push(exchange);
    const { answer, group, odd, elapsedMs } = exchange;
    if (answer.kind !== 'answered') this.unanswered ??= exchange;
    if (group === null && odd === null && answer.kind === 'answered') this.timesMs.push(elapsedMs);
    if (this.slowest === null || elapsedMs > this.slowest.elapsedMs) this.slowest = exchange;
    return exchange;
  }

  /** Whether the hub takes an answer for consent. */
  isAccepted({ type }: Sent, { answer }: Exchange): boolean {
    const meaning = this.#meaningOf(answer);
    return isQuestion(type) ? meaning.question === 'accepted' : meaning.message === 'delivered';
  }

  isRefused({ answer }: Exchange): boolean {
    return this.#meaningOf(answer).question === 'refused';
  }

  #meaningOf(answer: OperatorAnswer) {
    const balance = answer.kind === 'answered' ? readBalance(answer.body, this.currency) : null;
    return MEANING[classOf(answer, { balance, balanceRequired: this.settings.slotBooster })];
  }
}

const absolute = (amount: bigint) => (amount < 0n ? -amount : amount);

/** The same packet with further fields in every object. */
function withExtra(body: string, extra: Readonly<Record<string, unknown>>): string {
  const packet = JSON.parse(body);
  const { transaction } = packet;
  const details = transaction.details && {
    ...transaction.details,
    game: { ...transaction.details.game, ...extra },
    ...extra,
  };
  const target = { ...transaction.target, ...extra };
  return JSON.stringify({ ...packet, transaction: { ...transaction, details, target, ...extra }, ...extra });
}

const SHOWN_LENGTH_MAX = 200;

/** What came back, in one line. */
export function shownAnswer({ answer }: Pick<Exchange, 'answer'>): string {
  if (answer.kind !== 'answered') return NO_ANSWER[answer.reason];
  const body = answer.body.replace(/\s+/g, ' ').trim();
  const cut = body.length > SHOWN_LENGTH_MAX ? `${body.slice(0, SHOWN_LENGTH_MAX)}…` : body;
  return cut === '' ? `${answer.status} without a body` : `${answer.status} ${cut}`;
}

const NO_ANSWER: Readonly<Record<Exclude<OperatorAnswer, { kind: 'answered' }>['reason'], string>> = {
  no_callback_url: 'nothing was sent: that is no callback address',
  address_forbidden: 'nothing was sent: the address is an internal one',
  unreachable: 'no connection',
  busy: 'nothing was sent: too many calls at once',
  circuit_open: 'nothing was sent: too many failures before',
  timed_out: 'no answer in time',
  connection_lost: 'the connection was closed without an answer',
};
