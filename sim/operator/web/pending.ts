/** Looks whether a pending movement has been decided, then shows the page anew. */
const timer = setInterval(async () => {
  try {
    const answer = await fetch('/cashier/state', { signal: AbortSignal.timeout(10_000) });
    const state: { pending?: unknown } = await answer.json();
    if (state.pending !== false) return;
    clearInterval(timer);
    location.reload();
  } catch {
    // The next look will tell.
  }
}, 2000);
