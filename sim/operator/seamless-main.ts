/**
 * An operator's seamless wallet by itself: the two callbacks …/balance and …/changeBalance, and the calls of
 * seamless-admin.ts beside them, for this machine only.
 * Environment: PORT (0 = any), HOST (127.0.0.1), DATA_DIR, SECRET (none = unsigned calls are taken), CURRENCY (KRW),
 * OPEN_WITH (what a name nobody knows has, in the currency's unit; none = it is refused), FAULTS (JSON as for
 * PUT /faults), IN_MEMORY=on (keeps nothing: to measure what HTTP alone costs).
 */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { decimalsOf } from './money.ts';
import { minorOf } from './seamless.ts';
import { isStaffPath } from './seamless-admin.ts';
import { openDesk } from './seamless-desk.ts';
import { type FaultSettings, faultSettingsOf } from './seamless-faults.ts';

const {
  PORT = '0',
  HOST = '127.0.0.1',
  CURRENCY = 'KRW',
  DATA_DIR = '',
  SECRET,
  OPEN_WITH,
  FAULTS,
} = process.env;

function fail(reason: string): never {
  console.error(reason);
  process.exit(2);
}

function databasePath(): string {
  if (process.env.IN_MEMORY === 'on') return ':memory:';
  if (DATA_DIR === '') fail('the environment variable DATA_DIR is missing');
  mkdirSync(DATA_DIR, { recursive: true, mode: 0o700 });
  return join(DATA_DIR, 'wallet.db');
}

function openingBalance(): bigint | null {
  if (!OPEN_WITH) return null;
  return minorOf(OPEN_WITH, decimalsOf(CURRENCY)) ?? fail('OPEN_WITH must be an amount');
}

function firstFaults(): FaultSettings {
  const settings = faultSettingsOf(jsonOf(FAULTS || '{}'));
  return typeof settings === 'string' ? fail(`FAULTS: ${settings}`) : settings;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const desk = openDesk({
  path: databasePath(),
  currency: CURRENCY,
  secret: SECRET || null,
  openWith: openingBalance(),
  faults: firstFaults(),
});
const server = createServer((request, response) =>
  isStaffPath.test((request.url ?? '').split('?', 1)[0] ?? '')
    ? desk.admin(request, response)
    : desk.callbacks(request, response),
);
// Longer than any client keeps an idle connection: or a call would meet one that is being closed.
server.keepAliveTimeout = 120_000;
server.listen(Number(PORT), HOST, () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : PORT;
  const url = `http://${HOST}:${port}`;
  console.log(JSON.stringify({ type: 'ready', url }));
  process.send?.({ type: 'ready', url });
});

let isClosing = false;
function drain(): void {
  if (isClosing) return;
  isClosing = true;
  server.close(() => {
    desk.close();
    process.exit(0);
  });
  server.closeIdleConnections();
  // A call that was delayed on purpose is not waited for.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
}
process.once('SIGTERM', drain);
process.once('SIGINT', drain);
process.once('disconnect', drain);
