import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { openTerminal } from '#wrapper/pty.ts';

test('openTerminal() gives a terminal of that size whose end is seen', async () => {
  const terminal = openTerminal(91, 31);
  const slave = openSync(terminal.path, constants.O_RDWR | constants.O_NOCTTY);
  terminal.resize(92, 32);
  const child = spawn('bash', ['-c', 'stty size <&1; test -t 1 && echo yes'], { stdio: ['ignore', slave, 'ignore'] });
  closeSync(slave);
  terminal.closeSlave();
  terminal.closeSlave();
  let output = '';
  terminal.output.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  terminal.output.on('error', () => undefined);
  await Promise.all([
    new Promise((resolve) => terminal.output.once('close', resolve)),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  assert.equal(output, '32 92\r\nyes\r\n');
});

test('openTerminal() leaves no slave behind, and none to a child', async () => {
  const terminal = openTerminal(80, 24);
  const child = spawn('ls', ['-l', '/proc/self/fd'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let listing = '';
  child.stdout.on('data', (chunk: Buffer) => {
    listing += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  assert.doesNotMatch(listing, /pts\//);
  terminal.close();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === terminal.path),
    [],
  );
});

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
