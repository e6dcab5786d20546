import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CLAIMS, DETECTORS, MASK_METHODS, TLS_MODES } from '#core/policy/policy.ts';

test('docs/policy.md explains each word of the closed lists', () => {
  const page = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
  for (const word of [...TLS_MODES, ...MASK_METHODS, ...DETECTORS, ...CLAIMS]) assert.ok(page.includes(`\`${word}\``), word);
});
