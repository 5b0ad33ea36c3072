/** The bar above a game: the balance, and money without leaving the table. */
import { keepBalances, refreshBalances } from './balance.ts';

const form = document.querySelector<HTMLFormElement>('#top-up');

async function topUp(form: HTMLFormElement, amount: string): Promise<void> {
  const result = form.querySelector('.result');
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.set(name, value);
  body.set('amount', amount);
  setBusy(form, 'busy');
  try {
    const answer = await fetch('/cashier', {
      method: 'POST',
      headers: { accept: 'application/json' },
      body,
      signal: AbortSignal.timeout(20_000),
    });
    const notice: { text?: unknown } = await answer.json();
    if (result !== null) result.textContent = typeof notice.text === 'string' ? notice.text : '';
    await refreshBalances();
  } catch {
    // Whether it went through is in the cashier's statement.
    location.assign('/cashier');
  } finally {
    setBusy(form, 'free');
  }
}

function setBusy(form: HTMLFormElement, state: 'busy' | 'free'): void {
  for (const button of form.querySelectorAll('button')) button.disabled = state === 'busy';
}

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  const button = event instanceof SubmitEvent ? event.submitter : null;
  if (button instanceof HTMLButtonElement) void topUp(form, button.value);
});

keepBalances(Number(document.querySelector<HTMLElement>('.play')?.dataset.balanceMs));
