import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionTokens } from '#control/session-tokens.ts';

test('SessionTokens knows the tokens it issued, and no others', () => {
  const tokens = new SessionTokens();
  const holder = { session: 'session-1', clientKey: 'key', link: null };
  const token = tokens.issue(holder);
  assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(tokens.holder(token), holder);
  assert.notEqual(tokens.issue(holder), token);
  for (const other of ['', 'x', `${token}=`, token.toLowerCase()]) assert.equal(tokens.holder(other), null);
});

test('SessionTokens issues no more than its maximum', () => {
  const tokens = new SessionTokens();
  const issue = () => tokens.issue({ session: 's', clientKey: 'k', link: null });
  for (let index = 0; index < 64; index += 1) issue();
  assert.throws(issue, { code: 'conflict' });
});
