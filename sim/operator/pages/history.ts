/** A member's history: rounds, and what went in and out of the games wallet. */
import { type Html, html } from '../html.ts';
import { amountText, signedText } from '../money.ts';
import type { HistoryItem, Round } from '../rounds.ts';
import type { FeedRow } from '../xt-wire.ts';
import { detailHtml } from './detail.ts';
import { pageIn, timeOf, type View } from './layout.ts';

export const itemsPerPage = 30;

/** `items` newest first; `page` counts from 1. */
export function historyPage(view: View, parts: { items: readonly HistoryItem[]; page: number }): Html {
  const { say } = view;
  const { items, page } = parts;
  const from = (page - 1) * itemsPerPage;
  const shown = items.slice(from, from + itemsPerPage);
  const body = html`<h1>${say('history')}</h1><p class="lead">${say(view.mode === 'seamless' ? 'historyLeadSeamless' : 'historyLead')}</p>
${
  shown.length === 0
    ? html`<p class="empty">${say('noHistory')}</p>`
    : html`<ol class="rounds">${shown.map((item) => html`<li>${item.kind === 'round' ? roundItem(view, item.round) : rowItem(view, item.row)}</li>`)}</ol>`
}
<nav class="row pager" aria-label="${say('history')}">${page > 1 && html`<a class="button" href="/history">${say('newer')}</a>`}
${from + itemsPerPage < items.length && html`<a class="button" rel="next" href="/history?page=${page + 1}">${say('older')}</a>`}</nav>`;
  return pageIn(view, { title: say('history'), body, scripts: ['history.ts'] });
}

const stateWords = {
  open: 'openRound',
  won: 'wonRound',
  lost: 'lostRound',
  cancelled: 'cancelledRound',
} as const;

function roundItem(view: View, round: Round): Html {
  const { say } = view;
  return html`<details class="round" data-key="${round.key}"><summary>
<span class="round-main"><b>${round.game.title || round.game.id}</b><small>${round.game.vendor} · ${timeOf(view, round.startedAt)}</small></span>
<span class="round-sums"><span>${say('bets')} ${amountText(round.staked)}</span><span>${
    round.cancelled > 0n
      ? `${say('cancels')} ${amountText(round.cancelled)}`
      : `${say('wins')} ${amountText(round.won)}`
  }</span></span>
<span class="round-net ${round.net > 0n && 'gain'}">${signedText(round.net)}<small><span class="badge ${round.state}">${say(stateWords[round.state])}</span></small></span>
</summary>
<div class="round-body"><p class="hint">${say('round')} <code>${round.game.round}</code> · ${say('beforeAfter')} ${amountText(round.before)} → ${amountText(round.after)}</p>
${rowTable(view, round.rows)}
${round.rows
  .filter((row) => row.type === 'bet')
  .slice(0, 5)
  .map((row) => detailHtml(view, row.detail))}</div></details>`;
}

function rowTable(view: View, rows: readonly FeedRow[]): Html {
  const { say } = view;
  return html`<div class="table-wrap" tabindex="0" role="group" aria-label="${say('round')}"><table><thead><tr><th scope="col">${say('when')}</th><th scope="col">${say('kind')}</th><th scope="col" class="num">${say('amount')}</th><th scope="col" class="num">${say('beforeAfter')}</th></tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr><td>${timeOf(view, row.processedAt)}</td><td><code>${row.type}</code></td><td class="num">${signedText(row.amount)}</td><td class="num">${amountText(row.before)} → ${amountText(row.before + row.amount)}</td></tr>`,
  )}</tbody></table></div>`;
}

function rowItem(view: View, row: FeedRow): Html {
  const { say } = view;
  const isMove = row.type.startsWith('agent.');
  const name = isMove ? say(row.amount >= 0n ? 'walletIn' : 'walletOut') : row.type;
  return html`<div class="round flat"><span class="round-main"><b>${name}</b><small>${timeOf(view, row.processedAt)}</small></span>
<span class="round-sums"><span>${say('beforeAfter')}</span><span>${amountText(row.before)} → ${amountText(row.before + row.amount)}</span></span>
<span class="round-net ${row.amount > 0n && 'gain'}">${signedText(row.amount)}</span></div>`;
}
