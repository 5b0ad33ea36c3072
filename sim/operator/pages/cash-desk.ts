/** The cashier of a site with a seamless wallet: one balance, money in and out of it, and the statement. */
import { type Html, html } from '../html.ts';
import { amountText, decimals, inputOfAmount, type Minor, signedText } from '../money.ts';
import type { CashRow } from '../seamless-books.ts';
import type { MemberView } from '../visit.ts';
import { type Notice, purse } from './cashier.ts';
import { csrfField, pageIn, timeOf, type View } from './layout.ts';
import { quickAmounts } from './play.ts';

export function cashDeskPage(
  view: MemberView,
  parts: { rows: readonly CashRow[]; notice: Notice | null },
): Html {
  const { say, member } = view;
  const { rows, notice } = parts;
  const body = html`<h1>${say('cashier')}</h1><p class="lead">${say('cashDeskLead')}</p>
${notice && html`<p class="notice ${notice.tone}" role="status">${notice.text}</p>`}
<div class="purses one">${purse({ kind: 'games', label: say('balance'), balance: amountText(member.balance) })}</div>
<div class="columns">
  ${cashForm(view, { direction: 'deposit', max: null })}
  ${cashForm(view, { direction: 'withdraw', max: member.balance })}
</div>
<section aria-labelledby="statement"><h2 id="statement">${say('statement')}</h2>${statement(view, rows)}</section>`;
  return pageIn(view, { title: say('cashier'), body, scripts: ['cashier.ts'] });
}

function cashForm(view: View, parts: { direction: 'deposit' | 'withdraw'; max: Minor | null }): Html {
  const { say } = view;
  const { direction, max } = parts;
  return html`<form method="post" action="/cashier" class="panel stack move">${csrfField(view)}
<h2>${say(direction)}</h2>
<label for="amount-${direction}">${say('amount')}</label>
<input id="amount-${direction}" name="amount" inputmode="${decimals === 0 ? 'numeric' : 'decimal'}" autocomplete="off" pattern="[0-9,.]*" data-decimals="${decimals}" placeholder="0">
<div class="quick">${quickAmounts.map(
    (amount) =>
      html`<button type="button" data-add="${inputOfAmount(amount)}">+${amountText(amount)}</button>`,
  )}${max !== null && html`<button type="button" data-max="${inputOfAmount(max)}">${say('amountInAll')}</button>`}</div>
<button class="primary" name="direction" value="${direction}">${say(direction)}</button>
</form>`;
}

function statement(view: View, rows: readonly CashRow[]): Html {
  const { say } = view;
  if (rows.length === 0) return html`<p class="empty">${say('noMovements')}</p>`;
  return html`<div class="table-wrap" tabindex="0" role="group" aria-label="${say('statement')}"><table class="cards-on-phone">
<thead><tr><th scope="col">${say('when')}</th><th scope="col">${say('kind')}</th><th scope="col" class="num">${say('amount')}</th><th scope="col" class="num">${say('balanceThen')}</th></tr></thead>
<tbody>${rows.map(
    ({ amount, balance, at }) => html`<tr>
<td data-label="${say('when')}">${timeOf(view, new Date(Number(at)).toISOString())}</td>
<td data-label="${say('kind')}">${say(amount < 0n ? 'withdraw' : 'deposit')}</td>
<td data-label="${say('amount')}" class="num">${signedText(amount)}</td>
<td data-label="${say('balanceThen')}" class="num">${amountText(balance)}</td></tr>`,
  )}</tbody></table></div>`;
}
