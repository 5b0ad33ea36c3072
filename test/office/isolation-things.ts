/**
 * Things of agents, by the names their ids have in addresses: what the test of isolation calls every route with. A
 * route whose ids nobody can make here fails that test by name, so a new noun comes with a line in this table.
 */
import type { IdName } from '../../src/backoffice/route.ts';
import type { Branch, OfficeRig } from './rig.ts';

type Maker = (rig: OfficeRig, branch: Branch) => Promise<number | string>;

/** A thing of that branch of the tree; made once a branch. */
export const THINGS: Partial<Record<IdName, Maker>> = {
  agentId: async ({ agents }, branch) => agents[branch].id,
  playerId: async ({ players }, branch) => players[branch].id,
  userId: async (rig, branch) => (await rig.of(branch, 'agent_staff', `isolated of ${branch}`)).userId,
  sessionId: async (rig, branch) => {
    const { userId } = await rig.of(branch, 'agent_staff', `isolated of ${branch}`);
    const [row] = await rig.sql`select max(id) as id from office_session where user_id = ${userId}`;
    return Number(row?.id);
  },
  transferId: async ({ agents, players }, branch) => {
    const paid = await agents[branch].post('/user/add-balance', {
      username: players[branch].username,
      amount: 100,
    });
    if (paid.status !== 200) throw new Error(`paying failed: ${paid.text}`);
    return paid.body.transaction_id;
  },
};

/** What is everybody's: routes that name one are tried by their other ids and fields. */
export const SHARED: Partial<Record<IdName, (rig: OfficeRig) => Promise<number | string>>> = {};

/** Fields of queries and bodies that name a thing of an agent. */
export const FIELDS: Readonly<Record<string, IdName>> = {
  agent: 'agentId',
  agentId: 'agentId',
  player: 'playerId',
  playerId: 'playerId',
  user: 'userId',
};

/** Bodies that cannot be guessed from their shape, by operation. */
export const BODIES: Readonly<Record<string, unknown>> = {};

/** Names of others an answer may show, by operation, and why. */
export const SHOWN: Readonly<Record<string, { readonly names: readonly string[]; readonly why: string }>> =
  {};
