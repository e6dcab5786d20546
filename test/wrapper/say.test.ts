import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const SAY = `import { say } from ${JSON.stringify(import.meta.resolve('#wrapper/say.ts'))}; say('one'); say('two'); setTimeout(() => process.exit(3), 50);`;
const ARGS = ['--input-type=module', '--eval', SAY];

test('say() writes one line a call to standard error', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ARGS, { encoding: 'utf8' });
  assert.deepEqual([status, stdout, stderr], [3, '', 'duty-gate: one\nduty-gate: two\n']);
});

test('say() goes on when nobody listens', async () => {
  const child = spawn(process.execPath, ARGS, { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.destroy();
  assert.deepEqual(await once(child, 'close'), [3, null]);
});
