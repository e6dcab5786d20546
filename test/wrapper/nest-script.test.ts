import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { NEST_SCRIPT } from '#wrapper/nest-script.ts';

test('NEST_SCRIPT is what bash understands', () => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: NEST_SCRIPT, encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
});
