/** Limits of bets and wins: those in sight with whose they are, set and lifted by whoever they belong to, and tried. */
import { type Static, Type } from 'typebox';
import { type AgentId, trusted } from '../core/ids.ts';
import { type LimitTarget, setLimit } from '../db/limit.ts';
import {
  catalogueForLimits,
  deleteLimit,
  findGameForLimit,
  lockLimit,
  lockLimitOn,
  type NamedLimit,
  signLimit,
} from '../db/office-limit.ts';
import { playerBelow } from '../db/office-thread.ts';
import { recordAct } from './act.ts';
import { atOnce } from './inquiries-acts.ts';
import { IdNumber } from './inquiries-view.ts';
import { isOwners, LimitShape, shownLimit } from './limits-view.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf, seesAgent } from './scope.ts';
import { Done, Nullable, Reason } from './shapes.ts';

const group = 'limits';

/** Minor units. Zero: no bet, or nothing is paid. */
const Amount = Type.String({ pattern: '^(0|[1-9]\\d{0,15})$', description: 'minor units; 0 = none at all' });

const Wish = Type.Object(
  {
    agent: IdNumber,
    vendor: Type.Optional(IdNumber),
    game: Type.Optional(IdNumber),
    player: Type.Optional(IdNumber),
    maxBet: Type.Optional(Nullable(Amount)),
    maxWin: Type.Optional(Nullable(Amount)),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false, description: 'an amount that is not named stays, null lifts it' },
);
type WishGiven = Static<typeof Wish>;

/** What the limit is on; a player's is kept at the player's own agent, a game's by the game alone. */
async function targetOf(call: OfficeCall, given: WishGiven): Promise<LimitTarget | OfficeReply> {
  const { agent, vendor = null, game = null, player = null } = given;
  if (!(await seesAgent(call, agent))) return refuse('not_found');
  const { scope } = call.principal;
  const setBy = scope.kind === 'agent' ? scope.agentId : null;
  const found = game === null ? null : await findGameForLimit(call.sql, game);
  if (game !== null && found === null) return refuse('not_found', { detail: 'game' });
  if (found !== null && vendor !== null && found.vendorId !== vendor)
    return refuse('invalid_request', { fields: { game: 'is of another vendor' } });
  const { vendors } = await call.directory.catalogue();
  if (vendor !== null && !vendors.some(({ id }) => id === vendor))
    return refuse('not_found', { detail: 'vendor' });
  const of = player === null ? null : await playerBelow(call.sql, String(player), trusted(agent));
  if (player !== null && of === null) return refuse('not_found');
  return {
    agentId: of?.path.at(-1) ?? trusted<AgentId>(agent),
    vendorId: found === null && vendor !== null ? trusted(vendor) : null,
    gameId: found?.id ?? null,
    playerId: of?.id ?? null,
    setBy,
  };
}

async function put(call: OfficeCall, given: WishGiven): Promise<OfficeReply> {
  const { maxBet, maxWin, reason } = given;
  const target = await targetOf(call, given);
  if ('status' in target) return target;
  if (maxBet === undefined && maxWin === undefined)
    return refuse('invalid_request', { fields: { maxBet: 'say what the limit is' } });
  const minor = (text: string | null | undefined) =>
    text === undefined || text === null ? text : BigInt(text);
  const wish = { maxBet: minor(maxBet), maxWin: minor(maxWin) };
  const agents = (await agentsOf(call)) ?? [];
  return atOnce(call, async (tx) => {
    const before = await lockLimitOn(tx, target);
    await setLimit(tx, target, clean(wish));
    await signLimit(tx, target, call.principal.person);
    const after = await lockLimitOn(tx, target);
    await recordLimit(call, tx, { before, after, reason });
    return ok({ limit: after === null ? null : shownLimit(call.principal.scope, after, agents) });
  });
}

type Amounts = { maxBet?: bigint | null; maxWin?: bigint | null };
const clean = ({
  maxBet,
  maxWin,
}: {
  maxBet: bigint | null | undefined;
  maxWin: bigint | null | undefined;
}): Amounts => ({
  ...(maxBet === undefined ? {} : { maxBet }),
  ...(maxWin === undefined ? {} : { maxWin }),
});

const amounts = (row: NamedLimit | null) => ({
  maxBet: row?.maxBet?.toString() ?? null,
  maxWin: row?.maxWin?.toString() ?? null,
});

async function recordLimit(
  call: OfficeCall,
  tx: Parameters<typeof recordAct>[1],
  change: { before: NamedLimit | null; after: NamedLimit | null; reason?: string | undefined },
): Promise<void> {
  const row = change.after ?? change.before;
  if (row === null) return;
  const { agentId, agent, vendor, game, player, setByName, currency } = row;
  await recordAct(call, tx, {
    action: 'agent.limit',
    subject: agent,
    agentId,
    before: amounts(change.before),
    after: amounts(change.after),
    reason: change.reason ?? null,
    more: { vendor, game, player, currency, of: setByName ?? 'the house' },
  });
}

/** Lifts a limit that is the caller's own, or of an agent below; an upline's is not for those it binds to lift. */
async function lift(call: OfficeCall, id: string): Promise<OfficeReply> {
  const { scope } = call.principal;
  const agents = scope.kind === 'house' ? null : ((await agentsOf(call)) ?? []);
  return atOnce(call, async (tx) => {
    const row = await lockLimit(tx, id, agents);
    if (row === null) return refuse('not_found');
    if (!isOwners(row, agents)) return refuse('forbidden');
    await deleteLimit(tx, row.id);
    await recordLimit(call, tx, { before: row, after: null });
    return ok({ ok: true });
  });
}

export const LIMITS: readonly OfficeRoute[] = [
  route({
    method: 'PUT',
    path: '/limits',
    operationId: 'setLimit',
    summary: 'Set or lift the caller’s own limit on an agent, a vendor, a game or a player',
    group,
    permission: 'limits',
    body: Wish,
    answer: Type.Object({ limit: Nullable(LimitShape) }),
    handle: (call, { body }) => put(call, body),
  }),
  route({
    method: 'DELETE',
    path: '/limits/:limitId',
    operationId: 'liftLimit',
    summary: 'Lift a limit of the caller’s own or of an agent below',
    group,
    permission: 'limits',
    answer: Done,
    handle: (call, { params }) => lift(call, params.limitId),
  }),
  route({
    method: 'GET',
    path: '/limit-games',
    operationId: 'listLimitGames',
    summary: 'Vendors with their games, to choose from',
    group,
    permission: 'look',
    answer: Type.Object({
      vendors: Type.Array(
        Type.Object({
          id: Type.Integer(),
          name: Type.String(),
          games: Type.Array(Type.Object({ id: Type.Integer(), title: Type.String() })),
        }),
      ),
    }),
    handle: async ({ sql }) => ok({ vendors: await catalogueForLimits(sql) }),
  }),
];
