/** Showing a win: which cells and lines shine, how the counter climbs, when a curtain is due. */
import type { WireSlot, WireSpin } from '../wire.ts';
import { calmMotion } from './dom.ts';
import type { Pace } from './pace.ts';
import type { Highlight } from './reels-paint.ts';

const SCATTER = 1;
const COUNT_MS_MIN = 500;
const COUNT_MS_MAX = 3_200;
const COUNT_MS_PER_STAKE = 90;

function cellsOf(rows: string, length: number): number[] {
  return Array.from({ length }, (_, reel) => reel * 3 + Number(rows[reel]));
}

function rowsOf(rows: string): number[] {
  return [...rows].map(Number);
}

/** What to highlight, one picture after another: everything at once, then line by line. */
export function highlightsOf(spin: WireSpin, slot: WireSlot): Highlight[] {
  const lines = spin.lineWins.map((hit) => {
    const rows = slot.lines[hit.line]!;
    return { number: hit.line + 1, rows: rowsOf(rows), length: hit.length, cells: cellsOf(rows, hit.length) };
  });
  const scatters =
    spin.scatters >= 3 ? spin.window.flatMap((symbol, cell) => (symbol === SCATTER ? [cell] : [])) : [];
  if (lines.length === 0 && scatters.length === 0) return [];
  const all: Highlight = { cells: new Set([...lines.flatMap((line) => line.cells), ...scatters]), lines };
  const single = lines.map((line) => ({ cells: new Set(line.cells), lines: [line] }));
  const scattered = scatters.length === 0 ? [] : [{ cells: new Set(scatters), lines: [] }];
  return single.length + scattered.length > 1 ? [all, ...single, ...scattered] : [all];
}

/** Climbs to an amount within a time that grows with its strength; `show` gets every amount on the way. */
export async function countUp(
  to: bigint,
  by: { strength: number; pace: Pace },
  show: (amount: bigint) => void,
): Promise<void> {
  const lengthMs = calmMotion() ? 0 : Math.min(COUNT_MS_MAX, COUNT_MS_MIN + by.strength * COUNT_MS_PER_STAKE);
  const startedAt = performance.now();
  let climbing = true;
  const tick = (now: number): void => {
    if (!climbing) return;
    const t = Math.min(1, Math.max(0, now - startedAt) / lengthMs);
    const eased = 1 - (1 - t) ** 3;
    show((to * BigInt(Math.round(eased * 10_000))) / 10_000n);
    requestAnimationFrame(tick);
  };
  if (lengthMs > 0) requestAnimationFrame(tick);
  await by.pace.wait(lengthMs);
  climbing = false;
  show(to);
}

/** How many times the stake a win is, for deciding how loudly to tell it. */
export function timesStake(win: bigint, stake: bigint): number {
  return stake === 0n ? 0 : Number((win * 10n) / stake) / 10;
}
