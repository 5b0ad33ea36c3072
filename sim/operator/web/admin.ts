/** Keeps the live part of the staff's page fresh. */
import { localiseTimes } from './time.ts';

const live = document.querySelector<HTMLElement>('#live');

async function refresh(place: HTMLElement, address: string): Promise<void> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(12_000) });
  if (!answer.ok) return;
  const template = document.createElement('template');
  template.innerHTML = await answer.text();
  localiseTimes(template.content);
  const scrolled = place.querySelector('.tall')?.scrollTop ?? 0;
  place.replaceChildren(template.content);
  const list = place.querySelector('.tall');
  if (list !== null) list.scrollTop = scrolled;
}

setInterval(() => {
  if (live !== null && document.visibilityState === 'visible') {
    void refresh(live, live.dataset.refresh ?? '').catch(() => undefined);
  }
}, 3000);
