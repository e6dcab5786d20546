import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

function run(...args: string[]) {
  return spawnSync(process.execPath, ['--disable-sigusr1', MAIN, 'run', ...args], { encoding: 'utf8', env: {} });
}

test('duty-gate run --help tells its options', () => {
  const { status, stdout } = run('--help');
  assert.equal(status, 0);
  assert.match(stdout, /--policy/);
});

test('duty-gate run exits 125 when it cannot start: nothing ran', () => {
  assert.equal(run('--policy', '/nowhere/policy.yml', '--', 'true').status, 125);
  assert.equal(run().status, 125);
});
