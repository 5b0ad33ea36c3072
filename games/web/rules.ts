/** The help page: what every symbol pays at the present stake, the lines, the features, the published return. */
import type { WireSlot, WireView } from '../wire.ts';
import { modal } from './dialogs.ts';
import { el } from './dom.ts';
import type { MoneyFormat } from './money.ts';
import { fill, type Texts } from './texts.ts';

function payCard(picture: string, rows: readonly (readonly [number, string])[]): HTMLElement {
  return el(
    'li',
    {},
    el('img', { src: picture, alt: '', width: '64', height: '64' }),
    el('dl', {}, ...rows.flatMap(([count, amount]) => [el('dt', {}, String(count)), el('dd', {}, amount)])),
  );
}

function lineCard(rows: string, number: number): HTMLElement {
  const cells = Array.from({ length: 15 }, (_, n) => {
    const reel = n % 5;
    const row = Math.floor(n / 5);
    return el('i', Number(rows[reel]) === row ? { class: 'on' } : {});
  });
  return el('li', {}, el('b', {}, String(number)), el('div', { class: 'grid' }, ...cells));
}

function paragraph(text: string): HTMLElement {
  return el('p', {}, text);
}

function facts(slot: WireSlot, texts: Texts): HTMLElement {
  const dots = Array.from({ length: 4 }, (_, n) => el('i', n < slot.volatility ? { class: 'on' } : {}));
  return el(
    'div',
    { class: 'facts' },
    el('div', {}, el('b', {}, `${slot.rtpPercent.toFixed(2)} %`), el('span', {}, texts.rtp)),
    el(
      'div',
      {},
      el('b', { class: 'dots', role: 'img', 'aria-label': `${slot.volatility}/4` }, ...dots),
      el('span', {}, texts.volatility),
    ),
  );
}

/** Opens the help page for the stake chosen. */
export function showRules(
  view: WireView,
  slot: WireSlot,
  by: { texts: Texts; money: MoneyFormat; stake: bigint; symbolUrl: (n: number) => string },
): Promise<void> {
  const { texts, money, stake, symbolUrl } = by;
  const lineStake = stake / BigInt(slot.lines.length);
  const counts = [5, 4, 3] as const;
  const lineRow = (pays: readonly number[]): (readonly [number, string])[] =>
    counts.map((count) => [count, money.plain(BigInt(pays[count - 3]!) * lineStake)] as const);
  const scatterRow = counts.map(
    (count) => [count, money.plain(BigInt(slot.scatterPays[count - 3]!) * stake)] as const,
  );
  const respin = slot.respinRtpPercent;
  return modal({
    title: texts.rules,
    wide: 'wide',
    button: texts.ok,
    body: [
      facts(slot, texts),
      el(
        'ul',
        { class: 'pays' },
        ...slot.pays.map((pays, n) => payCard(symbolUrl(n + 2), lineRow(pays))),
        payCard(symbolUrl(1), scatterRow),
      ),
      paragraph(fill(texts.rulesLines, { n: slot.lines.length })),
      paragraph(texts.rulesWild),
      paragraph(
        fill(texts.rulesFree, {
          pays: slot.scatterPays.map((pay) => money.full(BigInt(pay) * stake)).join(' / '),
          spins: slot.freeSpins.join(' / '),
          m: slot.freeMultiplier,
          max: slot.freeSpinsMax,
        }),
      ),
      paragraph(fill(texts.rulesRespin, { respin })),
      paragraph(fill(texts.rtpText, { rtp: slot.rtpPercent.toFixed(2), hit: slot.hitPercent, respin })),
      paragraph(texts.rulesFair),
      ...(view.winMax === null ? [] : [paragraph(fill(texts.rulesMax, { amount: money.full(view.winMax) }))]),
      el('ul', { class: 'lines' }, ...slot.lines.map((rows, n) => lineCard(rows, n + 1))),
    ],
  });
}
