/** Sends test packets one after another, as fast as the hub lets them go, and keeps what came of them while the page is open. */
import { useState } from 'react';
import { post, Refused } from '../api.ts';
import type { Tested } from './wire.ts';

export interface TestWish {
  readonly packet: string;
  readonly username: string;
  /** Minor units. */
  readonly amount?: string;
  readonly refererId?: number;
  /** Id of a packet to be sent again. */
  readonly again?: number;
}

export interface Sent {
  /** Counts up. */
  readonly n: number;
  readonly wish: TestWish;
  readonly answer: Tested;
}

const SENT_MAX = 50;
const TRIES_MAX = 5;

export function usePackets(agentId: number) {
  const [sent, setSent] = useState<readonly Sent[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const one = async (wish: TestWish): Promise<Tested> => {
    const answer = await sentInTurn(agentId, wish);
    setSent((before) => [{ n: (before[0]?.n ?? 0) + 1, wish, answer }, ...before].slice(0, SENT_MAX));
    return answer;
  };
  const whileBusy = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    await work().catch(setError);
    setBusy(false);
  };
  return {
    sent,
    busy,
    error,
    send: (wish: TestWish) => whileBusy(() => one(wish)),
    /** Every kind there is, such that the user has at the end what it had: what is not cancelled is taken back by its opposite. */
    sendAll: (username: string, amount: string) =>
      whileBusy(async () => {
        await one({ packet: 'balance', username });
        const bet = await one({ packet: 'bet', username, amount });
        const refererId = bet.id ?? 0;
        await one({ packet: 'win', username, amount, refererId });
        await one({ packet: 'exceed_credit', username, amount, refererId });
        await one({ packet: 'win_zero', username, refererId });
        await one({ packet: 'cancel', username, amount, refererId });
        await one({ packet: 'promo_win', username, amount });
        await one({ packet: 'charge', username, amount });
        await one({ packet: 'adjust_plus', username, amount });
        await one({ packet: 'adjust_minus', username, amount });
      }),
  };
}

async function sentInTurn(agentId: number, wish: TestWish): Promise<Tested> {
  for (let tries = 1; ; tries++) {
    try {
      return await post<Tested>(`/developer/${agentId}/test-packets`, wish);
    } catch (error) {
      const wait = error instanceof Refused && error.code === 'too_many' ? error.retryAfterMs : null;
      if (wait === null || tries >= TRIES_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
