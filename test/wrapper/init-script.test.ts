import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { INIT_SCRIPT, NETWORK_SCRIPT, STEP_SCRIPT, TELL_MOUNTS_SCRIPT } from '#wrapper/init-script.ts';

test('the parts of init scripts is what bash understands', () => {
  const { status, stderr } = spawnSync('bash', ['-n'], {
    input: `${STEP_SCRIPT}${NETWORK_SCRIPT}${TELL_MOUNTS_SCRIPT}${INIT_SCRIPT}`,
    encoding: 'utf8',
  });
  assert.deepEqual([status, stderr], [0, '']);
});
