import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { launcherScript } from '#core/launcher-script.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test('launcherScript() starts the program with its words, whatever is in the environment and the paths', (t) => {
  const folder = temporaryFolder(t);
  const [program, launcher] = [join(folder, "it's here.mjs"), join(folder, 'duty-gate')];
  writeFileSync(program, 'console.log(process.argv.slice(2).join("|"), process.env.DUTY_GATE_ENV_NODE_OPTIONS, process.env.DUTY_GATE_JOB)');
  writeFileSync(launcher, launcherScript({ node: process.execPath, program, jobFolder: null }));
  chmodSync(launcher, 0o755);
  const env = { NODE_OPTIONS: '--require /no/such', BASH_ENV: '/no/such', DUTY_GATE_JOB: '/job' };
  const { stdout, stderr } = spawnSync(launcher, ['run', 'a b'], { env, encoding: 'utf8' });
  assert.equal(stdout, 'run|a b --require /no/such undefined\n', stderr);
});

test('launcherScript() in an agent’s place has what has its own path run under its duty', (t) => {
  const folder = temporaryFolder(t);
  const [program, launcher] = [join(folder, 'cli.mjs'), join(folder, 'robot')];
  writeFileSync(program, 'console.log(JSON.stringify(process.argv.slice(2)))');
  writeFileSync(launcher, launcherScript({ node: process.execPath, program, jobFolder: null, agent: { duty: "it's", rule: 3 } }));
  chmodSync(launcher, 0o755);
  const { stdout, stderr } = spawnSync(launcher, ['--duty', 'x'], { env: {}, encoding: 'utf8' });
  assert.deepEqual(JSON.parse(stdout), ['run', '--duty', "it's", '--agent', '3', '--', launcher, '--duty', 'x'], stderr);
});
