/** People of the back office by the command line: made, listed, helped, shut out; a way into an agent's. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { knock, PASSWORD, refusalOf } from '../office/cast.ts';
import { officeClient } from '../office/rig.ts';
import { openWorld, SECRET_KEY, type World } from '../world.ts';
import { croupier, croupierJson } from './command.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await world.agent({ username: 'cli-agent' });
});
after(() => world.close());

const office = (...args: string[]) => croupier(world.databaseUrl, ['office', ...args]);
const json = (...args: string[]) => croupierJson(world.databaseUrl, ['office', ...args]);
const tokenOf = (link: string) => link.split('/').at(-1) ?? '';
const stranger = () => officeClient(world.url);

/** With something on standard input. */
function withInput(text: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['src/cli.ts', 'office', ...args], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { PATH, HOME, DATABASE_URL: world.databaseUrl, SECRET_KEY },
    timeout: 60_000,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.end(text);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, out, err })));
}

test('the first owner is made at the terminal, and signs in by the link', async () => {
  const made = await json('user', 'create', '--name', 'First Owner', '--role', 'owner');
  assert.deepEqual(Object.keys(made), ['id', 'name', 'role', 'link', 'expiresAt']);
  assert.match(made.link, /^http:\/\/127\.0\.0\.1:8080\/office\/#\/link\/l\.link\./);
  const set = await stranger().post('/password-by-link', { token: tokenOf(made.link), password: PASSWORD });
  assert.equal(set.status, 200, set.text);
  assert.equal((await knock(stranger(), { name: 'first owner' })).body.me.stage, 'enrol');
});

test('links lead where people reach the hub', async () => {
  const settings = { PUBLIC_URL: 'https://hub.example' };
  const args = ['office', 'user', 'create', '--name', 'far', '--role', 'read'];
  const { out } = await croupier(world.databaseUrl, args, settings);
  assert.match(out, /https:\/\/hub\.example\/office\/#\/link\//);
});

test('a password may come from standard input, unless it is weak', async () => {
  const create = (text: string) =>
    withInput(
      text,
      'user',
      'create',
      '--name',
      'typed',
      '--role',
      'agent_owner',
      '--agent',
      'cli-agent',
      '--password-stdin',
    );
  const weak = await create('password123\n');
  assert.deepEqual([weak.code, weak.out], [2, '']);
  const made = await create(`${PASSWORD}\n`);
  assert.equal(made.code, 0, made.err);
  assert.ok(!made.out.includes('#/link/'));
  assert.equal((await knock(stranger(), { name: 'typed' })).body.me?.agent.username, 'cli-agent');
});

test('what cannot be is refused: 2 for what was said wrongly, 1 for what is not', async () => {
  const table: readonly (readonly [number, RegExp, readonly string[]])[] = [
    [2, /--role/, ['user', 'create', '--name', 'x', '--role', 'king']],
    [1, /name of a person/, ['user', 'create', '--name', '(x)', '--role', 'read']],
    [1, /--agent/, ['user', 'create', '--name', 'x', '--role', 'agent_owner']],
    [1, /no such agent/, ['user', 'create', '--name', 'x', '--role', 'agent_owner', '--agent', 'nobody']],
    [1, /taken/, ['user', 'create', '--name', 'first owner', '--role', 'read']],
    [1, /no such person/, ['user', 'disable', '--name', 'nobody']],
    [2, /--what/, ['user', 'reset', '--name', 'first owner', '--what', 'everything']],
    [1, /without an owner/, ['user', 'disable', '--name', 'first owner']],
    [1, /agent's people/, ['staff', 'key', 'create', '--name', 'typed', '--role', 'read']],
    [1, /no such agent/, ['link', '--agent', 'nobody', '--reason', 'x']],
  ];
  for (const [code, words, args] of table) {
    const [first = '', ...rest] = args;
    const ran = first === 'staff' ? await croupier(world.databaseUrl, args) : await office(first, ...rest);
    assert.equal(ran.code, code, `${args}: ${ran.err}`);
    assert.match(ran.err, words);
  }
});

test('people are listed, helped and shut out', async () => {
  const list = await json('user', 'list');
  assert.deepEqual(
    list.map(({ name }: { name: string }) => name),
    ['far', 'first owner', 'typed'],
  );
  assert.match((await office('user', 'list')).out, /agent_owner\s+cli-agent/);
  for (let tries = 1; tries <= 5; tries++) await knock(stranger(), { name: 'typed', password: 'wrong' });
  assert.equal(refusalOf(await knock(stranger(), { name: 'typed' })), '429 locked');
  assert.match((await office('user', 'reset', '--name', 'typed', '--what', 'lock')).out, /lock is reset/);
  const client = stranger();
  await knock(client, { name: 'typed' });
  assert.equal((await client.get('/me')).status, 200);
  assert.match((await office('user', 'disable', '--name', 'Typed')).out, /typed is out/);
  assert.equal((await client.get('/me')).status, 401);
  await office('user', 'enable', '--name', 'typed');
  const { link } = await json('user', 'reset', '--name', 'typed', '--what', 'password');
  assert.match(link, /#\/link\//);
  const [line] = await world.hub.sql`select actor from audit_log where action = 'person.reset.password'`;
  assert.match(line?.actor, /^cli:/);
});

test("who keeps the terminal enters an agent's back office", async () => {
  const { link, role } = await json('link', '--agent', 'cli-agent', '--reason', 'to look');
  assert.equal(role, 'agent_owner');
  const { me } = (await stranger().post('/enter', { token: tokenOf(link) })).body;
  assert.match(me.name, /^cli:/);
  assert.deepEqual([me.agent.username, me.byLink], ['cli-agent', true]);
});
