/** From a request to the person behind it, and from a page back to an answer. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Html, toText } from './html.ts';
import { languageOf, sayIn, type WordKey } from './i18n.ts';
import type { Person } from './members.ts';
import type { View } from './pages/layout.ts';
import { cookieName, cookieValue, type Session } from './session.ts';
import type { Site } from './site.ts';

export interface MemberView extends View {
  readonly member: Person;
}

/** The view without the games balance: for pages that do not show it. A first visit gets its cookie here. */
export function viewOf(site: Site, call: { request: FastifyRequest; reply: FastifyReply }): View {
  const { request, reply } = call;
  const known = site.sessions.of(request.headers.cookie);
  const session = known ?? site.sessions.begin(null);
  if (known === null) setSession(reply, session);
  const language = languageOf(cookieValue(request.headers.cookie, 'dalbit_language'));
  return {
    language,
    say: sayIn(language),
    session,
    mode: site.money.kind,
    member: session.memberId === null ? null : site.members.member(session.memberId),
    wallet: null,
    path: request.method === 'GET' ? request.url : '/',
  };
}

/** The view of a signed-in member with the games balance; null sends the caller to the door. */
export async function memberView(
  site: Site,
  call: { request: FastifyRequest; reply: FastifyReply },
): Promise<MemberView | null> {
  const view = viewOf(site, call);
  if (view.member === null) return null;
  const { member } = view;
  const { money } = site;
  return {
    ...view,
    member,
    wallet: money.kind === 'seamless' ? member.balance : await money.wallet.read(member.name),
  };
}

export function setSession(reply: FastifyReply, session: Session): void {
  reply.header(
    'set-cookie',
    `${cookieName}=${session.cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200`,
  );
}

export function sendPage(reply: FastifyReply, page: Html): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(toText(page));
}

/** A refusal with a status and a page; thrown by routes, drawn by the error border in server.ts. */
export class PageError extends Error {
  readonly status: number;
  readonly word: WordKey;
  constructor(status: number, word: WordKey) {
    super(word);
    this.status = status;
    this.word = word;
  }
}

/** The form of a POST, if it came from one of our own pages. Throws a PageError when not. */
export function formOf(site: Site, request: FastifyRequest): URLSearchParams {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const session = site.sessions.of(request.headers.cookie);
  if (session === null || !site.sessions.isCsrfToken(session, form.get('csrf') ?? '')) {
    throw new PageError(403, 'errorForm');
  }
  return form;
}

/** A path on this site to go back to; anything else is the lobby. */
export function localPath(text: string | null | undefined): string {
  return text && /^\/(?![/\\])[^\s\\]*$/.test(text) ? text : '/lobby';
}

/** The value of a query parameter, or an empty text. Repeated ones count as missing. */
export function queryText(request: FastifyRequest, name: string): string {
  const value = new URL(request.url, 'http://site').searchParams.getAll(name);
  return value.length === 1 ? (value[0] ?? '').slice(0, 200) : '';
}

/** A page number from the query, at least 1. */
export function queryPage(request: FastifyRequest): number {
  const page = Number(queryText(request, 'page') || '1');
  return Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1;
}
