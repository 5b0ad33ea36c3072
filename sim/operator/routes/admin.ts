/** The staff's page. Guarded by a password when there is one, and open to this machine alone when there is none. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { chainBreaks } from '../feed-index.ts';
import { type AdminSight, adminLive, adminPage } from '../pages/admin.ts';
import type { View } from '../pages/layout.ts';
import { foldName } from '../seamless.ts';
import type { Site, SiteMoney } from '../site.ts';
import { balanceOfMovements } from '../site-ledger.ts';
import { PageError, sendPage, viewOf } from '../visit.ts';
import type { HubUser } from '../xt-wire.ts';

const usersShown = 200;
const newestShown = 60;
const callsShown = 60;

export function adminRoutes(app: FastifyInstance, site: Site): void {
  app.get('/admin', async (request, reply) => {
    if (!isStaff(site, { request, reply })) return reply;
    const [sight, users] = await Promise.all([sightOf(site), site.xt.userList()]);
    const full = users.kind === 'ok' ? withUsers(site, { sight, users: users.value }) : sight;
    return sendPage(reply, adminPage(staffView(site, { request, reply }), full));
  });

  app.get('/admin/live', async (request, reply) => {
    if (!isStaff(site, { request, reply })) return reply;
    return sendPage(reply, adminLive(staffView(site, { request, reply }), await sightOf(site)));
  });
}

/** Staff see the page as staff, also when this browser is signed in as a member. */
function staffView(site: Site, call: { request: FastifyRequest; reply: FastifyReply }): View {
  return { ...viewOf(site, call), member: null };
}

export function isStaff(site: Site, call: { request: FastifyRequest; reply: FastifyReply }): boolean {
  const { request, reply } = call;
  if (site.adminPassword === null) {
    // A proxy in front makes every visitor look local: then a password is needed.
    const local =
      /^(127\.|::1$|::ffff:127\.)/.test(request.ip) && request.headers['x-forwarded-for'] === undefined;
    if (!local) throw new PageError(404, 'notFoundText');
    return true;
  }
  const given = (request.headers.authorization ?? '').replace(/^Basic /, '');
  if (isSame(Buffer.from(given, 'base64').toString(), `admin:${site.adminPassword}`)) return true;
  reply.status(401).header('www-authenticate', 'Basic realm="operator", charset="UTF-8"').send('');
  return false;
}

function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

async function sightOf(site: Site): Promise<AdminSight> {
  const info = await site.xt.myInfo();
  const { money } = site;
  return {
    agent: info.kind === 'ok' ? info.value : null,
    users: null,
    usersTotal: 0,
    totals: site.feed.totals(),
    cursor: site.poller.cursor(),
    newest: site.feed.newest(newestShown),
    // Between two rows of a seamless member the site itself may have moved money.
    chains: money.kind === 'seamless' ? null : chainsOf(site),
    booksAgree: doBooksAgree(money),
    callbacks: money.kind === 'seamless' ? money.desk.calls().slice(0, callsShown) : null,
    faults: money.kind === 'seamless' ? money.desk.switches.settings() : null,
  };
}

function chainsOf({ feed }: Site): NonNullable<AdminSight['chains']> {
  const names = feed.usernames();
  return { members: names.length, breaks: names.flatMap((name) => chainBreaks(feed.rowsOf(name))) };
}

function doBooksAgree(money: SiteMoney): boolean {
  if (money.kind === 'seamless') return money.desk.books.disagreements() === 0;
  return money.cashier.members().every((member) => member.balance === balanceOfMovements(member));
}

function withUsers(site: Site, parts: { sight: AdminSight; users: readonly HubUser[] }): AdminSight {
  const users = parts.users.slice(0, usersShown).map((user) => ({
    user,
    site: site.members.member(foldName(user.username))?.balance ?? null,
    breaks: chainBreaks(site.feed.rowsOf(user.username)).length,
  }));
  return { ...parts.sight, users, usersTotal: parts.users.length };
}
