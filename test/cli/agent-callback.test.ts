/** An agent's callbacks as staff set them: address, secrets, certificates; and the change of the master key. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openOperators } from '../../src/callbacks/operators.ts';
import { CliError } from '../../src/cli/context.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { findAgentByName } from '../../src/db/agent.ts';
import { ensureCallbackSecret } from '../../src/db/callback-secret.ts';
import { openVault } from '../../src/engine/seal.ts';
import { openWorld, SECRET_KEY, studioClient, type World } from '../world.ts';
import { croupier, croupierJson } from './command.ts';

const pemPath = (name: string) => fileURLToPath(new URL(`../callbacks/pems/${name}.pem`, import.meta.url));

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const run = (args: readonly string[], settings: Record<string, string> = {}) =>
  croupier(world.databaseUrl, args, settings);
const json = (...args: string[]) => croupierJson(world.databaseUrl, args);

const URL_GIVEN = 'https://wallet.example/callbacks/';
const seamless = (username: string) =>
  json('agent', 'create', '--username', username, '--wallet', 'seamless', '--callback-url', URL_GIVEN);

async function operator(username: string) {
  const { sql, directory, vault } = world.hub;
  const agent = await findAgentByName(sql, username);
  assert.ok(agent);
  directory.forget();
  return openOperators({ sql, directory, vault }).of(agent.id);
}

test('a seamless agent gets a secret, shown once; the running hub signs with it', async () => {
  const made = await seamless('signed');
  assert.deepEqual(Object.keys(made), ['id', 'username', 'apiKey', 'callbackSecret']);
  assert.deepEqual(await operator('signed'), {
    agentId: made.id,
    username: 'signed',
    currency: 'KRW',
    wallet: 'seamless',
    slotBooster: false,
    cutoffMs: 86_400_000,
    target: {
      key: String(made.id),
      callbackUrl: URL_GIVEN,
      userAgent: 'GuzzleHttp/7',
      secrets: [made.callbackSecret],
      tls: null,
    },
  });
  const text = await run([
    'agent',
    'create',
    '--username',
    'signed2',
    '--wallet',
    'seamless',
    '--callback-url',
    URL_GIVEN,
  ]);
  assert.match(text.out, /callback secret, shown once: [\w-]{40}\n/);
});

test('two secrets live at most; the one before dies at the next rotation or when it is revoked', async () => {
  const { callbackSecret: first } = await seamless('rotated');
  const secretsOf = async () => (await operator('rotated')).target.secrets;
  const rotate = (...more: string[]) => json('agent', 'secret', '--username', 'rotated', '--rotate', ...more);
  const { callbackSecret: second } = await rotate();
  assert.deepEqual(await secretsOf(), [second, first]);
  const { callbackSecret: third } = await rotate();
  assert.deepEqual(await secretsOf(), [third, second]);
  const shown = await json('agent', 'secret', '--username', 'rotated', '--revoke-previous');
  assert.deepEqual(await secretsOf(), [third]);
  assert.deepEqual(
    [
      shown.callbackSecret,
      shown.secrets.map((each: { revokedAt: string | null }) => each.revokedAt === null),
    ],
    [null, [true, false, false]],
  );
  const { callbackSecret: fourth } = await rotate('--revoke-previous');
  assert.deepEqual(await secretsOf(), [fourth]);
  const listed = await run(['agent', 'secret', '--username', 'rotated']);
  assert.equal(listed.code, 0);
  for (const secret of [first, second, third, fourth]) assert.equal(listed.out.includes(secret), false);
  await json('agent', 'create', '--username', 'transferred');
  const refused = await run(['agent', 'secret', '--username', 'transferred', '--rotate']);
  assert.deepEqual([refused.code, refused.out], [1, '']);
  assert.match(refused.err, /transfer wallet/);
});

test('settings are seen by the next call, and kept when they are not given', async () => {
  await seamless('settled');
  const set = (...options: string[]) => json('agent', 'set', '--username', 'settled', ...options);
  const shown = await set(
    '--user-agent',
    'Other/2 (x; y)',
    '--slot-booster',
    'on',
    '--callback-cutoff-hours',
    '72',
  );
  assert.deepEqual(
    [shown.userAgent, shown.slotBooster, shown.callbackCutoffHours, shown.callbackTls],
    ['Other/2 (x; y)', true, 72, false],
  );
  await set('--callback-url', 'http://10.0.0.5:8080/w');
  const { slotBooster, cutoffMs, target } = await operator('settled');
  assert.deepEqual(
    [slotBooster, cutoffMs, target.userAgent, target.callbackUrl],
    [true, 72 * 3_600_000, 'Other/2 (x; y)', 'http://10.0.0.5:8080/w'],
  );
  await set('--slot-booster', 'off', '--callback-url', 'none');
  const after_ = await operator('settled');
  assert.deepEqual([after_.slotBooster, after_.target.callbackUrl], [false, null]);
});

test('certificates: taken as a pair, sealed, removed by none', async () => {
  const { callbackSecret } = await seamless('shown');
  const set = (...options: string[]) => json('agent', 'set', '--username', 'shown', ...options);
  const tls = async () => (await operator('shown')).target.tls;
  await set('--callback-ca', pemPath('ca'));
  assert.deepEqual(
    Object.values((await tls()) ?? {}).map((part) => part !== null),
    [false, false, true],
  );
  const shown = await set('--callback-cert', pemPath('client'), '--callback-key', pemPath('client-key'));
  assert.equal(shown.callbackTls, true);
  const both = await tls();
  assert.match(
    `${both?.cert}${both?.key}${both?.ca}`,
    /BEGIN CERTIFICATE[\s\S]*BEGIN PRIVATE KEY[\s\S]*BEGIN CERTIFICATE/,
  );
  const stored = await world.hub.sql`select callback_tls from agent where username = 'shown'`;
  assert.doesNotMatch(stored[0]?.callback_tls, /BEGIN/);
  await set('--callback-cert', 'none', '--callback-key', 'none');
  assert.deepEqual([(await tls())?.cert, (await tls())?.ca === both?.ca], [null, true]);
  await set('--callback-ca', 'none');
  assert.equal(await tls(), null);
  const trail = await world.hub
    .sql`select action, detail::text as detail from audit_log where subject = 'shown' order by id`;
  assert.deepEqual(
    trail.map((row) => row.action),
    ['agent.create', 'agent.set', 'agent.set', 'agent.set', 'agent.set'],
  );
  const written = trail.map((row) => row.detail).join('\n');
  assert.doesNotMatch(written, /BEGIN/);
  assert.equal(written.includes(callbackSecret), false);
  assert.match(written, /"certificate": "[0-9A-F:]{95}"/);
});

test('what is no address, certificate or setting is refused by name, and changes nothing', async (t) => {
  // Within this process: so many are quicker than processes of their own.
  Object.assign(process.env, { DATABASE_URL: world.databaseUrl, SECRET_KEY });
  t.after(() => {
    delete process.env.DATABASE_URL;
    delete process.env.SECRET_KEY;
  });
  await seamless('careful');
  const before_ = await operator('careful');
  const table: [options: string[], says: RegExp][] = [
    [['--callback-url', 'wallet.example'], /http or https/],
    [['--callback-url', 'https://user:hunter2@wallet.example'], /name or password/],
    [['--callback-url', 'https://wallet.example/#x'], /fragment/],
    [['--callback-url', 'https://wallet.example/?x=1'], /query/],
    [['--user-agent', 'Ünicode'], /--user-agent/],
    [['--user-agent', 'two\nlines'], /--user-agent/],
    [['--user-agent', ''], /--user-agent/],
    [['--slot-booster', 'perhaps'], /--slot-booster/],
    [['--callback-cutoff-hours', '0'], /--callback-cutoff-hours/],
    [['--callback-cutoff-hours', '1.5'], /--callback-cutoff-hours/],
    [['--callback-cert', pemPath('client')], /go together/],
    [['--callback-key', pemPath('client-key')], /go together/],
    [
      ['--callback-cert', pemPath('client'), '--callback-key', pemPath('server-key')],
      /not that of the certificate/,
    ],
    [['--callback-cert', pemPath('ended'), '--callback-key', pemPath('ended-key')], /ended on/],
    [['--callback-cert', pemPath('client-key'), '--callback-key', pemPath('client-key')], /not PEM/],
    [['--callback-ca', pemPath('client-key')], /not PEM/],
    [['--callback-ca', pemPath('missing')], /can't be read/],
  ];
  for (const [options, says] of table) {
    const refused = await buildProgram()
      .parseAsync(['node', 'croupier', 'agent', 'set', '--username', 'careful', ...options])
      .catch((error: unknown) => error);
    assert.ok(refused instanceof CliError && refused.exitCode === 2, options.join(' '));
    assert.match(refused.message, says);
    assert.equal(refused.message.includes('hunter2'), false);
  }
  assert.deepEqual(await operator('careful'), before_);
});

test('production is warned of plain addresses and of those it will not reach; neither is refused', async () => {
  await seamless('warned');
  const table: [url: string, networks: string, says: RegExp | null][] = [
    ['https://wallet.example', '', null],
    ['http://wallet.example', '', /not https/],
    ['http://8.8.8.8', '', /not https/],
    ['http://10.0.0.5', '10.0.0.0/8', null],
    ['http://10.0.0.5', '', /will be refused/],
    ['https://[::1]', '', /will be refused/],
  ];
  for (const [url, networks, says] of table) {
    const env = { NODE_ENV: 'production', CALLBACK_NETWORKS: networks };
    const result = await run(['agent', 'set', '--username', 'warned', '--callback-url', url], env);
    assert.equal(result.code, 0, result.err);
    if (says === null) assert.equal(result.err, '', url);
    else assert.match(result.err, says);
  }
  const bad = await run(['agent', 'list'], { CALLBACK_NETWORKS: 'intranet' });
  assert.deepEqual([bad.code, /CALLBACK_NETWORKS/.test(bad.err)], [2, true]);
});

test('an operator is remembered until something changes; one without a secret gets just one', async () => {
  const { sql, directory, vault } = world.hub;
  const made = await seamless('bare');
  await sql`delete from callback_secret where agent_id = ${made.id}`;
  directory.forget();
  const operators = openOperators({ sql, directory, vault });
  const all = await Promise.all(Array.from({ length: 8 }, () => operators.of(made.id)));
  const sealed = vault.seal('another');
  await Promise.all(Array.from({ length: 8 }, () => ensureCallbackSecret(sql, { agentId: made.id, sealed })));
  const [count] = await sql`select count(*)::int as live from callback_secret where agent_id = ${made.id}`;
  assert.equal(count?.live, 1);
  assert.equal(new Set(all.map(({ target }) => target.secrets.join())).size, 1);
  assert.equal((await operators.of(made.id)).target, (await operators.of(made.id)).target);
  await assert.rejects(operators.of(999_999_999 as typeof made.id), /no such agent/);
});

test('the master key is changed: everything sealed is sealed anew, all or nothing', async () => {
  const own = await openWorld();
  try {
    await changeMasterKey(own);
  } finally {
    await own.close();
  }
});

const NEW_KEY = 'another key for tests, of enough characters';

async function changeMasterKey(own: World): Promise<void> {
  const env = { DATABASE_URL: own.databaseUrl };
  const made = JSON.parse(
    (
      await run(
        [
          'agent',
          'create',
          '--username',
          'kept',
          '--wallet',
          'seamless',
          '--callback-url',
          URL_GIVEN,
          '--json',
        ],
        env,
      )
    ).out,
  );
  await run(['agent', 'set', '--username', 'kept', '--callback-ca', pemPath('ca')], env);
  const studio = await own.studio('netent');
  const sealed = () => own.hub
    .sql`select sealed from callback_secret union all select sealed from studio_secret
    union all select callback_tls from agent where callback_tls is not null`;
  const before_ = [...(await sealed())];

  assert.equal(
    (await run(['secret', 'reseal'], { ...env, SECRET_KEY: NEW_KEY })).code,
    2,
    'the former key is needed',
  );
  const wrong = { ...env, SECRET_KEY: NEW_KEY, OLD_SECRET_KEY: 'no key of ours' };
  const refused = await run(['secret', 'reseal', '--json'], wrong);
  assert.deepEqual([refused.code, refused.out], [1, '']);
  assert.match(refused.err, /neither key opens the studio secret \d+: nothing was changed/);
  assert.deepEqual([...(await sealed())], before_);

  const right = { ...env, SECRET_KEY: NEW_KEY, OLD_SECRET_KEY: SECRET_KEY };
  const done = await run(['secret', 'reseal'], right);
  assert.equal(done.code, 0, done.err);
  assert.match(done.out, /studio secrets +1\ncallback secrets +1\ncallback certificates +1\n/);
  assert.match(done.out, /Launch tokens and session handles signed by the old key have ended/);
  const vault = openVault(NEW_KEY);
  for (const row of await sealed()) assert.ok(vault.unseal(row.sealed).length > 0);
  assert.equal((await run(['secret', 'reseal'], right)).code, 0, 'again changes nothing that is wrong');

  const { hub, url } = await own.secondHub({ secretKey: NEW_KEY });
  assert.equal((await studioClient(url, studio).call('GET', '/rounds')).status, 200);
  const { target } = await openOperators(hub).of(made.id);
  assert.deepEqual([target.secrets, target.tls?.ca?.includes('BEGIN')], [[made.callbackSecret], true]);
  const trail = await own.hub.sql`select detail from audit_log where action = 'secret.reseal'`;
  assert.equal(trail.length, 2);
}
