/**
 * Everything by which the hub reaches operators, on one node: the lines to them, play that asks them, delivery that
 * tells them, and the look at a player's money before a game starts.
 */
import type { Logger } from 'pino';
import type { Callback, Stakeholder } from '../core/callback-types.ts';
import { type AgentId, trusted } from '../core/ids.ts';
import { balanceOf } from '../db/agent.ts';
import { agentsDue, claimDue, claimOrphans, letGo } from '../db/callback.ts';
import type { Sql } from '../db/connect.ts';
import { findUsername } from '../db/player.ts';
import { createCache } from '../engine/cache.ts';
import type { Directory } from '../engine/directory.ts';
import type { LedgerWriter } from '../engine/ledger-writer.ts';
import type { Vault } from '../engine/seal.ts';
import { type Certifier, openCertifier } from './certifier.ts';
import { type OperatorClientOptions, type OperatorHealth, openOperatorClient } from './client.ts';
import { type DeliveryStep, openDelivery } from './deliver.ts';
import { type BalanceAnswer, type CallSeen, openExchange, type PacketNames } from './exchange.ts';
import { type Operator, openOperators } from './operators.ts';
import { type AskStep, openPlay, type Play } from './play.ts';

export interface OutreachOptions {
  readonly sql: Sql;
  readonly directory: Directory;
  readonly writer: LedgerWriter;
  readonly vault: Vault;
  readonly log: Logger;
  readonly client: OperatorClientOptions;
  /** Told of every call to an operator when it has ended. */
  readonly onCall?: (call: CallSeen) => void;
  /** Test seam: called between the steps of a question and of a delivery; may throw or delay. */
  readonly atStep?: (step: AskStep | DeliveryStep) => void | Promise<void>;
}

/** Why a seamless player's game may not start; ok: it may. */
export type StartAnswer = 'ok' | 'unknown_user' | 'unavailable' | 'pot_too_low';

export interface Outreach {
  readonly play: Play;
  /** Contract xt §5: what the operator reports must be covered by the agent's POT. Learns the balance. */
  mayStart(player: Stakeholder): Promise<StartAnswer>;
  /** Asks the operator and learns what it says. */
  balanceOf(player: Stakeholder): Promise<BalanceAnswer>;
  /** Delivers what a commit of this node has taken on. */
  take(callbacks: readonly Callback[]): void;
  sweep(): Promise<number>;
  health(): readonly OperatorHealth[];
  /** An agent as the operator it is, secrets opened: to try its wallet out. */
  operatorOf(agentId: AgentId): Promise<Operator>;
  /** What may be reached, and other bounds of the client. */
  readonly reach: OperatorClientOptions;
  readonly certifier: Certifier;
  /** Waits for what is under way; what is not delivered then is found by another node or the next start. */
  close(): Promise<void>;
}

const NAMES_MAX = 200_000;

export function openOutreach(options: OutreachOptions): Outreach {
  const { sql, directory, writer, vault, log, onCall, atStep } = options;
  const client = openOperatorClient(options.client);
  const operators = openOperators({ sql, vault, directory });
  const exchange = openExchange({
    client,
    operatorOf: operators.of,
    names: packetNames(sql, directory),
    ...(onCall === undefined ? {} : { onCall }),
  });
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const seam = atStep === undefined ? {} : { atStep };
  const delivery = openDelivery({
    writer,
    exchange,
    store: {
      orphans: (limit) => claimOrphans(sql, limit),
      agents: () => agentsDue(sql),
      due: (agentId, limit) => claimDue(sql, agentId, limit),
      letGo: (ids) => letGo(sql, ids),
    },
    pause,
    random: Math.random,
    onError: (error) => log.warn({ err: error }, 'a callback was not delivered'),
    onListed: ({ id, agentId }) => log.error({ callback: id, agent: agentId }, 'a callback was given up'),
    ...seam,
  });
  const play = openPlay({ writer, exchange, delivery, pause, now: () => performance.now(), ...seam });

  async function learnt(player: Stakeholder): Promise<BalanceAnswer> {
    const told = await exchange.balanceOf(player);
    if (told.ok) await writer.submit({ kind: 'learn_balance', player, balance: told.balance });
    return told;
  }

  const certifier = openCertifier({
    sql,
    operatorOf: operators.of,
    client: options.client,
    onError: (error) => log.warn({ err: error }, 'a certification was broken off'),
  });
  return {
    play,
    async mayStart(player) {
      const told = await learnt(player);
      if (!told.ok) return told.code;
      return told.balance > (await balanceOf(sql, player.fundsId)) ? 'pot_too_low' : 'ok';
    },
    balanceOf: learnt,
    take: delivery.take,
    sweep: delivery.sweep,
    health: client.health,
    operatorOf: operators.of,
    reach: options.client,
    certifier,
    async close() {
      await certifier.close();
      await delivery.close();
      await client.close();
    },
  };
}

function packetNames(sql: Sql, directory: Directory): PacketNames {
  const forEver = () => Number.POSITIVE_INFINITY;
  const usernames = createCache((id: number) => findUsername(sql, trusted(id)), {
    sizeMax: NAMES_MAX,
    ttlMs: forEver,
    keep: (name) => name !== null,
  });
  return {
    async username(playerId) {
      const name = await usernames.get(playerId);
      if (name === null) throw new Error(`no player ${playerId}`);
      return name;
    },
    async game(gameId) {
      const game = (await directory.catalogue()).byId.get(gameId);
      if (game === undefined) throw new Error(`no game ${gameId}`);
      return { id: game.publicId, type: game.type, title: game.title, vendor: game.vendor };
    },
  };
}
