/** Searching while typing, and more games while scrolling. Without this script the form and the links do the same. */
import { keepBalances } from './balance.ts';

const form = document.querySelector<HTMLFormElement>('#filters');
const shelf = document.querySelector<HTMLElement>('#shelf');
let asked = 0;

function query(): string {
  const params = new URLSearchParams();
  if (form !== null) {
    for (const [name, value] of new FormData(form))
      if (typeof value === 'string' && value !== '') params.set(name, value);
  }
  return params.toString();
}

async function part(search: string): Promise<DocumentFragment | null> {
  const answer = await fetch(`/lobby/shelf?${search}`, { signal: AbortSignal.timeout(12_000) });
  if (!answer.ok) return null;
  const template = document.createElement('template');
  template.innerHTML = await answer.text();
  return template.content;
}

async function search(): Promise<void> {
  const turn = ++asked;
  const params = query();
  const content = await part(params).catch(() => null);
  // A slower answer to an older question is not shown.
  if (content === null || shelf === null || turn !== asked) return;
  shelf.replaceChildren(content);
  history.replaceState(null, '', params === '' ? '/lobby' : `/lobby?${params}`);
  prepare();
}

async function addMore(more: Element): Promise<void> {
  const link = more.querySelector('a');
  if (link === null || more.classList.contains('busy')) return;
  more.classList.add('busy');
  const turn = asked;
  const content = await part(new URL(link.href).search.slice(1)).catch(() => null);
  if (content === null || turn !== asked) {
    more.classList.remove('busy');
    return;
  }
  shelf?.querySelector('.grid')?.append(...(content.querySelector('.grid')?.children ?? []));
  more.replaceWith(...content.querySelectorAll('.more'));
  prepare();
}

const sentinel = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting) void addMore(entry.target);
  },
  { rootMargin: '600px' },
);

/** New cards: watch the end of the grid. */
function prepare(): void {
  sentinel.disconnect();
  const more = shelf?.querySelector('.more');
  if (more) sentinel.observe(more);
}

/** A picture that does not come gives way to the drawn one behind it. */
document.addEventListener(
  'error',
  (event) => {
    if (event.target instanceof HTMLImageElement) event.target.remove();
  },
  true,
);
for (const image of document.querySelectorAll<HTMLImageElement>('.picture img')) {
  if (image.complete && image.naturalWidth === 0) image.remove();
}

let timer = 0;
form?.addEventListener('input', () => {
  clearTimeout(timer);
  timer = window.setTimeout(() => void search(), 180);
});
form?.addEventListener('submit', (event) => {
  event.preventDefault();
  void search();
});
form?.classList.add('live');
prepare();
keepBalances(6000);
