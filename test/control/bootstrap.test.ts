import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bootstrap, BootstrapAnswer } from '#control/bootstrap.ts';

const GOOD = { policyPath: '/p', secretsPath: null, evidenceFolder: '/e', socketFolder: '/s', issuer: 'local' };

test('Bootstrap takes absolute paths and the issuer local', () => {
  assert.ok(Bootstrap.safeParse(GOOD).success);
  assert.ok(Bootstrap.safeParse({ ...GOOD, secretsPath: '/secrets' }).success);
});

const WRONG: readonly { name: string; but: Record<string, unknown> }[] = [
  { name: 'a relative path', but: { policyPath: 'policy.yml' } },
  { name: 'a path with a NUL', but: { policyPath: '/p\0' } },
  { name: 'another issuer', but: { issuer: 'github' } },
  { name: 'a secret itself', but: { secrets: { A: 'b' } } },
  { name: 'a missing path', but: { evidenceFolder: undefined } },
];

for (const { name, but } of WRONG) {
  test(`Bootstrap refuses ${name}`, () => {
    assert.ok(!Bootstrap.safeParse({ ...GOOD, ...but }).success);
  });
}

test('BootstrapAnswer is a socket or an error, never both', () => {
  const ready = { ready: true, socket: '/s' };
  const error = { error: { code: 'policy', message: 'x' } };
  assert.ok(BootstrapAnswer.safeParse(ready).success && BootstrapAnswer.safeParse(error).success);
  assert.ok(!BootstrapAnswer.safeParse({ ...ready, ...error }).success);
});
