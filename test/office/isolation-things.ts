/**
 * Things of agents, by the names their ids have in addresses: what the test of isolation calls every route with. A
 * route whose ids nobody can make here fails that test by name, so a new noun comes with a line in this table.
 */
import type { IdName } from '../../src/backoffice/route.ts';
import type { Answer } from '../world.ts';
import type { Branch, OfficeRig } from './rig.ts';

type Maker = (rig: OfficeRig, branch: Branch) => Promise<number | string>;

function idOf({ status, text, body }: Answer): number {
  if (status !== 200) throw new Error(`making failed: ${text}`);
  return body.id;
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
  transferId: async ({ agents, players }, branch) => {
    const paid = await agents[branch].post('/user/add-balance', {
      username: players[branch].username,
      amount: 100,
    });
    if (paid.status !== 200) throw new Error(`paying failed: ${paid.text}`);
    return paid.body.transaction_id;
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
