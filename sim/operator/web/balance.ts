/** Keeps the balances on a page up to date while it is looked at. */
interface Balances {
  readonly site?: unknown;
  readonly games?: unknown;
}

export async function refreshBalances(): Promise<void> {
  try {
    const answer = await fetch('/balance', { signal: AbortSignal.timeout(12_000) });
    if (!answer.ok) return;
    const balances: Balances = await answer.json();
    show('site', balances.site);
    show('games', balances.games);
  } catch {
    // The next reading will tell.
  }
}

function show(name: string, value: unknown): void {
  if (typeof value !== 'string') return;
  for (const place of document.querySelectorAll(`[data-balance="${name}"]`)) {
    if (place.textContent !== value) place.textContent = value;
  }
}

export function keepBalances(everyMs: number): void {
  setInterval(() => {
    if (document.visibilityState === 'visible') void refreshBalances();
  }, everyMs);
}
