/** What agents have switched off, and what the house says of vendors and games. */
import { type AgentId, type GameId, trusted, trustedOrNull, type VendorId } from '../core/ids.ts';
import type { Query } from './connect.ts';

/** Of an agent: by itself or by one above it. */
export interface SwitchedOff {
  readonly vendors: ReadonlySet<VendorId>;
  readonly games: ReadonlySet<GameId>;
}

const NOTHING: SwitchedOff = { vendors: new Set(), games: new Set() };

export async function switchedOffFor(db: Query, agentId: AgentId): Promise<SwitchedOff> {
  const rows = await db`
    select o.vendor_id, o.game_id from agent_vendor_off o
    where o.agent_id = any((select path from agent where id = ${agentId})::bigint[])`;
  if (rows.length === 0) return NOTHING;
  return {
    vendors: new Set(
      rows.filter((row) => row.game_id === null).map((row) => trusted<VendorId>(row.vendor_id)),
    ),
    games: new Set(rows.filter((row) => row.game_id !== null).map((row) => trusted<GameId>(row.game_id))),
  };
}

export interface Switch {
  readonly agentId: AgentId;
  readonly vendorId: VendorId;
  /** Null: the whole vendor. */
  readonly gameId: GameId | null;
}

export interface Side {
  /** Null: the house. */
  readonly agentId: AgentId | null;
  readonly person: string;
}

/** A side lifts what it and those below it have switched off, nothing else. False: it was so already. */
export async function setSwitch(
  db: Query,
  { agentId, vendorId, gameId }: Switch,
  { on, side }: { readonly on: boolean; readonly side: Side },
): Promise<boolean> {
  const within =
    side.agentId === null
      ? db`true`
      : db`o.side in (select s.id from agent s where s.path @> array[${side.agentId}::bigint])`;
  const rows = on
    ? await db`delete from agent_vendor_off o where o.agent_id = ${agentId} and o.vendor_id = ${vendorId}
        and o.game_id is not distinct from ${gameId}::integer and ${within} returning 1 as changed`
    : await db`insert into agent_vendor_off (agent_id, vendor_id, game_id, side, made_by)
        values (${agentId}, ${vendorId}, ${gameId}, ${side.agentId}, ${side.person}) on conflict do nothing returning 1 as changed`;
  return rows.length > 0;
}

/** What is switched off for an agent: for itself or for one above it, by whom. */
export interface SwitchSeen {
  readonly vendorId: VendorId;
  readonly gameId: GameId | null;
  /** For whom. */
  readonly agentId: AgentId;
  readonly agent: string;
  /** By whom; null: the house. */
  readonly sideId: AgentId | null;
  readonly side: string | null;
  readonly person: string;
  readonly at: string;
}

/** Those of the sides furthest up come first: theirs hold, whatever is switched below. */
export async function switchesOf(db: Query, agentId: AgentId): Promise<SwitchSeen[]> {
  const rows = await db`
    select o.vendor_id, o.game_id, a.id, a.username, o.side, s.username as side_name, o.made_by, wire_time(o.made_at) as at
    from agent_vendor_off o join agent a on a.id = o.agent_id left join agent s on s.id = o.side
    where o.agent_id = any((select path from agent where id = ${agentId})::bigint[])
    order by cardinality(s.path) nulls first, cardinality(a.path), o.vendor_id, o.game_id`;
  return rows.map((row) => ({
    vendorId: trusted(row.vendor_id),
    gameId: trustedOrNull(row.game_id),
    agentId: trusted(row.id),
    agent: row.username,
    sideId: trustedOrNull(row.side),
    side: row.side_name,
    person: row.made_by,
    at: row.at,
  }));
}
