import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openJob, scriptIn } from './job-session.ts';

test('runInJob() runs a step with bash as GitHub does, and gives its exit code', async (t) => {
  const { run, workspace, jobFolder } = await openJob(t);
  const script = scriptIn(workspace, 'echo one; false | true; echo two');
  const { status, stdout, stderr } = run(['shell', script]);
  assert.deepEqual([status, stdout], [1, 'one\n'], stderr);
  assert.match(stderr, /0 allowed, 0 refused, 0 masked in this job so far/);
  assert.ok(existsSync(join(jobFolder, 'compiled')));
});

test('runInJob() passes on what a step leaves in its file commands, but for what would act on later steps (R18)', async (t) => {
  const { run, workspace, jobFolder } = await openJob(t);
  const commands = join(workspace, '../_temp/_runner_file_commands');
  mkdirSync(commands, { recursive: true });
  const files = Object.fromEntries(['GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_OUTPUT'].map((name) => [name, join(commands, name)]));
  for (const path of Object.values(files)) writeFileSync(path, '');
  const script = scriptIn(
    workspace,
    'echo "PLAIN=x" >> "$GITHUB_ENV"; echo "LD_PRELOAD=/evil" >> "$GITHUB_ENV"; echo "$PWD" >> "$GITHUB_PATH"; echo "a=b" >> "$GITHUB_OUTPUT"',
  );
  const { status, stderr } = run(['shell', script], files);
  assert.equal(status, 0, stderr);
  const left = (name: string) => readFileSync(files[name] ?? '', 'utf8');
  assert.match(left('GITHUB_ENV'), /PLAIN/);
  assert.ok(!left('GITHUB_ENV').includes('LD_PRELOAD'));
  assert.match(stderr, /not passed on from GITHUB_ENV: "LD_PRELOAD"/);
  assert.match(left('GITHUB_OUTPUT'), /a[\s\S]*b/);
  assert.equal(left('GITHUB_PATH').trimEnd().split('\n').at(-1), join(jobFolder, 'bin'));
});

test('runInJob() refuses another duty than the session has, and runs nothing', async (t) => {
  const { run, workspace } = await openJob(t);
  const { status, stderr } = run(['run', '--duty', 'destroyer', '--', 'touch', 'ran']);
  assert.equal(status, 125);
  assert.match(stderr, /session has duty "reader"/);
  assert.ok(!existsSync(join(workspace, 'ran')));
});

test('runInJob() runs nothing when the gateway is gone', async (t) => {
  const { gateway, run, workspace } = await openJob(t);
  gateway.child.kill('SIGKILL');
  await gateway.exited;
  assert.equal(run(['run', '--', 'touch', 'ran']).status, 125);
  assert.ok(!existsSync(join(workspace, 'ran')));
});
