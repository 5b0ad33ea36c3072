/** docs/integrate-operator.md lists the checks of certification as they are. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checksTable } from '../../src/callbacks/certify/checks.ts';

const text = readFileSync(new URL('../../docs/integrate-operator.md', import.meta.url), 'utf8');

test('the checks in the guide are those of the code; if not: croupier certify --list prints them', () => {
  const section = text.split('\n## Certification\n')[1]?.split('\n## ')[0] ?? '';
  const shown = section.split('\n').filter((line) => line.startsWith('|'));
  assert.deepEqual(shown, checksTable().split('\n'));
});
