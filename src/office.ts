/**
 * What staff do: agents, keys, POT, studios, players. Used by the CLI and the demo; every act is written to the audit
 * trail. Amounts are minor units. A refusal is an OfficeError whose text can be shown.
 */
import { ACCOUNT, CODE } from './core/chart.ts';
import type { AgentId, StudioId, TransferId } from './core/ids.ts';
import type { MoveOutcome } from './core/ledger-types.ts';
import { type Currency, isCurrency } from './core/money.ts';
import { type AgentRecord, addApiKey, createAgent, findAgentById, findAgentByName } from './db/agent.ts';
import { record } from './db/audit.ts';
import { addCallbackSecret, revokePreviousSecrets } from './db/callback-secret.ts';
import { type Query, type Sql, sqlState } from './db/connect.ts';
import { assignVendors, listVendors } from './db/game.ts';
import type { PlayerKey } from './db/player.ts';
import { addStudioSecret, createStudio, findStudioByName } from './db/studio.ts';
import type { Directory } from './engine/directory.ts';
import type { LedgerWriter } from './engine/ledger-writer.ts';
import { hashKey, newSecret, type Vault } from './engine/seal.ts';

export interface Office {
  readonly sql: Sql;
  readonly writer: LedgerWriter;
  readonly directory: Directory;
  readonly vault: Vault;
  addKey(agentId: AgentId, label: string): Promise<string>;
}

export class OfficeError extends Error {}

export function openOffice(parts: Omit<Office, 'addKey'>): Office {
  return {
    ...parts,
    async addKey(agentId, label) {
      const key = newSecret();
      await addApiKey(parts.sql, { agentId, hash: hashKey(key), hint: key.slice(0, 6), label });
      return key;
    },
  };
}

export interface AgentWish {
  readonly username: string;
  readonly actor: string;
  readonly nickname?: string;
  readonly parent?: string;
  readonly currency?: string;
  readonly wallet?: 'transfer' | 'seamless';
  readonly callbackUrl?: string | null;
  /** What else its line in the audit trail says. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface MadeAgent {
  readonly id: AgentId;
  readonly username: string;
  readonly apiKey: string;
  /** What its callbacks are signed by; seamless wallets only. */
  readonly callbackSecret?: string;
}

export async function createAgentWithKey(office: Office, wish: AgentWish): Promise<MadeAgent> {
  const username = cleanName(wish.username);
  const parent = wish.parent === undefined ? null : await agentNamed(office, wish.parent);
  const currency = wish.currency ?? parent?.currency ?? 'KRW';
  if (!isCurrency(currency)) throw new OfficeError(`unknown currency: ${currency}`);
  if (parent !== null && parent.currency !== currency)
    throw new OfficeError(
      `an agent below ${parent.username} holds ${parent.currency}: POT moves between them`,
    );
  const wallet = wish.wallet ?? 'transfer';
  const callbackUrl = wish.callbackUrl ?? null;
  try {
    const id = await createAgent(office.sql, {
      username,
      nickname: wish.nickname ?? username,
      parent,
      currency,
      wallet,
      callbackUrl,
    });
    const apiKey = await office.addKey(id, 'first');
    const callbackSecret = wallet === 'seamless' ? await addSecret(office, office.sql, id) : null;
    await record(office.sql, {
      actor: wish.actor,
      action: 'agent.create',
      subject: username,
      detail: { ...wish.detail, id, agentId: id, parent: parent?.username ?? null, currency, wallet },
    });
    return { id, username, apiKey, ...(callbackSecret === null ? {} : { callbackSecret }) };
  } catch (error) {
    if (sqlState(error) === '23505') throw new OfficeError(`the name is taken: ${username}`);
    throw error;
  }
}

export function cleanName(name: string): string {
  const clean = name.trim().normalize('NFC');
  if ([...clean].length < 3 || [...clean].length > 64 || /[\p{C}\p{Zl}\p{Zp}]/u.test(clean))
    throw new OfficeError('a name has 3 to 64 visible characters');
  return clean;
}

export async function agentNamed(office: Pick<Office, 'sql'>, username: string): Promise<AgentRecord> {
  const agent = await findAgentByName(office.sql, username);
  if (agent === null) throw new OfficeError(`no such agent: ${username}`);
  return agent;
}

async function addSecret(office: Pick<Office, 'vault'>, db: Query, agentId: AgentId): Promise<string> {
  const secret = newSecret();
  await addCallbackSecret(db, { agentId, sealed: office.vault.seal(secret) });
  return secret;
}

/** Gives an agent a fresh callback secret. Both sign until the next rotation, or until the one before is revoked. */
export async function rotateCallbackSecret(
  office: Office,
  wish: { username: string; actor: string },
): Promise<string> {
  const { id, username } = await seamlessAgent(office, wish.username);
  const fresh = await office.sql.begin(async (tx) => {
    const secret = await addSecret(office, tx, id);
    await record(tx, { actor: wish.actor, action: 'agent.secret.rotate', subject: username });
    return secret;
  });
  office.directory.forget();
  return fresh;
}

/** Ends all callback secrets of an agent but the newest. Returns how many. */
export async function revokePreviousCallbackSecrets(
  office: Office,
  wish: { username: string; actor: string },
): Promise<number> {
  const { id, username } = await seamlessAgent(office, wish.username);
  const count = await office.sql.begin(async (tx) => {
    const revoked = await revokePreviousSecrets(tx, id);
    const detail = { revoked };
    await record(tx, { actor: wish.actor, action: 'agent.secret.revoke', subject: username, detail });
    return revoked;
  });
  office.directory.forget();
  return count;
}

async function seamlessAgent(office: Office, username: string): Promise<AgentRecord> {
  const agent = await agentNamed(office, username);
  if (agent.wallet !== 'seamless')
    throw new OfficeError(`${agent.username} has a transfer wallet: it is never called back`);
  return agent;
}

export interface PotMove {
  readonly username: string;
  readonly direction: 'give' | 'take';
  /** Minor units. */
  readonly amount: bigint;
  readonly actor: string;
}

/** Gives POT to an agent or takes it, from or to its upline; a root agent's comes from the outside world. */
export async function movePot(
  office: Office,
  move: PotMove,
): Promise<{ transactionId: number; balance: bigint; currency: Currency }> {
  const agent = await agentNamed(office, move.username);
  const upline = agent.parentId === null ? null : await findAgentById(office.sql, agent.parentId);
  const giving = move.direction === 'give';
  const outcome = await transferPot(office, { agent, upline, ...move, key: null, ip: null });
  if (!outcome.ok)
    throw new OfficeError(
      outcome.code === 'balance_too_low'
        ? `the POT of ${giving ? upline?.username : agent.username} is too low`
        : 'the amount must be positive',
    );
  await record(office.sql, {
    actor: move.actor,
    action: `agent.pot.${move.direction}`,
    subject: agent.username,
    detail: { agentId: agent.id, amount: move.amount.toString(), transactionId: outcome.transferId },
  });
  return {
    transactionId: outcome.transferId,
    balance: giving ? outcome.creditBalance : outcome.debitBalance,
    currency: agent.currency,
  };
}

export interface PotTransfer {
  readonly agent: AgentRecord;
  /** Null: a root agent's. */
  readonly upline: AgentRecord | null;
  readonly direction: 'give' | 'take';
  readonly amount: bigint;
  /** The same again moves nothing and is answered the same. Null: each time anew. */
  readonly key: string | null;
  readonly ip: string | null;
}

/** The move of POT between an agent and its upline by itself; who asks for it writes down who did it. */
export async function transferPot(
  { writer, directory }: Pick<Office, 'writer' | 'directory'>,
  { agent, upline, direction, amount, key, ip }: PotTransfer,
): Promise<MoveOutcome> {
  const other = upline?.potId ?? (await directory.houseAccount(ACCOUNT.outside, agent.currency));
  const giving = direction === 'give';
  return writer.submit({
    kind: 'move',
    code: giving ? CODE.potGive : CODE.potTake,
    agentId: agent.id,
    playerId: null,
    key,
    ip,
    amount,
    debit: giving ? other : agent.potId,
    credit: giving ? agent.potId : other,
    locked: upline === null ? [agent.potId] : [agent.potId, upline.potId],
  });
}

export async function createStudioWithSecret(
  office: Office,
  wish: { name: string; vendors: readonly string[]; actor: string },
): Promise<{ id: StudioId; studio: string; key: string; secret: string }> {
  const name = cleanName(wish.name);
  if ((await findStudioByName(office.sql, name)) !== null)
    throw new OfficeError(`the name is taken: ${name}`);
  const vendors = await listVendors(office.sql);
  const taken = wish.vendors.find((vendor) =>
    vendors.some((each) => each.name === vendor && each.studioId !== null),
  );
  if (taken !== undefined) throw new OfficeError(`the vendor belongs to another studio: ${taken}`);
  const key = `st_${newSecret().slice(0, 20)}`;
  const secret = newSecret();
  const id = await office.sql.begin(async (tx) => {
    const studioId = await createStudio(tx, name);
    await addStudioSecret(tx, { studioId, key, sealed: office.vault.seal(secret) });
    await assignVendors(tx, studioId, wish.vendors);
    await record(tx, {
      actor: wish.actor,
      action: 'studio.create',
      subject: name,
      detail: { vendors: wish.vendors },
    });
    return studioId;
  });
  office.directory.forget();
  return { id, studio: name, key, secret };
}

/** Gives a studio a fresh secret under the same key. Two are live at a time: the one before the last dies. */
export async function rotateStudioSecret(
  office: Office,
  wish: { name: string; actor: string },
): Promise<{ studio: string; key: string; secret: string }> {
  const studio = await findStudioByName(office.sql, wish.name);
  if (studio === null || studio.key === null) throw new OfficeError(`no such studio: ${wish.name}`);
  const { id: studioId, key } = studio;
  const secret = newSecret();
  await office.sql.begin(async (tx) => {
    await addStudioSecret(tx, { studioId, key, sealed: office.vault.seal(secret) });
    await record(tx, { actor: wish.actor, action: 'studio.rotate', subject: wish.name });
  });
  return { studio: wish.name, key, secret };
}

/** Gives a player bonus points out of the house's promotion account. */
export async function givePoints(
  office: Office,
  wish: { player: PlayerKey; amount: bigint; actor: string },
): Promise<{ transactionId: number; points: bigint }> {
  const given = await grantPoints(office, { ...wish, key: null, ip: null });
  if (given === 'key_reused') throw new Error('points without a key');
  const { transferId: transactionId, points } = given;
  await record(office.sql, {
    actor: wish.actor,
    action: 'player.points',
    subject: `${wish.player.agentId}/${wish.player.username}`,
    detail: { amount: wish.amount.toString(), transactionId },
  });
  return { transactionId, points };
}

export interface PointsWish {
  readonly player: PlayerKey;
  /** Minor units. */
  readonly amount: bigint;
  /** What a repeat is known by; null: there is none. */
  readonly key: string | null;
  readonly ip: string | null;
}

/** The same without a line in the audit trail: that is the caller's. `points`: what the player holds then. */
export async function grantPoints(
  office: Pick<Office, 'sql' | 'writer' | 'directory'>,
  { player, amount, key, ip }: PointsWish,
): Promise<{ transferId: TransferId; points: bigint; replayed: boolean } | 'key_reused'> {
  const agent = await findAgentById(office.sql, player.agentId);
  if (agent === null) throw new Error('a player without an agent');
  const debit = await office.directory.houseAccount(ACCOUNT.promotion, agent.currency);
  const outcome = await office.writer.submit({
    kind: 'move',
    code: CODE.pointsGive,
    agentId: agent.id,
    playerId: player.id,
    debit,
    credit: player.pointsId,
    locked: [player.pointsId],
    ...{ amount, key, ip },
  });
  if (outcome.ok)
    return { transferId: outcome.transferId, points: outcome.creditBalance, replayed: outcome.replayed };
  if (outcome.code === 'key_reused') return 'key_reused';
  throw new OfficeError('the amount must be positive');
}
