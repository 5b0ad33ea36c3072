/** What staff see of a seamless wallet: what the hub asked and was answered, and the switches of what shall go wrong. */
import { type Html, html } from '../html.ts';
import { amountText, signedText } from '../money.ts';
import { type FaultSettings, faultNames, type SeenCall } from '../seamless-faults.ts';
import { csrfField, timeOf, type View } from './layout.ts';

export function callbackTable(view: View, calls: readonly SeenCall[]): Html {
  const { say } = view;
  if (calls.length === 0) return html`<p class="empty">${say('noCallbacks')}</p>`;
  return html`<div class="table-wrap tall" tabindex="0" role="group" aria-label="${say('callbacks')}"><table><thead><tr><th scope="col">${say('when')}</th><th scope="col">${say('kind')}</th><th scope="col">ID</th><th scope="col">${say('username')}</th><th scope="col" class="num">${say('amount')}</th><th scope="col">${say('answer')}</th><th scope="col" class="num">${say('balanceThen')}</th><th scope="col" class="num">ms</th><th scope="col">${say('faults')}</th></tr></thead>
<tbody>${calls.map((call) => callRow(view, call))}</tbody></table></div>`;
}

function callRow(view: View, { at, packet, username, answer, faults, elapsedMs }: SeenCall): Html {
  const { say } = view;
  const tone = answer?.status === 200 ? 'done' : 'refused';
  return html`<tr><td>${timeOf(view, new Date(at).toISOString())}</td>
<td><code>${packet?.type ?? 'balance'}</code></td>
<td>${packet && html`<code>${packet.id}</code>${packet.refererId !== null && html` <small>→ <code>${packet.refererId}</code></small>`}`}</td>
<td>${username}</td><td class="num">${packet && signedText(packet.amount)}</td>
<td><span class="badge ${tone}">${answer?.status ?? say('noAnswer')}</span>${answer?.repeated && html` <span class="badge pending">${say('repeated')}</span>`}</td>
<td class="num">${answer?.balance !== undefined && amountText(answer.balance)}</td><td class="num">${elapsedMs.toFixed(1)}</td>
<td>${faults.map((fault) => html`<span class="badge cancelled">${say(`fault_${fault}`)}</span> `)}</td></tr>`;
}

const rateWords = [
  { rate: 0, text: '0' },
  { rate: 0.1, text: '10 %' },
  { rate: 0.5, text: '50 %' },
  { rate: 1, text: '100 %' },
] as const;

export function faultForm(view: View, settings: FaultSettings): Html {
  const { say } = view;
  return html`<form method="post" action="/admin/faults" class="panel stack faults">${csrfField(view)}
<p class="hint">${say('faultsLead')}</p>
<div class="switches">${faultNames.map(
    (fault) => html`<label><span>${say(`fault_${fault}`)}</span><select name="${fault}">
${rateOptions(settings.rates[fault])}</select></label>`,
  )}
<label><span>${say('faultDelayMs')}</span><input name="delayMs" inputmode="numeric" pattern="[0-9]{1,6}" required value="${settings.delayMs}"></label>
<label><span>${say('faultSeed')}</span><input name="seed" inputmode="numeric" pattern="[0-9]{1,9}" required value="${settings.seed}"></label>
<label><span>${say('faultOnly')}</span><input name="only" placeholder="bet, win, cancel, balance" value="${settings.only.join(', ')}"></label>
</div>
<p class="row"><button class="primary">${say('apply')}</button><a class="button" href="/admin/entries.csv" download>${say('export')}</a></p></form>`;
}

/** A rate that was set by other means keeps its place in the list. */
function rateOptions(rate: number): readonly Html[] {
  const isListed = rateWords.some((one) => one.rate === rate);
  const all = isListed ? rateWords : [...rateWords, { rate, text: `${rate * 100} %` }];
  return all.map(
    (one) => html`<option value="${one.rate}"${one.rate === rate && html` selected`}>${one.text}</option>`,
  );
}
