/** The page for everything that went wrong. It never shows what an exception said. */
import { type Html, html } from '../html.ts';
import type { WordKey } from '../i18n.ts';
import { pageIn, type View } from './layout.ts';

export function errorPage(view: View, text: WordKey): Html {
  const { say } = view;
  const body = html`<section class="empty tall"><h1>${say('errorTitle')}</h1><p>${say(text)}</p>
<p class="row"><a class="button primary" href="${view.member ? '/lobby' : '/'}">${say('backToLobby')}</a></p></section>`;
  return pageIn(view, { title: say('errorTitle'), body });
}
