/** Amounts by buttons, and thousands separated while typing. */
import { keepBalances } from './balance.ts';

function grouped(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, ',');
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.move')) {
  const input = form.querySelector<HTMLInputElement>('input[name="amount"]');
  if (input === null) continue;
  const digitsOf = () => input.value.replace(/\D/g, '').slice(0, 13);
  input.addEventListener('input', () => {
    input.value = grouped(digitsOf());
  });
  form.addEventListener('click', (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    const { add, max } = event.target.dataset;
    if (add !== undefined) input.value = grouped(String(BigInt(digitsOf() || '0') + BigInt(add)));
    if (max !== undefined) input.value = grouped(max);
  });
}

// One click, one movement.
document.addEventListener('submit', (event) => {
  const { submitter } = event;
  if (submitter instanceof HTMLButtonElement) setTimeout(() => submitter.setAttribute('disabled', ''), 0);
});

// A page brought back by the back button is old: fetch it again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

keepBalances(5000);
