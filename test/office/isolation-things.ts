/**
 * Things of agents, by the names their ids have in addresses: what the test of isolation calls every route with. A
 * route whose ids nobody can make here fails that test by name, so a new noun comes with a line in this table.
 */
import type { IdName } from '../../src/backoffice/route.ts';
import type { Answer, StudioClient } from '../world.ts';
import type { Branch, OfficeRig } from './rig.ts';

type Maker = (rig: OfficeRig, branch: Branch) => Promise<number | string>;

function idOf({ status, text, body }: Answer): number {
  if (status !== 200) throw new Error(`making failed: ${text}`);
  return body.id;
}

const VENDOR = 'Habanero';
const studios = new WeakMap<OfficeRig, Promise<StudioClient>>();

/** One for all branches: a vendor has one studio. */
function studioOf(rig: OfficeRig): Promise<StudioClient> {
  const studio = studios.get(rig) ?? rig.world.studio(VENDOR);
  studios.set(rig, studio);
  return studio;
}

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
  // A bet: what routes of rounds are called with, too.
  transferId: async (rig, branch) => {
    const { username } = rig.players[branch];
    const studio = await studioOf(rig);
    const { session, game } = await rig.world.play(rig.agents[branch], studio, { username, vendor: VENDOR });
    const bet = {
      id: `bet of ${branch}`,
      type: 'bet',
      round: `round of ${branch}`,
      amount: '100',
      currency: 'KRW',
    };
    const [result] = await studio.transact({ ...bet, session, game });
    return result.transactionId;
  },
  keyId: async ({ sql, agents }, branch) => {
    const [row] = await sql`select id from api_key where agent_id = ${agents[branch].id} order by id limit 1`;
    return Number(row?.id);
  },
  // Given up: what operators are told is told elsewhere, this is only there.
  callbackId: async ({ sql, agents, players }, branch) => {
    const [row] =
      await sql`insert into callback (id, agent_id, player_id, code, amount, after, at, state, next_at)
      select id, agent_id, player_id, code, amount, 0, at, 2, 'infinity' from transfer
      where agent_id = ${agents[branch].id} and player_id = ${players[branch].id} limit 1 returning id`;
    return Number(row?.id);
  },
  runId: async ({ sql, agents }, branch) => {
    // Seamless wallets alone are certified.
    await sql`update agent set wallet = 'seamless' where id = ${agents[branch].id}`;
    const [row] =
      await sql`insert into certification (agent_id, username, started_by, ended_at, state, report)
      values (${agents[branch].id}, 'isolated', 'test', now(), 'done', '{"checks":[]}') returning id`;
    return Number(row?.id);
  },
  threadId: async (rig, branch) => {
    const asker = await rig.of(branch);
    return idOf(await asker.post('/inquiries', { subject: 'isolated', category: 'other', text: 'isolated' }));
  },
  attachmentId: async (rig, branch) => {
    const query = { name: 'isolated.txt' };
    return idOf(
      await (await rig.of(branch)).call('POST', '/attachments', { query, body: Buffer.from('text') }),
    );
  },
  // To whom the caller is not: what an upline writes to those below, they may read.
  noticeId: async (rig, branch) => {
    const texts = { en: { title: 'isolated', text: 'isolated' } };
    const agent = rig.agents[branch === 'root' ? 'b' : branch].id;
    const notice = { texts, language: 'en', audience: 'subtree', agent };
    return idOf(await (await rig.of(branch)).post('/notices', notice));
  },
  limitId: async (rig, branch) => {
    const limit = { agent: rig.agents[branch].id, maxBet: '1000000' };
    const { status, text, body } = await (await rig.of(branch)).put('/limits', limit);
    if (status !== 200) throw new Error(`setting failed: ${text}`);
    return body.limit.id;
  },
  requestId: async (rig, branch) => {
    const asker = await rig.of(branch, 'agent_staff', `asker of ${branch}`);
    const asked = await asker.post('/pot-requests', {
      kind: 'payment',
      amount: '1',
      key: `of ${branch} there`,
    });
    if (asked.status !== 200) throw new Error(`asking failed: ${asked.text}`);
    return asked.body.id;
  },
};

/** What is everybody's: routes that name one are tried by their other ids and fields. */
export const SHARED: Partial<Record<IdName, (rig: OfficeRig) => Promise<number | string>>> = {
  vendorId: async ({ sql }) => (await sql`select id from vendor where name = 'evolution'`)[0]?.id,
  gameId: async (rig) => {
    await rig.world.studio('netent');
    return (await rig.sql`select id from game limit 1`)[0]?.id;
  },
  faqId: async (rig) => {
    const texts = { en: { question: 'isolated', answer: 'isolated' } };
    const faq = { category: 'other', rank: 1, texts, published: false };
    return idOf(await (await rig.house('support')).post('/faq', faq));
  },
};

/** Fields of queries and bodies that name a thing of an agent. */
export const FIELDS: Readonly<Record<string, IdName>> = {
  agent: 'agentId',
  agentId: 'agentId',
  parent: 'agentId',
  player: 'playerId',
  playerId: 'playerId',
  user: 'userId',
};

/** Bodies that cannot be guessed from their shape, by operation. */
export const BODIES: Readonly<Record<string, unknown>> = {};

/** Names of others an answer may show, by operation, and why. */
export const SHOWN: Readonly<Record<string, { readonly names: readonly string[]; readonly why: string }>> =
  {};

/** Routes that have nothing to show of what one made oneself, and why. */
export const NOT_OWN: Readonly<Record<string, string>> = {
  getDeskThread: 'the desk is for the inquiries of those below',
};
