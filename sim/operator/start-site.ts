/** Puts one site together and opens its door; the other way round when it closes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { openCashier } from './cashier.ts';
import { catalogueCache } from './catalogue.ts';
import type { Config } from './config.ts';
import { feedIndex } from './feed-index.ts';
import { feedPoller, feedReplay } from './feed-poller.ts';
import { lockFolder } from './folder-lock.ts';
import { openJournal } from './journal.ts';
import { ledgerEventOf } from './ledger-record.ts';
import type { Members } from './members.ts';
import { currency } from './money.ts';
import { openDesk } from './seamless-desk.ts';
import { noFaults } from './seamless-faults.ts';
import { openMembers } from './seamless-members.ts';
import { siteServer } from './server.ts';
import { sessionKey, sessions } from './session.ts';
import type { SiteMoney } from './site.ts';
import { applyEvent, emptyLedger } from './site-ledger.ts';
import { walletReader } from './wallet.ts';
import { type XtClient, xtClient } from './xt-client.ts';

const gift = 1_000_000n;
const membersMax = 10_000;

export interface RunningSite {
  readonly url: string;
  /** Below it the hub calls …/balance and …/changeBalance; null in transfer mode. */
  readonly callbackUrl: string | null;
  close(): Promise<void>;
}

interface MoneyParts {
  readonly config: Config;
  readonly xt: XtClient;
  readonly log: Logger;
  broken(error: unknown): void;
}

interface OpenMoney {
  readonly money: SiteMoney;
  readonly members: Members;
  close(): Promise<void>;
}

async function transferMoney({ config, xt, log, broken }: MoneyParts): Promise<OpenMoney> {
  const ledger = emptyLedger();
  const journal = await openJournal(join(config.dataDir, 'ledger.ndjson'), {
    replay: (record) => applyEvent(ledger, ledgerEventOf(record)),
    broken,
  });
  const cashier = openCashier({ ledger, journal, xt, log, gift, membersMax });
  return {
    money: { kind: 'transfer', cashier, wallet: walletReader(xt, 1200) },
    members: cashier,
    async close() {
      await cashier.close();
      await journal.close();
    },
  };
}

function seamlessMoney({ dataDir }: Config, secret: string): OpenMoney {
  const desk = openDesk({
    path: join(dataDir, 'wallet.db'),
    currency,
    secret,
    openWith: null,
    faults: noFaults,
  });
  return {
    money: { kind: 'seamless', desk },
    members: openMembers({ db: desk.db, books: desk.books, gift, membersMax }),
    async close() {
      desk.close();
    },
  };
}

export async function startSite(config: Config): Promise<RunningSite> {
  const { dataDir, wallet } = config;
  const log = pino({ level: 'warn' });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(dataDir);
  const broken = (err: unknown) => {
    log.fatal({ err }, 'a journal could not be written');
    process.exit(1);
  };
  const xt = xtClient({ base: config.xtBase, apiKey: config.apiKey, timeoutMs: 10_000, patienceMsMax: 3000 });
  const books =
    wallet.kind === 'transfer'
      ? await transferMoney({ config, xt, log, broken })
      : seamlessMoney(config, wallet.secret);
  const index = feedIndex(100_000);
  const stored = feedReplay(index);
  const rows = await openJournal(join(dataDir, 'feed.ndjson'), { replay: stored.replay, broken });
  const poller = feedPoller({
    xt,
    index,
    journal: rows,
    log,
    cursor: stored.cursor(),
    pollMs: 2000,
    intervalMsMin: 1050,
    lateEveryMs: 60_000,
    lateStretchMs: 5 * 60_000,
    perPage: 1000,
  });
  const app = siteServer({
    xt,
    members: books.members,
    money: books.money,
    catalogue: catalogueCache({ xt, log, base: config.xtBase, keepMs: 60_000 }),
    feed: index,
    poller,
    sessions: sessions(await sessionKey(dataDir), Date.now),
    log,
    gift,
    adminPassword: config.adminPassword,
    decideMsMax: 6000,
  });
  const url = await app.listen({ host: config.host, port: config.port });
  const polling = poller.run();

  return {
    url,
    callbackUrl: wallet.kind === 'seamless' ? `${url}/seamless` : null,
    async close() {
      await app.close();
      poller.close();
      await Promise.all([books.close(), xt.close(), polling]);
      await rows.close();
      await unlock();
    },
  };
}
