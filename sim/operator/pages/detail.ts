/** A vendor's detail of a round, drawn: a slot window as a grid, baccarat as two hands, anything else as text. */
import { type Detail, detailOf, type Hand, type Rest, type Spin } from '../detail-view.ts';
import { type Html, html } from '../html.ts';
import type { View } from './layout.ts';

export function detailHtml(view: View, raw: unknown): Html {
  const detail = detailOf(raw);
  if (detail === null) return html`<p class="hint">${view.say('detailPending')}</p>`;
  if (detail.kind === 'slot') return slot(view, detail);
  if (detail.kind === 'baccarat') return baccarat(view, detail);
  return html`<pre class="raw">${detail.text}</pre>`;
}

function slot(view: View, detail: Detail & { kind: 'slot' }): Html {
  return html`${facts(detail.rest)}${detail.spins.map((spin) => spinHtml(view, spin))}`;
}

function spinHtml(view: View, spin: Spin): Html {
  const rows = spin.window.map(
    (row) => html`<tr>${row.map((symbol) => html`<td class="tint-${tintOf(symbol)}">${symbol}</td>`)}</tr>`,
  );
  return html`<div class="detail-slot"><table class="reels" aria-label="${view.say('slotWindow')}"><tbody>${rows}</tbody></table>${facts(spin.rest)}</div>`;
}

function facts(rest: Rest): Html {
  if (rest.length === 0) return html``;
  return html`<dl class="facts">${rest.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function baccarat(view: View, detail: Detail & { kind: 'baccarat' }): Html {
  return html`<div class="hands">${detail.hands.map((hand) => handHtml(view, hand))}</div>
<p>${view.say('outcome')}: <b>${detail.outcome}</b></p>
<dl class="facts">${detail.bets.map((bet) => html`<div><dt>${bet.code}</dt><dd>${bet.stake} → ${bet.payout}</dd></div>`)}</dl>`;
}

function handHtml(view: View, hand: Hand): Html {
  const side = view.say(hand.side === 'player' ? 'playerHand' : 'bankerHand');
  return html`<div class="hand"><p>${side} <b>${hand.score}</b></p><p class="hand-cards">${hand.cards.map(cardHtml)}</p></div>`;
}

const suits: Readonly<Record<string, string>> = { S: '♠', H: '♥', D: '♦', C: '♣' };

/** "TD" is the ten of diamonds. */
function cardHtml(card: string): Html {
  const suit = card.slice(-1).toUpperCase();
  const rank = card.slice(0, -1).replace('T', '10');
  const red = suit === 'H' || suit === 'D';
  return html`<span class="playing-card${red && ' red'}">${rank}${suits[suit] ?? suit}</span>`;
}

function tintOf(symbol: string): number {
  let sum = 0;
  for (const mark of symbol) sum += mark.codePointAt(0) ?? 0;
  return sum % 8;
}
