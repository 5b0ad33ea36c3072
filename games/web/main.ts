/** The page's beginning: finds or opens the session, then shows the lobby or the game it is in. */
import type { Language, WireView } from '../wire.ts';
import { type Api, freshId, mayRepeat, openSession, studioApi } from './api.ts';
import { endScreen, modal } from './dialogs.ts';
import { type Hud, newHud } from './hud.ts';
import { insist } from './insist.ts';
import { lobbyScreen } from './lobby.ts';
import { moneyFormat } from './money.ts';
import { showRules } from './rules.ts';
import { findSaved, keepSaved, type Saved } from './saved.ts';
import { type SlotScreen, slotScreen } from './slot.ts';
import { newSound } from './sound.ts';
import { fill, refusalText, textsOf } from './texts.ts';

function browserLanguage(query: URLSearchParams): Language {
  const asked = (query.get('lang') ?? navigator.language).toLowerCase();
  if (asked.startsWith('ko') || asked.startsWith('kr')) return 'ko';
  return asked.startsWith('zh') || asked.startsWith('tw') || asked.startsWith('cn') ? 'zh' : 'en';
}

const query = new URLSearchParams(location.search);
const language = browserLanguage(query);
const app = document.getElementById('app')!;
const sound = newSound();

function stopWith(code: string): void {
  const texts = textsOf(language);
  endScreen(texts.bye, refusalText(texts, code));
}

/** Repeats a call while there is no answer, telling the player so. */
function untilAnswered<T extends { ok: boolean; code?: string }>(call: () => Promise<T>): Promise<T> {
  const texts = textsOf(language);
  return insist(call, {
    again: (answer) => !answer.ok && mayRepeat(answer.code ?? ''),
    host: document.body,
    text: texts.codes.network,
    button: texts.retry,
  });
}

async function openNew(saved: Saved): Promise<{ saved: Saved; view: WireView } | string> {
  keepSaved(saved);
  const answer = await untilAnswered(() =>
    openSession({ token: saved.token, opening: saved.opening, language: query.get('lang') ?? '' }),
  );
  if (!answer.ok) return answer.code;
  const opened = { ...saved, key: answer.opened.key };
  keepSaved(opened);
  return { saved: opened, view: answer.opened.view };
}

async function resume(): Promise<{ saved: Saved; view: WireView } | string> {
  const token = query.get('token');
  const saved = findSaved(query);
  if (saved === null) {
    return token === null ? 'no_launch' : openNew({ name: freshId(), token, opening: freshId(), key: null });
  }
  const { key } = saved;
  if (key === null) return openNew(saved);
  const answer = await untilAnswered(() => studioApi(key).state());
  if (!answer.ok) return answer.code;
  keepSaved(saved);
  return { saved, view: answer.view };
}

function show(view: WireView, api: Api): void {
  const texts = textsOf(view.language);
  if (view.ended) {
    stopWith('session_ended');
    return;
  }
  document.documentElement.lang = { en: 'en', ko: 'ko', zh: 'zh-Hant' }[view.language];
  document.documentElement.style.setProperty('--hue', String(view.slot?.hue ?? 215));
  document.title = view.game.title;
  const money = moneyFormat(view.currency, view.exponent, view.language);
  let screen: SlotScreen | null = null;
  const leave = (): void => {
    screen?.leave();
    hud.stop();
  };
  const go = async (game: string | null): Promise<void> => {
    const answer = await untilAnswered(() => api.choose(game));
    if (!answer.ok) {
      await modal({ title: view.game.title, body: [refusalText(texts, answer.code)], button: texts.ok });
      return;
    }
    leave();
    show(answer.view, api);
  };
  const close = async (): Promise<void> => {
    leave();
    const answer = await untilAnswered(() => api.close());
    const net = answer.ok ? answer.view.net : view.net;
    endScreen(texts.bye, fill(texts.byeText, { amount: money.signed(net) }));
    if (parent !== window) parent.postMessage({ type: 'game-closed' }, '*');
    else window.close();
  };
  const { slot } = view;
  const symbolUrl = (n: number): string => `../symbol/${view.game.id}/${n}.svg`;
  const hud: Hud = newHud(
    view,
    { texts, money },
    {
      close: () => void close(),
      lobby: view.hasLobby && slot !== null ? () => void go(null) : null,
      rules:
        slot === null
          ? null
          : () => void showRules(view, slot, { texts, money, stake: screen?.stake() ?? 0n, symbolUrl }),
      sound: slot === null ? null : sound.toggle,
      reality: (minutes) => {
        const net = document.querySelector('.net')?.textContent ?? '';
        const text = fill(texts.realityText, { minutes, amount: net });
        void modal({ title: texts.realityTitle, body: [text], button: texts.goOn });
      },
    },
  );
  if (slot === null) {
    app.replaceChildren(lobbyScreen(view, { texts, hud, choose: (id) => void go(id) }));
    return;
  }
  const ended = (code: string): void => {
    leave();
    stopWith(code);
  };
  screen = slotScreen(view, slot, { api, texts, money, sound, hud, ended, symbolUrl });
  app.replaceChildren(screen.root);
  void screen.begin();
}

// A page the browser kept asleep shows a balance of long ago.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

const found = await resume();
if (typeof found === 'string') stopWith(found);
else show(found.view, studioApi(found.saved.key ?? ''));
