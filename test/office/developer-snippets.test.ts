/**
 * The programs the API guide hands out do what it says: each is run against a hub, wherever its language is on this
 * machine; the wallets are certified. C# is looked at, not run.
 */
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { runCertification } from '../../src/callbacks/certify/certify.ts';
import { reportText } from '../../src/callbacks/certify/report.ts';
import {
  type ApiCall,
  callsOf,
  isNumber,
  type OpenApi,
  outline,
} from '../../web/backoffice/developer/openapi.ts';
import {
  KEY_NAME,
  LANGUAGES,
  type Sample,
  type SnippetLanguage,
  snippet,
} from '../../web/backoffice/developer/snippets.ts';
import { WALLET_CSHARP } from '../../web/backoffice/developer/wallet/csharp.ts';
import { WALLET_JAVA } from '../../web/backoffice/developer/wallet/java.ts';
import { WALLET_NODE } from '../../web/backoffice/developer/wallet/node.ts';
import { WALLET_PHP } from '../../web/backoffice/developer/wallet/php.ts';
import { WALLET_PYTHON } from '../../web/backoffice/developer/wallet/python.ts';
import { openWorld, type TestAgent, type World } from '../world.ts';

const execute = promisify(execFile);
const SECRET = 'a secret of callbacks';
let world: World;
let agent: TestAgent;
let folder: string;
let calls: ApiCall[];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'croupier-snippets-'));
  await chmod(folder, 0o755);
  world = await openWorld();
  agent = await world.agent();
  calls = callsOf((await (await fetch(`${world.url}/developer/openapi.json`)).json()) as OpenApi);
});
after(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** How a program of a language is run; `file`: what it is kept in. */
const RUN: Readonly<Record<SnippetLanguage, { file: string; command: readonly string[] } | null>> = {
  curl: { file: 'call.sh', command: ['sh', 'call.sh'] },
  node: { file: 'call.mjs', command: [process.execPath, 'call.mjs'] },
  python: { file: 'call.py', command: ['python3', 'call.py'] },
  php: { file: 'call.php', command: ['php', 'call.php'] },
  java: { file: 'Call.java', command: ['java', 'Call.java'] },
  csharp: null,
};

function isThere(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

async function run(language: SnippetLanguage, sample: Sample): Promise<string | null> {
  const way = RUN[language];
  const [program = '', ...args] = way?.command ?? [];
  if (way === null || !isThere(program)) return null;
  await writeFile(join(folder, way.file), snippet(language, sample));
  const env = { ...process.env, [KEY_NAME]: agent.apiKey };
  const { stdout } = await execute(program, args, { cwd: folder, env, timeout: 60_000 });
  return stdout;
}

const base = () => `${world.url}/api`;
/** Names that every language would stumble over if it were put together carelessly. */
const AWKWARD = `o'bri "q" \\n $x %s 한국 #&=+`;

for (const language of LANGUAGES)
  test(`${language}: a read and a payment, with awkward names`, { timeout: 120_000 }, async (t) => {
    const username = `player-${language}`;
    const made = await agent.post('/user/create', { username, nickname: AWKWARD });
    assert.equal(made.status, 200, made.text);
    const read = await run(language, { method: 'GET', base: base(), path: '/user', values: { username } });
    if (read === null) return t.skip(`no ${language} on this machine`);
    assert.ok(read.includes(username), read);
    const uuid = `${language} ${AWKWARD}`;
    const values = { username, amount: 1200, uuid };
    const pay: Sample = { method: 'POST', base: base(), path: '/user/add-balance', values };
    for (let i = 0; i < 2; i++) {
      const paid = await run(language, pay);
      const answer = JSON.parse(/\{.*\}/s.exec(paid ?? '')?.[0] ?? '{}');
      assert.deepEqual([answer.balance, answer.cached], [1200, i > 0], paid ?? '');
    }
    const query = { method: 'GET', base: base(), path: '/user', values: { username: AWKWARD } };
    const refused = (await run(language, query)) ?? '';
    // The same call by hand says the same.
    const byHand = await agent.call('GET', '/user', { username: AWKWARD }, { 'accept-language': 'en' });
    assert.ok(refused.includes(byHand.body.errors.username[0]), refused);
  });

test('every call of the API has a snippet in every language, with a body where it must', () => {
  assert.ok(calls.length > 20);
  for (const { method, path, parameters } of calls) {
    const values = Object.fromEntries(
      parameters.map(({ name, schema, example }) => [name, isNumber(schema) ? 1 : example || 'x']),
    );
    for (const language of LANGUAGES) {
      const text = snippet(language, { method, base: 'https://hub.example/api', path, values });
      assert.ok(
        text.includes(`https://hub.example/api${path}`) && text.includes(KEY_NAME),
        `${language} ${path}`,
      );
    }
  }
});

test('what a call answers is told as a shape', () => {
  const { answers = [] } = calls.find(({ path }) => path === '/user/add-balance') ?? {};
  const done = answers.find(({ status }) => status === '200')?.schema;
  assert.match(outline(done ?? {}), /username: string[\s\S]*amount: number {2}\/\/ negative/);
  for (const call of calls)
    for (const { schema } of call.answers) assert.ok(schema === null || outline(schema) !== '');
});

// ---- wallets --------------------------------------------------------------------------------------------------

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const WALLETS = [
  { name: 'node', file: 'wallet.mjs', text: WALLET_NODE, program: process.execPath },
  { name: 'python', file: 'wallet.py', text: WALLET_PYTHON, program: 'python3' },
] as const;

for (const { name, file, text, program } of WALLETS)
  test(`the ${name} wallet is certified`, { timeout: 180_000 }, async (t) => {
    if (!isThere(program)) return t.skip(`no ${name} on this machine`);
    const port = await freePort();
    const database = join(folder, `${name}.db`);
    await writeFile(join(folder, file), text);
    const env = { ...process.env, CALLBACK_SECRET: SECRET, PORT: String(port), WALLET_FILE: database };
    const child = spawn(program, [file], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    const callbackUrl = `http://127.0.0.1:${port}`;
    const deadline = performance.now() + 30_000;
    while (
      !(await fetch(callbackUrl).then(
        () => true,
        () => false,
      ))
    ) {
      if (performance.now() > deadline) throw new Error('the wallet did not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const db = new DatabaseSync(database);
    db.exec(`insert into account values ('player01', 10000000)`);
    db.close();
    const report = await runCertification({
      ...{ callbackUrl, username: 'player01', currency: 'USD', userAgent: 'GuzzleHttp/7', secret: SECRET },
      ...{ tls: null, slotBooster: true, client: { allowLoopback: true, allowedNetworks: [] } },
    });
    assert.ok(report.ok, reportText(report));
  });

test('the Java frame lets signed calls through and no others', { timeout: 120_000 }, async (t) => {
  if (!isThere('java')) return t.skip('no java on this machine');
  const port = await freePort();
  const main = `
class Main {
    public static void main(String[] args) throws Exception {
        WalletServer.serve(new WalletServer.Wallet() {
            public int change(String packet) { return packet.contains("no") ? 402 : 200; }
            public String balance(String packet) { return "{\\"balance\\":5}"; }
        }, "${SECRET}", ${port});
    }
}`;
  // Run as one file, its first class is the one that is started.
  const [imports = '', rest = ''] = WALLET_JAVA.split('public class WalletServer');
  await writeFile(
    join(folder, 'Main.java'),
    `${imports}${main.replace('class Main', 'public class Main')}\nclass WalletServer${rest}`,
  );
  const child = spawn('java', ['Main.java'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + 60_000;
  while (
    !(await fetch(url).then(
      () => true,
      () => false,
    ))
  ) {
    if (performance.now() > deadline) throw new Error('the wallet did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { addSignature, signingKeys } = await import('../../src/callbacks/signature.ts');
  const call = async (payload: string, secret: string, ageMs = 0) => {
    const flat: string[] = [];
    addSignature(flat, signingKeys([secret]), { at: Date.now() - ageMs, payload });
    const headers = Object.fromEntries(
      flat.flatMap((each, i) => (i % 2 === 0 ? [[each, flat[i + 1] ?? '']] : [])),
    );
    const response = await fetch(`${url}/changeBalance`, { method: 'POST', headers, body: payload });
    return [response.status, await response.text()];
  };
  assert.deepEqual(await call('{"yes":"한국"}', SECRET), [200, '{"balance":5}']);
  assert.equal((await call('{"no":1}', SECRET))[0], 402);
  assert.equal((await call('{"yes":1}', 'another'))[0], 401);
  assert.equal((await call('{"yes":1}', SECRET, 3_600_000))[0], 401);
});

test('what cannot be run here is whole at least', () => {
  for (const text of [
    WALLET_CSHARP,
    WALLET_PHP,
    snippet('csharp', {
      method: 'POST',
      base: 'https://hub.example/api',
      path: '/x',
      values: { a: AWKWARD },
    }),
  ]) {
    const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/.*/g, '');
    for (const [open = '', close = ''] of ['{}', '()', '[]'])
      assert.equal(
        bare.split(open).length,
        bare.split(close).length,
        `${open}${close} in ${text.slice(0, 60)}`,
      );
  }
});
