/** Parts of the player API by themselves: its pace, its tokens, a line that is not read or not answered. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { WebSocket } from 'ws';
import { trusted, type VisitId } from '../../../src/core/ids.ts';
import { hashPassword, isPassword } from '../../../src/engine/password.ts';
import { openVault } from '../../../src/engine/seal.ts';
import { openLine } from '../../../src/kbook/player-line.ts';
import { beatAll } from '../../../src/kbook/player-live.ts';
import { createPace } from '../../../src/kbook/player-pace.ts';
import { openRoom } from '../../../src/kbook/player-room.ts';
import { firstRefresh, makeAccess, readAccess, readRefresh } from '../../../src/kbook/player-tokens.ts';

const vault = openVault('one key of thirty-two characters!!');
const other = openVault('another key of thirty-two letters!');
const visit = trusted<VisitId>(123_456);

test('a pace: so many at once, then so many a second, each for itself', () => {
  let now = 0;
  const pace = createPace({ atOnce: 3, perSecond: 10 }, () => now);
  const take = () => [1, 2, 3, 4, 5].map(() => pace.take('a'));
  assert.deepEqual(take(), [0, 0, 0, 100, 100]);
  assert.equal(pace.take('b'), 0, 'others have their own');
  now = 99;
  assert.equal(pace.take('a'), 1);
  now = 100;
  assert.deepEqual(take(), [0, 100, 100, 100, 100], 'what was refused has cost nothing');
  now = 10_000;
  assert.deepEqual(take(), [0, 0, 0, 100, 100], 'it never saves up more than its share');
});

test('an access token carries its visit and its end; nobody else can make or change one', () => {
  const token = makeAccess(vault, { visitId: visit, expiresAt: 1_800_000_000_000 });
  assert.deepEqual(readAccess(vault, token), { visitId: visit, expiresAt: 1_800_000_000_000 });
  assert.equal(readAccess(other, token), null);
  const longer = makeAccess(other, { visitId: visit, expiresAt: 1_900_000_000_000 });
  const parts = [token.split('.'), longer.split('.')];
  const mixed = [...(parts[1] ?? []).slice(0, 3), parts[0]?.[3]].join('.');
  for (const text of [
    '',
    'a',
    token.slice(1),
    `${token}x`,
    mixed,
    token.replace('a.', 'r.'),
    firstRefresh(vault, visit),
  ])
    assert.equal(readAccess(vault, text), null, text);
});

test('each refresh token follows from the one before, for the hub alone', () => {
  const first = firstRefresh(vault, visit);
  assert.notEqual(firstRefresh(vault, visit), first);
  const second = readRefresh(vault, first)?.next ?? '';
  assert.deepEqual(readRefresh(vault, first), { visitId: visit, next: second });
  const third = readRefresh(vault, second)?.next ?? '';
  assert.equal(new Set([first, second, third]).size, 3);
  assert.equal(readRefresh(other, first), null);
  assert.equal(readRefresh(vault, makeAccess(vault, { visitId: visit, expiresAt: 5 })), null);
});

test('a password is known by its hash, however it is typed in Unicode, many at once', async () => {
  const hash = await hashPassword('pa\u0301sswo\u0308rd');
  const tries = ['p\u00e1ssw\u00f6rd', 'passwörd', '', 'pa\u0301sswo\u0308rd'];
  assert.deepEqual(await Promise.all(tries.map((each) => isPassword(each, hash))), [
    true,
    false,
    false,
    true,
  ]);
  assert.notEqual(await hashPassword('pa\u0301sswo\u0308rd'), hash);
  await assert.rejects(isPassword('x', 'scrypt$1'));
});

/** A socket that notes what is done to it. */
function fakeSocket() {
  const done: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    send: (frame: Buffer) => done.push(String(frame)),
    ping: () => done.push('ping'),
    close: (code: number) => done.push(`close ${code}`),
    terminate: () => done.push('terminate'),
  });
  return { done, socket, asSocket: socket as unknown as WebSocket };
}

test('a line that is not read is cut off, once, and gets nothing more', () => {
  const { done, socket, asSocket } = fakeSocket();
  let over = 0;
  const line = openLine(asSocket, '127.0.0.1', () => over++);
  line.send(Buffer.from('one'));
  socket.bufferedAmount = 1_000_000;
  line.send(Buffer.from('two'));
  line.send(Buffer.from('three'));
  line.end('2001');
  socket.emit('close');
  assert.deepEqual([done, line.state, over], [['one', 'terminate'], 'over', 1]);
});

test('a heartbeat: hello and ping; no answer to three, or a token long over, is the end', () => {
  const room = openRoom();
  const at = 1_800_000_000_000;
  const join = (expiresAt: number) => {
    const fake = fakeSocket();
    const line = openLine(fake.asSocket, '127.0.0.1', room.leave);
    const holder = { visitId: visit, playerId: 1, site: 'CPS', currency: 'USD' } as never;
    line.visitor = { holder, expiresAt };
    line.state = 'live';
    room.enter(line);
    room.join(line);
    return { ...fake, line };
  };
  const [answering, silent] = [join(at + 600_000), join(at + 600_000)];
  const [late, old] = [join(at - 29_000), join(at - 31_000)];
  for (let beat = 0; beat < 4; beat++) {
    beatAll(room, { revision: 7, at });
    answering.socket.emit('pong');
    late.socket.emit('pong');
  }
  const hello = `{"type":"hello","serverTime":${at},"revision":7}`;
  assert.deepEqual(answering.done, Array(4).fill([hello, 'ping']).flat());
  assert.deepEqual(silent.done, [...Array(3).fill([hello, 'ping']).flat(), 'close 1001']);
  assert.equal(late.line.state, 'live', 'a page has half a minute to renew its token');
  assert.deepEqual(old.done, ['{"type":"ended","code":"2001","message":"TOKEN EXPIRE"}', 'close 1000']);
  assert.deepEqual(new Set(room.lines), new Set([answering.line, late.line]));
  assert.equal([...room.ofVisit(visit)].length, 2);
});
