/** Fetches the first page again every few seconds and keeps open what was open. */
import { keepBalances } from './balance.ts';
import { localiseTimes } from './time.ts';

async function refresh(): Promise<void> {
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(12_000) });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('.rounds');
  const list = document.querySelector('.rounds');
  if (fresh === null) return;
  if (list === null) {
    location.reload();
    return;
  }
  const openKeys = new Set(
    [...list.querySelectorAll<HTMLElement>('details[open]')].map((one) => one.dataset.key),
  );
  for (const round of fresh.querySelectorAll<HTMLDetailsElement>('details'))
    round.open = openKeys.has(round.dataset.key);
  localiseTimes(fresh);
  // Only what changed is replaced, so that focus and reading place stay.
  if (fresh.innerHTML === list.innerHTML) return;
  list.replaceChildren(...fresh.children);
}

if (!new URLSearchParams(location.search).has('page')) {
  setInterval(() => {
    const reading =
      document.activeElement?.closest('.rounds') !== null && document.activeElement !== document.body;
    if (document.visibilityState === 'visible' && !reading) void refresh().catch(() => undefined);
  }, 3000);
}
keepBalances(5000);
