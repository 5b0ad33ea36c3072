import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openVault, sameSecret } from '../../../src/engine/seal.ts';

const vault = openVault('one key of thirty-two characters!!');
const other = openVault('another key of thirty-two letters!');

test('what is sealed is opened by the same key alone, and never twice the same', () => {
  const sealed = vault.seal('비밀 secret');
  assert.equal(vault.unseal(sealed), '비밀 secret');
  assert.notEqual(vault.seal('비밀 secret'), sealed);
  assert.throws(() => other.unseal(sealed));
  const bytes = Buffer.from(sealed, 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  assert.throws(() => vault.unseal(bytes.toString('base64')));
});

test('a token carries its id, for its own purpose and key', () => {
  const token = vault.sign('t', 123_456);
  assert.equal(vault.verify('t', token), 123_456);
  assert.equal(vault.verify('s', token), null);
  assert.equal(vault.verify('s', `s${token.slice(1)}`), null);
  assert.equal(other.verify('t', token), null);
  assert.equal(
    vault.verify(
      't',
      token.replace(/-./, (mark) => (mark === '-A' ? '-B' : '-A')),
    ),
    null,
  );
  for (const text of ['', 't', 't1', 't1-', `${token}x`, `${token}\n`])
    assert.equal(vault.verify('t', text), null, text);
});

test('secrets are compared whole', () => {
  assert.equal(sameSecret('abc', 'abc'), true);
  assert.equal(sameSecret('abc', 'abd'), false);
  assert.equal(sameSecret('abc', 'abcd'), false);
});
