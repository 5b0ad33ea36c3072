/** The frame around every page: head, header, language switch, footer, and the tab bar of phones. */
import { type Html, html } from '../html.ts';
import { htmlLang, type Language, languages, type Say } from '../i18n.ts';
import type { Person } from '../members.ts';
import { amountText, type Minor } from '../money.ts';
import type { Session } from '../session.ts';
import type { SiteMoney } from '../site.ts';
import { type IconName, icon, logo } from './icons.ts';

/** Whom a page is drawn for. */
export interface View {
  readonly language: Language;
  readonly say: Say;
  readonly session: Session;
  readonly mode: SiteMoney['kind'];
  readonly member: Person | null;
  /** What a game can be played with: the games wallet, null while the hub has not told; seamless the one balance. */
  readonly wallet: Minor | null;
  /** The address of this page with its query: where the language switch comes back to. */
  readonly path: string;
}

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** File names in web/. */
  readonly scripts?: readonly string[];
  /** `bare` pages have neither header nor footer. */
  readonly frame?: 'full' | 'bare';
}

/** In this order: a later sheet may overrule an earlier one. */
const styles = ['site', 'controls', 'lobby', 'pages', 'screens'];

const tabs: readonly { path: string; word: 'lobby' | 'cashier' | 'history'; icon: IconName }[] = [
  { path: '/lobby', word: 'lobby', icon: 'grid' },
  { path: '/cashier', word: 'cashier', icon: 'wallet' },
  { path: '/history', word: 'history', icon: 'clock' },
];

export function pageIn(view: View, page: Page): Html {
  const { say } = view;
  const scripts = ['time.ts', ...(page.scripts ?? [])];
  const bare = page.frame === 'bare';
  return html`<!doctype html>
<html lang="${htmlLang[view.language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="dark">
<meta name="theme-color" content="#0a0c1b">
<title>${page.title} · ${say('brand')}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${styles.map((name) => html`<link rel="stylesheet" href="/assets/${name}.css">`)}
${scripts.map((name) => html`<script type="module" src="/assets/${name}"></script>`)}
</head>
<body class="${bare ? 'bare' : 'full'}">
${bare ? page.body : html`${header(view)}<main id="main">${page.body}</main>${footer(view)}${view.member && tabBar(view)}`}
</body>
</html>`;
}

function header(view: View): Html {
  const { say, member } = view;
  return html`<a class="skip" href="#main">${say('skip')}</a>
<header class="top"><div class="top-in">
  <a class="brand" href="${member ? '/lobby' : '/'}">${logo()}<span>${say('brand')}</span></a>
  ${member && html`<nav class="top-nav" aria-label="${say('nav')}">${tabs.map((tab) => tabLink(view, tab))}</nav>`}
  <div class="top-end">
    ${member && balances(view, member)}
    ${languageSwitch(view)}
    ${member && signOut(view, member)}
  </div>
</div></header>`;
}

function tabLink(view: View, tab: (typeof tabs)[number]): Html {
  const here = view.path.split('?')[0] === tab.path;
  return html`<a href="${tab.path}"${here && html` aria-current="page"`}>${icon(tab.icon)}<span>${view.say(tab.word)}</span></a>`;
}

function tabBar(view: View): Html {
  return html`<nav class="tab-bar" aria-label="${view.say('nav')}">${tabs.map((tab) => tabLink(view, tab))}</nav>`;
}

function balances(view: View, member: Person): Html {
  if (view.mode === 'seamless')
    return html`<a class="balances" href="/cashier">
  <span class="balance gold"><small>${view.say('balance')}</small><b data-balance="site">${amountText(member.balance)}</b></span>
</a>`;
  return html`<a class="balances" href="/cashier">
  <span class="balance"><small>${view.say('siteBalance')}</small><b data-balance="site">${amountText(member.balance)}</b></span>
  <span class="balance gold"><small>${view.say('gamesBalance')}</small><b data-balance="games">${walletText(view)}</b></span>
</a>`;
}

export function walletText(view: View): string {
  return view.wallet === null ? view.say('unknownBalance') : amountText(view.wallet);
}

function languageSwitch(view: View): Html {
  const back = encodeURIComponent(view.path);
  return html`<details class="menu"><summary><span class="hidden">${view.say('language')}: </span>${icon('globe')}<span class="menu-word">${
    languages[view.language]
  }</span></summary>
<ul>${Object.entries(languages).map(
    ([key, name]) =>
      html`<li><a href="/language?to=${key}&amp;back=${back}" lang="${key}"${
        key === view.language && html` aria-current="true"`
      }>${name}</a></li>`,
  )}</ul></details>`;
}

function signOut(view: View, member: Person): Html {
  return html`<form method="post" action="/sign-out" class="sign-out">${csrfField(view)}
<button class="quiet" title="${member.name}">${icon('leave')}<span>${view.say('signOut')}</span></button></form>`;
}

function footer(view: View): Html {
  return html`<footer class="foot"><p><b class="age">19+</b> ${view.say('responsible')}</p><p>${view.say('demoFooter')}</p><p><a href="/admin">${view.say('admin')}</a></p></footer>`;
}

/** Every form that changes something carries this. */
export function csrfField(view: View): Html {
  return html`<input type="hidden" name="csrf" value="${view.session.csrf}">`;
}

/** An instant, written in Korean time by the server and in the reader's own time by web/time.ts. */
export function timeOf(view: View, utc: string): Html {
  const date = new Date(utc);
  const text = new Intl.DateTimeFormat(htmlLang[view.language], {
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
    timeZone: 'Asia/Seoul',
  }).format(date);
  return html`<time datetime="${date.toISOString()}">${text}</time>`;
}
