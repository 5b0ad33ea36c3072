/** Commands about operators' users. */
import { toDecimal } from '../core/money.ts';
import { findAgentById } from '../db/agent.ts';
import { record } from '../db/audit.ts';
import {
  excludeSelf,
  findPlayer,
  findPlayerById,
  findPlayersByName,
  type PlayerRecord,
  setBlocked,
  coolOff as setBreak,
} from '../db/player.ts';
import { agentNamed, givePoints, type Office } from '../office.ts';
import { actor, amountOf, CliError, type Json, print, table, withOffice } from './context.ts';

interface Named extends Json {
  readonly username: string;
  readonly agent?: string;
}

export const show = (options: Named) => change(options, async () => null);

export const block = (options: Named & { readonly reason: string }) =>
  change(options, async (office, player) => {
    await setBlocked(office.sql, player.id, { reason: options.reason });
    return { action: 'player.block', detail: { reason: options.reason } };
  });

export const unblock = (options: Named) =>
  change(options, async (office, player) => {
    await setBlocked(office.sql, player.id, null);
    return { action: 'player.unblock', detail: {} };
  });

export const exclude = (options: Named & { readonly days?: string }) =>
  change(options, async (office, player) => {
    const until =
      options.days === undefined ? null : fromNow(options.days, { name: '--days', unitMs: 86_400_000 });
    await excludeSelf(office.sql, player.id, until);
    return { action: 'player.exclude', detail: { until: until?.toISOString() ?? 'for good' } };
  });

export const coolOff = (options: Named & { readonly hours: string }) =>
  change(options, async (office, player) => {
    const until = fromNow(options.hours, { name: '--hours', unitMs: 3_600_000 });
    await setBreak(office.sql, player.id, until);
    return { action: 'player.cool-off', detail: { until: until.toISOString() } };
  });

export const points = (options: Named & { readonly give: string }) =>
  change(options, async (office, player) => {
    const agent = await findAgentById(office.sql, player.agentId);
    if (agent === null) throw new Error('a player without an agent');
    await givePoints(office, {
      player,
      amount: amountOf('--give', options.give, agent.currency),
      actor: actor(),
    });
    return null;
  });

function fromNow(text: string, { name, unitMs }: { name: string; unitMs: number }): Date {
  if (!/^\d{1,5}$/.test(text) || Number(text) === 0)
    throw new CliError(`${name} must be a whole number greater than zero`, 2);
  return new Date(Date.now() + Number(text) * unitMs);
}

type Act = (
  office: Office,
  player: PlayerRecord,
) => Promise<{ action: string; detail: Record<string, unknown> } | null>;

/** Finds the user, acts, writes the audit trail, and shows the user as it is then. */
async function change(options: Named, act: Act): Promise<void> {
  const shown = await withOffice(async (office) => {
    const player = await findNamed(office, options);
    const done = await act(office, player);
    if (done !== null)
      await record(office.sql, { actor: actor(), subject: `${player.agentId}/${player.username}`, ...done });
    return describe(office, (await findPlayerById(office.sql, player.id)) ?? player);
  });
  print(options, shown, (player) => table([player]));
}

async function findNamed(office: Office, { username, agent: agentName }: Named): Promise<PlayerRecord> {
  if (agentName !== undefined) {
    const agent = await agentNamed(office, agentName);
    const player = await findPlayer(office.sql, agent.id, username);
    if (player === null) throw new CliError(`no such user of ${agent.username}: ${username}`);
    return player;
  }
  const players = await findPlayersByName(office.sql, username);
  if (players.length > 1)
    throw new CliError(`${players.length} agents have a user of that name: add --agent`, 2);
  const [player] = players;
  if (player === undefined) throw new CliError(`no such user: ${username}`);
  return player;
}

async function describe(office: Office, player: PlayerRecord) {
  const agent = await findAgentById(office.sql, player.agentId);
  if (agent === null) throw new Error('a player without an agent');
  const decimal = (amount: bigint) => Number(toDecimal(amount, agent.currency));
  const {
    id,
    username,
    nickname,
    mayPlay,
    blockedAt,
    blockReason,
    excludedUntil,
    coolingUntil,
    createdAt,
    lastAccessAt,
  } = player;
  return {
    id,
    username,
    nickname,
    agent: agent.username,
    currency: agent.currency,
    balance: decimal(player.balance),
    points: decimal(player.points),
    mayPlay,
    blocked: blockedAt !== null,
    blockedAt,
    blockReason,
    excludedUntil,
    coolingUntil,
    createdAt,
    lastAccessAt,
  };
}
