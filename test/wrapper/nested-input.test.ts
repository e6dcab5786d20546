import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { makeInputPipe } from '#wrapper/nested-input.ts';

test('makeInputPipe() makes a pipe that a child reads to its end, and leaves no name', async (t) => {
  const folder = temporaryFolder(t);
  const { fd, writer } = makeInputPipe(folder, '/usr/bin/mkfifo');
  assert.deepEqual(readdirSync(folder), []);
  const child = spawn('sh', ['-c', 'test -p /dev/stdin && wc -c'], { stdio: [fd, 'pipe', 'inherit'] });
  closeSync(fd);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  writer.end(Buffer.alloc(1_000_000));
  await new Promise((resolve) => child.once('close', resolve));
  assert.equal(output.trim(), '1000000');
});

test('makeInputPipe() says why there is none', (t) => {
  assert.throws(() => makeInputPipe(`${temporaryFolder(t)}/none`, '/usr/bin/mkfifo'), { code: 'set-up', message: /No such file/ });
});
