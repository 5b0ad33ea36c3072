/**
 * Certifications that run on this node, each on its own: nobody has to wait for one, and what it finds is kept
 * (src/db/certification.ts). A node that closes stops its runs, which put the players' balances back.
 */
import type { AgentId } from '../core/ids.ts';
import {
  beatCertification,
  type CertificationBeat,
  endCertification,
  startCertification,
} from '../db/certification.ts';
import type { Sql } from '../db/connect.ts';
import { runCertification } from './certify/certify.ts';
import type { Report } from './certify/report.ts';
import type { OperatorClientOptions } from './client.ts';
import type { Operator } from './operators.ts';

export interface Certifier {
  /** Starts one. running: the agent has one already. no_callback_url: there is nothing to certify. */
  start(wish: CertifyWish): Promise<{ readonly id: number } | 'running' | 'no_callback_url'>;
  /** Stops what is running here, and waits for it. */
  close(): Promise<void>;
}

export interface CertifyWish {
  readonly agentId: AgentId;
  /** A user at the operator; its balance is put back after. */
  readonly username: string;
  readonly startedBy: string;
}

export interface CertifierParts {
  readonly sql: Sql;
  readonly operatorOf: (agentId: AgentId) => Promise<Operator>;
  readonly client: OperatorClientOptions;
  readonly onError: (error: unknown) => void;
}

const BEAT_MS = 500;

export function openCertifier({ sql, operatorOf, client, onError }: CertifierParts): Certifier {
  const running = new Map<Promise<void>, AbortController>();

  function certify(operator: Operator, username: string, beating: Beating): Promise<Report> {
    const { target, currency, slotBooster } = operator;
    return runCertification({
      callbackUrl: target.callbackUrl ?? '',
      username,
      currency,
      userAgent: target.userAgent,
      secret: target.secrets[0] ?? null,
      tls: target.tls,
      slotBooster,
      client,
      curls: 'all',
      signal: beating.stop.signal,
      onProgress: ({ done, all: ofAll, title }) => beating.at({ done, ofAll, title }),
    });
  }

  async function run(id: number, operator: Operator, username: string): Promise<void> {
    const stop = new AbortController();
    const beating = beat(sql, id, stop);
    const work = (async () => {
      try {
        const report = await certify(operator, username, beating);
        const state = stop.signal.aborted ? 'stopped' : 'done';
        const found = { ok: report.ok, report: JSON.stringify(report) };
        await endCertification(sql, id, { ...beating.last(), ...found, state });
      } catch (error) {
        onError(error);
        const broken = { state: 'broken', ok: null, report: null } as const;
        await endCertification(sql, id, { ...beating.last(), ...broken }).catch(onError);
      } finally {
        beating.end();
      }
    })();
    running.set(work, stop);
    await work.finally(() => running.delete(work));
  }

  return {
    async start({ agentId, username, startedBy }) {
      const operator = await operatorOf(agentId);
      if (operator.target.callbackUrl === null) return 'no_callback_url';
      const id = await startCertification(sql, { agentId, username, startedBy });
      if (id === null) return 'running';
      void run(id, operator, username);
      return { id };
    },
    async close() {
      for (const stop of running.values()) stop.abort();
      await Promise.all(running.keys());
    },
  };
}

interface Beating {
  readonly stop: AbortController;
  at(beat: CertificationBeat): void;
  last(): CertificationBeat;
  end(): void;
}

/** Says again and again how far it is, and learns whether it is to stop. A store that is away for a while stops nothing. */
function beat(sql: Sql, id: number, stop: AbortController): Beating {
  let last: CertificationBeat = { done: 0, ofAll: 0, title: null };
  const tell = async () => {
    const goesOn = await beatCertification(sql, id, last).catch(() => true);
    if (!goesOn) stop.abort();
  };
  const timer = setInterval(tell, BEAT_MS);
  return {
    stop,
    at: (next) => {
      last = next;
    },
    last: () => last,
    end: () => clearInterval(timer),
  };
}
