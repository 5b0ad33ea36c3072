/** What the operator's staff sees: the agent, the members, the feed, and whether the books hold together. */
import type { ChainBreak, Totals } from '../feed-index.ts';
import { type Html, html } from '../html.ts';
import { amountText, type Minor, signedText } from '../money.ts';
import type { FaultSettings, SeenCall } from '../seamless-faults.ts';
import type { AgentInfo, FeedRow, HubUser } from '../xt-wire.ts';
import { callbackTable, faultForm } from './callbacks.ts';
import { pageIn, timeOf, type View } from './layout.ts';

export interface AdminSight {
  /** Null where the hub gave no answer. */
  readonly agent: AgentInfo | null;
  readonly users: readonly AdminUser[] | null;
  readonly usersTotal: number;
  readonly totals: Totals;
  readonly cursor: string | null;
  readonly newest: readonly FeedRow[];
  /** Null where rows need not follow from one another. */
  readonly chains: { readonly members: number; readonly breaks: readonly ChainBreak[] } | null;
  /** Whether every member's site balance equals what the movements make of it. */
  readonly booksAgree: boolean;
  /** Null without a seamless wallet. Newest first. */
  readonly callbacks: readonly SeenCall[] | null;
  readonly faults: FaultSettings | null;
}

export interface AdminUser {
  readonly user: HubUser;
  /** Balance at the site; null for a user who never came through this site. */
  readonly site: Minor | null;
  readonly breaks: number;
}

export function adminPage(view: View, sight: AdminSight): Html {
  const { say } = view;
  const body = html`<h1>${say('admin')}</h1><p class="lead">${say('adminLead')}</p>
<div id="live" data-refresh="/admin/live">${adminLive(view, sight)}</div>
${sight.faults && html`<section aria-labelledby="faults"><h2 id="faults">${say('faults')}</h2>${faultForm(view, sight.faults)}</section>`}
<section aria-labelledby="users"><h2 id="users">${say('members')} <small class="count">${sight.usersTotal}</small></h2>${userTable(view, sight)}</section>`;
  return pageIn(view, { title: say('admin'), body, scripts: ['admin.ts'] });
}

/** The part that is refreshed while the page is open. */
export function adminLive(view: View, sight: AdminSight): Html {
  const { say } = view;
  const { totals, chains, agent } = sight;
  return html`<dl class="figures">
${figure(say('agent'), agent === null ? say('notAnswered') : agentName(agent))}
${figure(say('pot'), agent === null ? '–' : amountText(agent.balance))}
${figure(say('stakes'), amountText(totals.stakes))}
${figure(say('payouts'), amountText(totals.payouts))}
${figure(say('ggr'), signedText(totals.ggr))}
${figure(say('rows'), totals.rows.toString())}
${figure(say('feedUntil'), sight.cursor ?? '–')}
${chains && html`<div><dt>${say('chain')}</dt><dd>${chainBadge(view, chains.breaks.length)}</dd></div>`}
<div><dt>${say('books')}</dt><dd><span class="badge ${sight.booksAgree ? 'done' : 'refused'}">${say(sight.booksAgree ? 'booksGood' : 'booksBad')}</span></dd></div>
</dl>
${chains && html`<p class="hint">${say('chainLead')}</p>`}
${chains?.breaks
  .slice(0, 20)
  .map(
    ({ after, next }) =>
      html`<p class="notice bad">${next.username}: #${after.id} → #${next.id}: ${amountText(after.before + after.amount)} ≠ ${amountText(next.before)}</p>`,
  )}
${sight.callbacks && html`<h2>${say('callbacks')}</h2>${callbackTable(view, sight.callbacks)}`}
<h2>${say('feed')}</h2>${feedTable(view, sight.newest)}`;
}

function agentName({ nickname, username }: AgentInfo): string {
  return nickname === username ? username : `${nickname} (${username})`;
}

function chainBadge(view: View, breaks: number): Html {
  const { say } = view;
  const text = breaks === 0 ? say('chainGood') : say('chainBad', { count: breaks });
  return html`<span class="badge ${breaks === 0 ? 'done' : 'refused'}">${text}</span>`;
}

function figure(name: string, value: string): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function feedTable(view: View, rows: readonly FeedRow[]): Html {
  const { say } = view;
  if (rows.length === 0) return html`<p class="empty">${say('noHistory')}</p>`;
  return html`<div class="table-wrap tall" tabindex="0" role="group" aria-label="${say('feed')}"><table><thead><tr><th scope="col">ID</th><th scope="col">${say('when')}</th><th scope="col">${say('username')}</th><th scope="col">${say('kind')}</th><th scope="col" class="num">${say('amount')}</th><th scope="col" class="num">${say('beforeAfter')}</th><th scope="col">${say('round')}</th></tr></thead>
<tbody>${rows.map(
    (
      row,
    ) => html`<tr><td><code>${row.id}</code></td><td>${timeOf(view, row.processedAt)}</td><td>${row.username}</td><td><code>${row.type}</code></td>
<td class="num">${signedText(row.amount)}</td><td class="num">${amountText(row.before)} → ${amountText(row.before + row.amount)}</td>
<td>${row.game && html`${row.game.title} <small><code>${row.game.round}</code></small>`}</td></tr>`,
  )}</tbody></table></div>`;
}

function userTable(view: View, sight: AdminSight): Html {
  const { say } = view;
  if (sight.users === null) return html`<p class="empty">${say('notAnswered')}</p>`;
  const isChained = sight.chains !== null;
  const atHub = say(view.mode === 'seamless' ? 'hubBalance' : 'gamesBalance');
  return html`<div class="table-wrap" tabindex="0" role="group" aria-label="${say('members')}"><table><thead><tr><th scope="col">${say('username')}</th><th scope="col" class="num">${atHub}</th><th scope="col" class="num">${say('siteBalance')}</th>${
    isChained && html`<th scope="col">${say('chain')}</th>`
  }<th scope="col">${say('created')}</th><th scope="col">${say('lastAccess')}</th></tr></thead>
<tbody>${sight.users.map(
    ({
      user,
      site,
      breaks,
    }) => html`<tr><td>${user.username}</td><td class="num">${amountText(user.balance)}</td><td class="num">${site === null ? '–' : amountText(site)}</td>
${isChained && html`<td>${chainBadge(view, breaks)}</td>`}
<td>${timeOf(view, user.createdAt)}</td><td>${user.lastAccessAt === null ? '–' : timeOf(view, user.lastAccessAt)}</td></tr>`,
  )}</tbody></table></div>`;
}
