/**
 * Who may call the operator API. Three separate lists: the keys, the addresses that may call at all, and the origins
 * (or addresses) that may call from a browser page.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentRecord } from '../db/agent.ts';
import type { Directory } from '../engine/directory.ts';
import { listOf } from '../http/addresses.ts';
import { languageOf, refuse, type XtRefusal } from './replies.ts';
import { bearerKey } from './request.ts';

const ALLOWED_HEADERS =
  'authorization, content-type, accept, accept-language, idempotency-key, x-http-method-override';

export type Admission =
  | { readonly agent: AgentRecord; readonly refusal?: undefined }
  /** The agent, where its key was right at least. */
  | { readonly agent: AgentRecord | null; readonly refusal: XtRefusal };

export function accessOf({ directory }: { directory: Directory }) {
  async function agentOf(request: FastifyRequest): Promise<AgentRecord | null> {
    const key = bearerKey(request);
    return key === null ? null : directory.agentByKey(key);
  }
  return {
    /** Every call: key, suspension, address, origin. */
    async admit(request: FastifyRequest): Promise<Admission> {
      const agent = await agentOf(request);
      if (agent === null) return { agent, refusal: 'unauthenticated' };
      if (agent.blocked) return { agent, refusal: 'agent_blocked' };
      if (agent.allowedIps.length > 0 && !listOf(agent.allowedIps).has(request.ip))
        return { agent, refusal: 'ip_not_allowed' };
      const origin = foreignOrigin(request);
      if (origin !== null && !mayCallFromPage(agent.browserOrigins, origin, request.ip))
        return { agent, refusal: 'origin_not_allowed' };
      return { agent };
    },
    /** Whose key a call carries; null: nobody's. */
    agentOf,
    /** A browser shows an answer to a page only with this header; it goes to origins some agent has registered. */
    async allowOrigin(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const origin = foreignOrigin(request);
      if (origin === null || !mayCallFromPage(await directory.browserOrigins(), origin, request.ip)) return;
      reply
        .header('access-control-allow-origin', origin)
        .header('vary', 'Origin')
        .header('access-control-expose-headers', 'retry-after');
    },
    /** A preflight carries no key: it is answered when any agent has registered the origin. */
    async preflight(request: FastifyRequest, reply: FastifyReply) {
      const origin = foreignOrigin(request);
      if (origin !== null && !mayCallFromPage(await directory.browserOrigins(), origin, request.ip))
        return reply
          .code(403)
          .type('application/json; charset=utf-8')
          .send(
            JSON.stringify(refuse('origin_not_allowed', languageOf(request.headers['accept-language'])).body),
          );
      return reply
        .code(204)
        .header('access-control-allow-methods', 'GET, POST, PATCH')
        .header('access-control-allow-headers', ALLOWED_HEADERS)
        .header('access-control-max-age', '600')
        .send();
    },
  };
}

/** The origin of a page that isn't the hub's own; null for servers and for the reference page. */
function foreignOrigin(request: FastifyRequest): string | null {
  const { origin } = request.headers;
  if (typeof origin !== 'string') return null;
  return origin === `${request.protocol}://${request.host}` ? null : origin;
}

function mayCallFromPage(entries: readonly string[], origin: string, ip: string): boolean {
  return entries.some((entry) => entry.replace(/\/+$/, '') === origin) || listOf(entries).has(ip);
}
