import assert from 'node:assert/strict';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Server } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const HELPER = fileURLToPath(import.meta.resolve('#gateway/cage/listen-inside.ts'));

test('listen-inside hands over a listener, says what it cannot make, and leaves when thanked', async () => {
  const helper = fork(HELPER);
  helper.send({ kind: 'listen', requests: [{ index: 3, kind: 'target', address: '127.0.0.1', port: 0 }] });
  const [message, handle]: unknown[] = await once(helper, 'message');
  assert.deepEqual(message, { kind: 'listening', index: 3 });
  assert.ok(handle instanceof Server);
  assert.equal(handle.listening, true);
  handle.close();
  helper.send({ kind: 'listen', requests: [{ index: 4, kind: 'resolver-udp', address: '192.0.2.1', port: 53 }] });
  const [failure]: unknown[] = await once(helper, 'message');
  assert.deepEqual(failure, { kind: 'failed', index: 4, code: 'EADDRNOTAVAIL' });
  helper.send({ kind: 'thanks' });
  const [code]: unknown[] = await once(helper, 'exit');
  assert.equal(code, 0);
});

test('listen-inside leaves when its gateway is gone', async () => {
  const helper = fork(HELPER);
  await once(helper, 'spawn');
  helper.disconnect();
  const [code]: unknown[] = await once(helper, 'exit');
  assert.equal(code, 1);
});

test('listen-inside leaves when its gateway was gone before it began', async () => {
  const helper = spawn(process.execPath, [HELPER], { stdio: ['ipc', 'ignore', 'ignore'] });
  helper.channel?.unref();
  helper.disconnect();
  const [code]: unknown[] = await once(helper, 'exit');
  assert.equal(code, 1);
});

test('listen-inside leaves when its gateway goes while handles are on their way', async () => {
  const gateway = `const helper = require('node:child_process').fork(${JSON.stringify(HELPER)});
    helper.send({ kind: 'listen', requests: [0, 1, 2, 3].map((index) => ({ index, kind: 'target', address: '127.0.0.1', port: 0 })) });
    helper.on('message', () => { console.log(helper.pid); process.exit(); })`;
  const parent = spawn(process.execPath, ['-e', gateway], { stdio: ['ignore', 'pipe', 'ignore'] });
  // The helper holds this pipe too: it ends when both have.
  let output = '';
  for await (const chunk of parent.stdout) output += String(chunk);
  assert.match(output, /^\d+\n$/);
});
