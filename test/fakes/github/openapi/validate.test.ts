import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replyFault, sample } from './validate.ts';

test("replyFault() holds answers against GitHub's own description", () => {
  assert.equal(replyFault('user', sample('user', { login: 'acme' })), null);
  assert.match(replyFault('user', sample('user', { id: 'one' })) ?? '', /id/);
  assert.match(replyFault('repository', {}) ?? '', /full_name/);
  assert.equal(replyFault('error', { message: 'Not Found', status: '404' }), null);
  assert.match(replyFault('error', { message: 404 }) ?? '', /message/);
});
