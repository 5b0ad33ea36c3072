/** What the hub answers about callbacks (src/backoffice/callbacks.ts). */
import type { Tone } from '../kit/values.tsx';

export interface CallbackRow {
  readonly id: number;
  readonly agentId: number;
  readonly agent: string;
  readonly playerId: number;
  readonly username: string;
  readonly type: string;
  readonly amount: string;
  readonly after: string | null;
  readonly currency: string;
  readonly refererId: number | null;
  readonly vendor: string | null;
  readonly game: string | null;
  readonly round: string | null;
  readonly externalId: string | null;
  readonly at: string;
  readonly state: CallbackState;
  readonly attempts: number;
  readonly nextAt: string | null;
  readonly resolvedBy: string | null;
  readonly reason: string | null;
  readonly lastAt: string | null;
  readonly lastClass: string | null;
  readonly lastStatus: number | null;
}

export type CallbackState =
  | 'asking'
  | 'due'
  | 'listed'
  | 'resolved'
  | 'accepted'
  | 'refused'
  | 'taken_back'
  | 'delivered';

export const STATE_TONES: Readonly<Record<CallbackState, Tone>> = {
  asking: 'info',
  due: 'warn',
  listed: 'bad',
  resolved: 'idle',
  accepted: 'good',
  refused: 'idle',
  taken_back: 'warn',
  delivered: 'good',
};

export interface Attempt {
  readonly n: number;
  readonly at: string;
  readonly class: string;
  readonly status: number | null;
  readonly elapsedMs: number;
  readonly request: string;
  readonly answer: string;
}

export interface InLine {
  readonly id: number;
  readonly type: string;
  readonly state: CallbackState;
  readonly attempts: number;
  readonly at: string;
  readonly nextAt: string | null;
}

export interface OneCallback {
  readonly callback: CallbackRow;
  readonly attempts: readonly Attempt[];
  readonly line: readonly InLine[];
}

export interface OperatorHealth {
  readonly agentId: number;
  readonly agent: string;
  readonly callbackUrl: string | null;
  readonly asking: number;
  readonly due: number;
  readonly listed: number;
  readonly oldestSeconds: number | null;
  readonly lastSuccessAt: string | null;
  readonly attempts: number;
  readonly failed: number;
  readonly refused: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly line: {
    readonly state: 'closed' | 'open' | 'half_open';
    readonly inFlight: number;
    readonly waiting: number;
  } | null;
}
