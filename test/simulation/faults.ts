/**
 * What goes wrong, by chance: errors and delays between the steps of a batch, ledger connections that are cut,
 * account rows somebody else holds for a while, and a database that refuses some rows.
 */

import { connect } from '../../src/db/connect.ts';
import type { LedgerWriterOptions } from '../../src/engine/ledger-writer.ts';
import type { Chance } from './random.ts';

export interface Faults {
  readonly atStep: NonNullable<LedgerWriterOptions['atStep']>;
  /** Begins to break things; returns how to end it, which leaves the database as it was. */
  start(databaseUrl: string): Promise<() => Promise<void>>;
  counts(): Readonly<Record<string, number>>;
}

/** Longer than a batch may take in this simulation. */
const STALL_MS = 700;
/** Transfers of this amount are refused by the database while faults are on: a poison command. */
const POISON = 13;

export function createFaults(chance: Chance): Faults {
  const counts: Record<string, number> = {};
  let on = false;
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  return {
    counts: () => counts,
    async atStep(step) {
      if (!on) return;
      if (chance.happens(3)) {
        count(`error when ${step}`);
        throw new Error(`fault: ${step}`);
      }
      if (chance.happens(5)) {
        count(`delay when ${step}`);
        await pause(chance.happens(3) ? STALL_MS : chance.below(40));
      }
    },
    async start(databaseUrl) {
      const admin = connect(databaseUrl, { max: 3, name: 'fault' });
      await admin.unsafe(`create function fault() returns trigger language plpgsql as $$ begin raise exception 'fault: refused'; end $$;
        create trigger fault before insert on transfer for each row when (new.amount = ${POISON} or random() < 0.003) execute function fault()`);
      on = true;
      const cut = async () => {
        count('connections cut');
        await admin`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'croupier ledger' and random() < 0.7`;
      };
      const hold = async () => {
        count('rows held');
        await admin.begin(async (tx) => {
          await tx`select 1 from account where kind < 10 order by random() limit ${1 + chance.below(3)} for update`;
          await tx`select pg_sleep(${chance.below(900) / 1000})`;
        });
      };
      const running = [cut, cut, hold].map(async (breakIt) => {
        while (on) {
          await pause(chance.below(500));
          if (on) await breakIt().catch(() => count('faults that failed'));
        }
      });
      return async () => {
        on = false;
        await Promise.all(running);
        await admin.unsafe('drop trigger fault on transfer; drop function fault()');
        await admin.end();
      };
    },
  };
}

/** Time is part of these faults: nothing else waits for it. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
