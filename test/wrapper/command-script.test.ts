import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LAST_SCRIPT } from '#wrapper/command-script.ts';

test('LAST_SCRIPT applies the environment at the last exec only, newlines and odd names included', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-last-'));
  const entries = join(folder, 'environment');
  writeFileSync(entries, 'A=one\ntwo\0a.b=c\0BASH_ENV=/no/such\0');
  const fd = openSync(entries, 'r');
  const { stdout, stderr, status } = spawnSync(
    'bash',
    [
      '--norc',
      '--noprofile',
      '-c',
      LAST_SCRIPT,
      'duty-gate',
      '3',
      '027',
      '/usr',
      '/usr/bin/env',
      '/bin/bash',
      '--norc',
      '-c',
      'tr "\\0" "|" </proc/$$/environ; umask; pwd',
    ],
    { encoding: 'utf8', env: {}, stdio: ['ignore', 'pipe', 'pipe', fd] },
  );
  closeSync(fd);
  rmSync(folder, { recursive: true });
  assert.equal(status, 0);
  assert.equal(stderr, '@started\n');
  assert.equal(stdout, 'A=one\ntwo|a.b=c|BASH_ENV=/no/such|0027\n/usr\n');
});
