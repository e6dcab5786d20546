import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { it, type TestContext } from 'node:test';
import { processesNow, sweep, untilGone } from './sweep.ts';

/** Its environment is its own once it has said so. */
async function started(t: TestContext, id: string | null): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', 'echo up; read line'], {
    env: { ...process.env, ...(id === null ? {} : { RUNNER_TRACKING_ID: id }) },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  t.after(() => child.kill('SIGKILL'));
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

it('sweep() kills what has the variable and is new, whatever its session', async (t) => {
  const id = `github_${randomUUID()}`;
  const earlier = await started(t, id);
  const existing = processesNow();
  const mine = await started(t, id);
  const others = await Promise.all([started(t, `github_${randomUUID()}`), started(t, null)]);
  const gone = once(mine, 'exit');
  const swept = sweep(id, existing);
  assert.deepEqual(
    swept.map(({ pid }) => pid),
    [mine.pid],
  );
  await untilGone(swept);
  assert.ok(!existsSync(`/proc/${mine.pid}/exe`));
  await gone;
  assert.equal(mine.signalCode, 'SIGKILL');
  for (const child of [earlier, ...others]) assert.equal(child.signalCode, null);
});
