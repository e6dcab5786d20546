import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenAnswer } from '#control/messages.ts';
import { SESSION_LIMITS } from '#core/chain/delegation-limits.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';
import { makeLive } from './live.ts';

test('sessionAnswer() says what the session has, in the protocol’s own form', async (t) => {
  const { live } = await makeLive(t, undefined, undefined, { hide: ['/h'], persist: ['/p'], passEnv: ['X'] });
  const answer = OpenAnswer.omit({ token: true }).parse(live.answer());
  assert.deepEqual([answer.hide, answer.persist, answer.passEnv, answer.identityUrl], [['/h'], ['/p'], ['X'], null]);
});

test('sessionAnswer() names no agents where the policy has no depth for cages of their own', async (t) => {
  const duty = dutyNamed('writer');
  const agents = [{ id: 'agents[0]', match: ['**/robot'], duty, sticky: 'cage' as const, workspace: 'write' as const }];
  for (const [depth, expected] of [
    [1, 0],
    [2, 1],
  ] as const) {
    const { live } = await makeLive(t, undefined, undefined, { agents, limits: { ...SESSION_LIMITS, depth } });
    assert.equal(live.answer().agents.length, expected);
  }
});
