import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';

/** In a process of its own: what the runner says is in the environment. */
const PROGRAM = `
import { writeFileSync } from 'node:fs';
import { prepareJobFiles } from '#wrapper/job-files.ts';
const { plan, finish } = prepareJobFiles(process.argv[1], { passEnv: JSON.parse(process.argv[2]), persist: [] });
writeFileSync(plan.binds[0].source, 'PATH=/tmp\\nFINE=1\\n');
for (const { folder } of plan.aliases) writeFileSync(folder + '/config', '[alias]\\n\\ta = !b\\n'.repeat(1) + Array.from({ length: 25 }, (_, n) => '\\tx' + n + ' = 1\\n').join(''));
console.log(JSON.stringify({ plan, told: finish() }));`;

function run(t: Parameters<typeof temporaryFolder>[0], passEnv: readonly string[]) {
  const folder = realpathSync(temporaryFolder(t));
  const at = (name: string): string => join(folder, name);
  for (const name of ['ws/.git', 'job', 'temp']) mkdirSync(at(name), { recursive: true });
  for (const name of ['ws/.git/HEAD', 'ws/.git/config', 'temp/git-credentials-1.config', 'env']) writeFileSync(at(name), '');
  const env = { GITHUB_WORKSPACE: at('ws'), RUNNER_TEMP: at('temp'), GITHUB_ENV: at('env'), HOME: at('ws') };
  const words = ['--input-type=module', '--eval', PROGRAM, at('job'), JSON.stringify(passEnv)];
  const { stdout, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8', cwd: join(import.meta.dirname, '../..') });
  assert.notEqual(stdout, '', stderr);
  const { plan, told } = JSON.parse(stdout);
  return { at, plan, told };
}

test('prepareJobFiles() plans for all that the runner names, and passes on what may stay', (t) => {
  const { at, plan, told } = run(t, []);
  assert.deepEqual(plan.files.writable, [at('ws')]);
  assert.deepEqual(plan.files.protected.slice(0, 2), [at('ws/.github'), at('ws/.git/hooks')]);
  assert.deepEqual(plan.hide, [at('temp/git-credentials-1.config')]);
  assert.equal(plan.aliases[0].point, at('ws/.git/config'));
  assert.match(readFileSync(at('env'), 'utf8'), /FINE/);
  assert.match(told[0], /^not passed on from GITHUB_ENV: "PATH": /);
  assert.match(told[1], /^not kept in .*\/config: "alias\.a": /);
  assert.deepEqual([told.length, told.at(-1)], [22, `not kept in ${at('ws/.git/config')}: 6 more`]);
});

test('R12 prepareJobFiles() hides no credentials from a command that the policy gives the token anyway', (t) => {
  assert.deepEqual(run(t, ['GH_TOKEN']).plan.hide, []);
});
