/**
 * Random ledgers for reconciliation, written straight into the tables, and what an operator would have exported of
 * them. The signs and rows are written down here again, in the words of the contract, so that nothing is shared with
 * what is tested.
 */
import fc from 'fast-check';
import { numbers, type Sql, texts } from '../../src/db/connect.ts';

export const FIRST_ID = 3_000_000_001;

/** type → code, sign for the player, sign of the causer's row (0 = none). */
const ROWS = {
  give: [1, 1, 0],
  add: [10, 1, -1],
  sub: [11, -1, 1],
  bet: [20, -1, 0],
  win: [21, 1, 0],
  cancel: [22, 1, 0],
  charge: [23, -1, 0],
  credit: [24, 1, 0],
  debit: [25, -1, 0],
  promo: [26, 1, 0],
  exceed: [27, -1, 0],
  points: [30, 0, 0],
} as const;
type RowKind = keyof typeof ROWS;

export interface LedgerRow {
  readonly id: number;
  /** Epoch microseconds, and the place in its batch. */
  readonly atUs: number;
  readonly step: number;
  readonly kind: RowKind;
  readonly amount: bigint;
  readonly refererId: number | null;
}

export interface Exported {
  readonly id: bigint;
  readonly amount: bigint;
}

/** A row as the feed shows it. */
export interface Shown extends Exported {
  readonly row: LedgerRow;
  /** Its lack would be a difference. */
  readonly demanded: boolean;
}

interface Wish {
  readonly kind: RowKind | 'lost';
  readonly amount: bigint;
  /** Of a cancel: which bet before it. */
  readonly pick: number;
}

const KINDS = {
  seamless: ['give', 'bet', 'win', 'cancel', 'charge', 'credit', 'debit', 'promo', 'exceed', 'lost', 'lost'],
  transfer: [
    'give',
    'add',
    'sub',
    'bet',
    'win',
    'cancel',
    'charge',
    'credit',
    'debit',
    'promo',
    'exceed',
    'points',
  ],
} as const;
export type Wallet = keyof typeof KINDS;

/** Batches of one time each; a lost answer is a bet and its cancel behind each other. */
export function ledgers(wallet: Wallet): fc.Arbitrary<LedgerRow[]> {
  const wish = fc.record({
    kind: fc.constantFrom<Wish['kind'][]>(...KINDS[wallet]),
    amount: fc.bigInt(0n, 5n),
    pick: fc.nat(),
  });
  const batches = fc.array(fc.array(wish, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 12 });
  return fc.record({ batches, swaps: fc.array(fc.nat(), { maxLength: 6 }) }).map(build);
}

function build({ batches, swaps }: { batches: Wish[][]; swaps: number[] }): LedgerRow[] {
  const count = batches.flat().length * 2;
  const ids = Array.from({ length: count }, (_, n) => FIRST_ID + 2 * n);
  // A bet is booked under an id older than its batch.
  for (const swap of swaps) {
    const [a, b] = [swap % count, (swap + 3) % count];
    [ids[a], ids[b]] = [ids[b]!, ids[a]!];
  }
  const startUs = (Date.now() - 3_600_000) * 1000;
  const rows: LedgerRow[] = [];
  batches.forEach((batch, index) => {
    let step = 0;
    const add = (kind: RowKind, amount: bigint, refererId: number | null = null) => {
      rows.push({ id: ids[rows.length]!, atUs: startUs + index * 7, step: step++, kind, amount, refererId });
    };
    for (const { kind, amount, pick } of batch) {
      const bets = rows.filter((row) => row.kind === 'bet' || row.kind === 'charge');
      const bet = bets[pick % Math.max(1, bets.length)];
      if (kind === 'lost') {
        add('bet', amount);
        add('cancel', amount, rows.at(-1)!.id);
      } else if (kind === 'cancel')
        add('cancel', pick % 3 === 0 ? amount : (bet?.amount ?? amount), bet?.id ?? null);
      else add(kind, amount);
    }
  });
  return rows;
}

/** What the feed shows of a ledger. */
export function shownRows(rows: readonly LedgerRow[]): Shown[] {
  return rows.flatMap((row) => {
    const [, sign, twin] = ROWS[row.kind];
    const own = { row, id: BigInt(row.id), amount: BigInt(sign) * row.amount, demanded: row.kind !== 'give' };
    const causer = { row, id: BigInt(row.id + 1), amount: BigInt(twin) * row.amount, demanded: false };
    return [...(sign === 0 ? [] : [own]), ...(twin === 0 ? [] : [causer])];
  });
}

export interface Owner {
  readonly agentId: number;
  readonly playerId: number;
}

/** Replaces all transfers by these. */
export async function writeLedger(sql: Sql, rows: readonly LedgerRow[], owner: Owner): Promise<void> {
  for (const table of ['transfer', 'callback', 'reservation', 'callback_attempt'])
    await sql.unsafe(`delete from ${table}`);
  const code = ({ kind }: LedgerRow) => ROWS[kind][0];
  await sql`insert into transfer (id, at, step, agent_id, player_id, code, debit_account, credit_account, amount, referer_id, round)
    select id, at, step, ${owner.agentId}, case when code > 2 then ${owner.playerId}::bigint end, code, 1, 2, amount, referer_id, 'r' || id
    from unnest(${numbers(rows.map((row) => row.id))}::bigint[], ${texts(rows.map(({ atUs }) => instant(atUs)))}::timestamptz[],
      ${numbers(rows.map((row) => row.step))}::smallint[], ${numbers(rows.map(code))}::smallint[], ${numbers(rows.map((row) => row.amount))}::bigint[],
      ${numbers(rows.map((row) => row.refererId))}::bigint[]) r (id, at, step, code, amount, referer_id)`;
}

export function instant(us: number): string {
  const whole = new Date(Math.floor(us / 1000)).toISOString().slice(0, -1);
  return `${whole}${String(us % 1000).padStart(3, '0')}Z`;
}
