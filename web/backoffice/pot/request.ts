/** Requests for POT as the API answers them, and the key that makes a second click the same request. */
import { useState } from 'react';

export interface PotRequest {
  readonly id: number;
  readonly kind: 'recharge' | 'payment' | 'give' | 'take';
  readonly state: 'asked' | 'approved' | 'carried_out' | 'refused' | 'withdrawn' | 'expired';
  readonly agentId: number;
  readonly agent: string;
  readonly uplineId: number | null;
  readonly upline: string | null;
  readonly house: boolean;
  readonly amount: string;
  readonly currency: string;
  readonly note: string;
  readonly needed: number;
  readonly approvals: readonly { readonly person: string; readonly at: string }[];
  readonly askedBy: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly trying: boolean;
  readonly trouble: string | null;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  readonly reason: string | null;
  readonly transferId: number | null;
}

interface Balances {
  readonly before: string;
  readonly after: string;
}

export interface PotReceipt extends PotRequest {
  readonly movedAt: string | null;
  readonly agentPot: Balances | null;
  readonly uplinePot: Balances | null;
  readonly may: readonly ('approve' | 'refuse' | 'withdraw' | 'retry')[];
}

/** Sent again, also after an answer that never came, the same is the same; once it is done, the next is another. */
export function usePageKey(): { readonly keyFor: (...what: string[]) => string; readonly renew: () => void } {
  const [drawn, setDrawn] = useState(draw);
  return { keyFor: (...what) => [drawn, ...what].join(' '), renew: () => setDrawn(draw()) };
}

function draw(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
