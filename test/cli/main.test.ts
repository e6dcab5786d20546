import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

function dutyGate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-sigusr1', MAIN, ...args], { encoding: 'utf8', env: {} });
  return { status, stdout, stderr };
}

test('duty-gate --help names every subcommand', () => {
  const { status, stdout } = dutyGate('--help');
  assert.equal(status, 0);
  for (const name of ['run', 'verify', 'replay']) assert.match(stdout, new RegExp(`duty-gate ${name} `));
});

test('duty-gate exits 2 on a subcommand that does not exist', () => {
  const { status, stderr } = dutyGate('ru');
  assert.equal(status, 2);
  assert.match(stderr, /no subcommand "ru"/);
});

for (const name of ['verify', 'replay']) {
  test(`duty-gate ${name} reaches its subcommand`, () => {
    const { status, stdout } = dutyGate(name, '--help');
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^duty-gate ${name} `));
  });
}
