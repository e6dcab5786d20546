import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const POST = fileURLToPath(import.meta.resolve('#action/post.ts'));

function runStep(env: Record<string, string>) {
  return spawnSync(process.execPath, [POST], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test('the post step has nothing to do where main opened nothing, and ends well', () => {
  const { status, stdout, stderr } = runStep({});
  assert.deepEqual([status, stdout, stderr], [0, 'duty-gate: no session was opened: there is nothing to close\n', '']);
});

test('R18 the post step goes by no folder but one that main made', () => {
  const { status, stdout } = runStep({ 'STATE_job-folder': '/etc' });
  assert.equal(status, 1);
  assert.match(stdout, /^::error title=duty-gate%3A folder::Cannot use "\/etc": it is no folder of a job[^\n]*\n$/);
});
