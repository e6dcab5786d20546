import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gatewayLogPath, gatewayLogTail } from '#action/gateway-log.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('gatewayLogTail() gives the last lines, and no more than a page', (t) => {
  const folder = temporaryFolder(t);
  assert.deepEqual(gatewayLogTail(folder), []);
  writeFileSync(gatewayLogPath(folder), 'one\n\ntwo\n');
  assert.deepEqual(gatewayLogTail(folder), ['one', 'two']);
  writeFileSync(gatewayLogPath(folder), Array.from({ length: 10_000 }, (_, index) => `line ${index}`).join('\n'));
  const lines = gatewayLogTail(folder);
  assert.deepEqual([lines.length, lines.at(-1)], [20, 'line 9999']);
});

test('gatewayLogTail() waits for no pipe, follows no link, and reads no folder', (t) => {
  const folder = temporaryFolder(t);
  const path = gatewayLogPath(folder);
  execFileSync('mkfifo', [path]);
  assert.deepEqual(gatewayLogTail(folder), []);
  rmSync(path);
  symlinkSync('/etc/passwd', path);
  assert.deepEqual(gatewayLogTail(folder), []);
  rmSync(path);
  mkdirSync(path);
  assert.deepEqual(gatewayLogTail(folder), []);
});
