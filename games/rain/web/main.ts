/**
 * The page around the rain book: brings the player's balance in, shows the book's own page in a frame, and brings the
 * money back. It asks the server how things stand and draws that; it decides nothing about money.
 */
import type { RainMessage, RainView } from '../wire.ts';
import { type Answer, mayRepeat, open, visitApi } from './api.ts';
import { fill, refusalText, TEXTS } from './texts.ts';

type Language = keyof typeof TEXTS;
type Saved = { token: string; opening: string };

const SOON_MS = 500;
const IN_MS = 4_000;
const LEFT_MS = 8_000;
const TOUCH_EVERY_MS = 20_000;
const SAVED_NAME = 'rain-visit';

const query = new URLSearchParams(location.search);
const find = <Kind extends HTMLElement>(selector: string): Kind => document.querySelector<Kind>(selector)!;
const bar = find('.bar');
const note = find('.note');
const stage = find('#stage');
const card = find('.card');
const say = find('.say');
const againButton = find<HTMLButtonElement>('.again');
const moreButton = find<HTMLButtonElement>('.more');
const leaveButton = find<HTMLButtonElement>('.leave');

let texts = TEXTS[browserLanguage()];
let frame: HTMLIFrameElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let touchedAt = 0;

function browserLanguage(): Language {
  const asked = (query.get('lang') ?? navigator.language).toLowerCase();
  if (asked.startsWith('ko') || asked.startsWith('kr')) return 'ko';
  return asked.startsWith('zh') || asked.startsWith('tw') || asked.startsWith('cn') ? 'zh' : 'en';
}

function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A page that is loaded again goes on with its visit: a launch link opens once. */
function visitOf(token: string): Saved {
  try {
    const saved: Saved | null = JSON.parse(sessionStorage.getItem(SAVED_NAME) ?? 'null');
    if (saved?.token === token) return saved;
    const fresh = { token, opening: freshId() };
    sessionStorage.setItem(SAVED_NAME, JSON.stringify(fresh));
    return fresh;
  } catch {
    return { token, opening: freshId() }; // no storage in this frame: it opens once
  }
}

function money(minor: string, view: RainView): string {
  const format = new Intl.NumberFormat({ en: 'en-US', ko: 'ko-KR', zh: 'zh-TW' }[view.language], {
    style: 'currency',
    currency: view.currency,
    currencyDisplay: 'narrowSymbol',
  });
  return format.format(Number(minor) / 10 ** view.decimals);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeats a call while there is no answer, and says so. */
async function insist<Value>(call: () => Promise<Answer<Value>>): Promise<Answer<Value>> {
  for (let n = 0; ; n += 1) {
    const answer = await call();
    if (answer.ok || !mayRepeat(answer.code)) {
      if (n > 0) tell(null);
      return answer;
    }
    tell(texts.silent);
    await pause(Math.min(500 * 2 ** n, 8_000));
  }
}

function tell(text: string | null): void {
  note.textContent = text ?? '';
  note.hidden = text === null;
}

/** The card in the middle; `again` is the words of its button. */
type Card = { text: string; again?: string; busy?: boolean };

function showCard(by: Card): void {
  frame?.remove();
  frame = null;
  card.hidden = false;
  card.dataset.busy = String(by.busy === true);
  say.textContent = by.text;
  againButton.hidden = by.again === undefined;
  againButton.textContent = by.again ?? '';
}

function setWords(): void {
  document.title = texts.name;
  for (const [selector, word] of [
    ['.name', texts.name],
    ['.book-word', texts.book],
    ['.open-word', texts.open],
    ['.wallet-word', texts.wallet],
    ['.leave', texts.leave],
  ] as const)
    find(selector).textContent = word;
}

function drawBar(view: RainView): void {
  bar.hidden = view.state !== 'in';
  const { book, wallet } = view;
  find('.book').textContent = book === null ? '–' : money(book.balance, view);
  find('.exposure').textContent = book === null ? '–' : money(book.exposure, view);
  find('.open').hidden = book === null || book.exposure === '0';
  find('.wallet').textContent = wallet === null ? '–' : money(wallet, view);
  const isEmpty = wallet === null || BigInt(wallet) <= 0n;
  find('.beside').hidden = isEmpty;
  moreButton.hidden = isEmpty;
  moreButton.disabled = view.moving;
  if (wallet !== null) moreButton.textContent = fill(texts.more, money(wallet, view));
  if (view.state === 'in') tell(view.code === null ? null : refusalText(texts, view.code));
}

function leftText(view: RainView): string {
  const wallet = view.wallet === null ? '–' : money(view.wallet, view);
  const there = fill(texts.left, wallet);
  const isOpen = view.book !== null && BigInt(view.book.balance) > 0n;
  return isOpen ? `${there} ${fill(texts.leftOpen, money(view.book?.balance ?? '0', view))}` : there;
}

type Visit = ReturnType<typeof visitApi>;

async function showBook(visit: Visit, view: RainView): Promise<void> {
  if (frame !== null) return;
  const made = document.createElement('iframe');
  made.className = 'book-page';
  made.title = texts.name;
  made.allow = 'fullscreen; clipboard-write';
  frame = made;
  const login = await insist(visit.login);
  if (frame !== made) return;
  if (!login.ok) {
    showCard({ text: refusalText(texts, login.code), again: texts.retry });
    return;
  }
  const url = new URL(login.value.url);
  url.searchParams.set('lang', view.language);
  made.src = url.href;
  card.hidden = true;
  stage.append(made);
}

function draw(visit: Visit, view: RainView): void {
  if (texts !== TEXTS[view.language]) {
    texts = TEXTS[view.language];
    setWords();
  }
  document.documentElement.lang = { en: 'en', ko: 'ko', zh: 'zh-Hant' }[view.language];
  document.body.dataset.state = view.state;
  drawBar(view);
  const card = cardOf(view);
  if (card === null) void showBook(visit, view);
  else showCard(card);
}

/** What stands in the middle instead of the book; null = the book. */
function cardOf(view: RainView): Card | null {
  switch (view.state) {
    case 'entering':
      return { text: texts.entering, busy: true };
    case 'in':
      return null;
    case 'leaving':
      return { text: texts.leaving, busy: true };
    case 'left':
      return { text: leftText(view), again: texts.again };
    case 'refused':
      return { text: refusalText(texts, view.code ?? ''), again: texts.retry };
    case 'replaced':
      return { text: texts.replaced };
  }
}

function lookAgain(visit: Visit, view: RainView): void {
  clearTimeout(timer);
  const { state } = view;
  if (state === 'replaced' || state === 'refused') return;
  const soon = view.moving || state === 'entering' || state === 'leaving';
  const ms = soon ? SOON_MS : state === 'in' ? IN_MS : LEFT_MS;
  timer = setTimeout(() => void follow(visit, visit.view), ms);
}

/** Makes a call and draws what it says; then looks again and again. */
async function follow(visit: Visit, call: () => Promise<Answer<RainView>>): Promise<void> {
  clearTimeout(timer);
  const answer = await insist(call);
  if (!answer.ok) {
    bar.hidden = true;
    showCard({ text: refusalText(texts, answer.code) });
    return;
  }
  draw(visit, answer.value);
  lookAgain(visit, answer.value);
}

function listen(visit: Visit): void {
  againButton.addEventListener('click', () => void follow(visit, visit.enter));
  moreButton.addEventListener('click', () => {
    moreButton.disabled = true;
    void follow(visit, visit.enter);
  });
  leaveButton.addEventListener('click', () => void follow(visit, visit.leave));
  addEventListener('message', (event: MessageEvent<Partial<RainMessage> | null>) => {
    if (frame === null || event.source !== frame.contentWindow) return;
    if (event.data?.type === 'rain:leave') void follow(visit, visit.leave);
    if (event.data?.type !== 'rain:active' || Date.now() - touchedAt < TOUCH_EVERY_MS) return;
    touchedAt = Date.now();
    void follow(visit, visit.touch);
  });
  addEventListener('pagehide', () => visit.away());
  // A page the browser kept asleep has told that it goes away.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
}

async function begin(): Promise<void> {
  setWords();
  showCard({ text: texts.opening, busy: true });
  const token = query.get('token');
  if (token === null) {
    showCard({ text: refusalText(texts, 'no_launch') });
    return;
  }
  const { opening } = visitOf(token);
  const opened = await insist(() =>
    open({ token, opening, language: query.get('lang') ?? navigator.language.slice(0, 16) }),
  );
  if (!opened.ok) {
    showCard({ text: refusalText(texts, opened.code) });
    return;
  }
  const visit = visitApi(opened.value.key);
  listen(visit);
  draw(visit, opened.value.view);
  lookAgain(visit, opened.value.view);
}

await begin();
