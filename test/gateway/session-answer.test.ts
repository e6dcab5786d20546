import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenAnswer } from '#control/messages.ts';
import { sessionAnswer } from '#gateway/session-answer.ts';
import { makeLive } from './live.ts';

test('sessionAnswer() says what the session has, in the protocol’s own form', async (t) => {
  const { live } = await makeLive(t, undefined, undefined, { hide: ['/h'], persist: ['/p'], passEnv: ['X'] });
  const answer = OpenAnswer.omit({ token: true }).parse(live.answer());
  assert.deepEqual([answer.hide, answer.persist, answer.passEnv, answer.identityUrl], [['/h'], ['/p'], ['X'], null]);
  assert.equal(typeof sessionAnswer, 'function');
});
