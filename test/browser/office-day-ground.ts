/**
 * The ground for days in the back office: one hub with something of everything its pages are about. A tree of agents,
 * rounds of every kind, a seamless operator whose answers can fail, a rain session that waits for its result, requests,
 * inquiries, a notice, a callback that was given up, and ten days of figures.
 */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { startKrain } from '../../sim/krain/krain.ts';
import type { RainSessionId } from '../../src/core/ids.ts';
import { HOUR_MS } from '../../src/core/office/statistics.ts';
import type { Sql } from '../../src/db/connect.ts';
import { CATALOGUES, type Language } from '../../web/backoffice/texts/languages.ts';
import { openBrowser } from '../browser.ts';
import { KEY } from '../krain/rig.ts';
import { openRainRig, type RainRig } from '../office/rain-rig.ts';
import { type OfficeClient, TREE } from '../office/rig.ts';
import { castOf, closeAll, play, randomFrom } from '../office/statistics-ground.ts';
import { type FilledRounds, fillRounds } from '../office-page/bets-ground.ts';
import { type Operator, openOperator, seamlessAgent, seat } from '../seamless/rig.ts';
import type { Answer, TestAgent } from '../world.ts';

const FILL_MS_MAX = 60_000;
const VENDORS = ['Blue Heron', 'Tamsui Games', 'Harbour Play'];
const GAMES = [
  'Lotus Temple',
  'Golden Carp',
  'Night Market',
  'Jade Tiger',
  'Typhoon',
  'Red Lantern',
  'Koi Pond',
];

/** What has a page of its own, by the name its id has in the page's address. */
export interface Things {
  readonly userId: number;
  readonly threadId: { readonly inquiries: number; readonly desk: number };
  readonly noticeId: number;
  readonly playerId: number;
  readonly transferId: number;
  readonly agentId: number;
  readonly vendorId: number;
  readonly requestId: number;
  readonly rainSessionId: RainSessionId;
  readonly betId: number;
  readonly bookPlayerId: number;
  readonly callbackId: number;
  readonly runId: number;
}

export interface DayGround {
  readonly rig: RainRig;
  readonly browser: Browser;
  readonly operator: Operator;
  /** A seamless agent below branch-b, which is seamless too. */
  readonly shop: TestAgent;
  readonly filled: FilledRounds;
  readonly things: Things;
  close(): Promise<void>;
}

export async function openDay(): Promise<DayGround> {
  const krain = await startKrain({ key: KEY, seed: 7, volatility: 0 });
  const [rig, browser, operator] = await Promise.all([openRainRig(krain.url), openBrowser(), openOperator()]);
  const close = async () => {
    await browser.close();
    await rig.close();
    await operator.close();
    await krain.close();
  };
  try {
    return { rig, browser, operator, ...(await fill(rig, operator)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function fill(rig: RainRig, operator: Operator) {
  // The page is bundled when it is first asked for.
  const bundled = fetch(`${rig.url}/office/`).then((response) => response.text());
  await fillFigures(rig);
  const filled = await fillRounds(rig);
  const { shop, callbackId } = await fillSeamless(rig, operator);
  const rain = await fillRain(rig);
  const asked = await fillQuestions(rig);
  const runId = await certify(rig, await rig.of('b'));
  const [vendor] = await rig.sql`select id from vendor where name = 'evolution'`;
  await bundled;
  const things: Things = {
    ...{ ...rain, ...asked, callbackId, runId },
    userId: (await rig.of('a', 'agent_staff', 'ada of branch-a')).userId,
    playerId: rig.players.a.id,
    transferId: filled.baccarat,
    agentId: rig.agents.a.id,
    vendorId: Number(vendor?.id),
  };
  return { filled, shop, things };
}

/** Ten days before yesterday, folded and closed. */
async function fillFigures({ sql, agents }: RainRig): Promise<void> {
  const ids = TREE.map((branch) => agents[branch].id);
  const cast = await castOf(sql, ids, 5);
  for (const [place, name] of VENDORS.entries())
    await sql`update vendor set name = ${name} where id = ${9001 + place}`;
  for (const [place, title] of GAMES.entries())
    await sql`update game set title = ${title} where id = ${9100 + place}`;
  const to = Math.floor(Date.now() / HOUR_MS) - 24;
  await sql.begin(async (tx) => {
    // First, as whoever folds takes them: else each could wait for the other.
    await tx`update fold_cursor set at = '2000-01-01'`;
    await tx`update close_cursor set hour = '2000-01-01', day = '2000-01-01'`;
    const given = { random: randomFrom(7), from: to - 10 * 24, to, count: 2000 };
    await play(tx as unknown as Sql, cast, given);
  });
  await until('everything is folded', async () => {
    return (await sql`select 1 from fold_cursor where at < '2001-01-01'`).length === 0;
  });
  await closeAll(sql);
}

async function fillSeamless(rig: RainRig, operator: Operator) {
  const { b } = rig.agents;
  await rig.sql`update agent set wallet = 'seamless', callback_url = ${operator.url} where id = ${b.id}`;
  rig.world.hub.directory.forget();
  const shop = await seamlessAgent(rig.world, operator, {
    ...{ username: 'seamless-shop', parent: b.username, pot: 100_000n },
  });
  const callbackId = await listOne(rig, { operator, shop, username: 'given-up' });
  return { shop, callbackId };
}

interface Listing {
  readonly operator: Operator;
  readonly shop: TestAgent;
  readonly username: string;
}

/** A win of a new player that its operator is not told: it was given up. The operator works again afterwards. */
export async function listOne(rig: RainRig, { operator, shop, username }: Listing): Promise<number> {
  const vendor = `Lucky ${username}`;
  const studio = await rig.world.studio(vendor);
  const player = await seat(rig.world, { agent: shop, studio, username, vendor });
  await player.send('b', 'bet', { amount: '100' });
  operator.fault({ error: 1 }, { only: ['win'] });
  const win = await player.send('w', 'win', { amount: '200', bet: `${username}-b`, closesRound: true });
  await rig.sql`update agent set callback_cutoff_ms = 1 where id = ${shop.id}`;
  rig.world.hub.directory.forget();
  const id = Number(win.transactionId);
  await until('a callback is given up', async () => {
    await rig.sql`update callback set next_at = now() where state = 1 and isfinite(next_at)`;
    return (await rig.sql`select 1 from callback where id = ${id} and state = 2`).length > 0;
  });
  operator.fault({});
  return id;
}

async function fillRain(rig: RainRig) {
  const book = await rig.ground.operator();
  const player = await book.player({ credit: 50_000, userId: 'mina' });
  const day = (back: number) => new Date(Date.now() - back * 24 * HOUR_MS).toISOString().slice(0, 10);
  const rainSessionId = await rig.ground.session({ gameDate: day(1), type: 'NIGHT' });
  const betId = await rig.ground.bet(player, { session: rainSessionId, type: 'RAIN', stake: 50_000n });
  await rig.end(rainSessionId);
  const open = await rig.ground.session({ gameDate: day(0) });
  await rig.ground.bet(player, { session: open, type: 'RAIN', stake: 200_000n });
  return { rainSessionId, betId, bookPlayerId: Number(player.id) };
}

async function fillQuestions(rig: RainRig) {
  const [root, a, owner] = [await rig.of('root'), await rig.of('a'), await rig.house('owner')];
  const support = await rig.house('support');
  const opening = {
    subject: 'A win is missing',
    category: 'bet',
    text: 'Round AG-20261121-001: where is it?',
  };
  const inquiry = good(await a.post('/inquiries', opening));
  await root.post(`/inquiries/${inquiry.id}/messages`, { text: 'We look into it.' });
  const desk = good(
    await root.post('/desk', { subject: 'A white screen', category: 'technical', text: 'Since noon.' }),
  );
  const texts = { en: { title: 'Maintenance on Monday', text: 'From four to five.\nGames stay open.' } };
  const notice = good(await owner.post('/notices', { texts, language: 'en', audience: 'all' }));
  const faq = { en: { question: 'What is a round?', answer: 'All bets of one game and what they paid.' } };
  good(await support.post('/faq', { category: 'bet', rank: 1, published: true, texts: faq }));
  good(await owner.put('/pot-rules', { currency: 'KRW', above: '100000', reason: 'two pairs of eyes' }));
  const wish = { kind: 'recharge', note: 'for the weekend' };
  const carried = good(await a.post('/pot-requests', { ...wish, amount: '25000', key: 'the first of a' }));
  await root.post(`/pot-requests/${carried.id}/approve`, {});
  const request = good(await a.post('/pot-requests', { ...wish, amount: '250000', key: 'the second of a' }));
  return {
    threadId: { inquiries: inquiry.id, desk: desk.id },
    noticeId: Number(notice.id),
    requestId: Number(request.id),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: whatever was answered
function good({ status, text, body }: Answer): any {
  assert.equal(status, 200, text);
  return body;
}

/** A certification that has ended, whatever it found. */
async function certify({ sql, agents }: RainRig, owner: OfficeClient): Promise<number> {
  const path = `/developer/${agents.b.id}/certifications`;
  const { id } = good(await owner.post(path, { username: 'certified' }));
  await until('the certification ends', async () => {
    return (await sql`select 1 from certification where id = ${id} and ended_at is not null`).length > 0;
  });
  return Number(id);
}

/** Asked again and again, as fast as answers come. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + FILL_MS_MAX;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`did not happen in time: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Tree = { readonly [key: string]: Tree | string };

/** What the page says in a language, by the key of a text. */
export async function wordsOf(language: Language): Promise<(key: string) => string> {
  const all = (await CATALOGUES[language]()) as Tree;
  return (key) => {
    const found = key.split('.').reduce<Tree | string | undefined>((tree, name) => {
      return typeof tree === 'object' ? tree[name] : undefined;
    }, all);
    return typeof found === 'string' ? found : assert.fail(`no text ${key}`);
  };
}
