/**
 * The hubs of a run on one database: one that stays, and others that are closed or abandoned and begun anew. An
 * abandoned hub does nothing more at its next step, as if its process had ended there.
 */
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Hub, type HubOptions, openHub } from '../../../src/hub.ts';
import type { Chance } from '../../simulation/random.ts';
import { SECRET_KEY, type StudioClient, studioClient, type World } from '../../world.ts';

interface Node {
  readonly hub: Hub;
  readonly url: string;
  readonly life: Life;
}

interface Life {
  isAbandoned: boolean;
}

const OTHERS = 2;
const STALL_MS_MAX = 300;
/** Short, so that a minute holds many failures. */
const CLIENT = {
  ...{ allowLoopback: true, allowedNetworks: [], questionTimeoutMs: 150, messageTimeoutMs: 250 },
  ...{ connectTimeoutMs: 100, waitMsMax: 100, unwellMax: 10, openMs: 50, openMsMax: 200 },
};

export class Fleet {
  readonly counts: Record<string, number> = {};
  /** While true, steps fail and stall by chance. */
  isFaulty = false;
  private readonly chance: Chance;
  private nodes: Node[] = [];
  private readonly ending = new Set<Promise<void>>();
  private databaseUrl = '';

  constructor(chance: Chance) {
    this.chance = chance;
  }

  /** How a hub is opened; once its life is abandoned, no step of it comes to pass. */
  options(life: Life = { isAbandoned: false }): Partial<HubOptions> & Pick<HubOptions, 'outreach'> {
    const atStep = async () => {
      if (life.isAbandoned) throw new Error('abandoned');
      await this.stall();
      if (life.isAbandoned) throw new Error('abandoned');
    };
    return {
      writer: { batchTimeoutMs: 600, batchMax: 40, atStep },
      outreach: { client: CLIENT, atStep },
    };
  }

  async begin({ databaseUrl, hub, url }: World): Promise<void> {
    this.databaseUrl = databaseUrl;
    this.nodes = [{ hub, url, life: { isAbandoned: false } }];
    for (let other = 0; other < OTHERS; other++) this.nodes.push(await this.open());
  }

  /** The studio at any hub. */
  client(studio: StudioClient): StudioClient {
    return studioClient(this.chance.pick(this.nodes).url, studio);
  }

  /** Ends one of the others, in order or not, and begins another. */
  async replace(): Promise<void> {
    const place = 1 + this.chance.below(OTHERS);
    const { hub, life } = this.nodes[place]!;
    this.nodes.splice(place, 1);
    const isOrderly = this.chance.happens(40);
    this.count(isOrderly ? 'hubs closed' : 'hubs abandoned');
    life.isAbandoned = !isOrderly;
    const ended = hub.close().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
    this.nodes.push(await this.open());
  }

  /** Lets leases and pauses pass that would be long; questions only when they are old enough for their node to be gone. */
  async jump({ askingToo }: { askingToo: boolean }): Promise<void> {
    const { sql } = this.nodes[0]!.hub;
    await sql`update callback set next_at = next_at - interval '10 seconds' where id in (
      select id from callback where state < 2 and next_at < 'infinity' and (state = 1 or ${askingToo} or at < now() - interval '1 second')
      for update skip locked)`;
  }

  /** Ends connections that write the ledger. */
  async cut(): Promise<void> {
    this.count('connections cut');
    await this.nodes[0]!.hub.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'croupier ledger' and random() < 0.6`;
  }

  /** Somebody else has a few of the accounts for a while, sometimes longer than a batch may take. */
  async hold(): Promise<void> {
    this.count('rows held');
    const ms = this.chance.below(900);
    await this.nodes[0]!.hub.sql.begin(async (tx) => {
      // In the order everybody locks in: the trouble meant is waiting, not a deadlock of the test's own.
      await tx`select 1 from account where id = any(array(select id from account where kind < 10 order by random() limit 2))
        order by id for update`;
      await delay(ms);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.slice(1).map(({ hub }) => hub.close()));
    await Promise.all(this.ending);
  }

  private async open(): Promise<Node> {
    const life: Life = { isAbandoned: false };
    const hub = await openHub({
      databaseUrl: this.databaseUrl,
      secretKey: SECRET_KEY,
      lanes: 1,
      retentionDays: 1826,
      trustProxy: false,
      logLevel: 'silent',
      ...this.options(life),
    });
    await hub.server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = hub.server.server.address() as AddressInfo;
    return { hub, life, url: `http://127.0.0.1:${port}` };
  }

  private async stall(): Promise<void> {
    if (!this.isFaulty) return;
    if (this.chance.happens(2)) {
      this.count('errors between steps');
      throw new Error('fault');
    }
    if (this.chance.happens(4)) await delay(this.chance.below(STALL_MS_MAX));
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}
