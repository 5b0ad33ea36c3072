/**
 * A hub on DATABASE_URL that kills itself, as kill -9 does, at the step KILL_AT names: `writer:decided:2` is the second
 * time its ledger has decided a batch, `outreach:told:1` the first time an operator has been told. Prints its address.
 */
import { enableCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';

// As the hub itself does: the start is most of such a short life.
enableCompileCache();
const { openHub } = await import('../../src/hub.ts');

const { DATABASE_URL: databaseUrl = '', SECRET_KEY: secretKey = '', KILL_AT = '' } = process.env;
const [part, step, time] = KILL_AT.split(':');
let times = 0;

function killer(mine: string): (at: string) => void | Promise<void> {
  return (at) => {
    if (mine !== part || at !== step || ++times < Number(time)) return;
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  };
}

const hub = await openHub({
  ...{
    databaseUrl,
    secretKey,
    lanes: 1,
    retentionDays: 1826,
    trustProxy: false,
    logLevel: 'error',
  },
  outreach: { client: { allowLoopback: true, allowedNetworks: [] }, atStep: killer('outreach') },
  writer: { atStep: killer('writer') },
});
await hub.server.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`http://127.0.0.1:${(hub.server.server.address() as AddressInfo).port}\n`);
