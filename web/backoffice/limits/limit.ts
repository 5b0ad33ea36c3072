/** Limits as the API tells them. */

export type LimitKind = 'bet' | 'win';

export interface Limit {
  readonly id: number;
  /** Null: an upline, who is not told. */
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

export interface Trial {
  readonly allowed: boolean;
  /** Minor units that would be staked, or paid. */
  readonly amount: string;
  readonly currency: string;
  readonly maxBet: string | null;
  readonly maxWin: string | null;
  readonly rows: readonly (Limit & { readonly holds: boolean })[];
}

export interface Vendor {
  readonly id: number;
  readonly name: string;
  readonly games: readonly { readonly id: number; readonly title: string }[];
}

export const FIELD = { bet: 'maxBet', win: 'maxWin' } as const satisfies Record<LimitKind, keyof Limit>;
