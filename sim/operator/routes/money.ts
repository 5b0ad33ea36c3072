/** The cashier of a site with transfer wallets: between the site and the games wallet. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Say } from '../i18n.ts';
import type { Person } from '../members.ts';
import { amountOfInput, amountText } from '../money.ts';
import { cashierPage, type Notice } from '../pages/cashier.ts';
import type { TransferSite } from '../site.ts';
import type { Direction, Movement, Order } from '../site-ledger.ts';
import { formOf, localPath, type MemberView, memberView, queryText, sendPage, viewOf } from '../visit.ts';

export function moneyRoutes(app: FastifyInstance, site: TransferSite): void {
  const { cashier, wallet } = site.money;
  const movementsOf = (member: Person) => cashier.member(member.id)?.movements ?? [];

  app.get('/cashier', async (request, reply) => {
    const view = await memberView(site, { request, reply });
    if (view === null) return reply.redirect('/', 303);
    const movement = cashier.movement(queryText(request, 'move'));
    const notice =
      movement !== null && movement.memberId === view.member.id ? noticeOf(view.say, movement) : null;
    return sendPage(reply, cashierPage(view, { movements: movementsOf(view.member), notice }));
  });

  app.post('/cashier', async (request, reply) => {
    const form = formOf(site, request);
    const view = viewOf(site, { request, reply });
    if (view.member === null) return reply.redirect('/', 303);
    const order = orderOf(form, view.member.id);
    const begun = order === null ? ('amount_invalid' as const) : await cashier.move(order);
    const wantsJson = request.headers.accept === 'application/json';
    if (typeof begun === 'string') {
      const notice: Notice = { tone: 'bad', text: view.say(begun) };
      if (wantsJson) return reply.status(422).send(notice);
      const full = await memberView(site, { request, reply });
      if (full === null) return reply.redirect('/', 303);
      return sendPage(
        reply.status(422),
        cashierPage(atCashier(full), { movements: movementsOf(full.member), notice }),
      );
    }
    await decidedOrPatienceOver(begun.decided, site.decideMsMax);
    wallet.forget(view.member.name);
    const movement = cashier.movement(begun.uuid);
    if (wantsJson) return reply.send(movement && noticeOf(view.say, movement));
    const isGood = movement?.state === 'done' && form.get('back') !== null;
    return reply.redirect(isGood ? localPath(form.get('back')) : `/cashier?move=${begun.uuid}`, 303);
  });

  // For web/pending.ts: has it been decided?
  app.get('/cashier/state', (request, reply) => {
    const view = viewOf(site, { request, reply });
    const movements = view.member === null ? [] : movementsOf(view.member);
    const pending = movements.some((movement) => movement.state === 'pending');
    return reply.header('cache-control', 'no-store').send({ pending });
  });
}

function atCashier(view: MemberView): MemberView {
  return { ...view, path: '/cashier' };
}

function orderOf(form: URLSearchParams, memberId: string): Order | null {
  const direction = directionOf(form.get('direction'));
  if (direction === null) return null;
  if (direction === 'out-all') return { memberId, direction, amount: 0n };
  const amount = amountOfInput(form.get('amount') ?? '');
  return amount === null ? null : { memberId, direction, amount };
}

function directionOf(text: string | null): Direction | null {
  return text === 'in' || text === 'out' || text === 'out-all' ? text : null;
}

export function noticeOf(say: Say, movement: Movement): Notice {
  if (movement.state === 'pending') return { tone: 'wait', text: say('noticePending') };
  if (movement.state === 'refused')
    return { tone: 'bad', text: say('noticeRefused', { reason: movement.reason ?? '' }) };
  if (movement.moved === 0n) return { tone: 'wait', text: say('noticeNothing') };
  return { tone: 'good', text: say('noticeDone', { amount: amountText(movement.moved) }) };
}

async function decidedOrPatienceOver(decided: Promise<void>, patienceMs: number): Promise<void> {
  const over = new AbortController();
  const patience = sleep(patienceMs, undefined, { signal: over.signal }).catch(() => undefined);
  try {
    await Promise.race([decided, patience]);
  } finally {
    over.abort();
  }
}
