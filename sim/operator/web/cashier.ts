/** Amounts by buttons, and thousands separated while typing. */
import { keepBalances } from './balance.ts';

/** "1234567.5" as "1,234,567.5". */
function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const digits = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? digits : `${digits || '0'}.${fraction}`;
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.move')) {
  const input = form.querySelector<HTMLInputElement>('input[name="amount"]');
  if (input === null) continue;
  const decimals = Number(input.dataset.decimals ?? '0');
  const typed = () => {
    const [whole = '', ...rest] = input.value.replace(decimals === 0 ? /\D/g : /[^\d.]/g, '').split('.');
    const fraction = rest.length === 0 ? '' : `.${rest.join('').slice(0, decimals)}`;
    return `${whole.slice(0, 13)}${fraction}`;
  };
  input.addEventListener('input', () => {
    input.value = grouped(typed());
  });
  form.addEventListener('click', (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    const { add, max } = event.target.dataset;
    if (add !== undefined) input.value = grouped(sum(typed() || '0', add, decimals));
    if (max !== undefined) input.value = grouped(max);
  });
}

/** Exactly, in the smallest unit. */
function sum(a: string, b: string, decimals: number): string {
  const minorOf = (text: string) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(`${whole || '0'}${fraction.padEnd(decimals, '0')}`);
  };
  const digits = (minorOf(a) + minorOf(b)).toString().padStart(decimals + 1, '0');
  const fraction = decimals === 0 ? '' : digits.slice(-decimals);
  return /^0*$/.test(fraction)
    ? digits.slice(0, digits.length - decimals)
    : `${digits.slice(0, -decimals)}.${fraction}`;
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
