/**
 * Who may call the operator API. Three separate lists: the keys, the addresses that may call at all, and the origins
 * (or addresses) that may call from a browser page.
 */
import { BlockList, isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentRecord } from '../db/agent.ts';
import type { Directory } from '../engine/directory.ts';
import { languageOf, refuse, type XtRefusal } from './replies.ts';
import { bearerKey } from './request.ts';

const ALLOWED_HEADERS =
  'authorization, content-type, accept, accept-language, idempotency-key, x-http-method-override';

export function accessOf({ directory }: { directory: Directory }) {
  return {
    /** Every call: key, suspension, address, origin. */
    async admit(request: FastifyRequest): Promise<{ agent: AgentRecord } | { refusal: XtRefusal }> {
      const key = bearerKey(request);
      const agent = key === null ? null : await directory.agentByKey(key);
      if (agent === null) return { refusal: 'unauthenticated' };
      if (agent.blocked) return { refusal: 'agent_blocked' };
      if (agent.allowedIps.length > 0 && !listOf(agent.allowedIps).has(request.ip))
        return { refusal: 'ip_not_allowed' };
      const origin = foreignOrigin(request);
      if (origin !== null && !mayCallFromPage(agent.browserOrigins, origin, request.ip))
        return { refusal: 'origin_not_allowed' };
      return { agent };
    },
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

export interface AddressList {
  has(ip: string): boolean;
}

const lists = new WeakMap<readonly string[], AddressList>();

/** A list of addresses and networks; entries that are neither are passed over. Built once a list. */
export function listOf(entries: readonly string[]): AddressList {
  const known = lists.get(entries);
  if (known !== undefined) return known;
  const blocks = new BlockList();
  for (const entry of entries) addEntry(blocks, entry);
  const list = { has: (ip: string) => has(blocks, ip) };
  lists.set(entries, list);
  return list;
}

/** True for an address or a network in CIDR form. */
export function isAddressEntry(entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (family === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function addEntry(blocks: BlockList, entry: string): void {
  if (!isAddressEntry(entry)) return;
  const [address = '', bits] = entry.split('/');
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) blocks.addAddress(address, family);
  else blocks.addSubnet(address, Number(bits), family);
}

function has(blocks: BlockList, ip: string): boolean {
  const plain = ip.startsWith('::ffff:') ? ip.slice(7) : ip;
  const family = isIP(plain);
  return family !== 0 && blocks.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}
