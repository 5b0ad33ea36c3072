/** The seamless wallet at an address of its own, and a hub's tongue to speak to it. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { request } from 'undici';
import { isStaffPath } from '../../sim/operator/seamless-admin.ts';
import { type Desk, type DeskOptions, openDesk } from '../../sim/operator/seamless-desk.ts';
import { noFaults } from '../../sim/operator/seamless-faults.ts';
import { folderFor } from './rig.ts';

export const SECRET = 'a secret of the test';

export interface Told {
  /** 0 when the connection was broken. */
  readonly status: number;
  readonly text: string;
  /** Null when the body has none. */
  readonly balance: number | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Sent {
  readonly id: number;
  readonly type: string;
  readonly amount: number | string;
  readonly username?: string;
  readonly referer_id?: number | null;
}

export interface Caller {
  balance(username: string): Promise<Told>;
  send(sent: Sent): Promise<Told>;
  /** Any body, signed like the others. */
  post(body: string): Promise<Told>;
  call(
    method: string,
    path: string,
    more?: { body?: string; headers?: Record<string, string> },
  ): Promise<Told>;
}

export const MEMBER = '민지';

/** The packet as the hub writes it. */
export function bodyOf({ id, type, amount, username = MEMBER, referer_id = null }: Sent): string {
  const game = { id: 'vs20', type: 'slot', round: `r${id}`, title: '에메랄드', vendor: 'PragmaticPlay' };
  const target = { id: 7, username, balance: 0, point: '0.00' };
  const processed_at = '2021-07-03T15:16:53.000000Z';
  return JSON.stringify({
    username,
    amount,
    transaction: { id, type, referer_id, amount, processed_at, details: { game }, target },
  });
}

export function signed(payload: string, { secret = SECRET, at = Date.now() } = {}): Record<string, string> {
  const stamp = String(at);
  const mark = createHmac('sha256', secret)
    .update(stamp + payload)
    .digest('hex');
  return { 'x-timestamp': stamp, 'x-signature': mark };
}

export function callerOf(base: string): Caller {
  const call: Caller['call'] = async (method, path, { body, headers = {} } = {}) => {
    try {
      const answer = await request(base + path, {
        method: method as 'GET',
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body }),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, text, balance: balanceIn(text), headers: answer.headers };
    } catch (error) {
      if (!isBroken(error)) throw error;
      return { status: 0, text: '', balance: null, headers: {} };
    }
  };
  const post = (body: string) => call('POST', '/changeBalance', { body, headers: signed(body) });
  return {
    call,
    post,
    send: (sent) => post(bodyOf(sent)),
    balance(username) {
      const query = `username=${encodeURIComponent(username)}`;
      return call('GET', `/balance?${query}`, { headers: signed(query) });
    },
  };
}

function isBroken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code);
}

function balanceIn(text: string): number | null {
  try {
    return JSON.parse(text).balance ?? null;
  } catch {
    return null;
  }
}

/** A wallet in this process, with the staff's calls beside the callbacks, until the test ends. */
export async function deskFor(
  t: TestContext,
  options: Partial<DeskOptions> = {},
): Promise<{ desk: Desk; caller: Caller }> {
  const path = options.path ?? join(await folderFor(t), 'wallet.db');
  const standard = { currency: 'KRW', secret: SECRET, openWith: null, faults: noFaults };
  const desk = openDesk({ ...standard, ...options, path });
  const server = createServer((request, response) => {
    const isStaff = isStaffPath.test((request.url ?? '').split('?', 1)[0] ?? '');
    (isStaff ? desk.admin : desk.callbacks)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    desk.close();
  });
  return { desk, caller: callerOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) };
}
