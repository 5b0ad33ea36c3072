/** The parts of the running site that the routes use. */
import type { Logger } from 'pino';
import type { Cashier } from './cashier.ts';
import type { CatalogueCache } from './catalogue.ts';
import type { FeedIndex } from './feed-index.ts';
import type { FeedPoller } from './feed-poller.ts';
import type { Members } from './members.ts';
import type { Minor } from './money.ts';
import type { Desk } from './seamless-desk.ts';
import type { Sessions } from './session.ts';
import type { Wallet } from './wallet.ts';
import type { XtClient } from './xt-client.ts';

/** Two balances with a way between them, or one that the hub calls for. */
export type SiteMoney =
  | { readonly kind: 'transfer'; readonly cashier: Cashier; readonly wallet: Wallet }
  | { readonly kind: 'seamless'; readonly desk: Desk };

export interface Site {
  readonly xt: XtClient;
  readonly members: Members;
  readonly money: SiteMoney;
  readonly catalogue: CatalogueCache;
  readonly feed: FeedIndex;
  readonly poller: Pick<FeedPoller, 'cursor'>;
  readonly sessions: Sessions;
  readonly log: Logger;
  readonly gift: Minor;
  readonly adminPassword: string | null;
  /** How long a page waits for a movement to be decided before it says "being processed". */
  readonly decideMsMax: number;
}

export type TransferSite = Site & { readonly money: Extract<SiteMoney, { kind: 'transfer' }> };
export type SeamlessSite = Site & { readonly money: Extract<SiteMoney, { kind: 'seamless' }> };
