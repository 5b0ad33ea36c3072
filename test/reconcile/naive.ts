/** The comparison as one would write it for a dozen rows: shares no code with the one that is tested. */
import type { Exported, Shown, Wallet } from './ledger.ts';

interface Question {
  readonly shown: readonly Shown[];
  readonly exported: readonly Exported[];
  readonly wallet: Wallet;
  readonly fromUs: number | null;
  readonly toUs: number | null;
}

interface Answer {
  /** kind, id, line, here, there, cancel's id, whether its cancel is there: by blanks. */
  readonly findings: string[];
  readonly matched: number;
  readonly outside: number;
}

type Line = Exported & { readonly line: number };

export function naively({ shown, exported, wallet, fromUs, toUs }: Question): Answer {
  const lines = exported.map((row, index) => ({ ...row, line: index + 1 }));
  const known = shown.filter(({ id }) => exported.some((row) => row.id === id));
  const within = windowOf(known, { fromUs, toUs });
  const say = (...parts: unknown[]) => parts.join(' ');
  const findings = new Map<string, string>();
  let [matched, outside] = [0, 0];
  const chosen = new Map<bigint, Line>();
  for (const id of new Set(exported.map((row) => row.id))) {
    const mine = lines.filter((row) => row.id === id);
    const here = shown.find((row) => row.id === id);
    if (here !== undefined && !within.exactly(here)) {
      outside += mine.length;
      continue;
    }
    const first = mine.find((row) => row.amount === here?.amount) ?? mine[0]!;
    chosen.set(id, first);
    for (const { line, amount } of mine)
      if (line !== first.line)
        findings.set(`${id} ${line}`, say('duplicate', id, line, here?.amount, amount, '', false));
    if (here === undefined)
      findings.set(`${id}`, say('missing_here', id, first.line, '', first.amount, '', false));
    else if (here.amount !== first.amount)
      findings.set(`${id}`, say('different_amount', id, first.line, here.amount, first.amount, '', false));
    else matched++;
  }
  for (const row of shown)
    if (row.demanded && within.exactly(row) && !known.includes(row))
      findings.set(`${row.id}`, say('missing_there', row.id, '', row.amount, '', '', false));
  if (wallet === 'seamless') matched -= voidPairs({ shown, known, chosen, within, findings });
  return { findings: [...findings.values()], matched, outside };
}

interface Within {
  exactly(row: Shown): boolean;
  /** By time alone: a bet and the cancel that takes it back share it. */
  nearly(row: Shown): boolean;
}

function windowOf(known: readonly Shown[], { fromUs, toUs }: Pick<Question, 'fromUs' | 'toUs'>): Within {
  // Counted from the first row: microseconds of the epoch leave no room in a number for the place in a batch.
  const zeroUs = Math.min(
    ...known.map(({ row }) => row.atUs),
    fromUs ?? Number.POSITIVE_INFINITY,
    toUs ?? Number.POSITIVE_INFINITY,
  );
  const place = ({ row }: Shown) => (row.atUs - zeroUs) * 100 + row.step;
  const places = known.map(place);
  if (places.length === 0 && (fromUs === null || toUs === null))
    return { exactly: () => false, nearly: () => false };
  const first = fromUs === null ? Math.min(...places) : (fromUs - zeroUs) * 100;
  const last = toUs === null ? Math.max(...places) : (toUs - zeroUs) * 100 - 1;
  return {
    exactly: (row) => place(row) >= first && place(row) <= last,
    nearly: ({ row }) =>
      row.atUs - zeroUs >= Math.floor(first / 100) && row.atUs - zeroUs <= Math.ceil(last / 100),
  };
}

interface Books {
  readonly shown: readonly Shown[];
  readonly known: readonly Shown[];
  readonly chosen: ReadonlyMap<bigint, Line>;
  readonly within: Within;
  readonly findings: Map<string, string>;
}

/** Bets that never arrived and their cancels; returns how many rows that were taken for matched belong to them. */
function voidPairs({ shown, known, chosen, within, findings }: Books): number {
  let unmatched = 0;
  for (const bet of shown) {
    if ((bet.row.kind !== 'bet' && bet.row.kind !== 'charge') || known.includes(bet) || !within.nearly(bet))
      continue;
    const cancels = shown.filter(
      ({ row, amount }) => row.kind === 'cancel' && row.refererId === bet.row.id && amount === -bet.amount,
    );
    const gone = cancels.filter((each) => !known.includes(each) && within.nearly(each));
    const zero = cancels.filter((each) => chosen.get(each.id)?.amount === 0n);
    const [cancel] = [...gone, ...zero].sort((a, b) => a.row.id - b.row.id);
    if (cancel !== undefined) {
      findings.delete(`${bet.id}`);
      findings.delete(`${cancel.id}`);
      if (chosen.has(cancel.id) && cancel.amount === 0n) unmatched++;
      if (within.exactly(bet) || within.exactly(cancel))
        findings.set(`${bet.id}`, ['void_pair', bet.id, '', bet.amount, '', cancel.id, false].join(' '));
    } else if (cancels.some((each) => chosen.has(each.id)) && findings.has(`${bet.id}`))
      findings.set(`${bet.id}`, ['missing_there', bet.id, '', bet.amount, '', '', true].join(' '));
  }
  return unmatched;
}
