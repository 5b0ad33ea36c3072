import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, readConfig, SETTINGS, settingsHelp } from '../../../src/config.ts';

const KEY = 'x'.repeat(32);
const URL = 'postgres://localhost/croupier';

test('what the README says holds without any setting', () => {
  const config = readConfig({});
  assert.deepEqual(
    [config.port, config.host, config.dataDir, config.databaseUrl, config.demo, config.production],
    [8080, '127.0.0.1', './data', null, true, false],
  );
});

const REFUSED: readonly [name: string, env: Record<string, string>, says: RegExp][] = [
  ['production without a database', { NODE_ENV: 'production', SECRET_KEY: KEY }, /DATABASE_URL/],
  ['production without a secret', { NODE_ENV: 'production', DATABASE_URL: URL }, /SECRET_KEY/],
  ['a short secret', { SECRET_KEY: 'short' }, /32 characters/],
  ['a port that is none', { PORT: 'http' }, /PORT/],
  ['a port out of range', { PORT: '70000' }, /PORT/],
  ['another kind of database', { DATABASE_URL: 'mysql://localhost' }, /postgres:/],
  ['a switch that is none', { DEMO: 'perhaps' }, /DEMO/],
  ['lanes out of range', { LEDGER_LANES: '0' }, /LEDGER_LANES/],
  ['a network that is none', { CALLBACK_NETWORKS: '10.0.0.0/8, intranet' }, /CALLBACK_NETWORKS.*intranet/],
  ['K-Rain without its key', { KRAIN_URL: 'http://127.0.0.1:1' }, /KRAIN_KEY/],
  ['an address of no kind', { WEATHER_URL: 'api.open-meteo.com' }, /WEATHER_URL/],
];
for (const [name, env, says] of REFUSED) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => readConfig(env),
      (error) => error instanceof ConfigError && says.test(error.message),
    );
  });
}

test('the demo is on only with the embedded database outside production', () => {
  assert.equal(readConfig({ DATABASE_URL: URL }).demo, false);
  assert.equal(readConfig({ DATABASE_URL: URL, DEMO: 'on' }).demo, true);
  assert.equal(readConfig({ NODE_ENV: 'production', DATABASE_URL: URL, SECRET_KEY: KEY }).demo, false);
});

test('networks for callbacks: none by itself, any number by comma', () => {
  assert.deepEqual(readConfig({}).callbackNetworks, []);
  const config = readConfig({ CALLBACK_NETWORKS: ' 10.1.0.0/16, fd00::5 ,' });
  assert.deepEqual(config.callbackNetworks, ['10.1.0.0/16', 'fd00::5']);
});

test('the help names every setting', () => {
  for (const { name } of SETTINGS) assert.match(settingsHelp(), new RegExp(`^  ${name} `, 'm'));
});
