import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder, verify } from '#test/gateway/harness.ts';

const CLI = join(import.meta.dirname, '../../src/cli/main.ts');

test('runAlone() opens a session for one command, seals it, and leaves only the evidence', async (t) => {
  const { policyPath, secretsPath, evidenceFolder } = makeFolder(t);
  const before = runFolders();
  const args = ['run', '--policy', policyPath, '--secrets', secretsPath ?? '', '--evidence', evidenceFolder, '--', 'touch', 'here'];
  const cwd = dirname(policyPath);
  const { status, stderr } = spawnSync(process.execPath, ['--disable-sigusr1', CLI, ...args], { cwd, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.ok(existsSync(join(cwd, 'here')), 'what the command writes in its folder stays');
  const [bundle = ''] = readdirSync(evidenceFolder);
  assert.equal((await verify(join(evidenceFolder, bundle), '--allow-local')).code, 0);
  // Others make such folders, too, and take them away again.
  const deadline = performance.now() + 20_000;
  let left = runFolders();
  while (left.some((name) => !before.includes(name)) && performance.now() < deadline) {
    await delay(50);
    left = runFolders().filter((name) => left.includes(name));
  }
  assert.deepEqual(
    left.filter((name) => !before.includes(name)),
    [],
  );
});

function runFolders(): readonly string[] {
  const parent = `/tmp/duty-gate-${process.getuid?.()}`;
  return existsSync(parent) ? readdirSync(parent).filter((name) => name.startsWith('run-')) : [];
}
