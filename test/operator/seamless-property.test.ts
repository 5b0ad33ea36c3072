/**
 * Any packets, repeated in any order, at once and over restarts: each id has one effect at most and one answer, and
 * balances are what a naive model that only looks back over its history makes of them.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Answer, openWallet, type Packet } from '../../sim/operator/seamless.ts';
import { openBooks } from '../../sim/operator/seamless-books.ts';
import { seeded } from '../model/seed.ts';
import { folderFor } from './rig.ts';

const OPENING = 100n;
const MEMBERS = ['minji', 'Jisoo'];

interface Past {
  readonly packet: Packet;
  readonly status: number;
  readonly moved: bigint;
  readonly balance: bigint;
}

/** Looks through all that was before for every question. */
function model() {
  const history: Past[] = [];
  const balanceOf = (name: string) =>
    history.reduce((sum, one) => (one.packet.username === name ? sum + one.moved : sum), OPENING);
  const firstOf = (id: number | null) => history.find(({ packet }) => packet.id === id);
  const cameTooLate = (id: number) =>
    history.some(
      ({ packet }, at) =>
        packet.type === 'cancel' &&
        packet.refererId === id &&
        !history.slice(0, at).some((earlier) => earlier.packet.id === id),
    );

  /** A cancel gives back what was taken and has not been given back. */
  function isOwed({ refererId, username }: Packet): boolean {
    const staked = firstOf(refererId);
    if (staked === undefined || staked.status !== 200 || staked.packet.username !== username) return false;
    if (staked.packet.type !== 'bet' && staked.packet.type !== 'charge') return false;
    // The bet was there when the other cancel came, or it would not be here: that one was paid.
    return !history.some(
      ({ packet }) =>
        packet.type === 'cancel' && packet.refererId === refererId && packet.username === username,
    );
  }

  return {
    balanceOf,
    take(packet: Packet): Pick<Answer, 'status' | 'balance'> {
      const known = firstOf(packet.id);
      if (known === undefined && cameTooLate(packet.id)) return { status: 410 };
      if (known !== undefined) {
        const { type, amount, username } = known.packet;
        if (type !== packet.type || amount !== packet.amount || username !== packet.username)
          return { status: 409 };
        return known.status === 200 ? { status: 200, balance: known.balance } : { status: known.status };
      }
      const before = balanceOf(packet.username);
      const asks = packet.type === 'bet' || packet.type === 'charge';
      const short = asks && packet.amount < 0n && before + packet.amount < 0n;
      const moved = short || (packet.type === 'cancel' && !isOwed(packet)) ? 0n : packet.amount;
      const status = short ? 402 : 200;
      history.push({ packet, status, moved, balance: before + moved });
      return short ? { status } : { status, balance: before + moved };
    },
  };
}

// Close together, so that most cancels find a bet, and some ids stand for two things.
const stakeId = fc.integer({ min: 1, max: 5 });
const id = fc.integer({ min: 4, max: 12 });
const take = fc.integer({ min: -90, max: 0 }).map(BigInt);
const give = fc.integer({ min: 0, max: 90 }).map(BigInt);
const stake = fc.record({ id: stakeId, type: fc.constantFrom('bet', 'charge'), amount: take });
// Nothing refers to itself: the wire refuses that.
const cancel = fc
  .record({ id, type: fc.constant('cancel'), amount: give, refererId: stakeId })
  .filter((packet) => packet.id !== packet.refererId);
const gift = fc.record({ id, type: fc.constantFrom('win', 'promo_win'), amount: give });
const cut = fc.record({ id, type: fc.constantFrom('adjust', 'exceed_credit'), amount: take });
const packets = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: stake },
    { weight: 4, arbitrary: cancel },
    { weight: 1, arbitrary: gift },
    { weight: 1, arbitrary: cut },
  ),
  { minLength: 1, maxLength: 12, size: 'max' },
);

/** Of the packets: which, whose, and after how many of them all so far are waited for, or the process ends. */
const plan = fc.record({
  packets,
  order: fc.array(
    fc.record({
      pick: fc.nat(),
      member: fc.constantFrom(...MEMBERS),
      next: fc.constantFrom(...Array(10).fill('go on'), 'wait', 'wait', 'restart'),
    }),
    { maxLength: 60, size: 'max' },
  ),
});

test('each id has one effect at most, whatever comes in whatever order', async (t) => {
  const folder = await folderFor(t);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(plan, async (planned) => {
      const path = join(folder, `${++run}.db`);
      let db = new DatabaseSync(path);
      let wallet = openWallet({ db, openWith: OPENING });
      const naive = model();
      const waiting: Promise<void>[] = [];
      for (const { pick, member, next } of planned.order) {
        const packet: Packet = { refererId: null, username: member, ...at(planned.packets, pick) };
        const expected = naive.take(packet);
        waiting.push(wallet.changeBalance(packet).then((answer) => assertSame(answer, expected)));
        if (next !== 'go on') await Promise.all(waiting.splice(0));
        if (next !== 'restart') continue;
        db.close();
        db = new DatabaseSync(path);
        wallet = openWallet({ db, openWith: OPENING });
      }
      await Promise.all(waiting);
      for (const member of MEMBERS)
        assert.equal((await wallet.balance(member)).balance, naive.balanceOf(member));
      assertOneEach(openBooks(db).pages());
      db.close();
    }),
    seeded(t, 60),
  );
});

const at = <T>(list: readonly T[], pick: number): T => list[pick % list.length] as T;

function assertSame({ status, balance }: Answer, expected: Pick<Answer, 'status' | 'balance'>): void {
  assert.deepEqual({ status, balance }, { balance: undefined, ...expected });
}

function assertOneEach(pages: ReturnType<ReturnType<typeof openBooks>['pages']>): void {
  const entries = [...pages].flat();
  assert.equal(new Set(entries.map((entry) => entry.id)).size, entries.length);
  for (const entry of entries) assert.ok(entry.moved === 0n || entry.moved === entry.amount);
}
