/** The rain book's examples in docs/ledger.md are executed, every figure compared. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { emptyBookPicture } from '../../../src/core/book/desk.ts';
import type {
  BetType,
  BookPlayer,
  BookSession,
  GameResult,
  MarketAnswer,
  TransferRecord,
} from '../../../src/core/book/types.ts';
import { ACCOUNT, type AccountKind } from '../../../src/core/chart.ts';
import { type AccountId, type BetId, type Instant, trusted } from '../../../src/core/ids.ts';
import { decide } from '../../../src/core/ledger.ts';
import type { Command, Outcome, Picture } from '../../../src/core/ledger-types.ts';
import { toDecimal } from '../../../src/core/money.ts';

const text = readFileSync(new URL('../../../docs/ledger.md', import.meta.url), 'utf8');
const NOW = trusted<Instant>(1_711_425_673_595);
const CREDIT = trusted<AccountId>(1);
const IDS = { outside: trusted<AccountId>(2), pool: trusted<AccountId>(3), krain: trusted<AccountId>(4) };
const OTHERS = { rainPool: IDS.pool, krainClearing: IDS.krain } as const;
const BETTOR = {
  id: trusted<BookPlayer['id']>(10),
  operatorId: trusted<BookPlayer['operatorId']>(9),
  accountId: CREDIT,
  vendorType: 'CPS_USD',
};
const cents = (amount: string) => BigInt(amount) * 100n;
const KINDS: Readonly<Record<string, AccountKind>> = { [CREDIT]: ACCOUNT.credit };

/** One player, one session after another; the picture lives on from batch to batch. */
class Example {
  private readonly picture: Picture;
  private session: BookSession;
  private bet: BetId | null = null;
  private record: TransferRecord | null = null;
  private readonly moved = new Map<AccountId, bigint>();
  private count = 0;

  constructor() {
    const account = {
      id: CREDIT,
      kind: KINDS[CREDIT]!,
      currency: 'USD',
      balance: 0n,
      reserved: 0n,
      overdraft: 0n,
      known: null,
      pacedAt: null,
    } as const;
    const book = emptyBookPicture();
    this.picture = {
      accounts: new Map([[CREDIT, { ...account }]]),
      agents: new Map(),
      players: new Map(),
      sessions: new Map(),
      rounds: new Map(),
      stored: new Map(),
      reservations: new Map(),
      callbacks: new Map(),
      limits: [],
      book,
    };
    book.players.set(BETTOR.id, player());
    book.visits.add(trusted(1));
    this.session = this.open();
  }

  private open(): BookSession {
    const session: BookSession = {
      id: trusted(++this.count),
      opensAt: trusted(NOW - 1),
      closesAt: trusted(NOW + 1),
      status: 'OPEN',
      market: 'OPEN',
      quote: { id: 1, rain: 2000, dry: 49_000, krainRain: 2050, krainDry: 50_000, until: trusted(NOW + 1) },
      result: 'NOT_AVAILABLE',
      version: 0,
      pool: { rain: 0n, dry: 0n },
      risk: { rain: 0n, dry: 0n },
      rules: { ownBps: 3000, ownMinBps: 500, poolMax: 10_000_000n },
    };
    this.picture.book.sessions.set(session.id, session);
    return session;
  }

  private run(command: Command): Outcome {
    const firstId = trusted<BetId>(3_000_000_001 + 1024 * this.count++) as number;
    const { outcomes, changes } = decide({
      picture: this.picture,
      commands: [command],
      now: NOW,
      at: '',
      firstId: trusted(firstId),
    });
    for (const { debit, credit, amount } of changes.transfers) {
      this.moved.set(debit, (this.moved.get(debit) ?? 0n) - amount);
      this.moved.set(credit, (this.moved.get(credit) ?? 0n) + amount);
    }
    return outcomes[0]!;
  }

  step(words: string): string {
    const [verb] = words.split(' ');
    this.record = null;
    if (verb === 'deposit' || verb === 'withdraw') return this.transfer(words);
    if (verb === 'bet') return this.place(words);
    if (verb === 'result') return this.result(words.split(' ')[1] as GameResult);
    return this.answer(words);
  }

  private transfer(words: string): string {
    const [direction, amount = ''] = words.split(' ') as ['deposit' | 'withdraw', string];
    const outcome = this.run({
      kind: 'book_transfer',
      direction,
      player: BETTOR,
      outsideId: IDS.outside,
      tsCode: `t${this.count}`,
      amount: amount === 'all' ? 'all' : cents(amount),
    });
    if ('record' in outcome) this.record = outcome.record;
    return said(outcome);
  }

  private place(words: string): string {
    const [, stake = '', , type] = words.replace(',', '').split(' ') as [string, string, string, BetType];
    const whole = { ...this.session.rules, ownBps: words.endsWith('kept') ? 10_000 : 3000 };
    const open = this.session.result === 'NOT_AVAILABLE' ? this.session : this.open();
    const session = { ...open, rules: whole };
    this.picture.book.sessions.set(session.id, session);
    const outcome = this.run({
      kind: 'book_place',
      player: BETTOR,
      visitId: trusted(1),
      sessionId: session.id,
      key: `k${this.count}`,
      type,
      odds: type === 'RAIN' ? 2000 : 49_000,
      stake: cents(stake),
      ip: null,
      krainMs: 1000,
    });
    if ('bet' in outcome) {
      this.session = session;
      this.bet = outcome.bet.id;
    }
    return 'bet' in outcome ? outcome.bet.status : said(outcome);
  }

  private answer(words: string): string {
    const said = /^K-Rain says (unknown|refused|matched)(?: (\d+))?$/.exec(words);
    assert.ok(said !== null && this.bet !== null, `a step that can be read: ${words}`);
    const [, kind, amount = '0'] = said;
    const stake = cents(amount);
    const answers: Readonly<Record<string, MarketAnswer>> = {
      unknown: { kind: 'unknown' },
      refused: { kind: 'refused', reason: 'krain_refused' },
      matched: { kind: 'matched', stake, odds: 2050, win: (stake * 105n) / 100n },
    };
    const outcome = this.run({
      kind: 'book_answer',
      player: BETTOR,
      sessionId: this.session.id,
      betId: this.bet,
      answer: answers[kind!]!,
    });
    return 'bet' in outcome ? outcome.bet.status : 'unknown_bet';
  }

  /** The result of the last session that was bet on to the end; a later one corrects it. */
  private result(result: GameResult): string {
    const { version } = this.session;
    this.session = { ...this.session, status: 'UNSETTLED', result, version: version + 1 };
    this.picture.book.sessions.set(this.session.id, this.session);
    const accounts = { poolId: IDS.pool, krainId: IDS.krain };
    return said(this.run({ kind: 'book_settle', sessionId: this.session.id, player: BETTOR, accounts }));
  }

  figure(name: string): string {
    const told = { before: 'creditBefore', 'profit and loss': 'profitLoss', after: 'creditAfter' } as const;
    if (name in told)
      return this.record === null ? '–' : toDecimal(this.record[told[name as keyof typeof told]], 'USD');
    const { balance, reserved } = this.picture.accounts.get(CREDIT)!;
    if (name === 'credit') return toDecimal(balance, 'USD');
    if (name === 'promised') return toDecimal(reserved, 'USD');
    const id = { pool: OTHERS.rainPool, 'K-Rain': OTHERS.krainClearing }[name];
    assert.ok(id !== undefined, `a column that is known: ${name}`);
    return toDecimal(this.moved.get(id) ?? 0n, 'USD');
  }
}

function player(): BookPlayer {
  return {
    ...BETTOR,
    credit: 0n,
    minBet: 1000n,
    maxBet: 1_000_000n,
    maxExposure: 5_000_000n,
    own: { maxBet: null, dayStake: null },
    nextOwn: null,
    nextOwnAt: null,
    day: 0,
    dayStake: 0n,
    mayBet: true,
    excludedUntil: null,
  };
}

function said(outcome: Outcome): string {
  assert.ok('ok' in outcome);
  return outcome.ok ? 'ok' : outcome.code;
}

const HEADINGS = text.match(/^### Rain book: .*$/gm) ?? [];

for (const heading of HEADINGS) {
  test(heading.slice(4), () => {
    const lines = text
      .split(`\n${heading}\n`)[1]!
      .split(/\n#+ /)[0]!
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const [head = [], , ...rows] = lines.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    const example = new Example();
    for (const [words = '', answer, ...figures] of rows) {
      assert.equal(example.step(words), answer, words);
      assert.deepEqual(
        head.slice(2).map((name) => example.figure(name)),
        figures,
        `after: ${words}`,
      );
    }
  });
}

test('there are examples of the rain book', () => assert.ok(HEADINGS.length >= 3));
