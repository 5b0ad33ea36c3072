/** A game in its frame, under a bar with the balance. */
import { type Html, html } from '../html.ts';
import { amountText, inputOfAmount } from '../money.ts';
import { icon } from './icons.ts';
import { csrfField, pageIn, type View, walletText } from './layout.ts';

export interface Play {
  readonly title: string;
  /** Where the hub lets this member play; it carries the member's game token, nobody else's. */
  readonly link: string;
}

export const quickAmounts = [10_000n, 50_000n, 100_000n, 500_000n] as const;

export function playPage(view: View, play: Play): Html {
  const { say } = view;
  const body = html`<div class="play" data-balance-ms="${view.mode === 'seamless' ? 1000 : 3000}">
<header class="play-bar">
  <a class="quiet" href="/lobby">${icon('back')}<span>${say('backToLobby')}</span></a>
  <h1>${play.title}</h1>
  <div class="play-end">
    <span class="balance gold" aria-live="polite"><small>${say(view.mode === 'seamless' ? 'balance' : 'gamesBalance')}</small><b data-balance="games">${walletText(view)}</b></span>
    ${topUp(view)}
    <a class="quiet" href="${play.link}" target="_blank" rel="noopener noreferrer" aria-label="${say('newTab')}" title="${say('newTab')}">${icon('tab')}</a>
  </div>
</header>
<iframe class="stage" src="${play.link}" title="${play.title}" allow="autoplay; fullscreen; clipboard-write" referrerpolicy="no-referrer"></iframe>
</div>`;
  return pageIn(view, { title: play.title, body, scripts: ['play.ts'], frame: 'bare' });
}

/** Money without leaving the game: from the site to the games wallet, or into the one balance there is. */
function topUp(view: View): Html {
  const { say, member, mode } = view;
  // A game with an empty wallet cannot be played: show the way at once.
  const isEmpty = view.wallet === 0n && (mode === 'seamless' || (member !== null && member.balance > 0n));
  const from = html`<p class="hint">${say('siteBalance')} <b data-balance="site">${member && amountText(member.balance)}</b></p>`;
  return html`<details class="menu top-up"${isEmpty && html` open`}><summary class="primary">${icon('plus')}<span>${say('topUp')}</span></summary>
<form method="post" action="/cashier" class="panel" id="top-up">${csrfField(view)}
  <input type="hidden" name="direction" value="${mode === 'seamless' ? 'deposit' : 'in'}"><input type="hidden" name="back" value="${view.path}">
  <p><b>${say(mode === 'seamless' ? 'deposit' : 'topUpTitle')}</b></p>
  ${mode === 'transfer' && from}
  <div class="quick">${quickAmounts.map(
    (amount) => html`<button name="amount" value="${inputOfAmount(amount)}">${amountText(amount)}</button>`,
  )}</div>
  <p class="result" role="status"></p>
</form></details>`;
}

/** When the hub opens no game. `reason` is the hub's own sentence, or empty. */
export function playFailedPage(
  view: View,
  failure: { readonly reason: string; readonly refused: boolean },
): Html {
  const { say } = view;
  const body = html`<section class="empty tall"><h1>${say('launchFailed')}</h1>
<p>${failure.refused ? say('launchRefused') : say('hubAway')}</p>${failure.reason !== '' && html`<p class="hint">${failure.reason}</p>`}
<p class="row"><a class="button primary" href="${view.path}">${say('retry')}</a><a class="button" href="/lobby">${say('backToLobby')}</a></p></section>`;
  return pageIn(view, { title: say('launchFailed'), body });
}
