import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesOf, POLICY, verify } from '#test/gateway/harness.ts';
import { openJob } from './job-session.ts';

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
