/** A site put together in this process, on a double and a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import pino from 'pino';
import { type Cashier, openCashier } from '../../sim/operator/cashier.ts';
import { feedIndex } from '../../sim/operator/feed-index.ts';
import { type FeedPoller, feedPoller, feedReplay } from '../../sim/operator/feed-poller.ts';
import { openJournal } from '../../sim/operator/journal.ts';
import { ledgerEventOf } from '../../sim/operator/ledger-record.ts';
import { applyEvent, emptyLedger } from '../../sim/operator/site-ledger.ts';
import { type XtClient, xtClient } from '../../sim/operator/xt-client.ts';
import { type XtDouble, xtDouble } from './xt-double.ts';

export const silent = pino({ level: 'silent' });

function broken(error: unknown): never {
  throw error;
}

export async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'operator-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function doubleFor(t: TestContext): Promise<XtDouble> {
  const double = await xtDouble();
  t.after(() => double.close());
  return double;
}

export function clientFor(t: TestContext, double: XtDouble): XtClient {
  const xt = xtClient({
    base: `${double.url}/api`,
    apiKey: double.apiKey,
    timeoutMs: 5000,
    patienceMsMax: 1000,
  });
  t.after(() => xt.close());
  return xt;
}

export interface Counter {
  readonly cashier: Cashier;
  /** As a crash would: nothing is waited for but the file. */
  stop(): Promise<void>;
}

export async function counterFor(xt: XtClient, folder: string): Promise<Counter> {
  const ledger = emptyLedger();
  const replay = (record: unknown) => applyEvent(ledger, ledgerEventOf(record));
  const journal = await openJournal(join(folder, 'ledger.ndjson'), { replay, broken });
  const cashier = openCashier({ ledger, journal, xt, log: silent, gift: 1_000_000n, membersMax: 5 });
  return {
    cashier,
    async stop() {
      await cashier.close();
      await journal.close();
    },
  };
}

export interface Reader {
  readonly poller: FeedPoller;
  readonly index: ReturnType<typeof feedIndex>;
  stop(): Promise<void>;
}

export async function readerFor(xt: XtClient, folder: string): Promise<Reader> {
  const index = feedIndex(10_000);
  const stored = feedReplay(index);
  const journal = await openJournal(join(folder, 'feed.ndjson'), { replay: stored.replay, broken });
  const pace = { pollMs: 1, intervalMsMin: 0, lateEveryMs: 0, lateStretchMs: 300_000, perPage: 3 };
  const poller = feedPoller({ xt, index, journal, log: silent, cursor: stored.cursor(), ...pace });
  return {
    poller,
    index,
    async stop() {
      poller.close();
      await journal.close();
    },
  };
}
