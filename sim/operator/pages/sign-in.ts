/** The door: choose a name. */
import { type Html, html } from '../html.ts';
import type { WordKey } from '../i18n.ts';
import { amountText, type Minor } from '../money.ts';
import { moonScene } from './icons.ts';
import { csrfField, pageIn, type View } from './layout.ts';

export interface SignInForm {
  readonly gift: Minor;
  readonly name: string;
  readonly error: WordKey | null;
}

export function signInPage(view: View, form: SignInForm): Html {
  const { say } = view;
  const body = html`<section class="door">
  <div class="door-art">${moonScene()}</div>
  <div class="door-card">
    <h1>${say('signInTitle')}</h1>
    <p class="lead">${say('signInLead')}</p>
    <form method="post" action="/sign-in" class="stack">
      ${csrfField(view)}
      <label for="name">${say('memberName')}</label>
      <input id="name" name="name" value="${form.name}" required minlength="3" maxlength="20" autocomplete="username"
        autocapitalize="none" spellcheck="false" placeholder="${say('memberNameHint')}"
        aria-describedby="name-hint"${form.error && html` aria-invalid="true"`}>
      ${form.error && html`<p class="field-error" role="alert">${say(form.error)}</p>`}
      <button class="primary big">${say('signIn')}</button>
    </form>
    <p class="gift">${say('signInGift', { gift: amountText(form.gift) })}</p>
    <p class="note" id="name-hint">${say('signInDemo')}</p>
  </div>
</section>`;
  return pageIn(view, { title: say('signIn'), body });
}
