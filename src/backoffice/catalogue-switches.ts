/**
 * Vendors and games switched off for an agent, and with it for those below: by itself or by anyone above it. Nobody
 * switches on what one above has switched off, be it for them or for one further up.
 */
import { Type } from 'typebox';
import { type AgentId, type GameId, trusted, type VendorId } from '../core/ids.ts';
import { type AgentRecord, findAgentById } from '../db/agent.ts';
import { type Switch, type SwitchSeen, setSwitch, switchesOf } from '../db/office-catalogue.ts';
import { recordAct } from './act.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, Nullable, Reason } from './shapes.ts';

const group = 'catalogue';

const Off = Nullable(
  Type.Object({
    mine: Type.Boolean({ description: 'the caller can lift a switch of this very agent' }),
    side: Nullable(Type.String({ description: 'who switched it off; null: the house, or one not seen' })),
    through: Nullable(Type.String({ description: 'the agent above for which it is off' })),
    person: Nullable(Type.String({ description: 'null: of a side that is not seen' })),
    at: At,
  }),
);
const Item = {
  id: Type.Integer(),
  sold: Type.Boolean({ description: 'the house and the studio offer it' }),
  on: Type.Boolean({ description: 'this agent has it' }),
  off: Off,
};
const VendorShape = Type.Object({
  ...Item,
  name: Type.String(),
  games: Type.Integer(),
  gamesOff: Type.Integer({ description: 'switched off one by one' }),
});
const GameShape = Type.Object({
  ...Item,
  publicId: Type.String(),
  title: Type.String(),
  type: Type.String(),
  lobby: Type.Boolean(),
  thumbnail: Nullable(Type.String()),
});

/** The agent as the caller sees it; null: not there for them. */
async function agentSeen(call: OfficeCall, id: string): Promise<AgentRecord | null> {
  const seen = await agentsOf(call, { agent: id });
  return seen === null ? null : findAgentById(call.sql, trusted<AgentId>(id));
}

/** How one thing stands: the switch that holds whatever else is switched, as far as the caller sees it. */
function stateOf(switches: readonly SwitchSeen[], agent: AgentRecord, { principal: { scope } }: OfficeCall) {
  const [first] = switches;
  if (first === undefined) return null;
  const top = scope.kind === 'house' ? 0 : agent.path.indexOf(scope.agentId);
  const seen = (id: AgentId | null) =>
    scope.kind === 'house' || (id !== null && agent.path.indexOf(id) >= top);
  const { sideId, side, person, at } = first;
  return {
    mine: switches.some((each) => each.agentId === agent.id && seen(each.sideId)),
    side: seen(sideId) ? side : null,
    through: first.agentId !== agent.id && seen(first.agentId) ? first.agent : null,
    person: seen(sideId) ? person : null,
    at,
  };
}

async function vendorsOf(call: OfficeCall, agent: AgentRecord) {
  const [{ vendors, byVendor }, switches] = await Promise.all([
    call.directory.catalogue(),
    switchesOf(call.sql, agent.id),
  ]);
  return vendors.map(({ id, name, enabled }) => {
    const games = byVendor.get(name) ?? [];
    const mine = switches.filter(({ vendorId }) => vendorId === id);
    const off = stateOf(
      mine.filter(({ gameId }) => gameId === null),
      agent,
      call,
    );
    const sold = enabled && games.some((game) => game.enabled);
    const gamesOff = new Set(mine.flatMap(({ gameId }) => gameId ?? [])).size;
    return { id, name, sold, on: sold && off === null, off, games: games.length, gamesOff };
  });
}

async function gamesOf(call: OfficeCall, agent: AgentRecord, vendorId: VendorId) {
  const [{ games }, switches] = await Promise.all([
    call.directory.catalogue(),
    switchesOf(call.sql, agent.id),
  ]);
  return games
    .filter((game) => game.vendorId === vendorId)
    .map(({ id, enabled: sold, publicId, title, type, lobby, thumbnail, houseThumbnails }) => {
      const off = stateOf(
        switches.filter((each) => each.gameId === id || (each.gameId === null && each.vendorId === vendorId)),
        agent,
        call,
      );
      const picture = houseThumbnails[call.principal.language] ?? houseThumbnails['*'] ?? thumbnail;
      return { id, sold, on: sold && off === null, off, publicId, title, type, lobby, thumbnail: picture };
    });
}

async function turn(
  call: OfficeCall,
  agent: AgentRecord,
  {
    vendorId,
    gameId,
    name,
    on,
    reason,
  }: Omit<Switch, 'agentId'> & {
    readonly name: string;
    readonly on: boolean;
    readonly reason: string | null;
  },
) {
  const changed = await call.sql.begin(async (tx) => {
    const { person, scope } = call.principal;
    const side = { agentId: scope.kind === 'house' ? null : scope.agentId, person };
    const done = await setSwitch(tx, { agentId: agent.id, vendorId, gameId }, { on, side });
    if (done)
      await recordAct(call, tx, {
        ...{ action: `catalogue.${on ? 'on' : 'off'}`, subject: agent.username, agentId: agent.id },
        ...{ before: { on: !on }, after: { on }, reason, more: { what: name } },
      });
    return done;
  });
  if (changed) call.directory.forget();
  return ok({ ok: true });
}

const Turn = Type.Object(
  { on: Type.Boolean(), reason: Type.Optional(Reason) },
  { additionalProperties: false },
);
const Done = Type.Object({ ok: Type.Literal(true) });

export const CATALOGUE_SWITCHES: readonly OfficeRoute[] = [
  route({
    method: 'GET',
    path: '/agents/:agentId/vendors',
    operationId: 'listAgentVendors',
    summary: 'Vendors, and which of them the agent has',
    group,
    permission: 'look',
    answer: Type.Object({ vendors: Type.Array(VendorShape) }),
    async handle(call, { params }) {
      const agent = await agentSeen(call, params.agentId);
      return agent === null ? refuse('not_found') : ok({ vendors: await vendorsOf(call, agent) });
    },
  }),
  route({
    method: 'GET',
    path: '/agents/:agentId/vendors/:vendorId',
    operationId: 'listAgentGames',
    summary: 'Games of a vendor, and which of them the agent has',
    group,
    permission: 'look',
    answer: Type.Object({ vendor: Type.String(), games: Type.Array(GameShape) }),
    async handle(call, { params }) {
      const agent = await agentSeen(call, params.agentId);
      const { vendors } = await call.directory.catalogue();
      const vendor = vendors.find(({ id }) => id === Number(params.vendorId));
      if (agent === null || vendor === undefined) return refuse('not_found');
      return ok({ vendor: vendor.name, games: await gamesOf(call, agent, vendor.id) });
    },
  }),
  route({
    method: 'PUT',
    path: '/agents/:agentId/vendors/:vendorId',
    operationId: 'switchAgentVendor',
    summary: 'Switches a vendor off for an agent and those below it, or on again',
    group,
    permission: 'catalogue',
    body: Turn,
    answer: Done,
    async handle(call, { params, body: { on, reason = null } }) {
      const agent = await agentSeen(call, params.agentId);
      const { vendors } = await call.directory.catalogue();
      const vendor = vendors.find(({ id }) => id === Number(params.vendorId));
      if (agent === null || vendor === undefined) return refuse('not_found');
      const { id: vendorId, name } = vendor;
      return turn(call, agent, { vendorId, gameId: null, name, on, reason });
    },
  }),
  route({
    method: 'PUT',
    path: '/agents/:agentId/games/:gameId',
    operationId: 'switchAgentGame',
    summary: 'Switches a game off for an agent and those below it, or on again',
    group,
    permission: 'catalogue',
    body: Turn,
    answer: Done,
    async handle(call, { params, body: { on, reason = null } }) {
      const agent = await agentSeen(call, params.agentId);
      const { byId } = await call.directory.catalogue();
      const game = byId.get(trusted<GameId>(params.gameId));
      if (agent === null || game === undefined) return refuse('not_found');
      const { vendorId, vendor, publicId, id: gameId } = game;
      return turn(call, agent, { vendorId, gameId, name: `${vendor}/${publicId}`, on, reason });
    },
  }),
];
