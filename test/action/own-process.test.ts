import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

const PROGRAM = `
import { url } from 'node:inspector';
import { hardenProcess } from '#action/own-process.ts';
const { cancelled } = hardenProcess();
process.kill(process.pid, 'SIGUSR1');
setInterval(() => undefined, 1000); // A listener for signals keeps no process alive.
setTimeout(() => console.log(JSON.stringify({ inspector: url() ?? null, umask: process.umask() })), 50);
console.log(JSON.stringify({ why: await cancelled }));
process.exit(0);
`;

test('R6 hardenProcess() opens no debugger to a signal, and hears of a cancelled job', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [first] = await once(lines, 'line');
  assert.deepEqual(JSON.parse(first), { inspector: null, umask: 0o077 });
  child.kill('SIGINT');
  const [second] = await once(lines, 'line');
  assert.match(JSON.parse(second).why, /SIGINT/);
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
