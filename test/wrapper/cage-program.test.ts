import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cageProgram } from '#wrapper/cage-program.ts';

const dist = join(import.meta.dirname, '..', '..', 'dist', 'helpers');
const scratch = mkdtempSync(join(tmpdir(), 'duty-gate-program-'));
after(() => rmSync(scratch, { recursive: true }));

test('cageProgram() finds the committed program', () => {
  assert.equal(cageProgram('x64'), join(dist, 'linux-x64', 'duty-gate-cage'));
  assert.equal(cageProgram('arm64'), join(dist, 'linux-arm64', 'duty-gate-cage'));
});

test('R23 cageProgram() refuses a program that has other bytes, one that is not there, and another architecture', () => {
  cpSync(dist, scratch, { recursive: true });
  const folder = pathToFileURL(`${scratch}/`);
  assert.equal(cageProgram('x64', folder), join(scratch, 'linux-x64', 'duty-gate-cage'));
  truncateSync(join(scratch, 'linux-x64', 'duty-gate-cage'), 4096);
  assert.throws(() => cageProgram('x64', folder), /has other bytes, expected it as built/);
  rmSync(join(scratch, 'linux-arm64'), { recursive: true });
  assert.throws(() => cageProgram('arm64', folder), /cannot be read, expected it as built/);
  assert.throws(() => cageProgram('riscv64', folder), { code: 'set-up' });
});
