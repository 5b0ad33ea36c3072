/** How limits are shown, and whose they are: of what lies above them an agent's people see the amount, not who it is. */
import { Type } from 'typebox';
import type { AgentId } from '../core/ids.ts';
import type { NamedLimit } from '../db/office-limit.ts';
import type { Scope } from './route.ts';
import { At, Minor, Nullable } from './shapes.ts';

export const LimitShape = Type.Object({
  id: Type.Integer(),
  agentId: Nullable(Type.Integer()),
  agent: Nullable(
    Type.String({ description: 'whose players it binds, with those of the agents below; null: an upline' }),
  ),
  currency: Type.String(),
  vendorId: Nullable(Type.Integer()),
  vendor: Nullable(Type.String()),
  gameId: Nullable(Type.Integer()),
  game: Nullable(Type.String()),
  playerId: Nullable(Type.Integer()),
  player: Nullable(Type.String()),
  maxBet: Nullable(Minor),
  maxWin: Nullable(Minor),
  owner: Type.Enum(['house', 'upline', 'own', 'below'], {
    description: 'whose it is, as the caller sees it',
  }),
  ownerName: Nullable(Type.String()),
  setBy: Nullable(Type.String({ description: 'the person' })),
  setAt: At,
  changeable: Type.Boolean({ description: 'belongs to the caller or to an agent below' }),
});

export interface ShownLimit {
  readonly id: number;
  readonly agentId: number | null;
  readonly agent: string | null;
  readonly currency: string;
  readonly vendorId: number | null;
  readonly vendor: string | null;
  readonly gameId: number | null;
  readonly game: string | null;
  readonly playerId: number | null;
  readonly player: string | null;
  readonly maxBet: string | null;
  readonly maxWin: string | null;
  readonly owner: 'house' | 'upline' | 'own' | 'below';
  readonly ownerName: string | null;
  readonly setBy: string | null;
  readonly setAt: string;
  readonly changeable: boolean;
}

/** Whether a limit belongs to one of these agents; null: to anybody, the house too. */
export function isOwners({ setBy }: Pick<NamedLimit, 'setBy'>, agents: readonly AgentId[] | null): boolean {
  return agents === null || (setBy !== null && agents.includes(setBy));
}

/** `agents`: those in the caller's sight. */
export function shownLimit(scope: Scope, row: NamedLimit, agents: readonly AgentId[]): ShownLimit {
  const { id, agentId, agent, currency, vendorId, vendor, gameId, game, playerId, player, setAt } = row;
  const own = scope.kind === 'agent' ? scope.agentId : null;
  const seen = scope.kind === 'house' ? null : [scope.agentId, ...agents];
  const isAbove = seen !== null && !seen.includes(agentId);
  const changeable = isOwners(row, seen);
  const owner = row.setBy === own ? (own === null ? 'house' : 'own') : changeable ? 'below' : 'upline';
  return {
    ...{ id, currency, vendorId, vendor, gameId, game, playerId, player, setAt, owner, changeable },
    agentId: isAbove ? null : agentId,
    agent: isAbove ? null : agent,
    maxBet: row.maxBet?.toString() ?? null,
    maxWin: row.maxWin?.toString() ?? null,
    ownerName: changeable ? row.setByName : null,
    setBy: changeable && row.setPerson !== '' ? row.setPerson : null,
  };
}
