/** What only a site with a seamless wallet has: its own cash desk, and staff's switches and export. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Say } from '../i18n.ts';
import { amountOfInput, amountText, type Minor } from '../money.ts';
import { cashDeskPage } from '../pages/cash-desk.ts';
import type { Notice } from '../pages/cashier.ts';
import { entriesCsv } from '../seamless-admin.ts';
import { type FaultSettings, faultNames, faultSettingsOf } from '../seamless-faults.ts';
import type { SeamlessSite } from '../site.ts';
import { formOf, localPath, memberView, PageError, queryText, sendPage } from '../visit.ts';
import { isStaff } from './admin.ts';

const rowsShown = 100;

export function seamlessRoutes(app: FastifyInstance, site: SeamlessSite): void {
  cashRoutes(app, site);
  staffRoutes(app, site);
}

function cashRoutes(app: FastifyInstance, site: SeamlessSite): void {
  const { books } = site.money.desk;

  app.get('/cashier', async (request, reply) => {
    const view = await memberView(site, { request, reply });
    if (view === null) return reply.redirect('/', 303);
    const rows = books.cashOf(view.member.id, rowsShown);
    const done = rows.find((row) => String(row.n) === queryText(request, 'done'));
    const notice = done === undefined ? null : noticeOf(view.say, done.amount);
    return sendPage(reply, cashDeskPage(view, { rows, notice }));
  });

  app.post('/cashier', async (request, reply) => {
    const form = formOf(site, request);
    const view = await memberView(site, { request, reply });
    if (view === null) return reply.redirect('/', 303);
    const moved = takeOrder(site, { memberId: view.member.id, form });
    const notice = noticeOf(view.say, moved);
    const isGood = notice.tone === 'good';
    if (request.headers.accept === 'application/json') return reply.status(isGood ? 200 : 422).send(notice);
    if (isGood) {
      const [row] = books.cashOf(view.member.id, 1);
      return reply.redirect(form.has('back') ? localPath(form.get('back')) : `/cashier?done=${row?.n}`, 303);
    }
    const rows = books.cashOf(view.member.id, rowsShown);
    const atDesk = { ...view, path: '/cashier' };
    return sendPage(reply.status(422), cashDeskPage(atDesk, { rows, notice }));
  });
}

type Refusal = 'amount_invalid' | 'site_balance_short';

/** What came (+) or went (−), or why nothing did. */
function takeOrder(
  site: SeamlessSite,
  { memberId, form }: { memberId: string; form: URLSearchParams },
): Minor | Refusal {
  const amount = amountOfInput(form.get('amount') ?? '');
  const direction = form.get('direction');
  if (amount === null || (direction !== 'deposit' && direction !== 'withdraw')) return 'amount_invalid';
  const signed = direction === 'deposit' ? amount : -amount;
  const { status } = site.money.desk.books.cash(memberId, signed);
  return status === 200 ? signed : 'site_balance_short';
}

function noticeOf(say: Say, moved: Minor | Refusal): Notice {
  if (typeof moved === 'string') return { tone: 'bad', text: say(moved) };
  if (moved > 0n) return { tone: 'good', text: say('noticeDeposit', { amount: amountText(moved) }) };
  return { tone: 'good', text: say('noticeWithdraw', { amount: amountText(-moved) }) };
}

function staffRoutes(app: FastifyInstance, site: SeamlessSite): void {
  const { desk } = site.money;

  app.post('/admin/faults', (request, reply) => {
    if (!isStaff(site, { request, reply })) return reply;
    const settings = settingsOf(formOf(site, request));
    if (typeof settings === 'string') throw new PageError(422, 'errorText');
    desk.switches.set(settings);
    return reply.redirect('/admin#faults', 303);
  });

  app.get('/admin/entries.csv', (request, reply) => {
    if (!isStaff(site, { request, reply })) return reply;
    return reply.type('text/csv; charset=utf-8').send(Readable.from(entriesCsv(desk, 'accepted')));
  });
}

function settingsOf(form: URLSearchParams): FaultSettings | string {
  const rates = Object.fromEntries(faultNames.map((name) => [name, Number(form.get(name))]));
  const only = (form.get('only') ?? '').split(/[\s,]+/).filter((kind) => kind !== '');
  return faultSettingsOf({
    ...rates,
    delayMs: Number(form.get('delayMs')),
    seed: Number(form.get('seed')),
    only,
  });
}
