import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHost } from '#wrapper/host-checks.ts';

test('checkHost() finds what a cage needs on a machine that makes cages, and says how to mend what is not good', async () => {
  const checks = await checkHost(process.getuid?.() ?? 0);
  for (const name of ['kernel', 'tools', 'cage program', 'entrance', 'system call filter', 'terminal']) {
    assert.equal(checks.find((check) => check.name === name)?.state, 'good', name);
  }
  for (const { name, state, mend, found } of checks) {
    assert.equal(state === 'good', mend === null, name);
    assert.notEqual(found, '');
  }
  assert.equal(new Set(checks.map(({ name }) => name)).size, checks.length);
});
