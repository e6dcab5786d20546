import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findTools, TOOL_FOLDERS } from '#wrapper/tools.ts';

test('findTools() finds every tool of this machine by absolute path', () => {
  for (const path of Object.values(findTools(TOOL_FOLDERS))) assert.ok(path === null || path.startsWith('/'));
});

test('findTools() takes the first folder that has a program of that name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-tools-'));
  writeFileSync(join(folder, 'ip'), '#!/bin/sh\n');
  chmodSync(join(folder, 'ip'), 0o755);
  writeFileSync(join(folder, 'mount'), 'no program');
  mkdirSync(join(folder, 'unshare'));
  const tools = findTools([folder, ...TOOL_FOLDERS]);
  rmSync(folder, { recursive: true });
  assert.equal(tools.ip, join(folder, 'ip'));
  assert.notEqual(tools.mount, join(folder, 'mount'));
  assert.notEqual(tools.unshare, join(folder, 'unshare'));
});

test('findTools() names all that are missing', () => {
  assert.throws(() => findTools(['/no/such/folder']), {
    code: 'tool-missing',
    message: /bash .*setpriv \(Debian package util-linux\).*unshare/,
  });
});
