import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { requireOtherNetwork } from '#gateway/other-network.ts';

test("requireOtherNetwork() refuses a process of the gateway's own network", () => {
  assert.throws(() => requireOtherNetwork(process.pid), { code: 'conflict', message: /own network/ });
});

test('requireOtherNetwork() refuses a process that is gone', async () => {
  const child = spawn('/bin/true', { stdio: 'ignore' });
  await once(child, 'close');
  assert.throws(() => requireOtherNetwork(child.pid ?? 0), { code: 'conflict', message: /cannot be found/ });
});

test('requireOtherNetwork() takes a process in another network', async (t) => {
  const child = spawn('unshare', ['--user', '--map-root-user', '--net', 'sh', '-c', 'echo ready; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  requireOtherNetwork(child.pid ?? 0);
});
