import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { entriesOf, verify } from '#test/gateway/harness.ts';
import { openJob } from './job-session.ts';

test('runLink() makes each command a link of the session: its own name, end and recording', async (t) => {
  const { session, run } = await openJob(t);
  assert.equal(run(['run', '--', 'sh', '-c', 'echo first; exit 3']).status, 3);
  assert.equal(run(['run', '--', 'sh', '-c', 'echo second; kill -TERM $$']).status, 143);
  const { evidence } = await session.close();
  const ends = entriesOf(evidence).filter(({ kind, event }) => kind === 'command' && event === 'ended');
  assert.deepEqual(
    ends.map(({ link, exitCode }) => [link, exitCode]),
    [
      ['1', 3],
      ['2', 143],
    ],
  );
  for (const [link, said] of [['1', 'first'] as const, ['2', 'second'] as const]) {
    assert.ok(readFileSync(join(evidence, `recordings/${link}/terminal.cast`), 'utf8').includes(said));
  }
  assert.equal((await verify(evidence, '--allow-local')).code, 0);
});

test('runLink() gives 127 for a program that is not there, and the session seals all the same', async (t) => {
  const { session, run } = await openJob(t);
  assert.equal(run(['run', '--', '/no/such/program']).status, 127);
  const { evidence } = await session.close();
  assert.equal((await verify(evidence, '--allow-local')).code, 0);
});
