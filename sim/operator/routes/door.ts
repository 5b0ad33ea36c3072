/** Coming in, going out, choosing a language. */
import type { FastifyInstance } from 'fastify';
import { languageOf } from '../i18n.ts';
import { signInPage } from '../pages/sign-in.ts';
import type { Site } from '../site.ts';
import { formOf, localPath, queryText, sendPage, setSession, viewOf } from '../visit.ts';

const namePattern = /^[\p{L}\p{N}_-]{3,20}$/u;

export function doorRoutes(app: FastifyInstance, site: Site): void {
  app.get('/', (request, reply) => {
    const view = viewOf(site, { request, reply });
    if (view.member !== null) return reply.redirect('/lobby', 303);
    return sendPage(reply, signInPage(view, { gift: site.gift, name: '', error: null }));
  });

  app.post('/sign-in', async (request, reply) => {
    const name = (formOf(site, request).get('name') ?? '').normalize('NFC').trim();
    const isName = namePattern.test(name);
    const member = isName ? await site.members.join(name) : null;
    if (member === null) {
      const error = isName ? 'siteFull' : 'memberNameBad';
      const page = signInPage(viewOf(site, { request, reply }), { gift: site.gift, name, error });
      return sendPage(reply.status(422), page);
    }
    setSession(reply, site.sessions.begin(member.id));
    return reply.redirect('/lobby', 303);
  });

  app.post('/sign-out', (request, reply) => {
    formOf(site, request);
    setSession(reply, site.sessions.begin(null));
    return reply.redirect('/', 303);
  });

  app.get('/language', (request, reply) => {
    const language = languageOf(queryText(request, 'to'));
    reply.header('set-cookie', `dalbit_language=${language}; Path=/; SameSite=Lax; Max-Age=31536000`);
    return reply.redirect(localPath(queryText(request, 'back')), 303);
  });
}
