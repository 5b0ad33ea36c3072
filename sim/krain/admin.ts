/** What staff and tests switch at the market (krain.ts has the list), from this machine only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type FaultSwitches, faultSettingsBody, faultSettingsOf } from './faults.ts';
import { SIDES } from './makers.ts';
import type { Offer, Pool, Told } from './pool.ts';
import { isState, type Reply, said } from './wire.ts';

export interface StaffParts {
  readonly pool: Pool;
  readonly switches: FaultSwitches;
  readonly now: () => number;
}

export async function handleStaff(
  parts: StaffParts,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { status, body } = isLocal(request)
    ? await replyTo(parts, request)
    : said(403, 'from this machine only');
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A proxy in front makes every visitor look local: then nobody is. A page elsewhere can't send this content type. */
function isLocal({ socket, headers, method }: IncomingMessage): boolean {
  const isJson = method === 'GET' || headers['content-type'] === 'application/json';
  const from = socket.remoteAddress ?? '';
  return isJson && /^(127\.|::1$|::ffff:127\.)/.test(from) && headers['x-forwarded-for'] === undefined;
}

async function replyTo({ pool, switches, now }: StaffParts, request: IncomingMessage): Promise<Reply> {
  const { pathname } = new URL(request.url ?? '/', 'http://krain');
  const [, , kind, market = ''] = pathname.split('/');
  const body: unknown = request.method === 'GET' ? null : await json(request).catch(() => null);
  const call = `${request.method} ${kind}`;
  if (call === 'PUT faults') {
    const settings = faultSettingsOf(body);
    if (typeof settings === 'string') return said(422, settings);
    switches.set(settings);
  }
  if (call === 'GET faults' || call === 'PUT faults')
    return { status: 200, body: faultSettingsBody(switches.settings()) };
  if (call === 'POST markets') {
    const told = toldOf(body);
    if (told === null) return said(422, 'status, closesAt or likelihood is needed');
    pool.tell(market, told);
  }
  const offer = kind === 'markets' ? pool.offer(market, now()) : null;
  return offer === null
    ? said(404, 'no such call, or no such market')
    : { status: 200, body: offerInFull(offer) };
}

/** Null: there is nothing in it, or something that can't be. */
function toldOf(body: unknown): Partial<Told> | null {
  if (typeof body !== 'object' || body === null) return null;
  const { status, closesAt, likelihood } = body as Readonly<Record<string, unknown>>;
  const isWhole =
    (status == null || isState(status)) &&
    (closesAt == null || (typeof closesAt === 'number' && Number.isSafeInteger(closesAt))) &&
    (likelihood == null || (typeof likelihood === 'number' && likelihood > 0 && likelihood < 1));
  if (!isWhole || (status === undefined && closesAt === undefined && likelihood === undefined)) return null;
  return {
    ...(status === undefined ? {} : { state: status }),
    ...(closesAt === undefined ? {} : { closesAt }),
    ...(likelihood === undefined ? {} : { likelihood }),
  };
}

function offerInFull({ state, levels, at }: Offer): Reply['body'] {
  const sides = SIDES.map((side) => [
    side,
    levels[side].map(({ odds, available }) => ({ odds: odds / 1000, available: String(available) })),
  ]);
  return { status: state, ...Object.fromEntries(sides), at };
}
