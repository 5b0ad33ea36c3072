/** `certify` as integrators run it: a process, its exit code and output, without a database. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CHECKS } from '../../src/callbacks/certify/checks.ts';
import { CliError } from '../../src/cli/context.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { serving } from './rig.ts';
import { type Habits, tinyOperator } from './tiny-operator.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'croupier-certify-'));
});
after(() => rm(folder, { recursive: true, force: true }));

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  const { PATH = '', HOME = '' } = process.env;
  const given = { PATH, HOME, DATA_DIR: join(folder, 'data'), ...env };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'src/cli.ts', 'certify', ...args],
      { cwd: ROOT, env: given, timeout: 60_000 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    );
  });
}

/** Runs the command against a small operator. */
const against = (args: readonly string[], habits: Partial<Habits> = {}, env?: Record<string, string>) =>
  serving(tinyOperator({ certify: 100_000 }, habits), (url) => run(['--callback-url', url, ...args], env));

test('a right operator: 0, every check in the list, and no database is made', async () => {
  const { code, out, err } = await against([]);
  assert.equal(code, 0, out + err);
  assert.equal(err, '');
  for (const { id, title } of CHECKS) assert.ok(out.includes(id) && out.includes(title), id);
  assert.match(out, /\d+ checks: \d+ passed, 0 failed \(0 that must pass\), 6 skipped\n/);
  assert.match(out, /balance before 100000 KRW, after 100000 KRW; seed [0-9a-f]{8}\nCERTIFIED\n$/);
  assert.ok(!existsSync(join(folder, 'data')));
});

test('a wrong operator: 1, what was expected, what came, what it costs, how to repeat it', async () => {
  const { code, out } = await against([], { unknownCancelStatus: 404 });
  assert.equal(code, 1);
  const [, failure = ''] = out.split('---- cancel-unknown (must)');
  assert.match(failure, /^expected {2}cancel "cancel" of 1000 KRW: 200\ngot {7}404 no\ncosts {5}Every bet/m);
  assert.match(failure, /^again by\n {2}curl -i -H 'User-Agent: GuzzleHttp\/7' /m);
  assert.match(out, /NOT CERTIFIED\n$/);
});

test('--json: the same for a machine', async () => {
  const args = ['--json', '--only', 'cancel-twice,bet-exact', '--seed', 'my-seed', '--currency', 'USD'];
  const { code, out } = await against(args, { backOf: ({ amount }) => amount });
  assert.equal(code, 0, 'what should pass does not decide');
  const report = JSON.parse(out);
  assert.deepEqual(Object.keys(report), ['ok', 'seed', 'balance', 'latency', 'problems', 'checks']);
  assert.deepEqual([report.ok, report.seed, report.problems], [true, 'my-seed', []]);
  assert.deepEqual(Object.keys(report.latency), ['calls', 'p50Ms', 'p95Ms', 'msMax']);
  assert.deepEqual(
    report.checks.map(({ id, result }: { id: string; result: string }) => [id, result]),
    [
      ['bet-exact', 'passed'],
      ['cancel-twice', 'failed'],
    ],
  );
  const { curl, ...failed } = report.checks[1];
  const { title, severity, costs: why } = CHECKS.find(({ id }) => id === 'cancel-twice')!;
  assert.deepEqual(failed, {
    id: 'cancel-twice',
    title,
    severity,
    result: 'failed',
    why,
    expected: 'a balance of 100000.00 USD after cancel "cancel 2" of 3.00 USD',
    got: '100003.00 USD',
  });
  assert.equal(curl.length, 5);
});

test('options reach the wire; the secret is not shown', async () => {
  const seen = new Set<string>();
  const habits: Partial<Habits> = {
    turnAway({ headers }) {
      seen.add(`${headers['user-agent']} ${String(headers['x-signature']).length}`);
      return 403;
    },
  };
  const args = ['--only', 'user-agent', '--user-agent', 'Hub/1', '--username', '한글'];
  const { code, out, err } = await against(args, habits, { CALLBACK_SECRET: 'quite-secret' });
  assert.equal(code, 1);
  assert.deepEqual([...seen].toSorted(), ['GuzzleHttp/7 64', 'Hub/1 64']);
  assert.match(out, /under GuzzleHttp\/7: 403/);
  assert.ok(!`${out}${err}`.includes('quite-secret'));
});

test('a wallet behind mutual TLS: only with the certificates', async () => {
  const pem = (name: string) => join(ROOT, 'test/callbacks/pems', `${name}.pem`);
  const read = (name: string) => readFileSync(pem(name), 'utf8');
  const tls = {
    ...{ cert: read('server'), key: read('server-key'), ca: read('ca') },
    ...{ requestCert: true, rejectUnauthorized: true },
  };
  const operator = tinyOperator({ certify: 100_000 }, { shortStatus: 500 });
  const only = ['--only', 'balance-known,bet-exact,refusal-status,keep-alive'];
  const authority = ['--ca', pem('ca')];
  const shown = ['--cert', pem('client'), '--key', pem('client-key')];
  const certify = (args: readonly string[]) =>
    serving(operator, (url) => run(['--callback-url', url, ...only, ...args]), tls);
  const fit = await certify([...authority, ...shown]);
  assert.equal(fit.code, 0, fit.out);
  assert.match(fit.out, /^ {2}curl .* --cert "\$CERT" --key "\$KEY" --cacert "\$CA" /m);
  assert.match(fit.out, /PASSED, what was chosen of all checks\n$/);
  for (const args of [[], authority, shown]) {
    const { code, out } = await certify(args);
    assert.equal(code, 1);
    assert.match(out, /can't be read: (no connection|the connection was closed without an answer)/);
  }
});

test('in production this machine is not called unless the settings name it', async () => {
  const production = { NODE_ENV: 'production' };
  const refused = await against(['--only', 'balance-known'], {}, production);
  assert.equal(refused.code, 1);
  assert.match(refused.out, /the address is an internal one/);
  const named = { ...production, CALLBACK_NETWORKS: '127.0.0.0/8' };
  assert.equal((await against(['--only', 'balance-known'], {}, named)).code, 0);
});

test('wrong usage: 2, and words that say what', async () => {
  const notPem = join(folder, 'not.pem');
  await writeFile(notPem, 'nothing');
  const url = ['--callback-url', 'http://127.0.0.1:9'];
  const table: [args: readonly string[], words: RegExp][] = [
    [[], /--callback-url is needed/],
    [['--callback-url', 'ftp://x'], /http or https/],
    [[...url, '--currency', 'XXX'], /unknown currency: XXX/],
    [[...url, '--only', 'bet-exact,nothing'], /no such check: nothing/],
    [[...url, '--only', ','], /names no check/],
    [[...url, '--slot-booster', 'maybe'], /--slot-booster must be on or off/],
    [[...url, '--seed', 'a b'], /--seed/],
    [[...url, '--secret', ''], /--secret is needed/],
    [[...url, '--user-agent', 'é'], /--user-agent/],
    [[...url, '--ca', join(folder, 'none.pem')], /--ca: can't be read/],
    [[...url, '--ca', notPem], /not PEM/],
    [[...url, '--key', notPem], /go together/],
  ];
  for (const [args, words] of table)
    await assert.rejects(
      buildProgram().parseAsync(['node', 'croupier', 'certify', ...args]),
      (error) => error instanceof CliError && error.exitCode === 2 && words.test(error.message),
      args.join(' '),
    );
  for (const args of [
    [...url, '--nonsense'],
    [...url, '--only', 'nothing'],
  ]) {
    const { code, out } = await run(args);
    assert.deepEqual([code, out], [2, ''], args.join(' '));
  }
  const badNetwork = await run(url, { CALLBACK_NETWORKS: 'somewhere' });
  assert.equal(badNetwork.code, 2);
  assert.match(badNetwork.err, /CALLBACK_NETWORKS/);
});

test('--list shows the checks without an address', async () => {
  const { code, out } = await run(['--list', '--json']);
  assert.equal(code, 0);
  assert.deepEqual(
    JSON.parse(out).map(({ id }: { id: string }) => id),
    CHECKS.map(({ id }) => id),
  );
});
