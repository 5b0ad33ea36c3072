/** The lobby: what may be played. The grid is also sent alone, for searching and for scrolling on. */
import type { Catalogue, CatalogueFilter } from '../catalogue.ts';
import { type Html, html } from '../html.ts';
import { typeName } from '../i18n.ts';
import { amountText, inputOfAmount, type Minor } from '../money.ts';
import type { Game } from '../xt-wire.ts';
import { icon, moonScene, placeholder } from './icons.ts';
import { csrfField, pageIn, type View } from './layout.ts';

export interface LobbyShelf {
  readonly filter: CatalogueFilter;
  /** All that match, best first. */
  readonly found: readonly Game[];
  /** Counts from 1. */
  readonly page: number;
}

/** A whole number of rows for 2, 3, 4 and 6 columns. */
export const cardsPerPage = 48;

export function lobbyPage(view: View, catalogue: Catalogue | null, shelf: LobbyShelf): Html {
  const { say } = view;
  const body = html`${hero(view)}${
    catalogue === null
      ? html`<p class="empty" role="alert">${say('hubAway')}</p>`
      : html`<div>${filterForm(view, { catalogue, shelf })}<div id="shelf" aria-live="polite">${shelfPart(view, { catalogue, shelf })}</div></div>`
  }`;
  return pageIn(view, { title: say('lobby'), body, scripts: ['lobby.ts'] });
}

function isUnfiltered(shelf: LobbyShelf): boolean {
  const { vendor, type, search } = shelf.filter;
  return shelf.page === 1 && vendor === '' && type === '' && search === '';
}

/** Money first: a game opened with an empty wallet is a disappointment. */
export const firstFunding: Minor = 100_000n;

function hero(view: View): Html {
  const { say } = view;
  const amount = offerOf(view);
  const isSeamless = view.mode === 'seamless';
  const word = amount === 0n ? 'heroPlay' : isSeamless ? 'heroDeposit' : 'heroFund';
  return html`<section class="hero">${moonScene()}
<div class="hero-text"><h1>${say('heroTitle')}</h1><p>${say(word)}</p>
${
  amount > 0n &&
  html`<form method="post" action="/cashier">${csrfField(view)}<input type="hidden" name="direction" value="${isSeamless ? 'deposit' : 'in'}">
<input type="hidden" name="amount" value="${inputOfAmount(amount)}"><input type="hidden" name="back" value="/lobby">
<button class="primary">${icon('plus')}${say(isSeamless ? 'heroDepositButton' : 'heroFundButton', { amount: amountText(amount) })}</button></form>`
}</div></section>`;
}

/** What a member with nothing to play with is offered to move in; 0 = nothing. */
function offerOf({ mode, member, wallet }: View): Minor {
  if (wallet !== 0n || member === null) return 0n;
  return mode === 'transfer' && member.balance < firstFunding ? member.balance : firstFunding;
}

function strip(view: View, catalogue: Catalogue): Html {
  const best = catalogue.games.filter((game) => game.rank !== null).slice(0, 12);
  if (best.length < 4) return html``;
  return html`<section aria-labelledby="popular"><div class="section-head"><h2 id="popular">${view.say('popular')}</h2></div>
<ul class="strip">${best.map((game) => card(view, game))}</ul></section>`;
}

function lobbies(view: View, entries: readonly Game[]): Html {
  if (entries.length === 0) return html``;
  return html`<section aria-labelledby="lobbies"><div class="section-head"><h2 id="lobbies">${view.say('liveLobbies')}</h2></div>
<ul class="strip wide">${entries.map((entry) => card(view, entry))}</ul></section>`;
}

function filterForm(view: View, parts: { catalogue: Catalogue; shelf: LobbyShelf }): Html {
  const { say, language } = view;
  const { filter } = parts.shelf;
  const types = [...new Set(parts.catalogue.games.map((game) => game.type))].toSorted();
  const vendors = parts.catalogue.vendors.filter((vendor) =>
    parts.catalogue.games.some((game) => game.vendor === vendor.key),
  );
  return html`<form class="filters" id="filters" action="/lobby" role="search">
  <label class="search"><span class="hidden">${say('search')}</span>${icon('search')}<input type="search" name="q" value="${filter.search}" placeholder="${say('searchHint')}" autocomplete="off"></label>
  <label><span class="hidden">${say('vendor')}</span><select name="vendor">
    <option value="">${say('vendor')} · ${say('all')}</option>
    ${vendors.map((vendor) => option(vendor.key, { text: vendor.name, chosen: filter.vendor }))}</select></label>
  <fieldset class="chips-row"><legend class="hidden">${say('type')}</legend>
    ${['', ...types].map(
      (type) =>
        html`<label class="chip"><input type="radio" name="type" value="${type}"${
          type === filter.type && html` checked`
        }><span>${type === '' ? say('all') : typeName(language, type)}</span></label>`,
    )}</fieldset>
  <button class="apply">${say('apply')}</button>
</form>`;
}

function option(value: string, parts: { text: string; chosen: string }): Html {
  return html`<option value="${value}"${value === parts.chosen && html` selected`}>${parts.text}</option>`;
}

/** The grid with its count and the way on. `web/lobby.ts` puts it in place of the former one, or behind it. */
export function shelfPart(view: View, parts: { catalogue: Catalogue; shelf: LobbyShelf }): Html {
  const { say } = view;
  const { catalogue, shelf } = parts;
  if (shelf.found.length === 0) {
    return html`<div class="empty"><p>${say('noGames')}</p><a class="button" href="/lobby">${say('clearFilter')}</a></div>`;
  }
  const from = (shelf.page - 1) * cardsPerPage;
  const hasMore = from + cardsPerPage < shelf.found.length;
  return html`${isUnfiltered(shelf) && html`${strip(view, catalogue)}${lobbies(view, catalogue.lobbies)}`}
<div class="section-head"><h2>${say('allGames')}</h2><p class="count">${say('gamesFound', { count: shelf.found.length })}</p></div>
<ul class="grid">${shelf.found.slice(from, from + cardsPerPage).map((game) => card(view, game))}</ul>
${hasMore && html`<p class="more"><a class="button" rel="next" href="/lobby?${shelfQuery(shelf)}">${say('more')}</a></p>`}`;
}

function shelfQuery(shelf: LobbyShelf): string {
  const { vendor, type, search } = shelf.filter;
  return new URLSearchParams({ vendor, type, q: search, page: String(shelf.page + 1) }).toString();
}

export function titleOf(view: View, game: Game): string {
  return game.langs[view.language] || game.title;
}

function card(view: View, game: Game): Html {
  const title = titleOf(view, game);
  const address = `/play?${new URLSearchParams({ vendor: game.vendor, game: game.id })}`;
  return html`<li class="card"><a href="${address}">
<span class="picture">${placeholder(title)}${
    game.thumbnail !== null &&
    html`<img src="${game.thumbnail}" alt="" loading="lazy" decoding="async" width="300" height="300" referrerpolicy="no-referrer">`
  }<span class="go">${icon('play')}</span></span>
<span class="card-title">${title}</span><span class="card-sub">${game.provider}</span></a></li>`;
}
