/**
 * An online casino operator, small but whole, who knows the hub by its XT API alone.
 * Environment: HUB_URL, API_KEY, OPERATOR_DATA_DIR; HOST (127.0.0.1), PORT (0 = any), ADMIN_PASSWORD.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { openCashier } from './cashier.ts';
import { catalogueCache } from './catalogue.ts';
import { type Config, configOf } from './config.ts';
import { feedIndex } from './feed-index.ts';
import { feedPoller, feedReplay } from './feed-poller.ts';
import { lockFolder } from './folder-lock.ts';
import { openJournal } from './journal.ts';
import { ledgerEventOf } from './ledger-record.ts';
import { siteServer } from './server.ts';
import { sessionKey, sessions } from './session.ts';
import { applyEvent, emptyLedger } from './site-ledger.ts';
import { walletReader } from './wallet.ts';
import { xtClient } from './xt-client.ts';

const giftWon = 1_000_000n;

async function startSite(config: Config): Promise<{ url: string; close(): Promise<void> }> {
  const log = pino({ level: 'warn' });
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(config.dataDir);

  const broken = (err: unknown) => {
    log.fatal({ err }, 'a journal could not be written');
    process.exit(1);
  };
  const ledger = emptyLedger();
  const books = await openJournal(join(config.dataDir, 'ledger.ndjson'), {
    replay: (record) => applyEvent(ledger, ledgerEventOf(record)),
    broken,
  });
  const index = feedIndex(100_000);
  const stored = feedReplay(index);
  const rows = await openJournal(join(config.dataDir, 'feed.ndjson'), { replay: stored.replay, broken });

  const xt = xtClient({ base: config.xtBase, apiKey: config.apiKey, timeoutMs: 10_000, patienceMsMax: 3000 });
  const cashier = openCashier({ ledger, journal: books, xt, log, giftWon, membersMax: 10_000 });
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
    cashier,
    catalogue: catalogueCache({ xt, log, base: config.xtBase, keepMs: 60_000 }),
    wallet: walletReader(xt, 1200),
    feed: index,
    poller,
    sessions: sessions(await sessionKey(config.dataDir), Date.now),
    log,
    giftWon,
    adminPassword: config.adminPassword,
    decideMsMax: 6000,
  });
  const url = await app.listen({ host: config.host, port: config.port });
  const polling = poller.run();

  return {
    url,
    async close() {
      await app.close();
      poller.close();
      await Promise.all([cashier.close(), xt.close(), polling]);
      await Promise.all([books.close(), rows.close()]);
      await unlock();
    },
  };
}

const site = await startSite(configOf(process.env));
console.log(`operator site: ${site.url}`);
process.send?.({ type: 'ready', url: site.url });

let isClosing = false;
function drain(): void {
  if (isClosing) return;
  isClosing = true;
  site.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
process.once('SIGTERM', drain);
process.once('SIGINT', drain);
process.once('disconnect', drain);
