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

/** False: it was so already. */
export async function setSwitch(
  db: Query,
  { agentId, vendorId, gameId }: Switch,
  { on, by }: { readonly on: boolean; readonly by: string },
): Promise<boolean> {
  const rows = on
    ? await db`delete from agent_vendor_off where agent_id = ${agentId} and vendor_id = ${vendorId}
        and game_id is not distinct from ${gameId}::integer returning 1 as changed`
    : await db`insert into agent_vendor_off (agent_id, vendor_id, game_id, made_by) values (${agentId}, ${vendorId}, ${gameId}, ${by})
        on conflict do nothing returning 1 as changed`;
  return rows.length > 0;
}

/** Who switched something off for an agent: itself or one above it, the nearest first. */
export interface SwitchSeen {
  readonly vendorId: VendorId;
  readonly gameId: GameId | null;
  readonly agentId: number;
  readonly agent: string;
  readonly by: string;
  readonly at: string;
}

export async function switchesOf(db: Query, agentId: AgentId): Promise<SwitchSeen[]> {
  const rows = await db`
    select o.vendor_id, o.game_id, a.id, a.username, o.made_by, wire_time(o.made_at) as at from agent_vendor_off o join agent a on a.id = o.agent_id
    where o.agent_id = any((select path from agent where id = ${agentId})::bigint[]) order by cardinality(a.path) desc, o.vendor_id, o.game_id`;
  return rows.map((row) => ({
    vendorId: trusted(row.vendor_id),
    gameId: trustedOrNull(row.game_id),
    agentId: Number(row.id),
    agent: row.username,
    by: row.made_by,
    at: row.at,
  }));
}
