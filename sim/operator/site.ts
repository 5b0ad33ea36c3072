/** The parts of the running site that the routes use. */
import type { Logger } from 'pino';
import type { Cashier } from './cashier.ts';
import type { CatalogueCache } from './catalogue.ts';
import type { FeedIndex } from './feed-index.ts';
import type { FeedPoller } from './feed-poller.ts';
import type { Won } from './money.ts';
import type { Sessions } from './session.ts';
import type { Wallet } from './wallet.ts';
import type { XtClient } from './xt-client.ts';

export interface Site {
  readonly xt: XtClient;
  readonly cashier: Cashier;
  readonly catalogue: CatalogueCache;
  readonly wallet: Wallet;
  readonly feed: FeedIndex;
  readonly poller: Pick<FeedPoller, 'cursor'>;
  readonly sessions: Sessions;
  readonly log: Logger;
  readonly giftWon: Won;
  readonly adminPassword: string | null;
  /** How long a page waits for a movement to be decided before it says "being processed". */
  readonly decideMsMax: number;
}
