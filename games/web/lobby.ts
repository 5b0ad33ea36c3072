/** The lobby of a vendor: its games as cards; tables that are not open yet say so. */
import type { WireGame, WireView } from '../wire.ts';
import { el } from './dom.ts';
import type { Hud } from './hud.ts';
import type { Texts } from './texts.ts';

function card(game: WireGame, texts: Texts, choose: (id: string) => void): HTMLElement {
  const picture = el('img', {
    src: `../${game.thumb}`,
    alt: '',
    width: '300',
    height: '300',
    loading: 'lazy',
  });
  const name = el('span', { class: 'name' }, game.title);
  if (!game.playable) {
    return el(
      'li',
      {},
      el('div', { class: 'card closed' }, picture, name, el('span', { class: 'soon' }, texts.opens)),
    );
  }
  return el(
    'li',
    {},
    el('button', { class: 'card', type: 'button', onclick: () => choose(game.id) }, picture, name),
  );
}

/** The lobby's screen. */
export function lobbyScreen(
  view: WireView,
  by: { texts: Texts; hud: Hud; choose: (id: string) => void },
): HTMLElement {
  const { texts, hud } = by;
  const games = view.lobby ?? [];
  hud.show({ balance: BigInt(view.balance), net: BigInt(view.net) });
  return el(
    'main',
    { class: 'screen lobby' },
    hud.top,
    el('h1', {}, view.game.title),
    el('p', { class: 'hint' }, texts.lobbyTitle),
    el('ul', { class: 'cards' }, ...games.map((game) => card(game, texts, by.choose))),
    el('footer', { class: 'bar' }, hud.meters),
  );
}
