import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { entriesOf, makeFolder, POLICY, verify } from '#test/gateway/harness.ts';
import { openJob } from './job-session.ts';

const CLI = join(import.meta.dirname, '../../src/cli/main.ts');

test('a session whose time is over ends its commands, and the evidence says so and verifies', async (t) => {
  const { run, session } = await openJob(t, null, `${POLICY}limits: { session: 3s }\n`);
  const { status, stderr } = run(['run', '--', 'sh', '-c', 'sleep 60 & sleep 60']);
  assert.equal(status, 123, stderr);
  const later = run(['run', '--', 'true']);
  assert.equal(later.status, 125);
  assert.match(later.stderr, /limits\.session/);
  const { evidence } = await session.close();
  assert.deepEqual(
    entriesOf(evidence).flatMap(({ kind, incident }) => (kind === 'incident' ? [incident] : [])),
    ['time-over'],
  );
  const { code, page } = await verify(evidence, '--allow-local');
  assert.equal(code, 0, page);
});

test('a session for one command is sealed when its time is over, too', async (t) => {
  const { policyPath, secretsPath, evidenceFolder } = makeFolder(t, { policy: `${POLICY}limits: { session: 3s }\n` });
  const args = ['run', '--policy', policyPath, '--secrets', secretsPath ?? '', '--evidence', evidenceFolder, '--', 'sleep', '60'];
  const { status, stderr } = spawnSync(process.execPath, ['--disable-sigusr1', CLI, ...args], {
    cwd: dirname(policyPath),
    encoding: 'utf8',
  });
  assert.equal(status, 123, stderr);
  const [bundle = ''] = readdirSync(evidenceFolder);
  const { code, page } = await verify(join(evidenceFolder, bundle), '--allow-local');
  assert.equal(code, 0, page);
});
