/** Users as the API answers them, and their states. */
import type { Tone } from '../kit/values.tsx';

export interface PlayerRow {
  readonly id: number;
  readonly username: string;
  readonly nickname: string;
  readonly agent: number;
  readonly agentName: string;
  readonly currency: string;
  readonly wallet: 'transfer' | 'seamless';
  readonly balance: string;
  readonly points: string;
  readonly state: PlayerState;
  readonly createdAt: string;
  readonly seenAt: string | null;
}

export interface Player extends PlayerRow {
  readonly mayPlay: boolean;
  readonly blockedAt: string | null;
  readonly blockReason: string | null;
  /** 'for good', or an instant. */
  readonly excludedUntil: string | null;
  readonly coolingUntil: string | null;
  readonly updatedAt: string;
  readonly openSessions: number;
}

export type PlayerState = 'active' | 'blocked' | 'excluded' | 'cooling';

export const PLAYER_TONES: Readonly<Record<PlayerState, Tone>> = {
  active: 'good',
  blocked: 'bad',
  excluded: 'warn',
  cooling: 'info',
};
