/** docs/ledger.md says what the code does: its chart is compared, its examples are executed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Callback, SettleAsked, Stakeholder } from '../../../src/core/callback-types.ts';
import { ACCOUNT, CODE, FEED, type TransferCode } from '../../../src/core/chart.ts';
import {
  type AccountId,
  type AgentId,
  type Instant,
  type TransferId,
  trusted,
} from '../../../src/core/ids.ts';
import type { Command, Outcome, StudioItem } from '../../../src/core/ledger-types.ts';
import { decimalsOf, toDecimal } from '../../../src/core/money.ts';
import { type Cast, itemOf, memoryCast, T0 } from '../../model/cast.ts';
import { potMove, walletMove } from '../../model/steps.ts';
import { MemoryStore } from '../../model/store.ts';

const text = readFileSync(new URL('../../../docs/ledger.md', import.meta.url), 'utf8');

/** The rows of the first table after a heading, without its head. */
function tableAfter(heading: string): { head: string[]; rows: string[][] } {
  const section = text.split(`\n${heading}\n`)[1]?.split(/\n#+ /)[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  assert.ok(rows.length > 0, `a table after ${heading}`);
  return { head, rows };
}

test('the chart of accounts is the code’s', () => {
  const { rows } = tableAfter('## Chart of accounts');
  assert.deepEqual(Object.fromEntries(rows.map(([kind, name]) => [name, Number(kind)])), { ...ACCOUNT });
});

test('the codes and their rows are the code’s', () => {
  const { rows } = tableAfter('## Codes');
  assert.deepEqual(Object.fromEntries(rows.map(([code, name]) => [name, Number(code)])), { ...CODE });
  for (const [code, name, , type, side, twin] of rows) {
    const shown = FEED[Number(code) as TransferCode];
    assert.deepEqual([type, side, twin], [shown.type ?? '–', shown.side, shown.twin ?? '–'], name);
  }
});

const WIN_MAX = { agentId: trusted<AgentId>(1005), vendorId: null, gameId: null, playerId: null } as const;
const drawn = memoryCast();
const cast: Cast = { ...drawn, limits: [...drawn.limits, { ...WIN_MAX, maxBet: null, maxWin: 7000n }] };
const [upline] = cast.agents;
/** What callbacks are tried for, in ms. */
const CUTOFF_MS = 86_400_000;
const PLAYERS = { USD: 2003, 'sub-agent': 2001, seamless: 2006 } as const;

/** One example under way: `(KRW, single)`, `(KRW, single, sub-agent)`, `(USD, bundles)`, `(KRW, single, seamless)`. */
class Example {
  private readonly store = new MemoryStore(cast);
  private readonly player;
  private readonly game;
  private readonly reservations = new Map<string, TransferId>();
  private now: Instant = T0;
  private readonly agent;
  private readonly isSeamless: boolean;
  /** Questions by the id of their item. */
  private readonly asked = new Map<string, { readonly callback: Callback; readonly item: StudioItem }>();

  constructor(settings: readonly string[]) {
    const named = (['USD', 'sub-agent', 'seamless'] as const).find((each) => settings.includes(each));
    const of = named === undefined ? 2002 : PLAYERS[named];
    this.isSeamless = named === 'seamless';
    this.player = cast.players.find(({ id }) => id === of)!;
    this.agent = cast.agents.find(({ id }) => id === this.player.agentId)!;
    this.game = cast.games.find((game) => game.rules.multiBet === settings.includes('bundles'))!;
  }

  /** Does a step; returns its answer as the document writes it. */
  step(words: string): string {
    if (words.startsWith('wait ')) {
      this.now = trusted(this.now + Number(words.split(' ')[1]) * 1000);
      return 'ok';
    }
    const [verb = '', name = ''] = words.split(' ');
    const command = this.commandOf(words);
    const outcome = this.store.run([command], this.now)[0]!;
    if ('callback' in outcome && command.kind === 'studio_item')
      this.asked.set(command.id, { callback: outcome.callback, item: command });
    if ('reservationId' in outcome)
      this.reservations.set(verb === 'reserve' ? name : '', outcome.reservationId);
    return saidBy(outcome);
  }

  balance(account: string): string {
    if (account === 'to tell') return this.toTell();
    if (account === 'known') {
      const { known } = this.store.accounts.get(this.player.walletId)!;
      return known === null ? '–' : toDecimal(known, this.player.currency);
    }
    const { balance, reserved } = this.store.accounts.get(this.accountOf(account))!;
    const shown = toDecimal(balance, this.player.currency);
    return reserved === 0n ? shown : `${shown}, ${toDecimal(reserved, this.player.currency)} promised`;
  }

  /** What is kept of the player's callbacks: `bet?` is asked, those of the list say so. */
  private toTell(): string {
    const shown = { asking: '?', due: '', listed: ' listed', resolved: ' resolved' };
    const kept = [...this.store.callbacks.values()].sort((a, b) => a.id - b.id);
    return kept.map(({ code, state }) => `${FEED[code].type}${shown[state]}`).join(', ') || '–';
  }

  private accountOf(name: string): AccountId {
    const { walletId, pointsId, vendorAccounts, currency } = this.player;
    const accounts: Readonly<Record<string, AccountId>> = {
      wallet: walletId,
      points: pointsId,
      vendor: vendorAccounts.get(this.game.vendorId)!,
      promotion: cast.promotion,
      outside: cast.outside[currency === 'USD' ? 'USD' : 'KRW'],
      POT: this.agent.potId,
      'upline POT': upline!.potId,
    };
    assert.ok(accounts[name] !== undefined, `a known account: ${name}`);
    return accounts[name];
  }

  private minor(amount: string): bigint {
    const [whole = '', fraction = ''] = amount.split('.');
    assert.match(amount, /^\d+(\.\d+)?$/);
    assert.equal(fraction.length, decimalsOf(this.player.currency), amount);
    return BigInt(whole + fraction);
  }

  private commandOf(words: string): Command {
    const pot = /^(give|take) (upline )?POT (\S+)$/.exec(words);
    if (pot !== null) {
      const agent = pot[2] === undefined ? this.agent : upline!;
      const amount = pot[3] === 'all' ? 'all' : this.minor(pot[3]!);
      return potMove(cast, { agent, giving: pot[1] === 'give', amount, root: false });
    }
    if (words === 'subtract all') return this.wallet('subtract_all', 1n);
    const wallet = /^(add|subtract) (\S+)$/.exec(words);
    if (wallet !== null) return this.wallet(wallet[1] as 'add' | 'subtract', this.minor(wallet[2]!));
    if (words.endsWith('points') || words.startsWith('points ')) return this.points(words.split(' ')[1]!);
    const held = /^(reserve|post|void) (\S+)(?: (\S+))?$/.exec(words);
    if (held !== null) return this.reservation(held[1]!, held[2]!, held[3]);
    return this.operator(words) ?? this.item(words);
  }

  /** Who plays, and whose money it is. */
  private stakeholder(): Stakeholder {
    const { id, agentId, walletId } = this.player;
    return { id, agentId, walletId, fundsId: this.isSeamless ? this.agent.potId : walletId };
  }

  /** What an operator says, and what staff do about a callback. */
  private operator(words: string): Command | null {
    const player = this.stakeholder();
    const said = /^(.*?)(?:, balance ([\d.]+))?$/.exec(words)!;
    const balance = said[2] === undefined ? null : this.minor(said[2]);
    const has = /^operator has (\S+)$/.exec(words);
    if (has !== null) return { kind: 'learn_balance', player, balance: this.minor(has[1]!) };
    const answer = /^answer (\S+) (accepted|refused|unavailable|unknown)$/.exec(said[1]!);
    if (answer !== null) {
      const { callback, item } = this.asked.get(answer[1]!)!;
      const { studioId: scope, id: key } = item;
      const verdict = answer[2] as SettleAsked['verdict'];
      return {
        kind: 'settle_asked',
        id: callback.id,
        verdict,
        player,
        item,
        scope,
        key,
        balance,
        attempt: null,
      };
    }
    const kept = [...this.store.callbacks.values()].sort((a, b) => a.id - b.id);
    if (words === 'resend' || words === 'resolve') {
      const { id } = kept.find(({ state }) => state !== 'due')!;
      return { kind: 'callback_act', act: words, id, player, by: 'staff', reason: 'as agreed' };
    }
    if (!/^deliver(?: in vain)?$/.test(said[1]!)) return null;
    const { id } = kept.find(({ state }) => state === 'due')!;
    const delivered = said[1] === 'deliver';
    const found = delivered ? 'accepted' : 'failed';
    const attempt = { class: found, status: null, elapsedMs: 0, request: '', answer: '' } as const;
    const rest = { retryInMs: 1000, cutoffMs: CUTOFF_MS, attempt };
    return { kind: 'callback_done', id, player, delivered, balance, ...rest };
  }

  private wallet(direction: 'add' | 'subtract' | 'subtract_all', amount: bigint): Command {
    return walletMove(cast, this.player, { direction, amount, key: null });
  }

  private points(amount: string): Command {
    const giving = amount !== 'points';
    const { id: playerId, agentId, walletId, pointsId } = this.player;
    return {
      kind: 'move',
      code: giving ? CODE.pointsGive : CODE.pointsExchange,
      agentId,
      playerId,
      debit: giving ? cast.promotion : pointsId,
      credit: giving ? pointsId : walletId,
      locked: giving ? [pointsId] : [pointsId, walletId],
      amount: giving ? this.minor(amount) : 'all',
      key: null,
      ip: null,
    };
  }

  private reservation(verb: string, name: string, amount: string | undefined): Command {
    const { agentId, walletId } = this.player;
    if (verb === 'reserve') {
      const owner = `the answer to ${name}`;
      const [debit, credit] = [walletId, this.accountOf('vendor')];
      return { kind: 'reserve', agentId, debit, credit, amount: this.minor(amount!), code: CODE.bet, owner };
    }
    return {
      kind: verb === 'post' ? 'post' : 'void',
      reservationId: this.reservations.get(name)!,
      locked: [walletId],
      amount: amount === undefined ? null : this.minor(amount),
    };
  }

  private item(words: string): Command {
    const said =
      /^(bet|win|cancel|charge|adjust_credit|adjust_debit|promo_win) (\S+)(?: of (\S+))?(?: ([\d.]+))?(?: in (\S+))?( after asking)?$/.exec(
        words,
      );
    assert.ok(said !== null, `a step that can be read: ${words}`);
    const [, type, id, reference = null, amount, round = 'r1', after] = said;
    const item = itemOf(cast.studioId, {
      id: id!,
      type: type as 'bet',
      player: this.player,
      game: this.game,
      round: reference === null ? round : null,
      amount: amount === undefined ? null : this.minor(amount),
      reference,
    });
    return { ...item, player: this.stakeholder(), balanceAsked: after !== undefined };
  }
}

function saidBy(outcome: Outcome): string {
  if ('fate' in outcome) return outcome.fate;
  if ('ok' in outcome) return outcome.ok ? 'ok' : outcome.code;
  if (outcome.kind !== 'answered') return outcome.kind;
  const { code, transactionId } = outcome.answer;
  return code ?? (transactionId === null ? 'nothing' : 'ok');
}

for (const heading of text.match(/^### Example: .*$/gm) ?? []) {
  test(heading.slice(4), () => {
    const settings = /\((.*)\)$/.exec(heading)![1]!.split(', ');
    const { head, rows } = tableAfter(heading);
    const example = new Example(settings);
    for (const [words = '', answer, ...balances] of rows) {
      assert.equal(example.step(words), answer, words);
      assert.deepEqual(
        head.slice(2).map((name) => example.balance(name)),
        balances,
        `after: ${words}`,
      );
    }
  });
}

test('there are examples', () => assert.ok((text.match(/^### Example: /gm) ?? []).length >= 14));
