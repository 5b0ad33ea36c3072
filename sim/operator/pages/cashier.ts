/** The cashier: two balances, the way between them, and the statement. */
import { type Html, html } from '../html.ts';
import { amountText, decimals, inputOfAmount, type Minor } from '../money.ts';
import type { Movement } from '../site-ledger.ts';
import type { MemberView } from '../visit.ts';
import { csrfField, pageIn, timeOf, type View, walletText } from './layout.ts';
import { quickAmounts } from './play.ts';

export interface Notice {
  readonly tone: 'good' | 'bad' | 'wait';
  readonly text: string;
}

const movementsShown = 100;

export function cashierPage(
  view: MemberView,
  parts: { movements: readonly Movement[]; notice: Notice | null },
): Html {
  const { say, member } = view;
  const { movements, notice } = parts;
  const pending = movements.some((movement) => movement.state === 'pending');
  const body = html`<h1>${say('cashier')}</h1><p class="lead">${say('cashierLead')}</p>
${notice && html`<p class="notice ${notice.tone}" role="status">${notice.text}</p>`}
<div class="purses">
  ${purse({ kind: 'site', label: say('siteBalance'), balance: amountText(member.balance) })}
  ${purse({ kind: 'games', label: say('gamesBalance'), balance: walletText(view) })}
</div>
<div class="columns">
  ${moveForm(view, { direction: 'in', max: member.balance })}
  ${moveForm(view, { direction: 'out', max: view.wallet ?? 0n })}
</div>
<section aria-labelledby="statement"><h2 id="statement">${say('statement')}</h2>${statement(view, movements)}</section>`;
  return pageIn(view, {
    title: say('cashier'),
    body,
    scripts: pending ? ['cashier.ts', 'pending.ts'] : ['cashier.ts'],
  });
}

export function purse(parts: { kind: string; label: string; balance: string }): Html {
  return html`<div class="purse ${parts.kind}"><small>${parts.label}</small><b data-balance="${parts.kind}">${parts.balance}</b></div>`;
}

function moveForm(view: View, parts: { direction: 'in' | 'out'; max: Minor }): Html {
  const { say } = view;
  const { direction, max } = parts;
  return html`<form method="post" action="/cashier" class="panel stack move ${direction}">${csrfField(view)}
<h2>${say(direction === 'in' ? 'moveIn' : 'moveOut')}</h2>
<label for="amount-${direction}">${say('amount')}</label>
<input id="amount-${direction}" name="amount" inputmode="${decimals === 0 ? 'numeric' : 'decimal'}" autocomplete="off" pattern="[0-9,.]*" data-decimals="${decimals}" placeholder="0">
<div class="quick">${quickAmounts.map(
    (amount) =>
      html`<button type="button" data-add="${inputOfAmount(amount)}">+${amountText(amount)}</button>`,
  )}<button type="button" data-max="${inputOfAmount(max)}">${say('amountInAll')}</button></div>
<button class="primary" name="direction" value="${direction}">${say(direction === 'in' ? 'moveIn' : 'moveOut')}</button>
${direction === 'out' && html`<button class="secondary" name="direction" value="out-all">${say('moveOutAll')}</button>`}
</form>`;
}

function statement(view: View, movements: readonly Movement[]): Html {
  const { say } = view;
  if (movements.length === 0) return html`<p class="empty">${say('noMovements')}</p>`;
  return html`<div class="table-wrap" tabindex="0" role="group" aria-label="${say('statement')}"><table class="cards-on-phone">
<thead><tr><th scope="col">${say('when')}</th><th scope="col">${say('kind')}</th><th scope="col" class="num">${say('amount')}</th><th scope="col" class="num">${say('balanceAfter')}</th><th scope="col">${say('state')}</th><th scope="col">${say('reference')}</th></tr></thead>
<tbody>${movements
    .slice(-movementsShown)
    .reverse()
    .map((movement) => statementRow(view, movement))}</tbody></table></div>`;
}

function statementRow(view: View, movement: Movement): Html {
  const { say } = view;
  const amount = movement.state === 'done' ? movement.moved : movement.amount;
  const words = { pending: 'statePending', done: 'stateDone', refused: 'stateRefused' } as const;
  const unsized = movement.direction === 'out-all' && movement.state !== 'done';
  return html`<tr>
<td data-label="${say('when')}">${timeOf(view, movement.at)}</td>
<td data-label="${say('kind')}">${say(movement.direction === 'in' ? 'moveIn' : 'moveOut')}</td>
<td data-label="${say('amount')}" class="num">${unsized ? say('amountInAll') : amountText(amount)}</td>
<td data-label="${say('balanceAfter')}" class="num">${amountText(movement.balanceAfter)}</td>
<td data-label="${say('state')}"><span class="badge ${movement.state}">${say(words[movement.state])}</span>${
    movement.reason && html` <small class="reason">${movement.reason}</small>`
  }</td>
<td data-label="${say('reference')}"><code>${movement.uuid.slice(0, 8)}</code></td></tr>`;
}
